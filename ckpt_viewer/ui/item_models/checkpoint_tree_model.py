"""Roots → folders → runs → saves, each folder listed when it is first opened."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QUrl,
    Signal,
)
from PySide6.QtGui import QFont

from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.folders.folder import Folder
from ckpt_viewer.ui.icons import icon
from ckpt_viewer.ui.item_models.tree_entry import Entry, Key, entries_of, folder_entry
from ckpt_viewer.ui.widgets.plain_text import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
BADGES_ROLE = Qt.ItemDataRole.UserRole + 1
NOWHERE = QModelIndex()


class CheckpointTreeModel(QAbstractItemModel):
    """Holds what was listed; `wanted` asks for the listing of a folder that is opened for the first time."""

    wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._top = Entry("folder", Path(), "")
        self._top.children = []
        self._numbers: dict[int, Entry] = {}
        self._folder_entries: dict[int, Entry] = {}  # few among many
        self._at: dict[Path, list[Entry]] = {}  # one folder may stand in the tree twice
        self._asked: set[int] = set()
        self._found: Mapping[str, frozenset[Path]] = {}

    def set_roots(self, roots: Sequence[Path]) -> None:
        self._sync(self._top, [folder_entry(root) for root in roots])

    def set_folder(self, folder: Folder, lines: list[Entry] | None = None) -> None:
        """Take in a listing; lines that stay keep their selection and expansion.

        Args:
            folder: One of those in the tree.
            lines: What `entries_of` made of it already, where there are many.
        """
        for entry in self._folders(folder.path):
            entry.count = sum(len(run.saves) for run in folder.runs)
            entry.problems = folder.problems
            self._sync(entry, entries_of(folder) if lines is None else lines)
            self._tell(entry)
            lines = None  # the folder may stand in the tree twice

    def set_failed(self, path: Path, problem: Problem) -> None:
        """The folder could not be listed."""
        for entry in self._folders(path):
            entry.problems = (problem,)
            self._sync(entry, [])
            self._tell(entry)

    def set_found(self, found: Mapping[str, frozenset[Path]]) -> None:
        """Which checkpoints have which badge because of what reading their values showed."""
        before, self._found = self._found, found
        for path in frozenset[Path]().union(*before.values(), *found.values()):
            for entry in self._at.get(path, ()):
                self._tell(entry)

    def listed(self) -> list[Path]:
        """The folders whose content is known."""
        known = dict.fromkeys(
            entry.path for entry in self._folder_entries.values() if entry.children is not None
        )
        return list(known)

    def entry(self, index: Index) -> Entry | None:
        return self._numbers.get(index.internalId()) if index.isValid() else None

    def below(self, index: Index) -> list[Entry]:
        """The lines right below this one; those of the roots below none."""
        entry = self.entry(index) if index.isValid() else self._top
        return (entry.children if entry else None) or []

    def find(self, path: Path) -> Entry | None:
        """The save, else the folder, at this path."""
        return min(self._at.get(path, ()), key=lambda entry: entry.kind != "save", default=None)

    def index_of(self, entry: Entry) -> QModelIndex:
        return NOWHERE if entry is self._top else self.createIndex(entry.row, 0, id(entry))

    def rowCount(self, parent: Index = NOWHERE) -> int:
        entry = self.entry(parent) if parent.isValid() else self._top
        return len(entry.children or ()) if entry else 0

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 1

    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        entry = self.entry(parent) if parent.isValid() else self._top
        if entry is None or column != 0 or not 0 <= row < len(entry.children or ()):
            return QModelIndex()
        return self.createIndex(row, 0, id((entry.children or [])[row]))

    def parent(self, index: Index = NOWHERE) -> QModelIndex:  # type: ignore[override]
        entry = self.entry(index)
        return self.index_of(entry.parent) if entry and entry.parent else QModelIndex()

    def hasChildren(self, parent: Index = NOWHERE) -> bool:
        entry = self.entry(parent) if parent.isValid() else self._top
        return entry is not None and entry.kind != "save" and (entry.children is None or bool(entry.children))

    def canFetchMore(self, parent: Index) -> bool:
        entry = self.entry(parent)
        return entry is not None and entry.children is None and entry.kind == "folder"

    def fetchMore(self, parent: Index) -> None:
        entry = self.entry(parent)
        if entry is not None and entry.children is None and id(entry) not in self._asked:
            self._asked.add(id(entry))
            self.wanted.emit(entry.path)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry, answer = self.entry(index), _ANSWERS.get(role)
        if entry is None:
            return None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return " ".join((entry.text, *self._badges(entry)))
        if role == BADGES_ROLE:
            return self._badges(entry)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip("\n".join(filter(None, (entry.tool_tip, " · ".join(self._badges(entry))))))
        return answer(entry) if answer else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        entry = self.entry(index)
        if entry is None:
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if entry.kind == "save":
            flags |= Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemNeverHasChildren
        return flags

    def mimeTypes(self) -> list[str]:
        return ["text/uri-list"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        entries = [entry for index in indexes if (entry := self.entry(index))]
        data.setUrls([QUrl.fromLocalFile(str(entry.path)) for entry in entries])
        return data

    def _badges(self, entry: Entry) -> tuple[str, ...]:
        """What was found by reading, then what the listing says; each once."""
        if entry.kind != "save":
            return entry.badges
        found = (badge for badge, paths in self._found.items() if entry.path in paths)
        return tuple(dict.fromkeys((*found, *entry.badges)))

    def _sync(self, parent: Entry, fresh: list[Entry]) -> None:
        """Make the children of `parent` those of `fresh`, touching only what differs."""
        known = {child.key: child for child in parent.children or ()}
        keep = {entry.key: None for entry in fresh if entry.key in known}
        if list(keep) != [key for key in known if key in keep]:
            known, keep = {}, {}  # another order: simpler to begin anew
        self._remove_all_but(parent, keep)
        for first, last in _stretches(fresh, known):
            self._insert(parent, first, fresh[first:last])
        for entry in fresh:
            if old := known.get(entry.key):
                old.take_over(entry)
                if old.kind == "run":
                    self._sync(old, entry.children or [])
        if children := parent.children:
            self.dataChanged.emit(self.index_of(children[0]), self.index_of(children[-1]))

    def _remove_all_but(self, parent: Entry, keep: Mapping[Key, None]) -> None:
        children = parent.children = parent.children or []
        row = len(children) - 1
        while row >= 0:
            last = row
            while row >= 0 and children[row].key not in keep:
                row -= 1
            if row < last:
                self.beginRemoveRows(self.index_of(parent), row + 1, last)
                for entry in children[row + 1 : last + 1]:
                    self._unregister(entry)
                del children[row + 1 : last + 1]
                parent.adopt(children)
                self.endRemoveRows()
            row -= 1

    def _insert(self, parent: Entry, first: int, entries: list[Entry]) -> None:
        children = parent.children = parent.children or []
        self.beginInsertRows(self.index_of(parent), first, first + len(entries) - 1)
        children[first:first] = entries
        parent.adopt(children)
        for entry in entries:
            self._register(entry)
        self.endInsertRows()

    def _register(self, entry: Entry) -> None:
        for one in _with_all_below(entry):
            self._numbers[id(one)] = one
            if one.kind == "folder":
                self._folder_entries[id(one)] = one
            self._at.setdefault(one.path, []).append(one)

    def _unregister(self, entry: Entry) -> None:
        for one in _with_all_below(entry):
            self._numbers.pop(id(one), None)
            self._folder_entries.pop(id(one), None)
            self._asked.discard(id(one))
            self._at[one.path].remove(one)
            if not self._at[one.path]:
                del self._at[one.path]

    def _folders(self, path: Path) -> list[Entry]:
        return [entry for entry in self._at.get(path, ()) if entry.kind == "folder"]

    def _tell(self, entry: Entry) -> None:
        index = self.index_of(entry)
        self.dataChanged.emit(index, index)


def _stretches(fresh: list[Entry], known: dict[tuple[str, str], Entry]) -> Iterator[tuple[int, int]]:
    """Where unbroken rows of new entries begin and end, first to last."""
    first = None
    for row, entry in enumerate(fresh):
        if entry.key in known:
            if first is not None:
                yield first, row
            first = None
        elif first is None:
            first = row
    if first is not None:
        yield first, len(fresh)


def _with_all_below(entry: Entry) -> Iterator[Entry]:
    waiting = [entry]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(one.children or ())


def _font(entry: Entry) -> QFont | None:
    if entry.save is None or not entry.save.latest:
        return None
    font = QFont()
    font.setBold(True)
    return font


_ICONS = {"folder": "folder", "run": "run", "save": "checkpoint"}
_ANSWERS: dict[int, Callable[[Entry], Any]] = {
    Qt.ItemDataRole.DisplayRole: lambda entry: entry.text,
    Qt.ItemDataRole.DecorationRole: lambda entry: icon(_ICONS[entry.kind]),
    Qt.ItemDataRole.FontRole: _font,
}
