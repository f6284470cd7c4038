"""A few lines of plain text to read and copy."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from ckpt_viewer.ui.widgets.dialog_buttons import DialogButtons


class TextDialog(QDialog):
    def __init__(self, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        content = QPlainTextEdit(text)
        content.setReadOnly(True)
        content.setAccessibleName(title)
        content.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        buttons = DialogButtons(DialogButtons.StandardButton.Close)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.addWidget(content)
        column.addWidget(buttons)
        self.resize(480, 420)
