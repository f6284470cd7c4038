"""Up to which ‖Δ‖/‖A‖ two variables count as the same for the eye."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

CHOICES = ("0", "1e-8", "1e-6", "1e-4", "0.01")


class ToleranceBox(QWidget):
    """A number typed or picked; anything else is put back to what it was."""

    changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.value = 0.0
        tip = self.tr("Pairs with ‖Δ‖/‖A‖ up to this count as within tolerance")
        self._box = QComboBox()
        self._box.setEditable(True)
        self._box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._box.addItems(CHOICES)
        self._box.setToolTip(tip)
        self._box.setAccessibleName(tip)
        self._box.setFixedWidth(80)
        self._box.activated.connect(self._read)
        edit = self._box.lineEdit()
        assert edit is not None
        edit.setAccessibleName(tip)
        edit.editingFinished.connect(self._read)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(QLabel(self.tr("Tolerance")))
        row.addWidget(self._box)

    def _read(self) -> None:
        try:
            value = float(self._box.currentText().replace(",", "."))
        except ValueError:
            value = -1.0
        if not value >= 0:
            self._box.setEditText(f"{self.value:g}")
        elif value != self.value:
            self.value = value
            self.changed.emit(value)
