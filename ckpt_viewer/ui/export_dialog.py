"""Variables to a file: format and name are filled in, Enter writes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError, Problem
from ckpt_viewer.export import EXPORTERS, Written, default_file_name, export_variables
from ckpt_viewer.export.whole_file import is_folder
from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.formats.values.dtypes import is_numeric, numpy_dtype
from ckpt_viewer.session.provider import Provider
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.watching import OpenedFiles
from ckpt_viewer.session.wording import plural, printable, short_shape_text, size_text
from ckpt_viewer.ui.export_target import target_of
from ckpt_viewer.ui.task_runner import TaskRunner
from ckpt_viewer.ui.widgets.dialog_buttons import DialogButtons
from ckpt_viewer.ui.widgets.elided_label import ElidedLabel
from ckpt_viewer.ui.widgets.wrapped_text import WrappedText

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Request:
    """Everything the worker needs; it opens the checkpoint for itself, so that its tab may close."""

    provider: Provider
    source: OpenedFiles
    names: tuple[str, ...]
    target: str
    format: str
    raw: bool
    force: bool
    folder: bool

    def carry_out(self, cancel: CancelToken) -> list[Written]:
        target = target_of(self.target, ending=EXPORTERS[self.format].ending, folder=self.folder)
        with self.provider.open_checkpoint(self.source.path, cancel) as checkpoint:
            self.source.refuse_replaced()  # what is exported is what is on the screen
            variables = [checkpoint.find(name) for name in self.names]
            return export_variables(
                checkpoint,
                variables,
                target,
                format=self.format,
                raw=self.raw,
                force=self.force,
                folder=self.folder,
                cancel=cancel,
            )


class ExportDialog(QDialog):
    """Stays until the file is written; asks before it replaces one."""

    exported = Signal(str)

    def __init__(
        self,
        session: Session,
        tasks: TaskRunner,
        source: OpenedFiles,
        variables: Sequence[Variable],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("exportDialog")
        self.setWindowTitle(self.tr("Export"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session, self._tasks = session, tasks
        self._source, self._variables = source, tuple(variables)
        self._replace = False
        self.lane = ("export", next(_numbers))  # each dialog its own: a second must not silence the first
        self.format, self.target, self.raw = QComboBox(), QLineEdit(), QCheckBox()
        self._place = ElidedLabel()  # a long name pushes it out of the line
        self._words = WrappedText()
        self._bar = QProgressBar()
        self._export: QPushButton
        self._arrange()
        self._connect()
        self._suggest()
        self.target.setFocus()

    def accept(self) -> None:
        """Write; the dialog closes when that is done."""
        request = self._request()
        self._tell("")
        self._set_busy(True)
        self._tasks.start(
            self.lane,
            request.carry_out,
            done=self._written,
            failed=self._failed,
            cancelled=partial(self._set_busy, False),
            title=self.tr("Exporting"),
        )

    def reject(self) -> None:
        """Cancel what is being written, else close."""
        if self._tasks.busy(self.lane):
            self._tasks.cancel(self.lane)
        else:
            super().reject()

    def refuse(self, problem: Problem) -> None:
        """Say why values that can be looked at are not written to a file."""
        rule = self.tr("Values that may be wrong can be looked at, but are not exported.")
        self._tell(f"⚠ {problem.message}\n{rule} {problem.hint}".rstrip())

    def text(self) -> str:
        """What the dialog says about the last try."""
        return self._words.toPlainText()

    def _request(self) -> Request:
        return Request(
            self._session.provider,
            self._source,
            tuple(variable.name for variable in self._variables),
            self.target.text(),
            self._chosen_format(),
            self.raw.isChecked(),
            self._replace,
            self._goes_to_folder(),
        )

    def _arrange(self) -> None:
        for name, exporter in EXPORTERS.items():
            self.format.addItem(f"{exporter.title} ({exporter.ending})", name)
        self.format.setCurrentIndex(self.format.findData("npy" if len(self._variables) == 1 else "npz"))
        self.format.setAccessibleName(self.tr("Format"))
        self.target.setAccessibleName(self.tr("File"))
        self.raw.setText(self.tr("bfloat16, float8 and the like as their bits"))
        self.raw.setVisible(any(_has_bits_alone(variable) for variable in self._variables))
        self._bar.hide()
        browse = QPushButton(self.tr("Browse…"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.addWidget(self.target, 1)
        row.addWidget(browse)
        form = QFormLayout()
        form.addRow(self.tr("What"), ElidedLabel(_subject(self._variables)))
        form.addRow(self.tr("Format"), self.format)
        form.addRow(self.tr("To"), row)
        form.addRow(self.tr("In folder"), self._place)
        form.addRow("", self.raw)
        buttons = DialogButtons(DialogButtons.StandardButton.Cancel)
        self._export = buttons.addButton(self.tr("Export"), DialogButtons.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.addLayout(form)
        for widget in (self._words, self._bar, buttons):
            column.addWidget(widget)
        self._export.setDefault(True)  # set before the dialog has it, Cancel would be the default
        self.resize(560, 0)

    def _connect(self) -> None:
        self.format.currentIndexChanged.connect(self._suggest)
        self.target.textEdited.connect(self._ask_again)
        self.target.textChanged.connect(self._show_place)
        self._tasks.changed.connect(self._show_progress)

    def _suggest(self) -> None:
        """Keep the folder, fit the name to the format."""
        shown = self.target.text()
        folder = Path(shown).parent if shown else self._folder()
        name = default_file_name(self._variables, self._chosen_format())
        self.target.setText(str(folder / (Path(name).stem if self._goes_to_folder() else name)))
        self.target.setSelection(len(self.target.text()) - len(name), len(name))
        self._ask_again()

    def _folder(self) -> Path:
        """Where the last export went, else the documents; never beside the checkpoint."""
        remembered = self._session.settings.remembered.export_folder
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        for folder in map(Path, filter(None, (remembered, documents))):
            if is_folder(folder) and folder.resolve() != self._source.path.parent.resolve():
                return folder
        return Path.home()

    def _show_place(self, target: str) -> None:
        self._place.setText(printable(str(Path(target).parent)))

    def _chosen_format(self) -> str:
        return str(self.format.currentData())

    def _goes_to_folder(self) -> bool:
        return len(self._variables) > 1 and not EXPORTERS[self._chosen_format()].together

    def _ask_again(self) -> None:
        self._replace = False
        self._export.setText(self.tr("Export"))
        self._tell("")

    def _browse(self) -> None:
        title, shown = self.tr("Export to"), self.target.text()
        if self._goes_to_folder():
            name = QFileDialog.getExistingDirectory(self, title, str(Path(shown).parent))
        else:
            # We ask ourselves, once, when it comes to replacing a file.
            option = QFileDialog.Option.DontConfirmOverwrite
            name, _ = QFileDialog.getSaveFileName(self, title, shown, options=option)
        if name:
            self.target.setText(name)
            self._ask_again()

    def _show_progress(self) -> None:
        task = self._tasks.find(self.lane)
        self._bar.setVisible(task is not None and task.is_slow)
        if task is not None:
            part = task.cancel.progress
            self._bar.setRange(0, 0 if part is None else 100)
            self._bar.setValue(round((part or 0) * 100))

    def _set_busy(self, busy: bool) -> None:
        for widget in (self.format, self.target, self.raw, self._export):
            widget.setEnabled(not busy)

    def _written(self, written: Sequence[Written]) -> None:
        target = Path(self.target.text()).expanduser()
        self._session.settings.change(export_folder=str(target.parent))
        self.exported.emit(
            self.tr("Wrote {0}: {1}").format(printable(str(target)), plural(len(written), "variable"))
        )
        super().accept()

    def _failed(self, error: BaseException) -> None:
        self._set_busy(False)
        if not isinstance(error, CheckpointError):
            raise error
        self._say(error.problem)

    def _say(self, problem: Problem) -> None:
        if problem.code == "exists":
            self._tell(f"⚠ {problem.message}")
            self._replace = True
            self._export.setText(self.tr("Replace"))
        elif problem.code == "bad-checksum":
            self.refuse(problem)
        else:
            self._tell(f"⚠ {problem.message} {problem.hint}".rstrip())
        self._export.setFocus()

    def _tell(self, text: str) -> None:
        """The dialog grows and shrinks with what it says."""
        self._words.say(text)
        if self.isVisible() and (layout := self.layout()):
            layout.activate()
            self.resize(self.width(), 0)


def _has_bits_alone(variable: Variable) -> bool:
    """Whether no file format has a name for its type."""
    return is_numeric(variable.dtype) and numpy_dtype(variable.dtype).isbuiltin != 1


def _subject(variables: Sequence[Variable]) -> str:
    if len(variables) == 1:
        only = variables[0]
        return f"{printable(only.name)}   {short_shape_text(only.shape)} {only.dtype}"
    return (
        f"{plural(len(variables), 'variable')}, {size_text(sum(variable.nbytes for variable in variables))}"
    )
