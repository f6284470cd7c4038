"""Rules by which names of A become names of B, written by hand, loaded or saved."""

from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ckpt_viewer.analysis.name_map import parse_name_map, read_name_map
from ckpt_viewer.errors import CheckpointError
from ckpt_viewer.ui.widgets.plain_text import plain_label

REST_MS = 400
HEIGHT = 96
EXAMPLE = """\
name in A = name in B
prefix:old/ = new/
/layer_(\\d+)/ = block\\1
ema"""
FILES = "Name rules (*.txt);;All files (*)"


class NameRules(QWidget):
    """Says by `changed` what the rules are once typing has paused and every line is a rule."""

    changed = Signal(str)
    pairing_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = QPlainTextEdit()
        self.edit.setPlaceholderText(EXAMPLE)
        self.edit.setFixedHeight(HEIGHT)
        self.edit.setAccessibleName(self.tr("Rules from names of A to names of B, one to a line"))
        self.verdict = plain_label()
        self.verdict.setWordWrap(True)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.apply)
        self.edit.textChanged.connect(self._rest.start)
        self._arrange()

    def set_rules(self, text: str) -> None:
        """Show other rules without a word."""
        if self.edit.toPlainText() != text:
            self.edit.setPlainText(text)
        self._rest.stop()

    def add_rule(self, line: str) -> None:
        text = self.edit.toPlainText().rstrip("\n")
        self.edit.setPlainText(f"{text}\n{line}".lstrip("\n"))
        self.apply()

    def apply(self) -> None:
        """Check the rules now."""
        self._rest.stop()
        text = self.edit.toPlainText()
        try:
            parse_name_map(text, Path("these rules"))
        except CheckpointError as error:
            self.verdict.setText(f"{error}\n{error.hint}")
        else:
            self.verdict.clear()
            self.changed.emit(text)

    def say(self, text: str) -> None:
        """What came of the rules, or why not."""
        self.verdict.setText(text)

    def stop(self) -> None:
        """No timer runs afterwards."""
        self._rest.stop()

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        for text, call in (
            (self.tr("EMA → weight"), self._add_ema),
            (self.tr("Pair the two selected"), self.pairing_asked),
            (self.tr("Load…"), self._load),
            (self.tr("Save…"), self._save),
        ):
            button = QPushButton(text)
            button.clicked.connect(call)
            buttons.addWidget(button)
        buttons.addStretch(1)
        right = QVBoxLayout()
        right.addLayout(buttons)
        right.addWidget(self.verdict)
        right.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.edit, 1)
        row.addLayout(right, 1)

    def _add_ema(self) -> None:
        if "ema" not in self.edit.toPlainText().split("\n"):
            self.add_rule("ema")

    def _load(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Load name rules"), "", FILES)
        if name:
            self.load(Path(name))

    def load(self, path: Path) -> None:
        try:
            read_name_map(path)
            text = path.read_text("utf-8-sig", "surrogateescape")
        except CheckpointError as error:
            self.verdict.setText(f"{error}\n{error.hint}")
        else:
            self.edit.setPlainText(text)
            self.apply()

    def _save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Save name rules"), "names.txt", FILES)
        if name:
            self.save(Path(name))

    def save(self, path: Path) -> None:
        try:
            path.write_text(self.edit.toPlainText() + "\n", "utf-8", "surrogateescape")
        except OSError as error:
            self.verdict.setText(self.tr("{0} could not be written: {1}.").format(path, error.strerror))
