"""The letter of a side of a comparison on its colour."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from ckpt_viewer.ui import theme

TITLES = {"a": "A", "b": "B", "difference": "B − A"}


class SideTag(QLabel):
    """Lets the pointer through, so that it may lie over a picture."""

    def __init__(self, side: str, parent: QWidget | None = None) -> None:
        super().__init__(TITLES[side], parent)
        self._side = side
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setMargin(3)
        size = self.sizeHint()
        self.setFixedSize(size.width() + 8, size.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        fills = {"a": colours.series_a, "b": colours.series_b, "difference": colours.muted}
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fills[self._side]))
        painter.drawRoundedRect(self.rect(), 4, 4)
        painter.setPen(QColor(colours.accent_text))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()
