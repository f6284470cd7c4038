"""The action table as menus, toolbar and context menu."""

from pathlib import Path
from typing import TYPE_CHECKING, get_args

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from ckpt_viewer.session.settings import Scheme
from ckpt_viewer.session.wording import printable
from ckpt_viewer.ui.actions import COMMANDS, CONTEXT_MENU, MENUS, TOOLBAR, BoundAction, translated

if TYPE_CHECKING:
    from ckpt_viewer.ui.main_window import MainWindow

RECENT_AFTER = "open_sample"
# A line is drawn in front of these.
FIRST_OF_GROUP = {
    "export",
    "close_tab",
    "quit",
    "filter",
    "next_tab",
    "next_pane",
    "show_variables",
    "view_1",
    "previous_slice",
    "theme_system",
    "scan_values",
    "rescan",
    "mode_a",
    "up",
    "show_identical",
}


class RecentMenu(QMenu):
    """The folders opened lately, asked for when the menu opens."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(translated("Open &recent"), window)
        self._window = window
        self.aboutToShow.connect(self._fill)
        self.triggered.connect(self._choose)
        self._fill()

    def _fill(self) -> None:
        self.clear()
        for folder in self._window.session.settings.remembered.recent:
            self.addAction(printable(folder).replace("&", "&&")).setData(folder)

    def _choose(self, action: QAction) -> None:
        self._window.open_paths([Path(action.data())])


def fill_menu_bar(window: "MainWindow") -> None:
    menus = {title: window.menuBar().addMenu(translated(title)) for title in MENUS}
    for command in COMMANDS:
        menu = menus[command.menu]
        if command.name in FIRST_OF_GROUP:
            menu.addSeparator()
        menu.addAction(window.actions_by_name[command.name])
        if command.needs or command.tip:
            menu.setToolTipsVisible(True)
        if command.name == RECENT_AFTER:
            menu.addMenu(RecentMenu(window))
    _mark_scheme(window)


def fill_toolbar(window: "MainWindow") -> None:
    bar = QToolBar(translated("Tools"), window)
    bar.setObjectName("tools")
    bar.setMovable(False)
    bar.setIconSize(QSize(16, 16))
    bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    for name in TOOLBAR:
        if name == "|":
            bar.addSeparator()
        elif name == ">":
            bar.addWidget(_spring())
        else:
            _add_button(bar, window.actions_by_name[name])
    window.addToolBar(bar)


def fill_context_menu(window: "MainWindow") -> None:
    window.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
    window.tree.addActions([window.actions_by_name[name] for name in CONTEXT_MENU])


def _mark_scheme(window: "MainWindow") -> None:
    """A dot at the colours in use."""
    group = QActionGroup(window)
    for scheme in get_args(Scheme):
        action = group.addAction(window.actions_by_name[f"theme_{scheme}"])
        action.setCheckable(True)
        action.setChecked(scheme == window.session.settings.remembered.scheme)


def _add_button(bar: QToolBar, action: BoundAction) -> None:
    bar.addAction(action)
    title = action.title().rstrip("…")
    action.setIconText(title)
    action.setToolTip(action.title_and_keys())
    button = bar.widgetForAction(action)
    if isinstance(button, QToolButton):
        button.setAccessibleName(title)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if action.command.name in ("back", "forward"):
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)


def _spring() -> QWidget:
    space = QWidget()
    space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return space
