"""The reference for starting: PySide6 and pyqtgraph imported, an empty window painted."""

import os
import sys

import pyqtgraph  # noqa: F401
from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow


class Empty(QMainWindow):
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QTimer.singleShot(0, lambda: os._exit(0))  # what comes after the first paint is not measured


app = QApplication(sys.argv[:1])
window = Empty()
window.resize(QSize(1280, 800).boundedTo(window.screen().availableSize() - QSize(16, 40)))  # as the program
window.show()
app.exec()
