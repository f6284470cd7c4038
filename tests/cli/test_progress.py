import io
import threading

import pytest

from ckpt_viewer.cancellation import Cancelled, CancelToken, Share
from ckpt_viewer.cli import progress
from ckpt_viewer.cli.progress import Progress


class Terminal(io.StringIO):
    """Says when it was written to."""

    def __init__(self) -> None:
        super().__init__()
        self.written = threading.Event()

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        try:
            return super().write(text)
        finally:
            self.written.set()


def test_a_bar_appears_with_a_figure_and_goes_again(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(progress, "PATIENCE", 0)
    with Progress("reading", terminal) as shown:
        shown.cancel.report(1, 4)
        assert terminal.written.wait(10)
    assert "reading [#######......................." in terminal.getvalue()
    assert "25%" in terminal.getvalue()
    assert terminal.getvalue().endswith(" \r")


def test_short_work_shows_nothing():
    terminal = Terminal()
    with Progress("reading", terminal) as shown:
        shown.cancel.report(1, 4)
    assert terminal.getvalue() == ""


def test_nothing_is_shown_where_nobody_looks(monkeypatch):
    terminal = io.StringIO()
    monkeypatch.setattr(progress, "PATIENCE", 0)
    before = threading.active_count()
    with Progress("reading", terminal):
        assert threading.active_count() == before
    assert terminal.getvalue() == ""


def test_a_block_that_fails_cancels_its_work():
    terminal = Terminal()
    shown = Progress("reading", terminal)
    with pytest.raises(KeyboardInterrupt), shown:
        raise KeyboardInterrupt
    assert shown.cancel.cancelled


def test_a_share_counts_for_its_part_of_the_whole():
    whole = CancelToken()
    share = Share(whole, 50, 25, 100)
    share.report(1, 5)
    assert whole.progress == 0.55
    share.report(0, 0)
    assert whole.progress == 0.5


def test_a_share_ends_with_the_whole():
    whole = CancelToken()
    share = Share(whole, 0, 1, 1)
    assert not share.cancelled
    whole.cancel()
    assert share.cancelled
    with pytest.raises(Cancelled):
        share.check()
