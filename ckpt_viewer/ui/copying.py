"""Rows on their way to the clipboard: very many take several turns of the event loop."""

from collections.abc import Iterator
from itertools import islice

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from ckpt_viewer.ui import readout
from ckpt_viewer.ui.turns import Turns
from ckpt_viewer.ui.widgets.numbers import screen_count

LINES = 1000  # made in one turn


class Copying(Turns):
    """What was asked for last is copied; the status bar says so where that is not at once."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget

    def copy(self, lines: Iterator[str]) -> None:
        """Lines under a title."""
        self.begin(self._made(lines))

    def _made(self, lines: Iterator[str]) -> Iterator[None]:
        made: list[str] = []
        while part := list(islice(lines, LINES)):
            made += part
            if len(part) == LINES:
                readout.show(self._widget, self.tr("Copying the rows…"))
                yield
        QGuiApplication.clipboard().setText("\n".join(made))
        if len(made) >= LINES:
            readout.show(self._widget, self.tr("{0} rows copied").format(screen_count(len(made) - 1)))
