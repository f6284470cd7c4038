"""Several histograms on one grid of bins, so that their bars can be compared."""

from collections.abc import Sequence

import numpy as np

from ckpt_viewer.analysis.histogram import Histogram


def on_common_grid(histograms: Sequence[Histogram], max_bins: int) -> list[Histogram]:
    """The same counts in bins of one width, at most `max_bins` from the first to the last of them all."""
    exponent = max(histogram.exponent for histogram in histograms)
    while _span([_widened(histogram, exponent) for histogram in histograms]) > max_bins:
        exponent += 1
    return [_widened(histogram, exponent) for histogram in histograms]


def _span(histograms: Sequence[Histogram]) -> int:
    first = min(histogram.first for histogram in histograms)
    return max(histogram.first + len(histogram.counts) for histogram in histograms) - first


def _widened(histogram: Histogram, exponent: int) -> Histogram:
    """Python integers: the bins of huge values have numbers beyond 64 bits."""
    shift = exponent - histogram.exponent
    places = [(histogram.first + place) >> shift for place in range(len(histogram.counts))]
    counts = np.zeros(places[-1] - places[0] + 1, np.int64)
    np.add.at(counts, np.array([place - places[0] for place in places]), histogram.counts)
    return Histogram(exponent, places[0], counts)
