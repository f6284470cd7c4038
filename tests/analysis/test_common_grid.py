import numpy as np
import pytest

from ckpt_viewer.analysis.common_grid import on_common_grid
from ckpt_viewer.analysis.histogram import Histogram


def test_the_finer_one_is_joined_to_the_grid_of_the_coarser():
    fine = Histogram(0, -3, np.array([1, 2, 3, 4]))
    coarse = Histogram(1, 0, np.array([5, 6]))
    first, second = on_common_grid([fine, coarse], 256)
    assert (first.exponent, first.first, first.counts.tolist()) == (1, -2, [1, 5, 4])
    assert (second.exponent, second.first, second.counts.tolist()) == (1, 0, [5, 6])


@pytest.mark.parametrize("most", [2, 3, 16, 200])
def test_all_together_have_at_most_so_many_bins_and_no_count_is_lost(most):
    far = [Histogram(0, -500, np.ones(100, np.int64)), Histogram(-3, 2**40, np.arange(1, 9))]
    grids = on_common_grid(far, most)
    first = min(grid.first for grid in grids)
    assert max(grid.first + len(grid.counts) for grid in grids) - first <= most
    assert len({grid.exponent for grid in grids}) == 1
    assert [grid.total for grid in grids] == [100, 36]


def test_bins_with_numbers_beyond_64_bits_are_joined_exactly():
    huge = Histogram(-1022, 2**100, np.array([7]))
    small = Histogram(0, 0, np.array([1]))
    first, second = on_common_grid([huge, small], 4)
    assert first.counts.tolist() == [7]
    assert second.counts.tolist() == [1]
