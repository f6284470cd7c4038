"""Work in small parts: in order, a bounded number ahead, and gone when nobody waits for it."""

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer.analysis.chunks import chunks_of, map_in_order, map_merge
from ckpt_viewer.cancellation import Cancelled, CancelToken
from ckpt_viewer.formats.checkpoint import Piece
from ckpt_viewer.formats.storage.source import MemoryBytes


@given(st.lists(st.integers(0, 50), max_size=5), st.integers(1, 64), st.sampled_from(["int8", "float64"]))
def test_chunks_cover_every_byte_once(lengths, size, dtype):
    item = np.dtype(dtype).itemsize
    content = np.random.default_rng(0).integers(0, 256, sum(lengths) * item).astype(np.uint8).tobytes()
    source, start, pieces = MemoryBytes(content), 0, []
    for length in lengths:
        pieces.append(Piece(source, start, length * item, (0,), (length,), dtype, None))
        start += length * item
    chunks = list(chunks_of(pieces, size))
    assert b"".join(chunk.load()[0].tobytes() for chunk in chunks) == content
    assert all(chunk.nbytes <= max(size, item) for chunk in chunks)


@pytest.mark.parametrize("count", [0, 1, 2, 100])
def test_results_come_in_the_order_of_the_items(count):
    results = map_in_order(str, range(count), CancelToken())
    assert list(results) == [(number, str(number)) for number in range(count)]


def test_merging_keeps_the_order_too():
    assert map_merge(str, range(200), str.__add__, CancelToken()) == "".join(map(str, range(200)))
    assert map_merge(str, [], str.__add__, CancelToken()) is None


def test_only_so_many_items_are_taken_ahead():
    taken = []
    items = (taken.append(number) or number for number in range(100_000))
    results = map_in_order(abs, items, CancelToken())
    next(results)
    assert len(taken) < 1000
    results.close()


def test_a_failure_is_passed_on():
    with pytest.raises(ZeroDivisionError):
        list(map_in_order(lambda number: 1 // (number - 50), range(1000), CancelToken()))


def test_work_under_way_notices_that_it_is_cancelled():
    cancel, done = CancelToken(), []

    def work(number):
        done.append(number)
        if number == 20:
            cancel.cancel()

    with pytest.raises(Cancelled):
        list(map_in_order(work, range(10_000), cancel))
    assert len(done) < 1000


def test_no_thread_is_left():
    before = threading.active_count()
    results = map_in_order(abs, range(1000), CancelToken())
    next(results)
    results.close()
    assert threading.active_count() == before
