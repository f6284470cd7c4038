"""Colours and spacing, light and dark, in one table; everything that draws asks here."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from ckpt_viewer import resources
from ckpt_viewer.formats.checkpoint import Role
from ckpt_viewer.ui.turns import Turns

Scheme = Literal["system", "light", "dark"]


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as `#rrggbb`.

    Attributes:
        window: Behind panes.
        surface: Behind tables, fields and plots.
        raised: Headers, buttons, chips.
        line: Borders and grid lines.
        series_a: Everything of checkpoint A, and of a single one; `series_b` that of B.
    """

    dark: bool
    window: str
    surface: str
    raised: str
    line: str
    text: str
    muted: str
    accent: str
    accent_text: str
    danger: str
    warning: str
    good: str
    series_a: str
    series_b: str
    nan_colour: str
    posinf_colour: str
    neginf_colour: str
    roles: Mapping[Role, str]


LIGHT = Theme(
    dark=False,
    window="#f3f4f6",
    surface="#ffffff",
    raised="#e9ebef",
    line="#d0d4da",
    text="#1b1f24",
    muted="#5b6470",
    accent="#1f62c8",
    accent_text="#ffffff",
    danger="#b3261e",
    warning="#8a5a00",
    good="#1a7f37",
    series_a="#2f6fd0",
    series_b="#c25a00",
    nan_colour="#d81bd8",
    posinf_colour="#e8590c",
    neginf_colour="#0b7285",
    roles=MappingProxyType(
        {
            "weight": "#2f6fd0",
            "slot": "#8250b8",
            "ema": "#0b7f83",
            "batch-statistics": "#a06a00",
            "counter": "#5b6470",
            "other": "#8b949e",
        }
    ),
)
DARK = Theme(
    dark=True,
    window="#1d2024",
    surface="#15171a",
    raised="#2a2e34",
    line="#3a4048",
    text="#e4e7eb",
    muted="#9aa4b0",
    accent="#4f8ff0",
    accent_text="#0b0d10",
    danger="#ff8a80",
    warning="#e8b04a",
    good="#5fce80",
    series_a="#6ea8fe",
    series_b="#ffa657",
    nan_colour="#ff5cf4",
    posinf_colour="#ff922b",
    neginf_colour="#3bc9db",
    roles=MappingProxyType(
        {
            "weight": "#6ea8fe",
            "slot": "#c39af0",
            "ema": "#4fd1c5",
            "batch-statistics": "#e0b050",
            "counter": "#9aa4b0",
            "other": "#78828e",
        }
    ),
)

# What the sheet calls its colours, and the palette's names for them.
_NAMES = {
    "window": "window",
    "surface": "base",
    "raised": "button",
    "pressed": "midlight",
    "line": "mid",
    "text": "window-text",
    "muted": "placeholder-text",
    "accent": "accent",
    "accent_text": "highlighted-text",
    "danger": "bright-text",
}
_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
_AT_ONCE = 150  # widgets that take on their colours in one turn
_STYLE = """
QToolTip {{ color: {text}; background: {raised}; border: 1px solid {line}; padding: 3px; }}
QToolBar {{ border: 0; border-bottom: 1px solid {line}; padding: 4px; spacing: 4px; background: {window}; }}
QStatusBar {{ border-top: 1px solid {line}; background: {window}; }}
QStatusBar::item {{ border: 0; }}
QSplitter::handle {{ background: {line}; }}
QSplitter::handle:horizontal {{ width: 1px; }}
QSplitter::handle:vertical {{ height: 1px; }}
QTreeView, QTableView, QListView, QPlainTextEdit, QTextBrowser {{ border: 0; background: {surface}; }}
WrappedText {{ border: 0; background: {window}; }}
QTreeView::item {{ padding: 2px 0; }}
QHeaderView::section {{
    background: {raised}; color: {muted}; border: 0; border-right: 1px solid {line};
    border-bottom: 1px solid {line}; padding: 3px 8px;
}}
QTabWidget::pane {{ border: 0; border-top: 1px solid {line}; }}
QTabBar::tab {{
    padding: 4px 12px; color: {muted}; background: {window}; border: 0; border-bottom: 2px solid transparent;
}}
QTabBar::tab:selected {{ color: {text}; border-bottom: 2px solid {accent}; }}
QTabBar::tab:hover {{ color: {text}; }}
QTabBar::tab:focus {{ color: {accent}; }}
QLineEdit {{
    background: {surface}; border: 1px solid {line}; border-radius: 4px; padding: 3px 6px; min-height: 18px;
}}
QLineEdit:focus {{ border: 1px solid {accent}; }}
QLineEdit[unclear="true"], QLineEdit[unclear="true"]:focus {{ border: 1px solid {danger}; }}
QPushButton {{
    background: {raised}; border: 1px solid {line}; border-radius: 4px; padding: 4px 12px; min-height: 18px;
}}
QPushButton:hover, QToolButton:hover {{ border: 1px solid {accent}; }}
QPushButton:focus, QToolButton:focus {{ border: 1px solid {accent}; }}
QPushButton:default {{ background: {accent}; color: {accent_text}; border: 1px solid {accent}; }}
QToolButton {{ border: 1px solid transparent; border-radius: 4px; padding: 3px 8px; }}
QToolButton:checked {{ background: {pressed}; border: 1px solid {accent}; }}
#roleChips QToolButton {{ padding: 3px 4px; }}
#ScrollLeftButton, #ScrollRightButton {{ padding: 0; background: {window}; border: 1px solid {line}; }}
#roleChips QToolButton:checked, #compareCounters QToolButton:checked {{
    background: {accent}; color: {accent_text};
}}
QCheckBox::indicator {{
    width: 13px; height: 13px; border: 1px solid {muted}; border-radius: 3px; background: {surface};
}}
QCheckBox::indicator:hover, QCheckBox::indicator:focus {{ border: 1px solid {accent}; }}
QCheckBox::indicator:checked {{
    border: 1px solid {accent}; background: {accent}; image: url("{tick}");
}}
QCheckBox::indicator:disabled {{ border: 1px solid {line}; background: {window}; }}
"""


