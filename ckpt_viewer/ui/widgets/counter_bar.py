"""How many pairs of a comparison there are of each kind, as buttons that choose them."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QToolButton, QWidget

from ckpt_viewer.analysis.comparison import Status
from ckpt_viewer.ui.widgets.flow_layout import FlowLayout
from ckpt_viewer.ui.widgets.numbers import screen_count

TITLES = {
    "all": "All",
    "different": "Different",
    "changed": "Changed",
    "only-a": "Only A",
    "only-b": "Only B",
    "shape": "Shape",
    "dtype": "Dtype",
    "identical": "Identical",
}


class CounterBar(QWidget):
    """One button is pressed at a time; `chosen` says its word: `all`, `different` or a status."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compareCounters")
        self.setAccessibleName(self.tr("Pairs of each kind"))
        self.buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        row = FlowLayout(self, spacing=2)
        for number, word in enumerate(TITLES):
            button = self.buttons[word] = QToolButton()
            button.setCheckable(True)
            button.setObjectName(word)
            self._group.addButton(button, number)
            row.addWidget(button)
        self._group.idClicked.connect(self._choose)
        self.set_counts({})
        self.set_shown("different")

    def set_counts(self, counts: Mapping[Status, int]) -> None:
        """How many there are of each status; *All* has their sum, *Different* all but the identical ones."""
        total = sum(counts.values())
        sums = {"all": total, "different": total - counts.get("identical", 0)}
        numbers: dict[str, int] = {**sums, **dict(counts.items())}
        for word, button in self.buttons.items():
            count = numbers.get(word, 0)
            button.setText(f"{TITLES[word]} {screen_count(count)}")
            button.setAccessibleName(button.text())
            button.setEnabled(count > 0 or word in sums or button.isChecked())

    def set_shown(self, word: str) -> None:
        if word in self.buttons:
            self.buttons[word].setChecked(True)

    def _choose(self, number: int) -> None:
        self.chosen.emit(list(TITLES)[number])
