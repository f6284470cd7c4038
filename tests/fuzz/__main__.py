"""`python -m tests.fuzz --runs 100000 --seed 7`: the status is 1 where anything was found."""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from math import ceil
from pathlib import Path

from tests.fuzz.report import Report
from tests.fuzz.targets import TARGETS, Target, target_named
from tests.fuzz.trial import Tally, Trial
from tests.fuzz.workers import Batch, run_batches

_BATCH = 250
_TELL_EVERY = 60.0  # seconds


def main() -> int:
    options = _options()
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell lets what it starts behind it ignore the first
        signal.signal(number, signal.default_int_handler)
    save = options.save or Path(tempfile.mkdtemp(prefix="ckpt-viewer-findings-"))
    targets = [target_named(name) for name in options.only] or list(TARGETS)
    if options.replay:
        return _replay(targets[0], *options.replay, save)
    report, began, told = Report(save), time.monotonic(), time.monotonic()
    try:
        for result in run_batches(_batches(targets, options.seed, options.runs), options.jobs):
            report.add(*result)
            if time.monotonic() - told > _TELL_EVERY:
                told = time.monotonic()
                print(f"after {told - began:,.0f} s\n{report.text()}\n", flush=True)
    except KeyboardInterrupt:
        print("Stopped.")
    seconds = time.monotonic() - began
    print(f"seed {options.seed}: {report.inputs:,} inputs in {seconds:,.0f} s\n{report.text()}", flush=True)
    return 1 if report.found_anything else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz", description="Feeds damaged files to readers."
    )
    parser.add_argument("--runs", type=int, default=10_000, help="inputs over all targets")
    parser.add_argument("--seed", type=int, default=0, help="what all inputs are made from")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        choices=[target.name for target in TARGETS],
        help="this target alone; may come several times",
    )
    parser.add_argument("--save", type=Path, help="where inputs go that something was found with")
    parser.add_argument(
        "--replay",
        type=_place,
        metavar="SEED:NUMBER",
        help="one input again, with its traceback",
    )
    options = parser.parse_args()
    if options.replay and len(options.only) != 1:
        parser.error("--replay needs one --only")
    return options


def _place(text: str) -> tuple[int, int]:
    seed, _, number = text.partition(":")
    return int(seed), int(number)


def _batches(targets: Sequence[Target], seed: int, runs: int) -> Iterator[Batch]:
    """Each target in its turn, with its share of the inputs."""
    whole = sum(target.share for target in targets)
    rounds = ceil(runs / whole / _BATCH)
    for number in range(rounds):
        for target in targets:
            count = ceil(min(_BATCH, runs / whole / rounds) * target.share)
            yield Batch(target.name, seed, number * count, count)


def _replay(target: Target, seed: int, number: int, save: Path) -> int:
    folder = save / f"{target.name}-{seed}-{number}"
    tally = Tally()
    print(f"The input is in {folder / 'input'}.", flush=True)
    Trial(folder).ask(target, target.input(seed, number), number, tally)
    print(f"Nothing was found: {'opened' if tally.opened else 'refused'}, {tally.answers} answers.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
