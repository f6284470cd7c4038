"""The elements of a string variable, one a line, as far as they are text."""

from codecs import getincrementaldecoder
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QFontDatabase, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.formats.checkpoint import Checkpoint, Variable
from ckpt_viewer.session.session import Session
from ckpt_viewer.ui.task_runner import TaskRunner
from ckpt_viewer.ui.widgets.numbers import element_count_text, screen_count
from ckpt_viewer.ui.widgets.view_frame import ViewFrame

FIRST_ELEMENTS = 1000
FIRST_BYTES = 1 << 18  # of all elements together
MOST_BYTES = 1 << 22  # beyond this the editor would keep the screen waiting
AT_ONCE = 256
STEP = 1 << 16  # bytes made readable before the next look at whether anybody still waits


@dataclass(frozen=True, slots=True)
class Listing:
    """What is shown, and how much of the variable it is."""

    text: str
    elements: int
    complete: bool


class TextView(ViewFrame):
    """Begins with what fits the screen's patience; *Show all* reads the rest."""

    def __init__(self, session: Session, tasks: TaskRunner, key: str) -> None:
        super().__init__(tasks, key, "text")
        self.editor, self._told = QPlainTextEdit(), QLabel()
        self._all = QPushButton(self.tr("Show all"))
        self.editor.setReadOnly(True)
        self.editor.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        # Looking for word boundaries in one very long line takes seconds.
        self.editor.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self.editor.setAccessibleName(self.tr("Text of the elements"))
        self.editor.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self._all.clicked.connect(self.show_all)
        below = QHBoxLayout()
        below.addWidget(self._told, 1)
        below.addWidget(self._all)
        column = QVBoxLayout(self.content)
        column.setContentsMargins(8, 6, 8, 4)
        column.addWidget(self.editor, 1)
        column.addLayout(below)

    def load(self, checkpoint: Checkpoint, variable: Variable) -> None:
        self._list(checkpoint, variable, FIRST_ELEMENTS, FIRST_BYTES)

    def show_all(self) -> None:
        """Read and show every element in full, as far as an editor can hold them."""
        if self.checkpoint and self.variable:
            self._list(self.checkpoint, self.variable, self.variable.element_count, MOST_BYTES)

    def clear(self) -> None:
        super().clear()
        self.editor.clear()

    def _list(self, checkpoint: Checkpoint, variable: Variable, elements: int, size: int) -> None:
        def work(cancel: CancelToken) -> Listing:
            return listed(checkpoint, variable, elements, size, cancel)

        self.read(work, self._show, self.tr("Reading strings"))

    def _show(self, listing: Listing) -> None:
        assert self.variable is not None
        self.editor.setPlainText(listing.text)
        count = screen_count(self.variable.element_count)
        self._told.setText(
            element_count_text(self.variable.element_count)
            if listing.complete
            else self.tr("the first {0} of {1} elements").format(screen_count(listing.elements), count)
        )
        self._all.setVisible(not listing.complete)
        self.show_content()


def listed(
    checkpoint: Checkpoint, variable: Variable, elements: int, size: int, cancel: CancelToken
) -> Listing:
    """The elements as lines, at most so many, and no more once they hold so many bytes."""
    count = variable.element_count
    wanted = min(count, elements)
    lines: list[str] = []
    held, cut = 0, False
    for start in range(0, wanted, AT_ONCE):
        for content in checkpoint.read_flat(variable, start, min(AT_ONCE, wanted - start), cancel):
            room = max(size - held, 0)
            cut = cut or len(content) > room
            lines.append(_index(variable.shape, len(lines)) + readable(content[:room], cancel))
            lines[-1] += "…" if len(content) > room else ""
            held += len(content)
            if cut:
                return Listing("\n".join(lines), len(lines), complete=False)
        cancel.report(start, wanted)
    return Listing("\n".join(lines), len(lines), complete=wanted == count)


def readable(content: bytes, cancel: CancelToken | None = None) -> str:
    r"""The bytes as UTF-8 text where they are, else with each strange byte as `\x..`."""
    decoder = getincrementaldecoder("utf-8")("backslashreplace")
    parts = []
    for start in range(0, len(content) or 1, STEP):
        if cancel:
            cancel.check()
        part = content[start : start + STEP]
        parts.append(_visible(decoder.decode(part, final=start + STEP >= len(content))))
    return "".join(parts)


def _visible(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() or character in "\n\t" else _escaped(character)
        for character in text
    )


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode()


def _index(shape: Sequence[int], place: int) -> str:
    """What a line begins with; a scalar is its text alone."""
    if not shape:
        return ""
    index = ",".join(str(number) for number in np.unravel_index(place, tuple(shape)))
    return f"[{index}]  "
