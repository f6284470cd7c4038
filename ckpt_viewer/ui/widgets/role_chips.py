"""One button for each role that variables have, with how many there are."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QButtonGroup, QToolButton, QWidget

from ckpt_viewer.formats.checkpoint import ROLES, Role
from ckpt_viewer.ui.widgets.flow_layout import FlowLayout
from ckpt_viewer.ui.widgets.numbers import screen_count

TITLES: dict[Role, str] = {
    "weight": "Weights",
    "slot": "Slots",
    "ema": "EMA",
    "batch-statistics": "Batch stats",
    "counter": "Counters",
    "other": "Other",
}


class RoleChips(QWidget):
    """*All* and the roles that occur; exactly one is pressed."""

    picked = Signal(object)  # Role, None for all

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("roleChips")
        self.setAccessibleName(self.tr("Roles"))
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self._pick)
        self._line = FlowLayout(self, spacing=2)
        self._roles: list[Role | None] = []

    def set_counts(self, counts: Mapping[Role, int]) -> None:
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._line.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._roles = [None, *(role for role in ROLES if counts.get(role))]
        for number, role in enumerate(self._roles):
            title = self.tr("All") if role is None else _tr(TITLES[role])
            count = sum(counts.values()) if role is None else counts[role]
            self._add(number, f"{title} {screen_count(count)}")
        self.press(None)

    def press(self, role: Role | None) -> None:
        """Show this one as pressed, without a word."""
        number = self._roles.index(role) if role in self._roles else 0
        if button := self._group.button(number):
            button.setChecked(True)

    def _add(self, number: int, text: str) -> None:
        button = QToolButton(self)
        button.setText(text)
        button.setCheckable(True)
        button.setAutoRaise(True)
        self._group.addButton(button, number)
        self._line.addWidget(button)

    def _pick(self, number: int) -> None:
        self.picked.emit(self._roles[number])


def _tr(text: str) -> str:
    return QCoreApplication.translate("RoleChips", text)
