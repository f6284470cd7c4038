"""Two checkpoints beside each other: which variables differ, by how much, and where."""

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QSplitter, QStackedLayout, QVBoxLayout, QWidget

from ckpt_viewer.analysis.comparison import Pair
from ckpt_viewer.analysis.measuring import measure_all
from ckpt_viewer.cancellation import right_of_way
from ckpt_viewer.errors import CheckpointError
from ckpt_viewer.formats.checkpoint import Checkpoint
from ckpt_viewer.session.pair_columns import PairColumns, full_name, names_of
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import ComparisonDocument, State
from ckpt_viewer.ui.item_models.pair_table import PairTableModel
from ckpt_viewer.ui.panels.comparison_work import Paired, paired_up
from ckpt_viewer.ui.task_runner import TaskRunner
from ckpt_viewer.ui.turns import once_painted
from ckpt_viewer.ui.widgets.comparison_head import ComparisonHead, nothing_shown
from ckpt_viewer.ui.widgets.loading import Loading
from ckpt_viewer.ui.widgets.pair_histogram import PairHistogram
from ckpt_viewer.ui.widgets.pair_menu import PairMenu
from ckpt_viewer.ui.widgets.pair_pictures import MODE_KEYS, PairPictures
from ckpt_viewer.ui.widgets.pair_reading import Sides
from ckpt_viewer.ui.widgets.pair_table_view import PairTableView
from ckpt_viewer.ui.widgets.pair_title import PairTitle
from ckpt_viewer.ui.widgets.sentence import Sentence

