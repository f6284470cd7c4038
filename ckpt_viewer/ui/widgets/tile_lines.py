"""Lines between the tiles of a picture that is a wall of smaller ones."""

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ckpt_viewer.ui import theme
from ckpt_viewer.ui.widgets.picture import PictureCanvas

_LEAST_PIXELS = 8.0


class TileLines(QGraphicsItem):
    """Tiles are `height` rows high and `width` columns wide; lines appear once there is room for them."""

    def __init__(self, canvas: PictureCanvas) -> None:
        super().__init__()
        self._canvas = canvas
        self._height = self._width = 1
        self.setZValue(5)
        canvas.view.addItem(self, ignoreBounds=True)

    def set_tiles(self, height: int, width: int) -> None:
        """To be called when the canvas shows another wall."""
        self.prepareGeometryChange()
        self._height, self._width = height, width
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self._canvas.columns, self._canvas.rows)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        box, (width, height) = self._canvas.in_sight(), self._canvas.cell_size()
        pen = QPen(QColor(theme.current().surface), 2)
        pen.setCosmetic(True)
        painter.setPen(pen)
        if self._width * width >= _LEAST_PIXELS:
            for column in range(box.column - box.column % self._width, box.column_end + 1, self._width):
                painter.drawLine(QLineF(column, box.row, column, box.row_end))
        if self._height * height >= _LEAST_PIXELS:
            for row in range(box.row - box.row % self._height, box.row_end + 1, self._height):
                painter.drawLine(QLineF(box.column, row, box.column_end, row))
