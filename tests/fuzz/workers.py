"""Processes that run inputs; one that dies or hangs is a finding, and another takes its place."""

import multiprocessing
import shutil
import signal
import tempfile
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from tests.fuzz.limits import (
    SECONDS,
    MemoryWatch,
    TooMuchMemory,
    TooSlow,
    bound_addresses,
    restart,
    time_limit,
)
from tests.fuzz.targets import target_named
from tests.fuzz.trial import Finding, Tally, Trial, finding_of

_STUCK = 15 * SECONDS  # by the clock, on a busy machine
_FAST_DISK = Path("/dev/shm")
_FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True, slots=True)
class Batch:
    """Inputs of one target, from the `start`-th on."""

    target: str
    seed: int
    start: int
    count: int


Result = tuple[str, Tally, list[Finding]]


class Worker:
    """One process and its folder."""

    def __init__(self) -> None:
        parent = _FAST_DISK if _FAST_DISK.is_dir() else None
        self._folder = Path(tempfile.mkdtemp(prefix="ckpt-viewer-fuzz-", dir=parent))
        self._at = _FORK.Array("d", [0, 0], lock=False)  # which input is running, and since when
        self._batch: Batch | None = None
        self._start()

    @property
    def connection(self) -> "Connection[Any, Any]":
        return self._ours

    def give(self, batch: Batch) -> None:
        self._batch, self._at[:] = batch, [batch.start, time.monotonic()]
        self._ours.send(batch)

    def result(self) -> Result | None:
        """What came of the batch; None while it runs."""
        batch = self._batch
        assert batch is not None
        try:
            if self._ours.poll():
                return batch.target, *self._ours.recv()
        except (EOFError, ConnectionError):
            self._process.join()
            return self._lost(batch, f"died ({self._process.exitcode})")
        if time.monotonic() - self._at[1] > _STUCK:
            self._process.kill()
            self._process.join()
            return self._lost(batch, "hung")
        return None

    def close(self) -> None:
        self._ours.close()
        self._process.join(5)
        if self._process.is_alive():
            self._process.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self) -> None:
        self._ours, theirs = _FORK.Pipe()
        self._process = _FORK.Process(
            target=_work, args=(theirs, self._ours, self._folder, self._at), daemon=True
        )
        self._process.start()
        theirs.close()

    def _lost(self, batch: Batch, how: str) -> Result:
        """The input that ended the process; those behind it in the batch are not run."""
        number = int(self._at[0])
        told = f"The process {how} at this input."
        self._ours.close()
        self._start()
        finding = Finding(batch.target, batch.seed, number, f"process {how}", told)
        return batch.target, Tally(inputs=number - batch.start + 1), [finding]


def _work(connection: "Connection[Any, Any]", ours: "Connection[Any, Any]", folder: Path, at: Any) -> None:
    ours.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with its connection
    bound_addresses()
    warnings.simplefilter("error")
    trial, memory = Trial(folder, restart), MemoryWatch()
    while True:
        try:
            batch = connection.recv()
        except (EOFError, KeyboardInterrupt):
            return
        memory.renew()
        trial.clear()
        connection.send(_run(trial, memory, batch, at))


def _run(trial: Trial, memory: MemoryWatch, batch: Batch, at: Any) -> tuple[Tally, list[Finding]]:
    tally, findings, began = Tally(), [], time.monotonic()
    target = target_named(batch.target)
    for number in range(batch.start, batch.start + batch.count):
        at[:] = [number, time.monotonic()]
        given = target.input(batch.seed, number)
        try:
            with time_limit():
                trial.ask(target, given, number, tally)
            memory.check()
        except (Exception, TooSlow, TooMuchMemory) as error:
            findings.append(finding_of(target, batch.seed, number, error))
    tally.seconds = time.monotonic() - began
    return tally, findings


def run_batches(batches: Iterator[Batch], jobs: int) -> Iterator[Result]:
    """The results in the order they come."""
    idle, busy = [Worker() for _ in range(jobs)], []
    workers = list(idle)
    try:
        while True:
            while idle and (batch := next(batches, None)) is not None:
                busy.append(worker := idle.pop())
                worker.give(batch)
            if not busy:
                return
            wait([worker.connection for worker in busy], 0.2)
            for worker in list(busy):
                if (result := worker.result()) is not None:
                    busy.remove(worker)
                    idle.append(worker)
                    yield result
    finally:
        for worker in workers:
            worker.close()