ARRIVAL_MS = 150
TICKS_PER_RANKING, RANKING, CHOOSING = 7, 5, 6  # a table somebody reads moves about once a second
SLICE_KEYS = {Qt.Key.Key_Comma: -1, Qt.Key.Key_Period: 1}
STEP_KEYS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class ComparisonPanel(QWidget):
    """Pairs two open checkpoints by their indexes at once, then measures what differs."""

    def __init__(
        self,
        session: Session,
        tasks: TaskRunner,
        key: str,
        pictures: PairPictures,
        histogram: PairHistogram,
    ) -> None:
        super().__init__()
        self._session, self._tasks, self._key = session, tasks, key
        self._checkpoints: tuple[Checkpoint, Checkpoint] | None = None
        self._pairs: PairColumns | None = None
        self._arrived: deque[Pair] = deque()
        self._ticks = 0
        self._clock = QTimer(self, interval=ARRIVAL_MS)
        self.head = ComparisonHead()
        self.model = PairTableModel(self)
        self.table = PairTableView(self.model)
        self.menu = PairMenu(self.table)
        self.title, self.pictures, self.histogram = PairTitle(), pictures, histogram
        self._nothing = Sentence()
        self._arrange()
        self._connect()

    def set_checkpoints(self, a: Checkpoint, b: Checkpoint) -> None:
        """Compare two open checkpoints; whoever opened them closes them, after `leave`."""
        self._checkpoints = a, b
        self.head.set_checkpoints(a, b)
        self._pair_up()

    def _pair_up(self) -> None:
        if self._checkpoints is None:
            return
        self._stop_measuring()
        self._tasks.start(
            (self._key, "pair"),
            partial(paired_up, *self._checkpoints, self._document.names),
            done=self._paired,
            failed=self._pairing_failed,
            title=self.tr("Comparing…"),
        )

    def leave(self) -> None:
        """The tab is closing: no timer, listener or task of it stays."""
        self._clock.stop()
        self.pictures.stop()
        self.head.names.stop()
        self._tasks.drop_all(self._key)
        self._session.forget(self._session_changed)

    def next_difference(self, by: int = 1) -> None:
        """Choose the next row whose two sides are not equal, with -1 the one before."""
        row = self.table.currentIndex().row() + by
        while 0 <= row < self.model.rowCount():
            if self.model.pair(row).status != "identical":
                self._update(pair=names_of(self.model.pair(row)))
                return
            row += by

    def choose_first(self) -> None:
        """Choose the first row, unless the chosen one is among them."""
        if self.model.rowCount() and not self.table.currentIndex().isValid():
            self._update(pair=names_of(self.model.pair(0)))

    def toggle_identical(self) -> None:
        """Show the identical pairs among the others, or hide them again."""
        self._update(shown="different" if self._document.shown == "all" else "all")

    def event(self, event: QEvent) -> bool:
        """As the window's: laid out without giving the interpreter away to the workers that measure."""
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        key = Qt.Key(event.key())
        if not control and key in MODE_KEYS:
            self._update(mode=MODE_KEYS[key])
        elif not control and key in SLICE_KEYS:
            self.pictures.step_slice(SLICE_KEYS[key])
        elif control and key in STEP_KEYS:
            self.next_difference(STEP_KEYS[key])
        elif control and key == Qt.Key.Key_H:
            self.toggle_identical()
        elif event.matches(QKeySequence.StandardKey.Find):
            self.head.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            super().keyPressEvent(event)

    @property
    def _document(self) -> ComparisonDocument:
        document = self._session.state.find(self._key)
        assert isinstance(document, ComparisonDocument)
        return document

    def _update(self, **fields: object) -> None:
        self._session.update(self._key, **fields)

    def _arrange(self) -> None:
        beside = QSplitter()
        beside.setChildrenCollapsible(False)
        beside.addWidget(self.pictures)
        beside.addWidget(self.histogram)
        beside.setSizes([760, 280])
        lower = QWidget()
        below = QVBoxLayout(lower)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addWidget(self.title)
        below.addWidget(beside, 1)
        rows = QWidget()
        self._pages = QStackedLayout(rows)
        self._pages.addWidget(self._nothing)
        self._pages.addWidget(self.table)
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.setChildrenCollapsible(False)
        halves.addWidget(rows)
        halves.addWidget(lower)
        halves.setSizes([260, 420])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(halves, 1)
        Loading(rows, self._tasks, [(self._key, "pair")])

    def _connect(self) -> None:
        self._clock.timeout.connect(self._tick)
        self.head.counters.chosen.connect(self._choose_counter)
        self.head.filter.textChanged.connect(self._filter)
        self.head.tolerance.changed.connect(self._set_tolerance)
        self.head.names.changed.connect(self._set_names)
        self.head.names.pairing_asked.connect(self._pair_selected)
        self.pictures.mode_chosen.connect(self._choose_mode)
        self.menu.side_asked.connect(self._session.show_side)
        self.title.all_asked.connect(self._show_pair_of_all)
        self.table.selectionModel().currentRowChanged.connect(self._choose_row)
        self.model.modelReset.connect(self._rows_changed)
        self._session.listen(self._session_changed)
        self._follow_document(None, self._document)

    def _paired(self, paired: Paired) -> None:
        self._pairs = paired.pairs
        self.model.set_pairs(paired.pairs)
        self.head.show_matches(paired.pairs)
        self.table.fit_columns()
        if self._document.pair is not None and self.model.find(self._document.pair) is None:
            self._update(pair=None)
        self._rows_changed()
        self._show_pair()
        self._measure(paired.unmeasured)

    def _pairing_failed(self, error: BaseException) -> None:
        if not isinstance(error, CheckpointError):
            raise error
        self._nothing.set(error.problem.message, error.problem.hint)
        self._pages.setCurrentIndex(0)

    def _stop_measuring(self) -> None:
        self._tasks.drop((self._key, "measure"))
        self._clock.stop()
        self._arrived.clear()

    def _measure(self, waiting: Sequence[Pair]) -> None:
        assert self._checkpoints is not None
        if not waiting:
            self._finish_measuring()
            return
        self._clock.start()
        self._tasks.start(
            (self._key, "measure"),
            once_painted(partial(measure_all, *self._checkpoints, waiting, self._arrived.append)),
            done=self._finish_measuring,
            failed=self._measuring_failed,
            cancelled=self._finish_measuring,
            title=self.tr("Measuring the differences…"),
        )
        self._show_counts()

    def _tick(self) -> None:
        """Take what has arrived, or now and then rank all, or choose a row: one thing in one turn."""
        self._ticks = (self._ticks + 1) % TICKS_PER_RANKING
        with right_of_way():
            if self._ticks == RANKING:
                self._rank()
            elif self._ticks == CHOOSING and self._document.pair is None:
                self._choose_somewhere()
            else:
                self._take_arrivals()

    def _take_arrivals(self) -> None:
        arrived = [self._arrived.popleft() for _ in range(len(self._arrived))]
        if not arrived:
            return
        self.model.update_pairs(arrived)
        self._show_counts()
        if any(pair.damage and names_of(pair) == self._document.pair for pair in arrived):
            self._show_pair()  # again, now that it is known

    def _finish_measuring(self, _: object = None) -> None:
        self._clock.stop()
        self._take_arrivals()
        self._rank()
        self._choose_somewhere()
        self._show_counts()

    def _measuring_failed(self, error: BaseException) -> None:
        self._finish_measuring()
        raise error

    def _rank(self) -> None:
        """Sort what is known by now; what is in sight stays there."""
        bar = self.table.verticalScrollBar()
        place = bar.value()
        self.model.rerank()
        bar.setValue(place)

    def _choose_somewhere(self) -> None:
        if self._document.pair is None and self.model.rowCount():
            self._update(pair=names_of(self._most_telling()))

    def _most_telling(self) -> Pair:
        """The first row with something to look at: a counter has changed in any case."""
        pairs = map(self.model.pair, range(self.model.rowCount()))
        pictures = (pair for pair in pairs if (side := pair.a or pair.b) and len(side.shape) > 0)
        return next(pictures, self.model.pair(0))

    def _show_counts(self) -> None:
        pairs, measuring = self.model.columns, self._tasks.busy((self._key, "measure"))
        counts = pairs.counts if self._pairs else {}
        self.head.show_counts(counts, pairs.within(self.model.tolerance), pairs.damaged, measuring)

    def _rows_changed(self) -> None:
        """Rows came or went: the chosen pair is chosen again, and an empty table says why."""
        self._select_row()
        self._show_counts()
        if self.model.rowCount():
            self._pages.setCurrentIndex(1)
            return
        document = self._document
        filtered = bool(document.filter.strip()) or document.shown not in ("all", "different")
        self._nothing.set(*nothing_shown(self._pairs, filtered), self._ways_out(filtered))
        self._pages.setCurrentIndex(0)

    def _ways_out(self, filtered: bool) -> list[tuple[str, Callable[[], None]]]:
        if filtered:
            return [(self.tr("Show all"), self._show_all)]
        return [(self.tr("Show identical ones"), self.toggle_identical)] if self._pairs else []

    def _show_all(self) -> None:
        self._update(filter="", shown="different")

    def _show_pair_of_all(self) -> None:
        """Whatever its status is."""
        pair = self.model.find(self._document.pair) if self._document.pair else None
        self._update(filter="", shown="all" if pair is None or pair.status == "identical" else "different")
        self.table.setFocus()

    def _session_changed(self, before: State, after: State) -> None:
        old, new = before.find(self._key), after.find(self._key)
        if isinstance(new, ComparisonDocument) and old != new:
            self._follow_document(old if isinstance(old, ComparisonDocument) else None, new)

    def _follow_document(self, old: ComparisonDocument | None, new: ComparisonDocument) -> None:
        if old is None or old.mode != new.mode:
            self.pictures.set_mode(new.mode)
        self.head.counters.set_shown(new.shown)
        if self.head.filter.text() != new.filter:
            self.head.filter.setText(new.filter)
        self.model.show(new.shown, new.filter)
        if self.model.left_out:
            self.head.filter.tell(self.model.left_out)
        self.head.names.set_rules(new.names)
        if old is not None and old.names != new.names:
            self._pair_up()
        if old is None or old.pair != new.pair:
            self._select_row()
            self._show_pair()

    def _show_pair(self) -> None:
        pair = self.model.find(self._document.pair) if self._document.pair else None
        if pair is None or self._checkpoints is None:
            self.pictures.clear()
            self.histogram.show_pair(None)
            return
        self.pictures.show_pair(*self._checkpoints, pair)
        self.histogram.show_pair(Sides(*self._checkpoints, pair) if pair.problem is None else None)

    def _select_row(self) -> None:
        names = self._document.pair
        row = self.model.row_of(names) if names else None
        pair = self.model.find(names) if names else None
        self.title.set_pair(names, full_name(pair) if pair else "", hidden=row is None)
        self.menu.set_names(names if row is not None else None)
        if row is None:
            self.table.selectionModel().clear()
            return
        if row == self.table.currentIndex().row():
            return
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.table.selectionModel().setCurrentIndex(self.model.index(row, 0), flags)

    def _choose_row(self, current: QModelIndex) -> None:
        if current.isValid() and names_of(self.model.pair(current.row())) != self._document.pair:
            self._update(pair=names_of(self.model.pair(current.row())))

    def _choose_counter(self, word: str) -> None:
        self._update(shown=word)

    def _choose_mode(self, mode: str) -> None:
        self._update(mode=mode)

    def _filter(self, text: str) -> None:
        self._update(filter=text)

    def _set_names(self, rules: str) -> None:
        self._update(names=rules)

    def _pair_selected(self) -> None:
        """A rule for two selected rows, one of them only in A, the other only in B."""
        pairs = [self.model.pair(row) for row in self.table.selected_rows()]
        sides = {pair.status: pair.name for pair in pairs}
        if len(pairs) == 2 and sides.keys() == {"only-a", "only-b"}:
            self.head.names.add_rule(f"{sides['only-a']} = {sides['only-b']}")
        else:
            self.head.names.say(self.tr("Select one row that is only in A and one that is only in B."))

    def _set_tolerance(self, tolerance: float) -> None:
        self.model.set_tolerance(tolerance)
        self._show_counts()
