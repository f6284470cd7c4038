"""The pictures of A, of B and of their difference in one place, moving together."""

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from ckpt_viewer.analysis.preview import Picture
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.widgets.picture import PictureCanvas
from ckpt_viewer.ui.widgets.side_tag import TITLES, SideTag

BLINK_MS = 500
LEFT_AXIS, HANDLE = 56, 9  # the corner of the axes holds the tag of a side
GAP, TAG_MARGIN = 4, 3
DIVIDER_STEP = 0.02
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
        self._panes = {side: QWidget(self) for side in SIDES}  # each cuts its picture off at its edges
        self.canvases = {side: self._canvas(side) for side in SIDES}
        self._tags = {side: SideTag(side, self) for side in SIDES}
        self._there = set(SIDES)
        self._divider = _Divider(self)
        self._divider.dragged.connect(self._drag)
        self._divider.pushed.connect(self._push)
        self._part = 0.5
        self._left = LEFT_AXIS
        self._square = False
        self._rooms: dict[PictureCanvas, object] = {}
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
        rows, columns = (max(length[axis] for length in lengths.values()) for axis in (0, 1))
        self._left = max(LEFT_AXIS, 18 + 8 * len(str(rows)))
        self._following = True
        for side, canvas in self.canvases.items():
            if side in pictures:
                _put(canvas, pictures[side], lengths[side])
            else:
                canvas.clear()
        self._following = False
        if (rows, columns) == self._extent:
            self._place()
        else:
            self._extent = rows, columns
            self.set_square(any(self.canvases[side].looks_better_square() for side in pictures))

    @property
    def square(self) -> bool:
        """Whether a cell is as wide as it is high."""
        return self._square

    def set_square(self, square: bool) -> None:
        """Show everything, in square cells or in cells that fill the room."""
        self._square = square
        self._following = True
        for canvas in self.canvases.values():
            canvas.view.setAspectLocked(square)
        self._following = False
        self._rect = QRectF(0, 0, self._extent[1], self._extent[0])
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
        canvas = PictureCanvas(self._panes[side])
        canvas.setAccessibleName(self.tr("Picture of {0}").format(TITLES[side]))
        canvas.pointed.connect(self.pointed)
        canvas.moved.connect(self._follow)
        return canvas

    def _place(self) -> None:
        shown = self.shown()
        for side, canvas in self.canvases.items():
            self._panes[side].setVisible(canvas in shown)
            self._tags[side].setVisible(canvas in shown)
        for canvas, place in zip(shown, self._rooms_for(len(shown)), strict=True):
            canvas.axes["left"].setWidth(self._left if place.left() == 0 else 0)
            canvas.axes["left"].setVisible(place.left() == 0)
            canvas.setGeometry(QRect(QPoint(0, 0), place.size()))
            canvas.parentWidget().setGeometry(place)
            canvas.parentWidget().raise_()
        self._align(shown, self._rect)
        self._place_overlays(shown)

    def _rooms_for(self, count: int) -> list[QRect]:
        """Below their tags, over each other or side by side; the first one has the axis for all of them."""
        top = self._tags["a"].height() + 2 * TAG_MARGIN
        if self.mode != "side" or count < 2:
            return [self.rect().adjusted(0, top, 0, 0)] * count
        width = max((self.width() - self._left - GAP * (count - 1)) // count, 1)
        places = [QRect(0, top, self._left + width, self.height() - top)]
        for _ in range(1, count):
            places.append(QRect(places[-1].right() + 1 + GAP, top, width, self.height() - top))
        return places

    def _place_overlays(self, shown: list[PictureCanvas]) -> None:
        both = len(shown) == 2
        swiping, blinking = self.mode == "swipe" and both, self.mode == "blink" and both
        at = round(self._left + self._part * (self.width() - self._left))
        if swiping:
            room = self._panes["a"].geometry()
            self._panes["a"].resize(at, room.height())
            self._panes["b"].setGeometry(at, room.y(), self.width() - at, room.height())
            self.canvases["b"].move(-at, 0)
        self._divider.setVisible(swiping)
        self._divider.setGeometry(at - HANDLE // 2, 0, HANDLE, self.height())
        for side in SIDES:
            pane, tag = self._panes[side], self._tags[side]
            beside = {"a": at - tag.width() - HANDLE, "b": at + HANDLE} if swiping else {}
            over = 0 if pane.x() else self._left
            tag.move(beside.get(side, pane.x() + over + TAG_MARGIN), TAG_MARGIN)
            tag.raise_()
        self._divider.raise_()
        self._set_blinking(blinking)

    def _set_blinking(self, blinking: bool) -> None:
        if not blinking:
            self._blink.stop()
            return
        self._tags["a"].setVisible(not self._panes["b"].isVisible())
        if not self._blink.isActive() and self.isVisible():
            self._blink.start()

    def _flip(self) -> None:
        """A lies below B, so showing and hiding B is all there is to it."""
        show_b = self._panes["b"].isHidden()
        self._panes["b"].setVisible(show_b)
        self._tags["b"].setVisible(show_b)
        self._tags["a"].setVisible(not show_b)

    def _drag(self, place: int) -> None:
        self.set_divider((place - self._left) / max(self.width() - self._left, 1))

    def _push(self, steps: int) -> None:
        self.set_divider(self._part + steps * DIVIDER_STEP)

    def _follow(self) -> None:
        source = self.sender()
        if self._following or not isinstance(source, PictureCanvas) or source not in self.shown():
            return
        if self._rooms.get(source) != source.view.size():  # only its room has changed
            self._align([source], self._rect)
            return
        seen = source.view.viewRect()
        within = seen.intersected(QRectF(0, 0, self._extent[1], self._extent[0]))
        self._rect = seen if within.isEmpty() else within
        self._align([canvas for canvas in self.shown() if canvas is not source], seen)
        self.moved.emit()

    def _align(self, shown: list[PictureCanvas], rect: QRectF) -> None:
        self._following = True
        for canvas in shown:
            self._rooms[canvas] = canvas.view.size()
            canvas.view.setRange(rect, padding=0)
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
    pushed = Signal(int)

    def __init__(self, stage: QWidget) -> None:
        super().__init__(stage)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Divider between A and B"))
        self.setToolTip(self.tr("Drag it, or press ← and →: A lies left of it, B right"))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged.emit(self.mapToParent(event.position().toPoint()).x())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.pushed.emit(1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line has a rim, so that it stands out from any colour of the pictures."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.current()
        middle = self.rect().center()
        painter.fillRect(QRect(middle.x() - 2, 0, 4, self.height()), QColor(colours.surface))
        painter.fillRect(QRect(middle.x() - 1, 0, 2, self.height()), QColor(colours.text))
        grip = QRect(0, 0, HANDLE - 1, 36)
        grip.moveCenter(middle)
        painter.setPen(QColor(colours.surface))
        painter.setBrush(QColor(colours.accent if self.hasFocus() else colours.text))
        painter.drawRoundedRect(grip, 3, 3)
        painter.end()
