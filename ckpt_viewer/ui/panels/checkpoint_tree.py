"""The opened folders as a tree; it lists in workers and looks for new saves while training writes them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt, QTimer
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QWidget

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError, Problem
from ckpt_viewer.formats.folders.folder import Folder
from ckpt_viewer.formats.folders.index_end import is_young
from ckpt_viewer.formats.folders.saves import oldest_first
from ckpt_viewer.session.arrival import document_of, left_out, newest_save
from ckpt_viewer.session.provider import Provider
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import CheckpointDocument, GraphDocument, Line, State
from ckpt_viewer.session.watching import Stamp, changed_since, look
from ckpt_viewer.session.wording import printable, problems_text
from ckpt_viewer.ui.item_models.checkpoint_tree_model import BADGES_ROLE, CheckpointTreeModel, Index
from ckpt_viewer.ui.item_models.tree_entry import Entry, entries_of
from ckpt_viewer.ui.task_runner import TaskRunner, unexpected
from ckpt_viewer.ui.widgets.badge_delegate import BadgeDelegate

WATCH_MS = 2000
WATCH_LANE = ("tree", "watch")


class CheckpointTree(QTreeView):
    """Its selection is the session's `selected`; what is opened in it becomes a tab."""

    def __init__(self, session: Session, tasks: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._tasks = session, tasks
        self._stamps: dict[Path, Stamp] = {}
        self._folders: dict[Path, Folder] = {}
        self._to_open: Path | None = None
        self._to_reveal: Path | None = None
        self._model = CheckpointTreeModel(self)
        self._watch = QTimer(self, interval=WATCH_MS)
        self._arrange()
        self._connect()
        self._session_changed(State(), session.state)

    def rescan(self) -> None:
        """List every folder again that is known."""
        for folder in self._model.listed():
            self._list(folder)

    def open_selected(self) -> None:
        """Open every selected save; that of the line with the cursor, or its newest, comes to the front."""
        line = self._session.state.line
        for path in self._session.state.selected:
            if (entry := self._model.find(path)) and entry.save:
                self._session.show(document_of(entry.save))
        if line and line.document:
            if line.folder and line.run is None:
                self._open_newest(self._folders[line.folder])  # it tells of newer ones that cannot be opened
            else:
                self._session.show(line.document)

    def copy(self) -> None:
        """The paths of the selected saves to the clipboard, one a line; else that of the folder or run."""
        state = self._session.state
        if paths := state.selected or (state.line and (state.line.path,)):
            QGuiApplication.clipboard().setText("\n".join(map(str, paths)))

    def older_first(self, first: Path, second: Path) -> tuple[Path, Path]:
        """Two saves of one run with the older in front; others as they come."""
        runs = (run for folder in self._folders.values() for run in folder.runs)
        for run in runs:
            saves = {save.path: save for save in run.saves if save.path in (first, second)}
            if len(saves) == 2:
                older, newer = oldest_first(saves[first], saves[second])
                return older.path, newer.path
        return first, second

    def leave(self) -> None:
        self._watch.stop()
        self._session.forget(self._session_changed)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self._tell_chosen()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self._tell_chosen()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever comes back from a tab goes on with what is selected here."""
        super().focusInEvent(event)
        self._tell_chosen()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._session.state.roots:
            painter, area = QPainter(self.viewport()), self.viewport().rect().adjusted(10, 10, -10, -10)
            painter.setPen(self.palette().placeholderText().color())
            painter.drawText(area, Qt.TextFlag.TextWordWrap, self.tr("No folder is open"))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """What comes from outside is left to the window."""
        event.setAccepted(event.source() is self)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        target = self._save_at(event)
        event.setAccepted(
            event.source() is self and target is not None and target not in self._dragged(event)
        )

    def dropEvent(self, event: QDropEvent) -> None:
        dragged, target = self._dragged(event), self._save_at(event)
        if target is not None and dragged:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._session.compare(dragged[0], target)

    def _arrange(self) -> None:
        self.setObjectName("checkpointTree")
        self.setAccessibleName(self.tr("Checkpoints"))
        self.setModel(self._model)
        self.setItemDelegate(BadgeDelegate(BADGES_ROLE, self))
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(14)
        self.setExpandsOnDoubleClick(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDragDropOverwriteMode(True)

    def _connect(self) -> None:
        self._model.wanted.connect(self._list)
        self.activated.connect(self._activate)
        self._watch.timeout.connect(self._look_for_changes)
        self._session.listen(self._session_changed)

    def _session_changed(self, before: State, after: State) -> None:
        if before.roots != after.roots:
            self._show_roots(before, after)
        self._follow_findings(before, after)
        document = after.document
        if before.current != after.current and isinstance(document, CheckpointDocument | GraphDocument):
            self._reveal(document.path)

    def _follow_findings(self, before: State, after: State) -> None:
        changed = before.with_nan != after.with_nan or before.with_damage != after.with_damage
        if changed or before.verified is not after.verified:
            damaged = frozenset(path for path, found in after.verified.items() if not found.ok)
            self._model.set_found({"NaN": after.with_nan, "damaged": damaged | after.with_damage})

    def _show_roots(self, before: State, after: State) -> None:
        self._model.set_roots(after.roots)
        for row, root in enumerate(after.roots):
            if root not in before.roots:
                self.expand(self._model.index(row, 0))
        if after.roots:
            self._watch.start()
        else:
            self._watch.stop()

    def _list(self, folder: Path) -> None:
        self._tasks.start(
            ("tree", str(folder)),
            partial(_look, self._session.provider, folder),
            done=self._take_listing,
            failed=partial(self._take_failure, folder),
            cancelled=partial(self._give_up, folder),
            title=self.tr("Looking into {0}").format(printable(folder.name)),
        )

    def _take_listing(self, listing: tuple[Stamp, Folder, list[Entry]]) -> None:
        stamp, folder, lines = listing
        # An index grows without a change of its folder: one that may is looked at again at the next turn.
        growing = any(not save.readable and is_young(save.saved or 0) for save in folder.saves)
        self._stamps[folder.path] = () if growing else stamp
        self._folders[folder.path] = folder
        chosen = self._session.state.selected
        self._model.set_folder(folder, lines)
        self._choose_again(chosen)
        if self._session.state.line:
            self._tell_chosen()
        if self._to_open == folder.path:
            self._open_newest(folder)
        if self._to_reveal:
            self._reveal(self._to_reveal)

    def _take_failure(self, folder: Path, error: BaseException) -> None:
        if not isinstance(error, CheckpointError):
            raise error
        self._model.set_failed(folder, error.problem)

    def _give_up(self, folder: Path) -> None:
        entry = self._model.find(folder)
        if entry is not None and entry.children is None:
            stopped = self.tr("Listing was stopped."), self.tr("F5 lists it again.")
            self._model.set_failed(folder, Problem("refused", *stopped))

    def _look_for_changes(self) -> None:
        if not self._tasks.busy(WATCH_LANE):
            listed = set(self._model.listed())
            stamps = {folder: stamp for folder, stamp in self._stamps.items() if folder in listed}
            work = partial(changed_since, stamps)
            self._tasks.start(WATCH_LANE, work, done=self._list_again, failed=unexpected)

    def _list_again(self, folders: list[Path]) -> None:
        for folder in folders:
            self._list(folder)

    def _activate(self, index: QModelIndex) -> None:
        entry = self._model.entry(index)
        if entry is None:
            return
        if entry.save is not None:
            self._session.show(document_of(entry.save))
        elif entry.kind == "folder":
            self._activate_folder(entry)
        else:
            self.setExpanded(index, not self.isExpanded(index))

    def _activate_folder(self, entry: Entry) -> None:
        """Open its newest save; a folder without any opens and closes as usual."""
        index, folder = self._model.index_of(entry), self._folders.get(entry.path)
        if folder is None or entry.children is None:
            self._to_open = entry.path
            self.expand(index)
        elif newest_save(folder) is None:
            self.setExpanded(index, not self.isExpanded(index))
        else:
            self.expand(index)
            self._open_newest(folder)

    def _open_newest(self, folder: Folder) -> None:
        self._to_open = None
        if save := newest_save(folder):
            self._session.show(document_of(save))
            if problem := left_out(folder, save):
                self._session.change(message=problems_text([problem]))

    def _reveal(self, path: Path) -> None:
        """Select the save at `path`, listing the folders above it one after another."""
        entry = self._model.find(path)
        if entry is not None and entry.save is not None:
            self._to_reveal = None
            self._pick_last(entry)
            return
        self.clearSelection()
        above = next((found for folder in (path, *path.parents) if (found := self._model.find(folder))), None)
        self._to_reveal = path if above is not None and above.children is None else None
        if self._to_reveal and above is not None:
            self.expand(self._model.index_of(above))

    def _pick_last(self, entry: Entry) -> None:
        """Details and actions are about the line with the cursor: that in front, also where several are."""
        selected, index = self._session.state.selected, self._model.index_of(entry)
        flags = QItemSelectionModel.SelectionFlag  # while Ctrl is held, the view itself would add to them
        how = flags.NoUpdate if entry.path in selected else flags.ClearAndSelect | flags.Rows
        self.selectionModel().setCurrentIndex(index, how)
        self.scrollTo(index)

    def _choose_again(self, paths: tuple[Path, ...]) -> None:
        """Select what a new listing put into another place."""
        chosen = {entry.path for entry in self._chosen()}
        for path in paths:
            if path not in chosen and (entry := self._model.find(path)):
                flag = QItemSelectionModel.SelectionFlag.Select
                self.selectionModel().select(self._model.index_of(entry), flag)

    def _tell_chosen(self) -> None:
        chosen = list(self._chosen())
        saves = dict.fromkeys(entry.path for entry in chosen if entry.save)
        kept = {path: None for path in self._session.state.selected if path in saves}
        self._session.change(selected=tuple(kept | saves), line=self._line_among(chosen, tuple(kept | saves)))

    def _chosen(self) -> Iterator[Entry]:
        """The selected lines, by ranges: a folder of thousands can be selected whole."""
        for stretch in self.selectionModel().selection().toList():
            yield from self._model.below(stretch.parent())[stretch.top() : stretch.bottom() + 1]

    def _line_among(self, chosen: Sequence[Entry], saves: Sequence[Path]) -> Line | None:
        """The one with the cursor, else the save picked last, else the first."""
        current = self._model.entry(self.currentIndex())
        if current is None or not self.selectionModel().isSelected(self.currentIndex()):
            last = self._model.find(saves[-1]) if saves else None
            current = last or next(iter(chosen), None)
        return self._line_of(current) if current else None

    def _line_of(self, entry: Entry) -> Line:
        if entry.save is not None:
            return Line(entry.path, document=document_of(entry.save))
        if entry.kind == "run":
            path, name = (entry.path.parent, entry.path.name) if entry.label else (entry.path, "")
        else:
            path, name = entry.path, None
            self._model.fetchMore(self._model.index_of(entry))
        folder = self._folders.get(path, Folder(path))
        runs = (run for run in folder.runs if name in (None, run.name))
        newest = newest_save(replace(folder, runs=tuple(runs)))
        return Line(entry.path, path, name, document_of(newest) if newest else None)

    def _save_at(self, event: QDropEvent) -> Path | None:
        entry = self._model.entry(self.indexAt(event.position().toPoint()))
        return entry.path if entry and entry.save else None

    def _dragged(self, event: QDropEvent) -> list[Path]:
        return [Path(url.toLocalFile()) for url in event.mimeData().urls()]


def _look(provider: Provider, folder: Path, cancel: CancelToken) -> tuple[Stamp, Folder, list[Entry]]:
    """The lines are made here too: there may be tens of thousands."""
    stamp, listed = look(provider, folder, cancel)
    return stamp, listed, entries_of(listed)