def current() -> Theme:
    """The theme in use, as the application's palette says."""
    window = QGuiApplication.palette().color(QPalette.ColorRole.Window)
    return DARK if window.lightness() < 128 else LIGHT


def apply(app: QApplication, scheme: Scheme) -> None:
    """Dress the application; every widget hears of it as a palette change."""
    if app.style().name() != "fusion":
        app.setStyle("Fusion")
    theme = {"light": LIGHT, "dark": DARK, "system": _system_theme(app)}[scheme]
    app.setPalette(_palette(theme))
    for window in app.topLevelWidgets():
        for dress in window.findChildren(_Dress, options=_DIRECT):
            dress.change()


def is_applied() -> bool:
    return QGuiApplication.palette().color(QPalette.ColorRole.Window).name() in (LIGHT.window, DARK.window)


def dress(window: QWidget) -> None:
    """Give a window, and all that is in it or will be, the sheet, in the colours of the theme in use.

    The application has none: with one, Qt would go through the rules for every part each time that a part
    of a part is put into it, long before anything is in a window.
    """
    window.setStyleSheet(style_sheet())
    _Dress(window)


def style_sheet() -> str:
    """The same for every theme: it names colours of the palette."""
    colours = {name: f"palette({role})" for name, role in _NAMES.items()}
    return _STYLE.format(**colours, tick=(resources.folder() / "icons" / "tick.svg").as_posix())


class _Dress(Turns):
    """Lets what is in a window take on the palette's colours, which Qt looks up when it polishes a widget.

    A few at a time, those in sight first: of thousands, nearly all are on pages that nobody sees now. Another
    sheet would be gone through for all of them at once.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window

    def change(self) -> None:
        """What is in sight now is changed before anything is painted."""
        self.stop()
        steps = self._change()
        next(steps)
        self.add(steps)

    def _change(self) -> Iterator[None]:
        waiting = deque([self._window])
        while waiting:
            for widget in islice(_in_order(waiting), _AT_ONCE):
                widget.style().polish(widget)
                widget.update()
            yield
            waiting = deque(sorted(filter(isValid, waiting), key=QWidget.isVisible))


def _in_order(waiting: deque[QWidget]) -> Iterator[QWidget]:
    """The last one first, and then what is in it and in sight; what is hidden waits longest."""
    while waiting:
        widget = waiting.pop()
        for child in widget.findChildren(QWidget, options=_DIRECT):
            (waiting.append if child.isVisible() else waiting.appendleft)(child)
        yield widget


def _system_theme(app: QApplication) -> Theme:
    return DARK if app.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.surface,
        role.AlternateBase: _blend(theme.surface, theme.window),
        role.Text: theme.text,
        role.PlaceholderText: theme.muted,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.danger,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.accent_text,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Light: theme.surface,
        role.Midlight: _blend(theme.surface, _blend(theme.surface, theme.accent)),
        role.Mid: theme.line,
        role.Dark: theme.line,
        role.Shadow: theme.line,
        role.Accent: theme.accent,
    }
    palette = QPalette()
    for name, colour in colours.items():
        palette.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(_blend(theme.muted, theme.window)))
    return palette


def _blend(one: str, other: str) -> str:
    """The colour half way between two."""
    a, b = QColor(one), QColor(other)
    half = (a.red() + b.red()) // 2, (a.green() + b.green()) // 2, (a.blue() + b.blue()) // 2
    return QColor(*half).name()
