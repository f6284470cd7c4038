"""Long work of the screen's thread in steps, a turn of the event loop for each."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from threading import Event
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer

from ckpt_viewer.cancellation import CancelToken

BREATH_MS = 5  # after each step, for the keyboard and the screen
PAINT_SECONDS = 0.1  # at most, until what is ready has been painted

_Result = TypeVar("_Result")


def painting() -> Event:
    """Set once what is ready now has been laid out and painted.

    A timer that was given `painted.set` itself would hold the event weakly, and be taken down in whichever
    thread lets go of it last.
    """
    painted = Event()
    laid_out = partial(QTimer.singleShot, BREATH_MS, lambda: painted.set())
    QTimer.singleShot(BREATH_MS, laid_out)
    return painted


def once_painted(work: Callable[[CancelToken], _Result]) -> Callable[[CancelToken], _Result]:
    """The same work for a worker, begun when what is ready now is on the screen.

    Until then the screen's thread has a core and the interpreter to itself.
    """
    painted = painting()

    def later(cancel: CancelToken) -> _Result:
        painted.wait(PAINT_SECONDS)
        cancel.check()
        return work(cancel)

    return later


class Turns(QTimer):
    """Goes through generators, a step at a time; active as long as there may be steps left."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps: Iterator[None] = iter(())
        self.timeout.connect(self._go_on)

    def add(self, steps: Iterator[None]) -> None:
        """Go through these too, once the others are done."""
        self._steps = chain(self._steps, steps)
        if not self.isActive():
            self.start(0)

    def begin(self, steps: Iterator[None]) -> None:
        """Go through these in place of all others; what takes one step is done at once."""
        self.stop()
        for _ in steps:
            self.add(steps)
            break

    def stop(self) -> None:
        """Go no further, and let go of what the steps hold."""
        super().stop()
        self._steps = iter(())

    def _go_on(self) -> None:
        for _ in self._steps:
            if self.isActive():
                self.start(BREATH_MS)  # the breath begins now, however long the step took
            return
        self.stop()
