"""`python -m tests.benchmarks`: the promises, measured; the status is 1 where one is missed."""

import argparse
import gc
import json
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ckpt_viewer.cli.entry import COLLECT_AFTER
from tests.benchmarks.material import Material
from tests.benchmarks.report import Outcome, table
from tests.benchmarks.row import NotMeasured, Row
from tests.benchmarks.rows import ROWS


def main() -> int:
    options = _options()
    rows = [row for row in ROWS if not options.only or row.name in options.only]
    with tempfile.TemporaryDirectory(prefix="ckpt-viewer-benchmarks-", dir=options.folder) as folder:
        outcomes = _measured(rows, Material(Path(folder), options.size))
    print(
        json.dumps([outcome.as_dict() for outcome in outcomes], indent=1) if options.json else table(outcomes)
    )
    return 1 if any(outcome.is_missed for outcome in outcomes) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Measures the promises.")
    parser.add_argument(
        "--only", action="append", choices=[row.name for row in ROWS], help="this row; may come several times"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--size", type=float, default=1.0, help="share of the full sizes, for small machines")
    parser.add_argument("--folder", type=Path, help="where the data goes, else the system's temporary folder")
    return parser.parse_args()


def _measured(rows: Sequence[Row], material: Material) -> list[Outcome]:
    outcomes = []
    for row in rows:
        print(f"{row.name}: {row.what} … ", end="", file=sys.stderr, flush=True)
        try:
            outcomes.append(Outcome(row, row.measure(material)))
        except NotMeasured as missing:
            outcomes.append(Outcome(row, reason=str(missing)))
        print(outcomes[-1].figure, outcomes[-1].verdict, file=sys.stderr, flush=True)
    return outcomes


def _terminated(*_: object) -> None:
    """So that the data is deleted then, too."""
    sys.exit(128 + signal.SIGTERM)


if __name__ == "__main__":
    gc.set_threshold(COLLECT_AFTER)  # as the command line does
    signal.signal(signal.SIGTERM, _terminated)
    sys.exit(main())
