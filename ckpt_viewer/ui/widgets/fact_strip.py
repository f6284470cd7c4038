"""Small facts in a row, each a quiet name over its value, that can be selected and copied."""

from collections.abc import Sequence

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ckpt_viewer.ui.widgets.flow_layout import FlowLayout
from ckpt_viewer.ui.widgets.plain_text import plain_label


class FactStrip(QWidget):
    """Built once with its names; the values come and go."""

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = FlowLayout(self, spacing=12)
        self._values: list[QLabel] = []
        for name in names:
            title, value = plain_label(name), plain_label()
            title.setForegroundRole(QPalette.ColorRole.PlaceholderText)
            value.setAccessibleName(name)
            self._values.append(value)
            fact = QWidget()
            column = QVBoxLayout(fact)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            column.addWidget(title)
            column.addWidget(value)
            line.addWidget(fact)

    def show_facts(self, texts: Sequence[str]) -> None:
        """One text for each name; a dash where there is none."""
        for label, text in zip(self._values, texts, strict=True):
            label.setText(text or "–")

    def facts(self) -> list[str]:
        return [label.text() for label in self._values]
