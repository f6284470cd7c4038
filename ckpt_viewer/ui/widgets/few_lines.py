"""A text as tall as it needs to be, up to a few lines; more of it scrolls."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QWidget

MOST_LINES = 7


class FewLines(QScrollArea):
    """Plain text that can be selected; it takes the focus where there is something to scroll."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.label.setWordWrap(True)
        self.setWidget(self.label)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.viewport().setAutoFillBackground(False)
        self.label.setAutoFillBackground(False)  # Qt has just made it so
        self.verticalScrollBar().rangeChanged.connect(self._take_focus)

    def set_text(self, text: str) -> None:
        self.label.setText(text)
        self.verticalScrollBar().setValue(0)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Asked of Qt, which may lay out a page that Python is letting go of: then no attribute is left."""
        label = self.widget()
        wanted = label.sizeHint() if label else super().sizeHint()
        return QSize(wanted.width(), self._shown(wanted.height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().lineSpacing())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        label = self.widget()
        return self._shown(label.heightForWidth(width) if label else super().heightForWidth(width))

    def _shown(self, height: int) -> int:
        return min(height, MOST_LINES * self.fontMetrics().lineSpacing())

    def _take_focus(self, least: int, most: int) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if most else Qt.FocusPolicy.NoFocus)
