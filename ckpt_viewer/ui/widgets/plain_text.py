"""Names from files on the screen: never read as rich text."""

import html

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


def plain_tooltip(text: str) -> str:
    """The text so that Qt shows it letter by letter, whatever markup it holds, and wraps it."""
    return f"<qt>{html.escape(text)}</qt>".replace("\n", "<br>") if text else ""


def plain_label(text: str = "", parent: QWidget | None = None) -> QLabel:
    """A label that takes its text literally and lets it be selected."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    label.setText(text)
    return label
