"""Values from pieces, against numpy's own slicing, for pieces whole and cut and of every byte order."""

import threading
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckpt_viewer.cancellation import Cancelled, CancelToken
from ckpt_viewer.errors import DamagedFile, RequestRefused
from ckpt_viewer.formats.checkpoint import Array, Piece
from ckpt_viewer.formats.storage.checksums import crc32c, mask
from ckpt_viewer.formats.storage.source import MemoryBytes
from ckpt_viewer.formats.values import pieces as reading
from ckpt_viewer.formats.values.dtypes import decode, item_size
from tests.counted_bytes import CountedBytes

SHAPES = st.lists(st.integers(1, 7), min_size=1, max_size=4).map(tuple)


def cut(values: Array, cuts: list[tuple[int, int]], big_endian: bool = False) -> list[Piece]:
    """The array in pieces, cut in two along an axis at a place, again and again."""
    boxes = [tuple(slice(0, length) for length in values.shape)]
    for axis, place in cuts:
        boxes = [half for box in boxes for half in _halves(box, axis % values.ndim, place)]
    return [piece_of(values[box], tuple(part.start for part in box), big_endian) for box in boxes]


def piece_of(values: Array, start: tuple[int, ...], big_endian: bool = False) -> Piece:
    order = ">" if big_endian else "<"
    raw = values.astype(values.dtype.newbyteorder(order)).tobytes()
    source = CountedBytes(b"head" + raw)
    return Piece(source, 4, len(raw), start, values.shape, values.dtype.name, mask(crc32c(raw)), big_endian)


def numbers(shape: tuple[int, ...], dtype: str = "float32") -> Array:
    return np.arange(prod(shape)).astype(dtype).reshape(shape)


CUTS = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 6)), max_size=3)


@given(SHAPES, CUTS, st.booleans())
def test_all_values_come_together(shape: tuple[int, ...], cuts: list[tuple[int, int]], big: bool) -> None:
    values = numbers(shape, "int16")
    found = reading.read_all(cut(values, cuts, big), shape, "int16")
    np.testing.assert_array_equal(found, values)


@given(SHAPES, CUTS, st.data())
def test_a_region_is_what_slicing_gives(
    shape: tuple[int, ...], cuts: list[tuple[int, int]], data: st.DataObject
) -> None:
    values = numbers(shape)
    ends = st.none() | st.integers(-8, 8)
    region = tuple(
        slice(data.draw(ends), data.draw(ends), data.draw(st.none() | st.integers(1, 4))) for _ in shape
    )
    found = reading.read_region(cut(values, cuts), shape, "float32", region)
    np.testing.assert_array_equal(found, values[region])
    into = np.full_like(found, -1)
    assert reading.read_region(cut(values, cuts), shape, "float32", region, None, into) is into
    np.testing.assert_array_equal(into, values[region])


@given(SHAPES, CUTS, st.data())
def test_a_stretch_is_what_flat_slicing_gives(
    shape: tuple[int, ...], cuts: list[tuple[int, int]], data: st.DataObject
) -> None:
    values = numbers(shape)
    start = data.draw(st.integers(0, values.size))
    count = data.draw(st.integers(0, values.size - start))
    found = reading.read_flat(cut(values, cuts), shape, "float32", start, count)
    np.testing.assert_array_equal(found, values.reshape(-1)[start : start + count])


@settings(max_examples=30)
@given(st.sampled_from([np.s_[:, 3:4], np.s_[::50, ::50], np.s_[7:8, :], np.s_[10:20, 5:900], np.s_[:, ::7]]))
def test_large_steps_and_small_chunks_change_nothing(region: tuple[slice, ...]) -> None:
    values = numbers((300, 1000), "uint16")
    found = reading.read_region([piece_of(values, (0, 0))], values.shape, "uint16", region)
    np.testing.assert_array_equal(found, values[region])


def test_a_corner_of_a_large_matrix_is_read_alone() -> None:
    piece = piece_of(numbers((2000, 5000)), (0, 0))
    reading.read_region([piece], (2000, 5000), "float32", np.s_[:2, :10])
    assert piece.source.read_bytes < 64 << 10


@pytest.mark.parametrize("dtype", ["bfloat16", "float8_e5m2", "float8_e4m3fn", "int4", "bool", "complex64"])
def test_a_region_of_any_type_is_what_slicing_gives(dtype: str) -> None:
    raw = (np.arange(12, dtype=np.uint8) % 2).repeat(item_size(dtype))
    piece = Piece(MemoryBytes(raw.tobytes()), 0, len(raw), (0, 0), (3, 4), dtype, None)
    region = (slice(0, 3, 2), slice(1, 4, 2))
    values = reading.read_region([piece], (3, 4), dtype, region)
    assert values.tobytes() == decode(raw, dtype).reshape(3, 4)[region].tobytes()


