"""Files of open checkpoints that are replaced, moved or deleted: the page says so and offers to reload."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QTime, QTimer

from ckpt_viewer.session.watching import Change, OpenedFiles, change_of
from ckpt_viewer.session.wording import printable
from ckpt_viewer.ui.task_runner import unexpected

if TYPE_CHECKING:
    from ckpt_viewer.ui.documents.page import Page

WATCH_MS = 2000


class FileWatch(QTimer):
    """Looks at them now and then while the page is in front.

    Args:
        well_again: Called where they are as they were again after something was said of them.
    """

    def __init__(self, page: Page, well_again: Callable[[], None]) -> None:
        super().__init__(page, interval=WATCH_MS)
        self._page, self._well_again = page, well_again
        self._lane = (page.key, "watch")
        self._watched: Sequence[OpenedFiles] = ()
        self._told: Change | None = None
        self.timeout.connect(self.look)

    def watch(self, *watched: OpenedFiles) -> None:
        """These from now on; what was told of others is past."""
        self._page.tasks.drop(self._lane)
        before, self._watched, self._told = self._watched, watched, None
        if before not in ((), watched):
            self._page.outdate()
        self.start()

    def look(self) -> None:
        """In a worker: the folder may be far away."""
        tasks = self._page.tasks
        if self._watched and self._page.isVisible() and not tasks.busy(self._lane):
            tasks.start(self._lane, partial(change_of, self._watched), done=self._take, failed=unexpected)

    def _take(self, change: Change | None) -> None:
        """Say what happened once."""
        if change == self._told:
            return
        self._told = change
        self._page.outdate()
        if change is None:
            self._well_again()
            return
        text = self.tr("{0} was replaced on disk at {1}; the values read before stay readable.")
        if change.gone:
            text = self.tr("{0} was moved or deleted at {1}; the values read before stay readable.")
        when = self._page.locale().toString(QTime.currentTime(), QLocale.FormatType.ShortFormat)
        tip = self.tr("Open it again and read the values as they are in its files now")
        actions = [(self.tr("Reload"), self._page.reload, tip)]
        self._page.message.show_text(text.format(printable(change.path.name), when), actions)
