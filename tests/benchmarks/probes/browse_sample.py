"""The longest gap of the event loop while the sample is browsed."""

import json
import os
import sys

from tests.benchmarks.offscreen import gaps_of, window
from tests.driving import browse


def main(told: float = 0.0) -> None:
    """Gaps from `told` seconds on go to standard error, with what kept the window."""
    with window() as opened:
        found = gaps_of(opened, browse(opened))
    gaps = [(gap.seconds, step, gap) for step, several in found.items() for gap in several]
    gaps.sort(key=lambda each: each[0], reverse=True)
    for _, step, gap in gaps:
        if told and gap.seconds >= told:
            print(f"{step}: {gap}", file=sys.stderr)
    longest, step, _ = gaps[0] if gaps else (0.0, "", None)
    print(json.dumps({"seconds": longest, "step": step}))


if __name__ == "__main__":
    main(float(os.environ.get("TOLD", 0)))
