"""The numbers in the cells of a picture, once the cells are large enough to read them."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ckpt_viewer.ui import theme
from ckpt_viewer.ui.widgets.numbers import SHORT, short_number

if TYPE_CHECKING:
    from ckpt_viewer.ui.widgets.picture import PictureCanvas

LEAST_HEIGHT = 16
_FONT_PIXELS = 11
_WIDEST = "-" + "0" * (SHORT - 1)
_ROOM = 8  # pixels between the numbers of neighbours
_LUMA = np.array((0.299, 0.587, 0.114))
_BRIGHT = 112.0


class CellNumbers(QGraphicsItem):
    """Lies over the picture and writes only where the canvas knows the elements themselves."""

    def __init__(self, canvas: "PictureCanvas") -> None:
        super().__init__()
        self._canvas = canvas
        self.setZValue(10)

    def fits(self) -> bool:
        """Whether every cell has room for the longest number, so that none is missing among others."""
        width, height = self._canvas.cell_size()
        least = QFontMetrics(self._font()).horizontalAdvance(_WIDEST) + _ROOM
        return width >= least and height >= LEAST_HEIGHT

    def size_changed(self) -> None:
        """To be called before the canvas shows another number of rows or columns."""
        self.prepareGeometryChange()

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self._canvas.columns, self._canvas.rows)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if not self.fits():
            return
        to_screen = painter.transform()
        painter.save()
        painter.resetTransform()
        painter.setFont(self._font())
        self._write_all(painter, to_screen)
        painter.restore()

    def _font(self) -> QFont:
        font = QFont(self._canvas.font())
        font.setPixelSize(_FONT_PIXELS)
        return font

    def _write_all(self, painter: QPainter, to_screen: QTransform) -> None:
        box = self._canvas.in_sight()
        places = [
            (row, column)
            for row in range(box.row, box.row_end)
            for column in range(box.column, box.column_end)
        ]
        values = [self._canvas.element_at(row, column) for row, column in places]
        for (row, column), value, ink in zip(places, values, self._inks(values), strict=True):
            if value is not None:
                painter.setPen(ink)
                cell = to_screen.mapRect(QRectF(column, row, 1, 1))
                painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, short_number(value))

    def _inks(self, values: list[float | None]) -> list[QColor]:
        """Black on bright cells, white on dark ones."""
        scale = self._canvas.scale
        known = np.array([0.0 if value is None else value for value in values], np.float64)
        bright = scale.table(theme.current())[:, :3] @ _LUMA > _BRIGHT
        dark_ink, light_ink = QColor("#101010"), QColor("#ffffff")
        return [dark_ink if bright[place] else light_ink for place in scale.indices(known)]
