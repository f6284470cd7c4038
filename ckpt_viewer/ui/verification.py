"""*Verify*: every checksum of a checkpoint in a worker, then a report to read, copy or save."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QMessageBox,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from ckpt_viewer.analysis.verify import Verification, verify
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.session.provider import Provider
from ckpt_viewer.session.verification_report import as_json, as_markdown, counts, findings, headline
from ckpt_viewer.session.wording import printable
from ckpt_viewer.ui.widgets.plain_text import plain_label

WRITERS = {"Markdown (*.md)": as_markdown, "JSON (*.json)": as_json}


def checked(provider: Provider, path: Path, cancel: CancelToken) -> Verification:
    """Opens the checkpoint for itself, so that its tab may close meanwhile."""
    with provider.open_checkpoint(path, cancel) as checkpoint:
        return verify(checkpoint, cancel)


class VerificationDialog(QDialog):
    """The counts, the findings one a line, and what to do with them."""

    def __init__(self, path: Path, found: Verification, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("verification")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Verified {0}").format(printable(path.name)))
        self._path, self._found = path, found
        mark = "✓" if found.ok else "⚠"
        self._headline: QLabel = plain_label(f"{mark} {headline(found)}")
        self._counts: QLabel = plain_label(
            " · ".join(f"{status}: {count:,}" for status, count in counts(found).items())
        )
        self._findings = QPlainTextEdit("\n".join(finding.text for finding in findings(found)))
        self._findings.setReadOnly(True)
        self._findings.setAccessibleName(self.tr("Findings"))
        self._findings.setPlaceholderText(self.tr("Nothing is wrong with it."))
        self._arrange()

    def text(self) -> str:
        return "\n".join((self._headline.text(), self._counts.text(), self._findings.toPlainText()))

    def save(self, file: Path, kind: str) -> None:
        """Write the report; `kind` is a key of `WRITERS`."""
        try:
            file.write_text(WRITERS[kind](self._path, self._found), "utf-8", errors="backslashreplace")
        except OSError as error:
            message = f"{printable(str(file))} cannot be written: {error.strerror}."
            QMessageBox.warning(self, self.windowTitle(), message)

    def _arrange(self) -> None:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton(self.tr("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        save = buttons.addButton(self.tr("Save as…"), QDialogButtonBox.ButtonRole.ActionRole)
        for button in (copy, save):
            button.setAutoDefault(False)
        copy.clicked.connect(self._copy)
        save.clicked.connect(self._choose_file)
        buttons.rejected.connect(self.close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        for widget in (self._headline, self._counts, self._findings, buttons):
            column.addWidget(widget)
        self.resize(640, 380)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(as_markdown(self._path, self._found))

    def _choose_file(self) -> None:
        suggested = str(Path.home() / f"{self._path.name}-verified.md")
        name, kind = QFileDialog.getSaveFileName(
            self, self.tr("Save the report"), suggested, ";;".join(WRITERS)
        )
        if name:
            self.save(Path(name), kind)
