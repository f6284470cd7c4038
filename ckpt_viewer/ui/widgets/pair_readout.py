"""The element under the pointer: A, B and B − A at once."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from ckpt_viewer.ui import theme
from ckpt_viewer.ui.widgets.elided_label import ElidedLabel
from ckpt_viewer.ui.widgets.pair_reading import Value
from ckpt_viewer.ui.widgets.plain_text import plain_label
from ckpt_viewer.ui.widgets.side_tag import TITLES

WIDTH = 150


class Readout(QWidget):
    """One line; a note about the pair stands right of the values."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compareReadout")
        self._place = plain_label()
        self._values = {side: plain_label() for side in TITLES}
        self._note = ElidedLabel()
        self._note.setForegroundRole(self._note.foregroundRole().PlaceholderText)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 8, 4)
        row.setSpacing(16)
        self._place.setMinimumWidth(110)
        row.addWidget(self._place)
        for label in self._values.values():
            label.setMinimumWidth(WIDTH)
            row.addWidget(label)
        row.addStretch(1)
        self.setFixedHeight(self.fontMetrics().height() + 6)
        row.addWidget(self._note)
        self._dress()

    def show_value(self, value: Value | None) -> None:
        self._place.setText(value.place if value else "")
        self._place.setVisible(value is not None)
        for side, label in self._values.items():
            text = value.texts.get(side) if value else None
            label.setText(f"{TITLES[side]}  {text}" if text is not None else "")
            label.setVisible(text is not None)

    def set_note(self, text: str) -> None:
        self._note.setText(text)

    def clear(self) -> None:
        self.show_value(None)
        self.set_note("")

    def text(self) -> str:
        """Everything it says, for copies and screen readers."""
        labels: list[QLabel] = [self._place, *self._values.values(), self._note]
        return "  ".join(filter(None, (label.text() for label in labels)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_note"):
            self._dress()

    def _dress(self) -> None:
        colours = theme.current()
        inks = {"a": colours.series_a, "b": colours.series_b, "difference": colours.text}
        for side, label in self._values.items():
            sheet = f"color: {inks[side]};"
            if label.styleSheet() != sheet:
                label.setStyleSheet(sheet)
