"""What is known about the line chosen in the tree, or the checkpoint in front."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent
from PySide6.QtGui import (
    QColor,
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextLength,
    QTextTableFormat,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from ckpt_viewer.errors import CheckpointError, Problem
from ckpt_viewer.session.facts import Facts, gather, gather_folder
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import ComparisonDocument, Line, RunDocument, State
from ckpt_viewer.session.wording import printable, size_text
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.task_runner import TaskRunner

LANE = ("details", "facts")
GAP = 12


class Details(QTextEdit):
    """Facts as selectable text; inserted with formats, never parsed, since names may hold markup."""

    def __init__(self, session: Session, tasks: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("details")
        self.setAccessibleName(self.tr("Details"))
        self.setReadOnly(True)
        self.setPlaceholderText(self.tr("Nothing is chosen"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QTextEdit.LineWrapMode.WidgetWidth)
        self.document().setDocumentMargin(10)
        self._session, self._tasks = session, tasks
        self._line: Line | None = None
        self._facts: Facts | None = None
        session.listen(self._session_changed)
        self._show_line(_subject(session.state))

    def refresh(self) -> None:
        """Ask again: the files may have changed."""
        line, self._line = self._line, None
        self._show_line(line)

    def leave(self) -> None:
        self._session.forget(self._session_changed)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_facts") and self._facts:
            self._show_facts(self._facts)

    def _session_changed(self, before: State, after: State) -> None:
        if before.outdated != after.outdated:
            self._line = None
        self._show_line(_subject(after))

    def _show_line(self, line: Line | None) -> None:
        if line == self._line:
            return
        self._line = line
        if line is None:
            self._tasks.drop(LANE)
            self._facts = None
            self.clear()
            return
        if line.folder:
            work = partial(gather_folder, self._session.provider, line.folder, line.run)
        else:
            work = partial(gather, self._session.provider, line.path)
        self._tasks.start(LANE, work, done=self._show_facts, failed=self._show_failure)

    def _show_failure(self, error: BaseException) -> None:
        if not isinstance(error, CheckpointError):
            raise error
        name = printable(self._line.path.name) if self._line else ""
        self._show_facts(Facts(name, (), problems=(error.problem,)))

    def _show_facts(self, facts: Facts) -> None:
        self._facts = facts
        self.clear()
        cursor = self.textCursor()
        cursor.beginEditBlock()  # Qt lays the text out once, at the end
        self._write(facts)
        cursor.endEditBlock()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _write(self, facts: Facts) -> None:
        writer = _Writer(self)
        writer.title(facts.title)
        writer.pairs(facts.lines)
        if facts.problems:
            writer.problems(facts.problems)
        if facts.files:
            writer.heading(self.tr("Files"))
            writer.pairs([(size_text(file.size), printable(file.name)) for file in facts.files])
        if facts.state:
            writer.heading(self.tr("State file"))
            writer.pairs(facts.state)


def _subject(state: State) -> Line | None:
    """The line chosen in the tree, else what is in front, of two checkpoints B, as if its line were."""
    front = state.document
    if state.line or front is None:
        return state.line
    if isinstance(front, RunDocument):
        return Line(front.folder / front.name, front.folder, front.name)
    return Line(front.b if isinstance(front, ComparisonDocument) else front.path)


class _Writer:
    """Writes into a text edit letter by letter."""

    def __init__(self, target: QTextEdit) -> None:
        self._cursor, self._metrics = target.textCursor(), target.fontMetrics()
        colours = theme.current()
        self._plain, self._quiet, self._loud = (QTextCharFormat() for _ in range(3))
        self._quiet.setForeground(QColor(colours.muted))
        self._loud.setForeground(QColor(colours.warning))
        self._apart = QTextBlockFormat()
        self._apart.setTopMargin(8)
        self._columns = QTextTableFormat()
        self._columns.setBorder(0)
        self._columns.setCellPadding(1)
        self._columns.setCellSpacing(0)
        self._bold = QTextCharFormat()
        self._bold.setFontWeight(QFont.Weight.DemiBold)

    def title(self, text: str) -> None:
        self._cursor.insertText(text, self._bold)

    def heading(self, text: str) -> None:
        self._cursor.insertBlock(self._apart)
        self._cursor.insertText(text, self._bold)

    def pairs(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Two columns, the labels as narrow as they are."""
        if not pairs:
            return
        labels = max(self._metrics.horizontalAdvance(label) for label, _ in pairs)
        lengths = QTextLength.Type.FixedLength, QTextLength.Type.VariableLength
        widths = [QTextLength(lengths[0], labels + GAP), QTextLength(lengths[1], 0)]
        self._columns.setColumnWidthConstraints(widths)
        table = self._cursor.insertTable(len(pairs), 2, self._columns)
        for row, texts in enumerate(pairs):
            for column, (text, look) in enumerate(zip(texts, (self._quiet, self._plain), strict=True)):
                table.cellAt(row, column).firstCursorPosition().insertText(text, look)
        self._cursor.movePosition(QTextCursor.MoveOperation.End)

    def problems(self, problems: Sequence[Problem]) -> None:
        for problem in problems:
            self._cursor.insertBlock(self._apart)
            self._cursor.insertText(f"⚠ {problem.message}", self._loud)
            if problem.hint:
                self._cursor.insertText(f"\n{problem.hint}", self._quiet)
        self._cursor.insertBlock()
