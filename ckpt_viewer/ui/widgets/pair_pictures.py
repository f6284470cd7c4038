"""The pictures of a pair: A, B and their difference on one slice, one zoom and one range."""

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ckpt_viewer.analysis.comparison import Pair
from ckpt_viewer.errors import CheckpointError
from ckpt_viewer.formats.checkpoint import Checkpoint
from ckpt_viewer.ui.task_runner import TaskRunner
from ckpt_viewer.ui.widgets.axis_bar import AxisBar, AxisChoice
from ckpt_viewer.ui.widgets.colour_bar import ColourBar
from ckpt_viewer.ui.widgets.colour_scale import ColourScale
from ckpt_viewer.ui.widgets.flow_layout import FlowLayout
from ckpt_viewer.ui.widgets.loading import Loading
from ckpt_viewer.ui.widgets.pair_reading import (
    Detail,
    Pictures,
    Sides,
    Value,
    instead_of_pictures,
    read_detail,
    read_pictures,
    read_value,
)
from ckpt_viewer.ui.widgets.pair_readout import Readout
from ckpt_viewer.ui.widgets.picture_stage import PictureStage
from ckpt_viewer.ui.widgets.sentence import Sentence

MODES = {
    "a": ("A", "A", "Only A"),
    "b": ("B", "B", "Only B"),
    "swipe": ("Swipe", "S", "A left of a divider, B right of it"),
    "difference": ("Difference", "D", "B − A, zero in the middle"),
    "blink": ("Blink", "X", "A and B in turn"),
    "side": ("Side by side", "W", "A, B and B − A beside each other"),
}
MODE_KEYS = {Qt.Key[f"Key_{letter}"]: mode for mode, (_, letter, _) in MODES.items()}
REST_MS = 120
MOST_DETAIL = 1 << 20
LARGE = 1 << 22  # elements of a slice from which an overview comes first


