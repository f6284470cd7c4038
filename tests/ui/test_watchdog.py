"""The watchdog itself, and the sample browsed under its eyes.

How long real work takes is no matter of a test: machines are busy. Only a gap that no noise explains fails.
"""

import os
import subprocess
import sys
import threading
import time

from PySide6.QtCore import QTimer

from ckpt_viewer.ui.watchdog import Gap, Watchdog
from tests.driving import browse
from tests.ui.conftest import settle

FROZEN = 3.0  # seconds: far beyond what a busy machine makes of 50 ms
PROGRAM = """
import time
from PySide6.QtCore import QTimer
from ckpt_viewer.ui import app

def block():
    time.sleep(0.2)

def plan(*arguments, **named):
    window = opened(*arguments, **named)
    QTimer.singleShot(100, block)
    QTimer.singleShot(600, window.close)
    return window

opened, app.open_window = app.open_window, plan
raise SystemExit(app.main([]))
"""


def block_for_a_while():
    time.sleep(0.12)


def gaps_while(qtbot, do):
    found: list[Gap] = []
    watchdog = Watchdog(found.append)
    try:
        do()
    finally:
        watchdog.close()
    return found


def test_a_block_is_told_with_its_length_and_its_stack(qtbot):
    def block():
        QTimer.singleShot(0, block_for_a_while)
        qtbot.wait(200)

    gap = max(gaps_while(qtbot, block), key=lambda each: each.seconds)
    assert gap.seconds >= 0.12
    assert "block_for_a_while" in gap.stack[-1]
    assert "ms for" in str(gap)
    assert "block_for_a_while" in str(gap)


def test_its_thread_ends_with_it(qtbot):
    threads = threading.active_count()
    watchdog = Watchdog()
    assert threading.active_count() == threads + 1
    watchdog.close()
    assert threading.active_count() == threads


def run_program(tmp_path, **environment):
    known = {**os.environ, "CKPT_VIEWER_CONFIG": str(tmp_path), **environment}
    command = [sys.executable, "-c", PROGRAM]
    return subprocess.run(command, env=known, capture_output=True, text=True, timeout=60)


def test_the_program_tells_of_gaps_when_asked(tmp_path):
    done = run_program(tmp_path, CKPT_VIEWER_WATCHDOG="1")
    assert done.returncode == 0
    assert "the screen waited" in done.stderr
    assert " block\n" in done.stderr


def test_the_program_is_silent_when_not_asked(tmp_path):
    done = run_program(tmp_path, CKPT_VIEWER_WATCHDOG="")
    assert (done.returncode, "the screen waited" in done.stderr) == (0, False)


def test_browsing_the_sample_freezes_nothing(open_quiet, qtbot):
    window = open_quiet()

    def drive():
        for _ in browse(window):
            settle(qtbot, window)

    frozen = [str(gap) for gap in gaps_while(qtbot, drive) if gap.seconds > FROZEN]
    assert not frozen
    assert not window.session.state.message
