"""Everything known about a variable but its values, and how to read it from Python."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ckpt_viewer.analysis.summary import Summary
from ckpt_viewer.errors import CheckpointError
from ckpt_viewer.formats.checkpoint import Checkpoint, Piece, Variable
from ckpt_viewer.formats.decoded import DecodedBytes
from ckpt_viewer.formats.folders.file_names import prefix_of
from ckpt_viewer.formats.graph import Graph
from ckpt_viewer.formats.storage.checksums import unmask
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.wording import printable, short_shape_text, size_text
from ckpt_viewer.ui.task_runner import TaskRunner
from ckpt_viewer.ui.widgets.numbers import element_count_text, screen_count
from ckpt_viewer.ui.widgets.plain_text import plain_label
from ckpt_viewer.ui.widgets.view_frame import ViewFrame

CHECKED = "Bytes checked"
_MOST_SLICES = 40
_CHECKS = {"ok": "verified ✓", "wrong": "✗ the bytes do not have it", "none": "none is stored"}


class InfoView(ViewFrame):
    """Needs no values, so it also tells about variables that cannot be read."""

    def __init__(self, session: Session, tasks: TaskRunner, key: str) -> None:
        super().__init__(tasks, key, "info")
        self._session = session
        self._graph: Graph | None = None
        self._facts = QFormLayout()
        self._facts.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._facts.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        self._facts.setVerticalSpacing(6)
        self._values: dict[str, QLabel] = {}
        self._ops = QListWidget()
        self._ops.itemActivated.connect(self._open_node)
        self._code = QPlainTextEdit()
        self._copy = QPushButton(self.tr("Copy"))
        self._copy.clicked.connect(self._copy_code)
        self._lay_out()

    @property
    def code(self) -> str:
        """Python that reads this variable."""
        return self._code.toPlainText()

    def set_graph(self, graph: Graph | None) -> None:
        """The graph in which the variable's ops are looked up."""
        self._graph = graph
        self._show_ops()

    def show_values(self, checkpoint: Checkpoint, variable: Variable, summary: Summary | None = None) -> None:
        self.checkpoint, self.variable, self.summary = checkpoint, variable, summary
        while self._facts.rowCount():
            self._facts.removeRow(0)
        self._values.clear()
        for name, text in facts_of(checkpoint, variable):
            title = QLabel(name)
            title.setForegroundRole(title.foregroundRole().PlaceholderText)
            value = plain_label(text)
            value.setWordWrap(True)
            value.setAccessibleName(name)
            self._facts.addRow(title, value)
            self._values[name] = value
        self._code.setPlainText(python_for(checkpoint, variable))
        self._show_ops()
        self.show_content()
        if summary:
            self.show_summary(summary)

    def facts(self) -> dict[str, str]:
        """What is listed, by its name."""
        return {name: label.text() for name, label in self._values.items()}

    def show_summary(self, summary: Summary) -> None:
        super().show_summary(summary)
        self._values[CHECKED].setText(_CHECKS[summary.checksum])

    def _lay_out(self) -> None:
        self._code.setReadOnly(True)
        self._code.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._code.setAccessibleName(self.tr("Python that reads this variable"))
        self._code.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._code.setFixedHeight(self._code.fontMetrics().height() * 11)
        self._ops.setAccessibleName(self.tr("Its ops in the graph"))
        self._ops_title = QLabel()
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addLayout(self._facts)
        left.addStretch(1)
        right.setSpacing(6)
        python = QHBoxLayout()
        python.addWidget(QLabel(self.tr("From Python")), 1)
        python.addWidget(self._copy)
        right.addLayout(python)
        right.addWidget(self._code)
        right.addWidget(self._ops_title)
        right.addWidget(self._ops, 1)
        right.addStretch(0)
        inside = QWidget()
        line = QHBoxLayout(inside)
        line.setSpacing(24)
        line.addLayout(left, 1)
        line.addLayout(right, 1)
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        QVBoxLayout(self.content).addWidget(scroll)

    def _show_ops(self) -> None:
        ops = self._graph.variable_ops(self.variable.name) if self._graph and self.variable else ()
        self._ops.clear()
        for name in ops:
            item = QListWidgetItem(printable(name))
            item.setData(Qt.ItemDataRole.UserRole, name)
            self._ops.addItem(item)
        self._ops.setVisible(bool(ops))
        if self._graph is None:
            self._ops_title.setText(self.tr("No graph was saved beside this checkpoint."))
        elif not ops:
            self._ops_title.setText(self.tr("The graph has no op for this variable."))
        else:
            self._ops_title.setText(self.tr("Its ops in the graph (Enter opens one)"))

    def _open_node(self, item: QListWidgetItem) -> None:
        self._session.update(self.key, page="graph", node=item.data(Qt.ItemDataRole.UserRole))

    def _copy_code(self) -> None:
        QGuiApplication.clipboard().setText(self.code)