def test_a_sparse_region_reads_little_more_than_it_needs() -> None:
    piece = piece_of(numbers((500, 50_000), "uint8"), (0, 0))
    reading.read_region([piece], (500, 50_000), "uint8", np.s_[:, 70:80])
    assert piece.source.read_bytes == 500 * 10
    assert piece.source.reads <= 500


@pytest.mark.parametrize("columns", [3000, 2048, 600])
def test_of_long_rows_only_the_columns_asked_for_are_read(columns: int) -> None:
    piece = piece_of(numbers((40, 9000)), (0, 0))
    reading.read_region([piece], (40, 9000), "float32", (slice(5, 25), slice(70, 70 + columns)))
    assert piece.source.read_bytes == 20 * columns * 4


@pytest.mark.parametrize(
    "region", [np.s_[3:5, :, :], np.s_[2:3, 4:9, :], np.s_[2:3, 4:5, 1:6], np.s_[:, :, :]]
)
def test_neighbours_in_the_file_are_read_at_once(region: tuple[slice, ...]) -> None:
    values = numbers((6, 10, 7))
    piece = piece_of(values, (0, 0, 0))
    np.testing.assert_array_equal(
        reading.read_region([piece], values.shape, "float32", region), values[region]
    )
    assert (piece.source.reads, piece.source.read_bytes) == (1, values[region].nbytes)


def test_all_of_a_piece_is_read_once() -> None:
    values = numbers((700, 900))
    parts = cut(values, [(1, 300), (0, 350)])
    reading.read_all(parts, values.shape, "float32")
    assert [piece.source.read_bytes for piece in parts] == [piece.nbytes for piece in parts]


@pytest.mark.parametrize("damaged", range(4))
def test_a_wrong_piece_is_noticed_wherever_it_lies(damaged: int) -> None:
    values = numbers((30, 40))
    parts = cut(values, [(0, 10), (1, 20)])
    content = bytearray(parts[damaged].source.read(0, parts[damaged].source.size))
    content[20] ^= 1
    whole = parts[damaged]
    source = MemoryBytes(bytes(content))
    parts[damaged] = Piece(source, 4, whole.nbytes, whole.start, whole.shape, whole.dtype, whole.crc32c)
    with pytest.raises(DamagedFile, match="not those that were saved") as caught:
        reading.read_all(parts, values.shape, "float32")
    assert caught.value.problem.code == "bad-checksum"
    assert (reading.read_all(parts, values.shape, "float32", verify=False) != values).sum() == 1


def test_values_without_a_checksum_are_read_unchecked() -> None:
    raw = b"\x01\x02\x03"
    piece = Piece(MemoryBytes(raw), 0, 3, (0,), (3,), "uint8", None)
    assert reading.read_all([piece], (3,), "uint8").tolist() == [1, 2, 3]


def test_what_memory_does_not_hold_is_refused() -> None:
    with pytest.raises(RequestRefused, match="do not fit into memory") as caught:
        reading.allocate((1 << 40, 1 << 15), "float64")
    assert caught.value.problem.code == "too-large"


def test_reading_stops_soon_after_it_is_told_to() -> None:
    cancel = CancelToken()

    class Stopping(CountedBytes):
        def read_into(self, offset: int, buffer: memoryview) -> None:
            super().read_into(offset, buffer)
            cancel.cancel()

    source = Stopping(bytes(64 << 20))
    piece = Piece(source, 0, 64 << 20, (0,), (64 << 20,), "uint8", None)
    with pytest.raises(Cancelled):
        reading.read_all([piece], piece.shape, "uint8", cancel=cancel)
    assert source.read_bytes <= 4 << 20


def test_threads_may_read_the_same_pieces() -> None:
    values = numbers((400, 500))
    parts = cut(values, [(0, 100), (1, 250)])
    found: list[bool] = []

    def read() -> None:
        found.append(bool((reading.read_all(parts, values.shape, "float32") == values).all()))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 4


def _halves(box: tuple[slice, ...], axis: int, place: int) -> list[tuple[slice, ...]]:
    part = box[axis]
    middle = min(part.start + place, part.stop)
    halves = [slice(part.start, middle), slice(middle, part.stop)]
    return [(*box[:axis], half, *box[axis + 1 :]) for half in halves if half.stop > half.start]
