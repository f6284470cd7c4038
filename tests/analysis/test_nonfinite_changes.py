"""Changes to and from NaN and infinities are counted apart: the figures cannot show them."""

import numpy as np
import pytest

from ckpt_viewer.analysis.difference import distance_of

NAN, INF = np.nan, np.inf


@pytest.mark.parametrize(
    ("a", "b", "changed", "nonfinite"),
    [
        ([1.0, 2.0], [1.0, 3.0], 1, 0),
        ([1.0, NAN], [1.0, NAN], 0, 0),
        ([1.0, NAN], [2.0, 3.0], 2, 1),
        ([INF, 1.0], [-INF, 1.0], 1, 1),
        ([NAN, NAN], [1.0, NAN], 1, 1),
        ([1e300, NAN], [2e300, 0.0], 2, 1),
        ([1 + 1j, complex(NAN, 0)], [1 + 2j, 1j], 2, 1),
    ],
)
def test_they_are_counted_among_the_changed(a, b, changed, nonfinite):
    found = distance_of(np.array(a), np.array(b)).result()
    assert (found.changed, found.nonfinite) == (changed, nonfinite)


def test_counts_of_parts_add_up():
    part = distance_of(np.array([NAN, 1.0]), np.array([0.0, 1.0]))
    assert part.merge(part).result().nonfinite == 2
