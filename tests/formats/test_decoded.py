"""Bytes that are decoded when they are read, and values that are repeated instead of stored."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from ckpt_viewer.cancellation import Cancelled, CancelToken
from ckpt_viewer.errors import DamagedFile
from ckpt_viewer.formats.decoded import DecodedBytes, as_stored

PATH = Path("m")


class Counted:
    """Something to decode, and how often that was done."""

    def __init__(self, values: np.ndarray) -> None:
        self.values, self.times = values, 0

    def __call__(self, cancel: CancelToken | None = None) -> np.ndarray:
        self.times += 1
        if cancel is not None:
            cancel.check()
        return as_stored(self.values)


def test_they_are_decoded_once_for_who_reads_them_through() -> None:
    values = Counted(np.arange(8, dtype=np.int32))
    source = DecodedBytes(PATH, 32, 4, values)
    assert values.times == 0
    assert b"".join(source.read(at, 8) for at in range(0, 32, 8)) == values.values.tobytes()
    assert values.times == 1
    source.read(0, 1)
    assert values.times == 2


def test_they_stay_until_close_where_that_is_asked_for() -> None:
    values = Counted(np.arange(8, dtype=np.int32))
    source = DecodedBytes(PATH, 32, 4, values, keep=True)
    assert source.read(0, 32) == source.read(0, 32)
    assert values.times == 1
    source.close()
    source.read(0, 32)
    assert values.times == 2


@pytest.mark.parametrize("stored", [[], [7], [1, 2, -3]])
def test_the_last_value_fills_what_is_missing_from_any_place_on(stored: list[int]) -> None:
    whole = np.array(stored + [stored[-1] if stored else 0] * (6 - len(stored)), np.int32).tobytes()
    source = DecodedBytes(PATH, 24, 4, Counted(np.array(stored, np.int32)))
    for start in range(25):
        for end in range(start, 25):
            assert source.read(start, end - start) == whole[start:end]


def test_what_is_filled_in_takes_no_more_memory_than_itself() -> None:
    buffer = bytearray(1 << 20)
    source = DecodedBytes(PATH, len(buffer), 1, Counted(np.array([7], np.int8)))
    tracemalloc.start()
    try:
        source.read_into(0, memoryview(buffer))
        assert tracemalloc.get_traced_memory()[1] < 4 * len(buffer)
    finally:
        tracemalloc.stop()
    assert buffer == b"\7" * len(buffer)


def test_making_them_looks_at_the_token_of_who_reads_now() -> None:
    values, gone = Counted(np.arange(8, dtype=np.int32)), CancelToken()
    gone.cancel()
    source = DecodedBytes(PATH, 32, 4, values, keep=True)
    with pytest.raises(Cancelled):
        source.under(gone).read(0, 8)
    assert source.under(gone).under(CancelToken()).read(0, 8) == values.values[:2].tobytes()
    assert source.under(gone).read(8, 8) == values.values[2:4].tobytes()
    assert values.times == 2


def test_what_lies_beyond_is_refused() -> None:
    with pytest.raises(DamagedFile):
        DecodedBytes(PATH, 4, 4, Counted(np.zeros(1, np.int32))).read(2, 4)