class PairPictures(QWidget):
    """Shows one pair at a time; `mode_chosen` says which mode the user asked for."""

    mode_chosen = Signal(str)

    def __init__(self, tasks: TaskRunner, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("comparePicture")
        self.setAccessibleName(self.tr("Pictures of A and B"))
        self._tasks, self._key = tasks, key
        self._sides: Sides | None = None
        self._pictures: Pictures | None = None
        self.stage = PictureStage()
        self.axis_bar = AxisBar()
        self.same_range = QCheckBox(self.tr("Same range"))
        self.square = QCheckBox(self.tr("Square cells"))
        self.readout = Readout()
        self.sentence = Sentence()
        self.sentence.setObjectName("compareSentence")
        self._value_bar, self._difference_bar = ColourBar(), ColourBar()
        self._bar_titles = QLabel("A, B"), QLabel("B − A")
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._arrange()
        self._connect()
        self.clear()

    @property
    def mode(self) -> str:
        return self.stage.mode

    def set_mode(self, mode: str) -> None:
        if mode not in MODES:
            return
        self.stage.set_mode(mode)
        self._buttons[mode].setChecked(True)
        self._show()

    def show_pair(self, a: Checkpoint, b: Checkpoint, pair: Pair) -> None:
        """Read and show a pair; what was shown stays, dimmed, until then."""
        self._drop()
        if instead := instead_of_pictures(pair):
            self.say(*instead)
            return
        self._sides = Sides(a, b, pair)
        shape = self._sides.bar_shape
        choice = self.axis_bar.choice if self.axis_bar.shape == shape else AxisChoice.fitting(shape)
        self.axis_bar.set_shape(shape, choice)
        self.axis_bar.setVisible(len(shape) > 1)
        self._read()

    def say(self, title: str, text: str = "") -> None:
        """A sentence where the pictures would be."""
        self._drop()
        self._sides = self._pictures = None
        self._offer_modes(False)
        self._show_sentence(title, text)
        self.axis_bar.hide()
        self.readout.clear()

    def clear(self) -> None:
        self.say(self.tr("No variable is chosen"), self.tr("Choose a row above to see what changed in it."))

    def step_slice(self, by: int) -> None:
        self.axis_bar.step(by)

    def stop(self) -> None:
        """No timer runs afterwards."""
        self._rest.stop()
        self.stage.stop()
        self.axis_bar.set_shape((), None)

    def minimumSizeHint(self) -> QSize:
        """High enough for the lines that the controls take in this width."""
        least, layout = super().minimumSizeHint(), self.layout()
        return least if layout is None else QSize(least.width(), layout.minimumHeightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def _arrange(self) -> None:
        top, flow = QVBoxLayout(), FlowLayout(spacing=2)
        top.setContentsMargins(8, 4, 8, 4)
        top.addLayout(flow)
        for button in self._mode_buttons():
            flow.addWidget(button)
        boxes = QWidget()
        line = QHBoxLayout(boxes)
        line.setContentsMargins(8, 0, 0, 0)
        line.addWidget(self.same_range)
        line.addWidget(self.square)
        flow.addWidget(boxes)
        self.axis_bar.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.axis_bar.setContentsMargins(8, 0, 8, 4)
        drawing = QWidget()
        row = QHBoxLayout(drawing)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.stage, 1)
        bars = QVBoxLayout()
        bars.setSpacing(2)
        for title, bar in zip(self._bar_titles, (self._value_bar, self._difference_bar), strict=True):
            bars.addWidget(title)
            bars.addWidget(bar, 1)
            title.setForegroundRole(title.foregroundRole().PlaceholderText)
            title.setMargin(4)
        row.addLayout(bars)
        self._body = QWidget()
        self._pages = QStackedLayout(self._body)
        self._pages.addWidget(self.sentence)
        self._pages.addWidget(drawing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.axis_bar)
        column.addWidget(self._body, 1)
        column.addWidget(self.readout)

    def _mode_buttons(self) -> Iterable[QToolButton]:
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        for number, (mode, (title, letter, tip)) in enumerate(MODES.items()):
            button = self._buttons[mode] = QToolButton()
            button.setText(self.tr(title))
            button.setToolTip(f"{self.tr(tip)} ({letter})")
            button.setAccessibleName(self.tr("Show {0}").format(tip))
            button.setCheckable(True)
            self._group.addButton(button, number)
        self._buttons[self.mode].setChecked(True)
        return self._buttons.values()

    def _connect(self) -> None:
        self.same_range.setChecked(True)
        self.same_range.setToolTip(self.tr("A and B share one range, so equal colours are equal values"))
        Loading(self._body, self._tasks, [(self._key, "pictures")])
        self._group.idClicked.connect(self._choose_mode)
        self.same_range.toggled.connect(self._show)
        self.square.setToolTip(self.tr("Cells are as wide as they are high; without it they fill the room"))
        self.square.toggled.connect(self.stage.set_square)
        self.axis_bar.chosen.connect(self._read)
        self.stage.pointed.connect(self._point)
        self.stage.moved.connect(self._rest.start)
        self._rest.timeout.connect(self._read_detail)

    def _offer_modes(self, offered: bool) -> None:
        """Where there are not two pictures, all modes are one."""
        for button in (*self._buttons.values(), self.same_range):
            button.setEnabled(offered)
        self.square.setEnabled(self._pictures is not None)

    def _choose_mode(self, number: int) -> None:
        self.mode_chosen.emit(list(MODES)[number])

    def _drop(self) -> None:
        for name in ("pictures", "exact", "detail", "value"):
            self._tasks.drop((self._key, name))

    def _read(self) -> None:
        sides = self._sides
        if sides is None:
            return
        self._drop()
        quick = sides.largest_slice(self.axis_bar.choice) > LARGE
        self._tasks.start(
            (self._key, "pictures"),
            partial(read_pictures, sides, self.axis_bar.choice, quick),
            done=self._overview_done if quick else self._read_done,
            failed=self._read_failed,
            cancelled=self._read_cancelled,
            title=self.tr("Reading {0}…").format(sides.title),
        )

    def _overview_done(self, pictures: Pictures) -> None:
        """Something to look at while every element is being read."""
        self._read_done(pictures)
        if self._sides is None or pictures.exact:
            return
        self._tasks.start(
            (self._key, "exact"),
            partial(read_pictures, self._sides, self.axis_bar.choice, False),
            done=self._read_done,
            failed=self._read_failed,
            cancelled=self._exact_cancelled,
            title=self.tr("Reading every element of {0}").format(self._sides.title),
        )

    def _read_done(self, pictures: Pictures) -> None:
        if pictures.sentence:
            self.say(*pictures.sentence)
            return
        self._pictures = pictures
        self._offer_modes(len(pictures.pictures) > 1)
        self.stage.set_pictures(pictures.pictures, pictures.lengths)
        with QSignalBlocker(self.square):
            self.square.setChecked(self.stage.square)
        self._show()

    def _exact_cancelled(self) -> None:
        self.readout.set_note(self.tr("Overview of some elements only; reading the rest was cancelled."))

    def _read_failed(self, error: BaseException) -> None:
        if not isinstance(error, CheckpointError):
            raise error
        self._pictures = None
        self._show_sentence(error.problem.message, error.problem.hint)

    def _read_cancelled(self) -> None:
        if self._pictures is None:
            self._show_sentence(self.tr("Reading was cancelled"), self.tr("Choose the row again to read it."))

    def _show(self) -> None:
        """The mode, the ranges and the sentence, from what was read."""
        pictures = self._pictures
        if pictures is None:
            return
        if not self.stage.shown():
            self.readout.set_note("")
            text = self.tr("{0} The other modes show them.").format(pictures.note)
            self._show_sentence(self.tr("A difference needs equal shapes"), text)
            return
        self.readout.set_note(pictures.note)
        self._colour(pictures)
        self._pages.setCurrentIndex(1)
        self._rest.start()

    def _show_sentence(self, title: str, text: str) -> None:
        self.sentence.set(title, text)
        self._pages.setCurrentIndex(0)
        self.stage.stop()

    def _colour(self, pictures: Pictures) -> None:
        ranges = {side: pictures.range_of(side, self.same_range.isChecked()) for side in ("a", "b")}
        scales = {side: ColourScale.fitting(*limits) for side, limits in ranges.items()}
        scales["difference"] = ColourScale.fitting(*pictures.range_of("difference", False), name="Blue – red")
        for side, canvas in self.stage.canvases.items():
            canvas.set_scale(scales[side])
        shown = [side for side, canvas in self.stage.canvases.items() if canvas in self.stage.shown()]
        values = [side for side in shown if side != "difference"]
        self._value_bar.setVisible(bool(values))
        if values:
            self._value_bar.set_scale(scales[values[0]], *pictures.specials(values))
        self._difference_bar.setVisible("difference" in shown)
        for title in self._bar_titles:
            title.setVisible(bool(values) and "difference" in shown)
        self._difference_bar.set_scale(scales["difference"], *pictures.specials(["difference"]))

    def _read_detail(self) -> None:
        """Exact elements for the part in sight, where the picture itself is reduced."""
        sides, shown = self._sides, self.stage.shown()
        if sides is None or self._pictures is None or not any(canvas.is_reduced for canvas in shown):
            return
        box = shown[0].in_sight()
        if (box.row_end - box.row) * (box.column_end - box.column) > MOST_DETAIL:
            return
        self._tasks.start(
            (self._key, "detail"),
            partial(read_detail, sides, self.axis_bar.choice, box),
            done=self._detail_done,
            failed=self._detail_failed,
        )

    def _detail_done(self, detail: Detail) -> None:
        for side, values in detail.values.items():
            self.stage.canvases[side].set_detail(values, detail.box.row, detail.box.column)

    def _detail_failed(self, error: BaseException) -> None:
        if not isinstance(error, CheckpointError):
            raise error
        self.readout.set_note(error.problem.message)

    def _point(self, place: tuple[int, int] | None) -> None:
        sides = self._sides
        if place is None or sides is None or self._pictures is None:
            self._tasks.drop((self._key, "value"))
            self.readout.show_value(None)
            return
        self._tasks.start(
            (self._key, "value"),
            partial(read_value, sides, self.axis_bar.choice, place),
            done=self._value_done,
            failed=self._detail_failed,
        )

    def _value_done(self, value: Value) -> None:
        self.readout.show_value(value)
