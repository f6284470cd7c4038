"""Small signs for cells, drawn in the colours of the theme."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap, QPolygonF

from ckpt_viewer.ui import theme

_SIZE = 32


def warning_mark() -> QIcon:
    """A triangle with an exclamation mark."""
    colours = theme.current()
    return _warning(colours.warning, colours.surface, colours.accent_text, colours.accent)


@lru_cache(maxsize=8)
def _warning(colour: str, ground: str, chosen: str, chosen_ground: str) -> QIcon:
    mark = QIcon(_triangle(colour, ground))
    mark.addPixmap(_triangle(chosen, chosen_ground), QIcon.Mode.Selected)
    return mark


def _triangle(colour: str, ground: str) -> QPixmap:
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
    return pixmap
