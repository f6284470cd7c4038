"""Splitters, headers and windows as they were left, kept in the settings by the name of the widget."""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QHeaderView, QSplitter, QWidget

from ckpt_viewer.session.settings import Settings

Divided = QSplitter | QHeaderView


def keep(settings: Settings, widget: QWidget) -> None:
    """Remember how the user left it."""
    state = widget.saveState() if isinstance(widget, Divided) else widget.saveGeometry()
    settings.set_layout(widget.objectName(), b64encode(state.data()).decode())


def put_back(settings: Settings, widget: QWidget) -> bool:
    """Leave it as it was, if that is known; False where it is not."""
    try:
        state = QByteArray(b64decode(settings.layout(widget.objectName()), validate=True))
    except (Base64Error, ValueError):
        return False
    if state.isEmpty():
        return False
    return widget.restoreState(state) if isinstance(widget, Divided) else widget.restoreGeometry(state)