def facts_of(checkpoint: Checkpoint, variable: Variable) -> list[tuple[str, str]]:
    """Names and texts, in the order people look for them."""
    facts = [
        ("Name", printable(variable.name)),
        ("Full name", printable(variable.full_name or "")),
        ("In Python", printable(variable.object_path or "")),
        ("Dtype", variable.dtype),
        ("Shape", f"{short_shape_text(variable.shape)}  ({element_count_text(variable.element_count)})"),
        ("Size", f"{size_text(variable.nbytes)}  ({screen_count(variable.nbytes)} bytes)"),
        ("Role", variable.role),
        ("Slot", printable(variable.slot or "")),
        ("Belongs to", printable(variable.owner or "")),
        ("Problem", variable.problem.message if variable.problem else ""),
        *_place_facts(checkpoint, variable),
        ("Stored CRC-32C", _checksum_text(variable.crc32c)),
        (CHECKED, "not yet"),
    ]
    return [(name, text) for name, text in facts if text]


def python_for(checkpoint: Checkpoint, variable: Variable) -> str:
    """Two ways to read it, ready to paste: with this program's library, and with TensorFlow."""
    path = str(checkpoint.path.absolute())
    lines = [
        "import ckpt_viewer",
        "",
        f"with ckpt_viewer.open_checkpoint({path!r}) as checkpoint:",
        f"    values = checkpoint.read({variable.name!r})",
    ]
    # TensorFlow's reader does not put the slices of a V1 checkpoint together; only a graph's restore op does.
    if checkpoint.kind == "bundle" or (checkpoint.kind == "v1" and not variable.slices):
        lines += ["", "# the same with TensorFlow", "import tensorflow as tf", ""]
        lines += [f"values = {_tensorflow_call(checkpoint.path.absolute(), variable)}"]
    return "\n".join(lines)


def _tensorflow_call(path: Path, variable: Variable) -> str:
    if prefix_of(path):
        return f"tf.train.load_variable({str(path)!r}, {variable.name!r})"
    # What was saved as `folder/` only the op itself does not take for a folder.
    names = f"tensor_names=[{variable.name!r}], shape_and_slices=[''], dtypes=[tf.{variable.dtype}]"
    return f"tf.raw_ops.RestoreV2(prefix={f'{path.parent}/'!r}, {names})[0]"


def _place_facts(checkpoint: Checkpoint, variable: Variable) -> list[tuple[str, str]]:
    """Where its bytes are; strings tell only the shard."""
    shard = [("Shard", "" if variable.shard is None else str(variable.shard))]
    offset = [("Offset", "" if variable.offset is None else screen_count(variable.offset))]
    try:
        pieces = () if variable.problem else checkpoint.pieces(variable)
    except CheckpointError:
        pieces = ()
    files = sorted({piece.source.path.name for piece in pieces})
    slices = [_slice_text(piece) for piece in pieces[:_MOST_SLICES]] if variable.slices else []
    more = ["…"] if variable.slices and len(pieces) > _MOST_SLICES else []
    return [
        *shard,
        *offset,
        ("File" if len(files) < 2 else "Files", "\n".join(map(printable, files))),
        ("Slices", str(variable.slices) + "\n" + "\n".join(slices + more) if variable.slices else ""),
    ]


def _slice_text(piece: Piece) -> str:
    ends = (start + length for start, length in zip(piece.start, piece.shape, strict=True))
    box = ", ".join(f"{start}:{end}" for start, end in zip(piece.start, ends, strict=True))
    # What is decoded has a place in memory, but none in the file.
    place = "" if isinstance(piece.source, DecodedBytes) else f" at {screen_count(piece.offset)}"
    return f"[{box}]  {printable(piece.source.path.name)}{place}"


def _checksum_text(stored: int | None) -> str:
    return "none" if stored is None else f"0x{unmask(stored):08x}  (masked, as stored: 0x{stored:08x})"
