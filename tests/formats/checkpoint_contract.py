"""What every `Checkpoint` keeps, whatever its format: a test class to inherit from."""

from collections.abc import Mapping

import numpy as np
import pytest

from ckpt_viewer.cancellation import Cancelled, CancelToken
from ckpt_viewer.errors import NotFound, RequestRefused
from ckpt_viewer.formats.checkpoint import Array, Checkpoint
from ckpt_viewer.formats.values.boxes import Box, cover_exactly_once
from ckpt_viewer.formats.values.dtypes import decode, is_numeric, name_of
from ckpt_viewer.formats.values.streaming import blocks

ARRAYS: Mapping[str, Array] = {
    "bias": np.array([1.5, -0.0, np.inf], np.float32),
    "counter": np.array(7, np.int64),
    "empty": np.zeros((3, 0, 2), np.float32),
    "flags": np.array([True, False, True]),
    "kernel": np.arange(3 * 4 * 5, dtype=np.float32).reshape(3, 4, 5),
    "wide": np.arange(7000, dtype=np.int16).reshape(7, 1000),
}
WORDS = np.array([[b"one", b""], [b"\xff\0", b"four"]], object)


class CheckpointContract:
    """Inherit, and give a fixture `checkpoint` that holds `ARRAYS`, and `WORDS` under the name `words`."""

    def test_variables_are_in_the_order_of_their_keys(self, checkpoint: Checkpoint) -> None:
        keys = [each.name.encode("utf-8", "surrogateescape") for each in checkpoint.variables]
        assert keys == sorted(keys)
        assert set(keys) == {name.encode() for name in (*ARRAYS, "words")}

    def test_variables_tell_type_shape_and_size(self, checkpoint: Checkpoint) -> None:
        for name, values in ARRAYS.items():
            variable = checkpoint.find(name)
            assert (variable.dtype, variable.shape) == (values.dtype.name, values.shape)
            assert variable.nbytes == values.nbytes
            assert variable.problem is None

    def test_an_audit_finds_nothing_in_what_tensorflow_wrote(self, checkpoint: Checkpoint) -> None:
        assert list(checkpoint.audit(CancelToken())) == []

    def test_nothing_is_found_under_another_name(self, checkpoint: Checkpoint) -> None:
        with pytest.raises(NotFound, match="kernle") as caught:
            checkpoint.find("kernle")
        assert "kernel" in caught.value.hint

    @pytest.mark.parametrize("name", ARRAYS)
    def test_values_are_read_by_name_or_variable(self, checkpoint: Checkpoint, name: str) -> None:
        for asked in (name, checkpoint.find(name)):
            for verify in (True, False):
                values = checkpoint.read(asked, verify=verify)
                assert values.flags.c_contiguous
                assert values.dtype == ARRAYS[name].dtype
                np.testing.assert_array_equal(values, ARRAYS[name])

    def test_who_reads_may_change_what_was_read(self, checkpoint: Checkpoint) -> None:
        checkpoint.read("bias")[:] = 0
        np.testing.assert_array_equal(checkpoint.read("bias"), ARRAYS["bias"])

    def test_strings_are_bytes(self, checkpoint: Checkpoint) -> None:
        words = checkpoint.read("words")
        assert words.dtype == object
        assert words.tolist() == WORDS.tolist()

    @pytest.mark.parametrize(
        ("name", "region"),
        [
            ("kernel", np.s_[:, :, :]),
            ("kernel", np.s_[1:2, :, 3:]),
            ("kernel", np.s_[::2, 1::2, ::3]),
            ("kernel", np.s_[3:, :, :]),
            ("wide", np.s_[:, 500:501]),
            ("wide", np.s_[::3, ::333]),
            ("wide", np.s_[-2:, :-990]),
            ("counter", ()),
            ("empty", np.s_[:2, :, 1:]),
            ("flags", np.s_[1:]),
            ("words", np.s_[1:, :]),
        ],
    )
    def test_a_region_is_what_slicing_gives(
        self, checkpoint: Checkpoint, name: str, region: tuple[slice, ...]
    ) -> None:
        values = WORDS if name == "words" else ARRAYS[name]
        region = region if isinstance(region, tuple) else (region,)
        found = checkpoint.read_region(checkpoint.find(name), region)
        assert found.shape == values[region].shape
        assert found.tolist() == values[region].tolist()

    @pytest.mark.parametrize(
        ("name", "start", "count"), [("kernel", 0, 60), ("kernel", 7, 30), ("wide", 999, 2)]
    )
    def test_a_stretch_is_flat(self, checkpoint: Checkpoint, name: str, start: int, count: int) -> None:
        found = checkpoint.read_flat(checkpoint.find(name), start, count)
        np.testing.assert_array_equal(found, ARRAYS[name].reshape(-1)[start : start + count])

    @pytest.mark.parametrize("name", ARRAYS)
    def test_pieces_cover_a_variable_once_and_hold_its_values(
        self, checkpoint: Checkpoint, name: str
    ) -> None:
        pieces = checkpoint.pieces(checkpoint.find(name))
        values = ARRAYS[name]
        assert cover_exactly_once(values.shape, [Box(each.start, each.shape) for each in pieces])
        for piece in pieces:
            raw = np.frombuffer(piece.source.read(piece.offset, piece.nbytes), np.uint8)
            part = tuple(slice(at, at + size) for at, size in zip(piece.start, piece.shape, strict=True))
            found = decode(raw, piece.dtype, piece.big_endian).reshape(piece.shape)
            np.testing.assert_array_equal(found, values[part])

    def test_strings_have_no_pieces(self, checkpoint: Checkpoint) -> None:
        with pytest.raises(RequestRefused, match="words"):
            checkpoint.pieces(checkpoint.find("words"))

    @pytest.mark.parametrize("name", [*ARRAYS, "words"])
    def test_blocks_follow_one_another_in_c_order(self, checkpoint: Checkpoint, name: str) -> None:
        stream = list(blocks(checkpoint, checkpoint.find(name), size=48))
        values = WORDS if name == "words" else ARRAYS[name]
        assert all(block.ndim == 1 and len(block) for block in stream)
        assert name == "words" or all(block.nbytes <= 48 for block in stream)
        assert [each for block in stream for each in block.tolist()] == values.reshape(-1).tolist()

    def test_who_is_told_to_stop_stops(self, checkpoint: Checkpoint) -> None:
        cancel = CancelToken()
        cancel.cancel()
        variable = checkpoint.find("kernel")
        for work in (
            lambda: checkpoint.read("kernel", cancel=cancel),
            lambda: checkpoint.read("words", cancel=cancel),
            lambda: checkpoint.read_region(variable, (slice(None),) * 3, cancel),
            lambda: checkpoint.read_flat(variable, 0, 5, cancel),
            lambda: list(blocks(checkpoint, variable, cancel=cancel)),
        ):
            with pytest.raises(Cancelled):
                work()

    def test_it_closes_itself(self, checkpoint: Checkpoint) -> None:
        with checkpoint as same:
            assert same is checkpoint
            same.read("bias")

    def test_closed_it_reads_no_more_and_says_so(self, checkpoint: Checkpoint) -> None:
        checkpoint.read("bias")
        variable, words = checkpoint.find("bias"), checkpoint.find("words")
        checkpoint.close()
        for work in (
            lambda: checkpoint.read("bias"),
            lambda: checkpoint.read("words", verify=False),
            lambda: checkpoint.read_region(variable, (slice(None),)),
            lambda: checkpoint.read_region(words, (slice(None),) * 2),
            lambda: checkpoint.read_flat(variable, 0, 1),
            lambda: checkpoint.pieces(variable),
        ):
            with pytest.raises(RequestRefused, match=r"is closed; its values cannot be read\.$"):
                work()
        assert checkpoint.find("bias") == variable
        assert checkpoint.sources([variable]) == [None]
        checkpoint.close()

    def test_a_read_under_way_ends_well_when_it_is_closed(self, checkpoint: Checkpoint) -> None:
        under_way = blocks(checkpoint, checkpoint.find("kernel"), size=48)
        first = next(under_way)
        checkpoint.close()
        assert np.concatenate([first, *under_way]).tolist() == ARRAYS["kernel"].reshape(-1).tolist()

    def test_every_dtype_is_one_that_tensorflow_names(self, checkpoint: Checkpoint) -> None:
        known = {name_of(number) for number in range(1, 34)}
        assert {each.dtype for each in checkpoint.variables} <= known
        assert all(is_numeric(each.dtype) for each in checkpoint.variables if each.name != "words")
