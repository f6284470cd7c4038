"""What is under the pointer, said in the status bar.

Any widget of the window says `readout.show(self, "conv1/kernel [2,1] = 0.03")`, and `""` when the
pointer leaves. It travels as Qt's own status tip, so nobody needs to know the window, and outside
of one nothing happens. A test reads it back with `window.statusBar().currentMessage()`.
"""

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QStatusTipEvent
from PySide6.QtWidgets import QWidget


def show(widget: QWidget, text: str) -> None:
    """Say `text` (plain text, numbers as the locale writes them) until something else is said."""
    QCoreApplication.sendEvent(widget.window(), QStatusTipEvent(text))
