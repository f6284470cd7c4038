"""What letters typed in a table look for; left to itself, Qt asks for the text of every row."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from ckpt_viewer.formats.checkpoint import Array

Index = QModelIndex | QPersistentModelIndex
_LIKE_LETTERS = Qt.MatchFlag.MatchStartsWith | Qt.MatchFlag.MatchWrap


class LetterSearch(QAbstractTableModel):
    """A table in which letters lead to the next row whose name begins with them."""

    def match(
        self,
        start: Index,
        role: int,
        value: Any,
        hits: int = 1,
        flags: Qt.MatchFlag = _LIKE_LETTERS,
    ) -> list[QModelIndex]:
        if role != Qt.ItemDataRole.DisplayRole or flags != _LIKE_LETTERS:
            return super().match(start, role, value, hits, flags)
        names, places = self._names_of_rows()
        text, first = str(value).casefold(), start.row()
        order = np.roll(places, -first).tolist()
        found = (row for row, place in enumerate(order) if names[place].casefold().startswith(text))
        return [self.index((row + first) % len(order), start.column()) for row in islice(found, hits)]

    def _names_of_rows(self) -> tuple[Sequence[str], Array]:
        """Names, and for each row which one it has."""
        raise NotImplementedError
