"""What is said of something shown whose row the filter hides, and the way back to it."""

from PySide6.QtWidgets import QPushButton, QWidget


class HiddenNote(QPushButton):
    """A button for the line of a title; not there unless it is told to be."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(self.tr("Hidden by the filter – show all"))
        self.setToolTip(self.tr("Its row is not among those shown: take the filter away"))
        self.setStyleSheet("padding: 0 8px; min-height: 0;")  # no higher than the line it stands in
        self.hide()
