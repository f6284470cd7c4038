"""The pictures of A, of B and of their difference in one place, moving together."""

from collections.abc import Mapping

from PySide6.QtCore import QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from ckpt_viewer.analysis.preview import Picture
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.widgets.picture import PictureCanvas
from ckpt_viewer.ui.widgets.side_tag import TITLES, SideTag

BLINK_MS = 500
LEFT_AXIS, HANDLE = 52, 9
GAP = 4
SIDES = ("a", "b", "difference")
# Which pictures each mode shows; those of a list lie over each other, except side by side.
SHOWN = {
    "a": ("a",),
    "b": ("b",),
    "difference": ("difference",),
    "swipe": ("a", "b"),
    "blink": ("a", "b"),
    "side": ("a", "b", "difference"),
}


class PictureStage(QWidget):
    """Zoom and place are those of all pictures; in *swipe* a divider uncovers B from the right."""

    pointed = Signal(object)  # (row, column) of the element under the pointer, None outside
    moved = Signal()  # another part is in sight

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mode = "difference"
        self.canvases = {side: self._canvas(side) for side in SIDES}
        self._tags = {side: SideTag(side, self) for side in SIDES}
        self._there = set(SIDES)
        self._divider = _Divider(self)
        self._divider.dragged.connect(self._drag)
        self._part = 0.5
        self._blink = QTimer(self, interval=BLINK_MS)
        self._blink.timeout.connect(self._flip)
        self._extent = (0, 0)
        self._rect = QRectF(0, 0, 1, 1)
        self._following = False
        self._place()

    def shown(self) -> list[PictureCanvas]:
        """The pictures of this mode that are there; the only one there is, whatever the mode."""
        sides = self._there if len(self._there) == 1 else SHOWN[self.mode]
        return [self.canvases[side] for side in sides if side in self._there]

    def set_pictures(self, pictures: Mapping[str, Picture], lengths: Mapping[str, tuple[int, int]]) -> None:
        """Show these, by side; place and zoom stay while the largest of them has the same size.

        Args:
            pictures: Those that are there; the others stay out of sight.
            lengths: Rows and columns of elements of each.
        """
        self._there = set(pictures)
        self._following = True
        for side, canvas in self.canvases.items():
            if side in pictures:
                _put(canvas, pictures[side], lengths[side])
            else:
                canvas.clear()
        self._following = False
        self._set_extent(*(max(length[axis] for length in lengths.values()) for axis in (0, 1)))
        self._place()

    def set_mode(self, mode: str) -> None:
        self.mode = mode
        self._place()

    def set_divider(self, part: float) -> None:
        """Where A ends and B begins in *swipe*, from 0 to 1 of the width."""
        self._part = min(max(part, 0.0), 1.0)
        self._place()

    @property
    def divider(self) -> float:
        return self._part

    def stop(self) -> None:
        """No timer runs afterwards."""
        self._blink.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._blink.stop()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place()

    def _canvas(self, side: str) -> PictureCanvas:
        canvas = PictureCanvas(self)
        canvas.axes["left"].setWidth(LEFT_AXIS)
        canvas.setAccessibleName(self.tr("Picture of {0}").format(TITLES[side]))
        canvas.pointed.connect(self.pointed)
        canvas.moved.connect(self._follow)
        return canvas

    def _place(self) -> None:
        shown = self.shown()
        wide = self.mode == "side"
        width = (self.width() + GAP) // max(len(shown), 1) if wide else self.width() + GAP
        for side, canvas in self.canvases.items():
            canvas.setVisible(canvas in shown)
            self._tags[side].setVisible(canvas in shown)
        for number, canvas in enumerate(shown):
            left = number * width if wide else 0
            canvas.setGeometry(left, 0, width - GAP, self.height())
            canvas.clearMask()
            canvas.raise_()
        self._align(shown)
        self._place_overlays(shown)

    def _place_overlays(self, shown: list[PictureCanvas]) -> None:
        both = len(shown) == 2
        swiping, blinking = self.mode == "swipe" and both, self.mode == "blink" and both
        at = round(LEFT_AXIS + self._part * (self.width() - LEFT_AXIS))
        if swiping:
            seen = min(at, self.width() - 1)  # an empty region would unmask it
            self.canvases["b"].setMask(QRegion(seen, 0, self.width() - seen, self.height()))
        self._divider.setVisible(swiping)
        self._divider.setGeometry(at - HANDLE // 2, 0, HANDLE, self.height())
        for side in SIDES:
            canvas, tag = self.canvases[side], self._tags[side]
            right = swiping and side == "a"
            left = at - tag.width() - HANDLE if right else canvas.x() + LEFT_AXIS + 8
            tag.move(at + HANDLE if swiping and side == "b" else left, self.height() - tag.height() - 10)
            tag.raise_()
        self._divider.raise_()
        self._set_blinking(blinking)

    def _set_blinking(self, blinking: bool) -> None:
        if not blinking:
            self._blink.stop()
            return
        self._tags["a"].setVisible(not self.canvases["b"].isVisible())
        if not self._blink.isActive() and self.isVisible():
            self._blink.start()

    def _flip(self) -> None:
        """A lies below B, so showing and hiding B is all there is to it."""
        show_b = self.canvases["b"].isHidden()
        self.canvases["b"].setVisible(show_b)
        self._tags["b"].setVisible(show_b)
        self._tags["a"].setVisible(not show_b)

    def _drag(self, place: int) -> None:
        self.set_divider((place - LEFT_AXIS) / max(self.width() - LEFT_AXIS, 1))

    def _set_extent(self, rows: int, columns: int) -> None:
        if (rows, columns) != self._extent:
            self._extent = rows, columns
            self._rect = QRectF(0, 0, columns, rows)

    def _follow(self) -> None:
        source = self.sender()
        if self._following or not isinstance(source, PictureCanvas) or source not in self.shown():
            return
        self._rect = source.view.viewRect()
        self._align([canvas for canvas in self.shown() if canvas is not source])
        self.moved.emit()

    def _align(self, shown: list[PictureCanvas]) -> None:
        self._following = True
        for canvas in shown:
            canvas.view.setRange(self._rect, padding=0)
        self._following = False


def _put(canvas: PictureCanvas, picture: Picture, lengths: tuple[int, int]) -> None:
    canvas.set_picture(
        picture.values,
        rows=lengths[0],
        columns=lengths[1],
        row_step=picture.row_step,
        column_step=picture.column_step,
        aggregate=picture.aggregate,
    )


class _Divider(QWidget):
    """The line between A and B, to be dragged."""

    dragged = Signal(int)

    def __init__(self, stage: QWidget) -> None:
        super().__init__(stage)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setAccessibleName(self.tr("Divider between A and B"))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged.emit(self.mapToParent(event.position().toPoint()).x())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = QColor(theme.current().accent)
        middle = self.rect().center()
        painter.fillRect(QRect(middle.x() - 1, 0, 2, self.height()), colour)
        grip = QRect(0, 0, HANDLE - 2, 36)
        grip.moveCenter(middle)
        painter.fillRect(grip, colour)
