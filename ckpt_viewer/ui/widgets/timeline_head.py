"""Which variable is followed, what stands out about it, and how far the reading is."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.session.wording import printable, short_shape_text
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.widgets.elided_label import ElidedLabel

_HEIGHT = 40  # the same with and without the bar, so that nothing jumps


class TimelineHead(QWidget):
    cancelled = Signal()
    again = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.finding = ElidedLabel(), ElidedLabel()
        self._facts, self.said = QLabel(), QLabel()
        self.bar = QProgressBar()
        self.cancel, self._again = QPushButton(self.tr("Cancel")), QPushButton(self.tr("Read again"))
        self._arrange()
        self.cancel.clicked.connect(self.cancelled)
        self._again.clicked.connect(self.again)
        self.finished()

    def show_variable(self, name: str, variable: Variable | None) -> None:
        """As the newest save that opens describes it, if it has it."""
        self.name.setText(printable(name))
        self._facts.setText(f"{short_shape_text(variable.shape)}  {variable.dtype}" if variable else "")
        self.show_finding("")
        self.finished()

    def show_finding(self, text: str) -> None:
        self.finding.setText(text)
        self.finding.setVisible(bool(text))

    def show_progress(self, part: float | None, done: int, count: int) -> None:
        self._show(f"{done} / {count}", bar=True)
        self.bar.setRange(0, 0 if part is None else 100)
        self.bar.setValue(0 if part is None else round(part * 100))

    def stopped(self, done: int, count: int) -> None:
        self._show(self.tr("Stopped after {0} of {1} saves").format(done, count), again=True)

    def finished(self) -> None:
        self._show("")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "bar"):
            self._paint_theme()

    def _show(self, said: str, bar: bool = False, again: bool = False) -> None:
        self.said.setText(said)
        for widget, shown in ((self.said, said), (self.bar, bar), (self.cancel, bar), (self._again, again)):
            widget.setVisible(bool(shown))

    def _arrange(self) -> None:
        font = self.name.font()
        font.setBold(True)
        self.name.setFont(font)
        for label in (self._facts, self.said):
            label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.finding.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.bar.setMaximumWidth(120)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName(self.tr("Reading the run"))
        self.setFixedHeight(_HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(10)
        row.addWidget(self.name)
        row.addWidget(self._facts)
        row.addWidget(self.finding)
        row.addStretch(1)
        for widget in (self.said, self.bar, self.cancel, self._again):
            row.addWidget(widget)
        self._paint_theme()

    def _paint_theme(self) -> None:
        sheet = f"color: {theme.current().nan_colour};"
        if sheet != self.finding.styleSheet():
            self.finding.setStyleSheet(sheet)
