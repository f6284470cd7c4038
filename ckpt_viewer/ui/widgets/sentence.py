"""What stands where there is nothing to draw: a sentence, never an empty plot."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

Choice = tuple[str, Callable[[], object]]


class Sentence(QScrollArea):
    """A title and a quieter text in the middle, with buttons below; both are plain text and selectable.

    Where there is no room for all of it, it scrolls, and takes the focus for that.
    """

    def __init__(
        self, title: str = "", text: str = "", buttons: Sequence[Choice] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._calls: list[Callable[[], object]] = []
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self._press)
        self._title, self._text = _label(), _label()
        font = self._title.font()
        font.setPointSizeF(font.pointSizeF() * 1.25)
        self._title.setFont(font)
        self._text.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._buttons = QHBoxLayout()
        self._buttons.setAlignment(Qt.AlignmentFlag.AlignCenter)
        said = QWidget()
        column = QVBoxLayout(said)
        column.setContentsMargins(32, 12, 32, 12)
        column.setSpacing(10)
        column.addStretch(2)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addSpacing(6)
        column.addLayout(self._buttons)
        column.addStretch(3)
        self.setWidget(said)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        said.setAutoFillBackground(False)  # Qt has just made it so
        self.verticalScrollBar().rangeChanged.connect(self._take_focus)
        self.set(title, text, buttons)

    def set(self, title: str, text: str = "", buttons: Sequence[Choice] = ()) -> None:
        """Say something else; each button is a label and what it calls."""
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.setAccessibleName(f"{title} {text}".strip())
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._buttons.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._calls = [call for _, call in buttons]
        for number, (label, _) in enumerate(buttons):
            button = QPushButton(label)
            self._group.addButton(button, number)
            self._buttons.addWidget(button)
            button.show()  # now: how tall all this is depends on it
        self.updateGeometry()

    def text(self) -> str:
        """Everything it says, as copied and as screen readers hear it."""
        return self.accessibleName()

    def sizeHint(self) -> QSize:
        """Asked of Qt, which may lay out a page that Python is letting go of: then no attribute is left."""
        said = self.widget()
        return said.sizeHint() if said else super().sizeHint()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        said = self.widget()
        return said.heightForWidth(width) if said else super().heightForWidth(width)

    def _take_focus(self, least: int, most: int) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if most else Qt.FocusPolicy.NoFocus)

    def _press(self, number: int) -> None:
        self._calls[number]()


def _label() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    return label
