"""Where a filter is typed; it tells when a part of it cannot be understood."""

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLineEdit, QWidget

from ckpt_viewer.session.filters import Filter
from ckpt_viewer.ui.widgets.elided_label import ElidedLabel
from ckpt_viewer.ui.widgets.plain_text import plain_tooltip


class FilterField(QLineEdit):
    """Wears another border while its text is unclear.

    Attributes:
        why: A line that says what is unclear, hidden while nothing is; its owner finds a place for it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.why = ElidedLabel()
        self.why.setForegroundRole(QPalette.ColorRole.BrightText)
        self.setClearButtonEnabled(True)
        self.textChanged.connect(self._judge)
        self._judge("")

    def tell(self, problem: str) -> None:
        """Say that the text was not followed in full, and why, until it changes."""
        help_text = self.tr("Words, conv*, /regex/, dtype:float32 shape:3x3 role:slot size:>1M")
        self.setToolTip(plain_tooltip(problem or help_text))
        self.setAccessibleDescription(problem)
        self.why.setText(self.tr("⚠ Left out: {0}").format(problem) if problem else "")
        self.why.setVisible(bool(problem))
        if self.property("unclear") != bool(problem):
            self.setProperty("unclear", bool(problem))
            self.style().unpolish(self)  # a style sheet looks at properties only then
            self.style().polish(self)

    def _judge(self, text: str) -> None:
        self.tell(Filter.parse(text).problem)
