"""A bar on standard error for work that takes long, where somebody is there to see it."""

import sys
import threading
from types import TracebackType
from typing import TextIO

from ckpt_viewer.cancellation import CancelToken

PATIENCE = 0.5  # seconds before it appears
STEP = 0.1
BAR = 30


class Progress:
    """Shows how far its token's work is while a `with` block runs; a block that fails cancels the token."""

    def __init__(self, label: str, stream: TextIO | None = None) -> None:
        self.note = ""
        self._stream = stream or sys.stderr
        self._label = label
        self._cancel = CancelToken()
        self._done = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def cancel(self) -> CancelToken:
        return self._cancel

    def __enter__(self) -> "Progress":
        if self._stream.isatty():
            self._thread = threading.Thread(target=self._show, name="progress", daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._cancel.cancel()
        self._done.set()
        if self._thread is not None:
            self._thread.join()

    def _show(self) -> None:
        width = 0
        if self._done.wait(PATIENCE):
            return
        while not self._done.wait(STEP):
            text = self._text()
            width = max(width, len(text))
            self._write(f"\r{text:<{width}}")
        self._write("\r" + " " * width + "\r")

    def _text(self) -> str:
        part = self._cancel.progress
        if part is None:
            return f"{self._label} {self.note}"
        filled = int(part * BAR)
        return f"{self._label} [{'#' * filled}{'.' * (BAR - filled)}] {part:4.0%} {self.note}"

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:
            self._done.set()  # the terminal is gone
