"""The longest gap of the event loop while the sample is browsed."""

from tests.benchmarks.offscreen import gaps_of, print_longest, window
from tests.driving import browse

if __name__ == "__main__":
    with window() as opened:
        print_longest(gaps_of(opened, browse(opened)))
