"""*Verify*: what was found, to read, to go to, to copy and to save."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPalette, QShowEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from ckpt_viewer.analysis.verification import Verification
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError
from ckpt_viewer.export.whole_file import whole_file
from ckpt_viewer.session.verification_report import (
    STATUS_WORDS,
    Report,
    as_json,
    as_markdown,
    assurance,
    beside,
)
from ckpt_viewer.session.wording import printable
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.item_models.finding_list import FindingListModel
from ckpt_viewer.ui.task_runner import TaskRunner
from ckpt_viewer.ui.widgets.dialog_buttons import DialogButtons
from ckpt_viewer.ui.widgets.elided_label import ElidedLabel
from ckpt_viewer.ui.widgets.finding_view import FindingView
from ckpt_viewer.ui.widgets.plain_text import plain_label
from ckpt_viewer.ui.widgets.sentence import Sentence
from ckpt_viewer.ui.widgets.wrapped_text import WrappedText

WRITERS = {".md": as_markdown, ".json": as_json}
KINDS = {"Markdown (*.md)": ".md", "JSON (*.json)": ".json"}


class VerificationDialog(QDialog):
    """Stays open while one goes from finding to finding; `variable_chosen` asks for a row of the table.

    A window of its own, which others may cover; it closes with its parent.

    Args:
        folder: Where saving begins: not where the checkpoint is.
    """

    variable_chosen = Signal(object, str)  # the checkpoint's path, the variable's name

    def __init__(
        self, tasks: TaskRunner, path: Path, report: Report, folder: Path, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._tasks = tasks
        self.setObjectName("verification")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setWindowTitle(self.tr("Verified {0}").format(printable(path.name)))
        self.path, self._found, self._report, self._folder = path, report.found, report, folder
        mark = "✓" if report.found.all_well else "⚠"
        self._headline: QLabel = plain_label(f"{mark} {report.headline}")
        self._counts: QLabel = plain_label(
            " · ".join(f"{count:,} {STATUS_WORDS[status]}" for status, count in report.counts.items())
        )
        self._beside: QLabel = plain_label(beside(report.found))
        self._said = WrappedText()
        every = report.findings
        self.list = FindingView(FindingListModel(every, path.parent)) if every else None
        self._show: QPushButton
        self._arrange()

    def text(self) -> str:
        lines = [finding.text for finding in self._report.findings]
        head = (self._headline, self._counts, self._beside)
        return "\n".join((*(label.text() for label in head if label.text()), *lines))

    def save(self, file: Path, kind: str = "") -> None:
        """Write the report, all of it or nothing: as its ending says, else as `kind`, a key of `KINDS`.

        A file the user was not asked about is not written over.
        """
        known = file.suffix.lower() in WRITERS
        target = file if known else file.with_name(file.name + KINDS.get(kind, ".md"))
        self._start(
            target,
            partial(_write, target, known, self.path, self._found),
            lambda _: self._say(self.tr("Saved as {0}.").format(printable(str(target)))),
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Not in front of the main window for good, as what has a parent is."""
        super().showEvent(event)
        if handle := self.windowHandle():
            handle.setTransientParent(None)  # type: ignore[arg-type]

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_headline"):
            self._colour_headline()

    def _colour_headline(self) -> None:
        colours = theme.current()
        self._headline.setStyleSheet(f"color: {colours.good if self._found.all_well else colours.danger};")

    def _arrange(self) -> None:
        self._colour_headline()
        font = self._headline.font()
        font.setPointSizeF(font.pointSizeF() * 1.25)
        self._headline.setFont(font)
        place = ElidedLabel(printable(str(self.path)))
        place.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(6)
        for widget in (self._headline, place, self._counts):
            column.addWidget(widget)
        self._beside.setWordWrap(True)
        column.addWidget(self._beside)
        self._beside.setVisible(bool(self._beside.text()))
        column.addSpacing(4)
        nothing = self.tr("Nothing is wrong with it.")
        column.addWidget(self.list or Sentence(nothing, assurance(self._found)), 1)
        column.addWidget(self._said)
        buttons = self._buttons()
        column.addSpacing(4)
        column.addWidget(buttons)
        close = buttons.button(DialogButtons.StandardButton.Close)
        (self.list.lines if self.list else close).setFocus()
        self.resize(*((860, 520) if self.list else (560, 320)))

    def _buttons(self) -> DialogButtons:
        buttons = DialogButtons(DialogButtons.StandardButton.Close)
        role = DialogButtons.ButtonRole.ActionRole
        self._show = buttons.addButton(self.tr("Show variable"), role)
        copy = buttons.addButton(self.tr("Copy report"), role)
        save = buttons.addButton(self.tr("Save report…"), role)
        for button in (self._show, copy, save):
            button.setAutoDefault(False)
        copy.clicked.connect(self._copy)
        save.clicked.connect(self._choose_file)
        buttons.rejected.connect(self.close)
        buttons.button(DialogButtons.StandardButton.Close).setDefault(True)
        self._show.setVisible(self.list is not None)
        if self.list:
            self._show.clicked.connect(self.list.choose_current)
            self.list.chosen.connect(self._choose)
            self.list.selected.connect(self._enable)
            self._enable(self.list.current())
        return buttons

    def _enable(self, finding: object) -> None:
        self._show.setEnabled(getattr(finding, "variable", None) is not None)

    def _choose(self, name: str) -> None:
        """In the main window, which comes to the front: this one may cover it."""
        self.variable_chosen.emit(self.path, name)
        if isinstance(parent := self.parent(), QWidget):
            parent.raise_()
            parent.activateWindow()

    def _copy(self) -> None:
        self._start("clipboard", partial(_as_text, self.path, self._found), self._take_copy)

    def _take_copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._say(self.tr("Copied as Markdown."))

    def _start(
        self, target: Path | str, work: Callable[[CancelToken], Any], done: Callable[[Any], None]
    ) -> None:
        """In a worker: 100,000 findings take half a second. It goes on if the dialog closes."""
        self._tasks.start(
            (self.path, "report", target),
            work,
            done=lambda made: done(made) if isValid(self) else None,
            failed=self._fail,
            title=self.tr("Writing the report"),
        )

    def _fail(self, error: BaseException) -> None:
        if not isinstance(error, CheckpointError):
            raise error
        if isValid(self):
            self._say(printable(str(error)))

    def _say(self, text: str) -> None:
        self._said.say(text)

    def _choose_file(self) -> None:
        suggested = str(self._folder / f"{self.path.name}-verified.md")
        name, kind = QFileDialog.getSaveFileName(
            self, self.tr("Save the report"), suggested, ";;".join(KINDS)
        )
        if name:
            self.save(Path(name), kind)


def _as_text(path: Path, found: Verification, cancel: CancelToken) -> str:
    return as_markdown(path, found)


def _write(target: Path, known: bool, path: Path, found: Verification, cancel: CancelToken) -> None:
    text = WRITERS[target.suffix.lower()](path, found)
    cancel.check()
    with whole_file(target, force=known) as handle:
        handle.write(text.encode("utf-8", "backslashreplace"))
