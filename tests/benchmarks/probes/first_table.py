"""The program started on a path, up to the first paint of a filled table of variables."""

import os
import sys

import ckpt_viewer.cli.screen
from ckpt_viewer.cli import main


def watch() -> None:
    """Called by the program itself, right before it imports its window."""
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QTableView

    from ckpt_viewer.ui import app

    class Witness(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            table = watched.parent()
            if (
                event.type() == QEvent.Type.Paint
                and isinstance(table, QTableView)
                and table.model().rowCount()
            ):
                QTimer.singleShot(0, lambda: os._exit(0))  # what comes after it is not measured
            return False

    def open_and_watch(*arguments, **named):
        window = opened(*arguments, **named)
        window.witness = Witness(window)
        app.QApplication.instance().installEventFilter(window.witness)
        return window

    opened, app.open_window = app.open_window, open_and_watch


if __name__ == "__main__":
    ckpt_viewer.cli.screen.check_libraries = watch
    sys.exit(main())
