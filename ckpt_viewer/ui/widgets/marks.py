"""Small signs for cells, drawn in the colours of the theme."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap, QPolygonF

from ckpt_viewer.ui import theme

_SIZE = 32


def warning_mark() -> QIcon:
    """A triangle with an exclamation mark."""
    return _warning(theme.current().warning, theme.current().surface)


@lru_cache(maxsize=8)
def _warning(colour: str, ground: str) -> QIcon:
    pixmap = QPixmap(_SIZE, _SIZE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawPolygon(QPolygonF([QPointF(16, 3), QPointF(31, 29), QPointF(1, 29)]))
    painter.setBrush(QColor(ground))
    painter.drawRect(QRectF(14.5, 12, 3, 9))
    painter.drawRect(QRectF(14.5, 23, 3, 3))
    painter.end()
    return QIcon(pixmap)
