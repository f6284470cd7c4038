"""A quiet bar above what it is about: a problem with the user's files, its hint, and what can be done."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from ckpt_viewer.errors import Problem
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.widgets.few_lines import FewLines
from ckpt_viewer.ui.widgets.plain_text import plain_tooltip

Call = Callable[[], object]
Action = tuple[str, Call] | tuple[str, Call, str]  # a button's label, what it calls, its tool tip
COPY, CLOSE = -2, -3
LEAST_TEXT = 160  # pixels: a long name is cut, and told by the tool tip, rather than widening the window


class MessageBar(QFrame):
    """Hidden until there is something to say; the text can be selected and copied.

    Args:
        silent: What it is called while it says nothing, where that is not `message`, too.
    """

    closed = Signal()

    def __init__(self, parent: QWidget | None = None, silent: str = "") -> None:
        super().__init__(parent)
        self._silent = silent
        self.setObjectName(silent or "message")
        self.setAutoFillBackground(True)
        self._calls: list[Call] = []
        self._mark = QLabel("⚠")
        self._said = FewLines()
        self._said.setMinimumWidth(LEAST_TEXT)
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self._press)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(10, 6, 6, 6)
        self._row.addWidget(self._mark)
        self._row.addWidget(self._said, 1)
        self._add_own_buttons()
        self._paint_theme()
        self.hide()

    def show_problem(self, problem: Problem, actions: Sequence[Action] = ()) -> None:
        """Say the problem and its hint; each action is a label, what it calls and perhaps a tool tip."""
        self.show_problems((problem,), actions)

    def show_problems(self, problems: Sequence[Problem], actions: Sequence[Action] = ()) -> None:
        """Say the first of several problems; the others are told by *Copy details* and the tool tip."""
        if not problems:
            self.clear()
            return
        first, *others = problems
        lines = [first.message, first.hint, self.tr("And {0} more.").format(len(others)) if others else ""]
        self.show_text("\n".join(filter(None, lines)), actions)
        self._details = "\n".join(f"{problem.message} {problem.hint}".strip() for problem in problems)
        self._said.setToolTip(plain_tooltip(self._details))

    def show_text(self, text: str, actions: Sequence[Action] = ()) -> None:
        self._details = text
        self._said.set_text(text)
        self._said.setToolTip(plain_tooltip(text))
        self.setAccessibleName(text)
        self._set_actions(actions)
        if self._silent:
            self.setObjectName("message")
        self.show()

    def text(self) -> str:
        return self._said.label.text()

    def clear(self) -> None:
        self._details = ""
        self._said.set_text("")
        self._set_actions(())
        self.hide()
        if self._silent:
            self.setObjectName(self._silent)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_row"):
            self._paint_theme()

    def _add_own_buttons(self) -> None:
        copy = QToolButton()
        copy.setText(self.tr("Copy details"))
        close = QToolButton()
        close.setText("✕")
        close.setToolTip(self.tr("Hide this message"))
        close.setAccessibleName(self.tr("Hide this message"))
        for number, button in ((COPY, copy), (CLOSE, close)):
            self._group.addButton(button, number)
            self._row.addWidget(button)

    def _set_actions(self, actions: Sequence[Action]) -> None:
        for button in self._group.buttons():
            if self._group.id(button) >= 0:
                self._group.removeButton(button)
                self._row.removeWidget(button)
                button.hide()
                button.deleteLater()
        self._calls = [call for _, call, *_ in actions]
        for number, (label, _, *tip) in enumerate(actions):
            button = QPushButton(label)
            button.setToolTip("".join(tip))
            self._group.addButton(button, number)
            self._row.insertWidget(2 + number, button)

    def _press(self, number: int) -> None:
        if number == COPY:
            QGuiApplication.clipboard().setText(self._details)
        elif number == CLOSE:
            self.hide()
            self.closed.emit()
        else:
            self._calls[number]()

    def _paint_theme(self) -> None:
        """Only what differs is set again: a style sheet is itself a palette change."""
        colours = theme.current()
        edge = f"border: 0; border-left: 3px solid {colours.warning};"
        sheet = f"MessageBar {{ background: {colours.raised}; {edge} }}"
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)
            self._mark.setStyleSheet(f"color: {colours.warning};")
