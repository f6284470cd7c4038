"""The buttons at the foot of a dialog."""

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialogButtonBox, QWidget


class DialogButtons(QDialogButtonBox):
    """All with words alone: Qt gives its standard ones icons on some desktops, and ours none."""

    def __init__(self, standard: QDialogButtonBox.StandardButton, parent: QWidget | None = None) -> None:
        super().__init__(standard, parent)
        for button in self.buttons():
            button.setIcon(QIcon())
