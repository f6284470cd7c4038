import csv
import os
import re
import tracemalloc
from dataclasses import replace
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest
import safetensors.numpy

from ckpt_viewer.cancellation import Cancelled, CancelToken
from ckpt_viewer.errors import DamagedFile, RequestRefused
from ckpt_viewer.export import default_file_name, export_variables
from ckpt_viewer.formats.checkpoint import Piece
from ckpt_viewer.formats.storage.source import LocalFile
from tests.memory_checkpoint import MemoryCheckpoint

random = np.random.default_rng(3)
ARRAYS = {
    "conv/kernel": random.normal(size=(3, 3, 2, 4)).astype("f"),
    "matrix": random.normal(size=(5, 7)),
    "vector": np.array([0.1, -0.0, np.nan, np.inf, -np.inf, 3.4e38], "f"),
    "step": np.int64(-(2**60)),
    "empty": np.zeros((3, 0, 2), "f"),
    "flags": np.array([True, False, True]),
    "half": np.array([1.5, 65504], np.float16),
    "complex": np.array([[1 + 2j, -3j]], np.complex64),
    "big": np.array([2**64 - 1, 0], np.uint64),
    "column": np.arange(4, dtype=np.int8).reshape(4, 1),
}
SMALL = {
    "bfloat16": np.array([1.0, -2.5, np.nan], ml_dtypes.bfloat16),
    "float8_e4m3fn": np.arange(256, dtype=np.uint8).view(ml_dtypes.float8_e4m3fn),
    "int4": np.arange(-8, 8).astype(ml_dtypes.int4),
    "uint2": np.arange(4).astype(ml_dtypes.uint2),
}


def texts(*items: bytes) -> np.ndarray:
    array = np.empty(len(items), object)
    array[:] = items
    return array


def export(arrays, target, **options):
    checkpoint = MemoryCheckpoint(arrays)
    return export_variables(checkpoint, checkpoint.variables, target, **options)


@pytest.mark.parametrize("name", ARRAYS)
def test_npy_holds_the_same_array(name, tmp_path):
    [written] = export({name: ARRAYS[name]}, tmp_path / "x.npy")
    loaded = np.load(tmp_path / "x.npy")
    assert loaded.dtype == ARRAYS[name].dtype
    assert loaded.shape == ARRAYS[name].shape
    assert loaded.tobytes() == ARRAYS[name].tobytes()
    assert (written.name, written.dtype, written.shape) == (name, loaded.dtype.name, loaded.shape)


def test_several_go_into_folders_named_like_their_slashes(tmp_path):
    written = export(ARRAYS, tmp_path / "out")
    assert tmp_path / "out/conv/kernel.npy" in [each.file for each in written]
    for each in written:
        np.testing.assert_array_equal(np.load(each.file), ARRAYS[each.name])


def test_npz_has_every_variable_under_its_name(tmp_path):
    export(ARRAYS, tmp_path / "all.npz")
    with np.load(tmp_path / "all.npz") as loaded:
        assert sorted(loaded.files) == sorted(ARRAYS)
        for name in ARRAYS:
            np.testing.assert_array_equal(loaded[name], ARRAYS[name])


def test_safetensors_reads_back_with_its_own_library(tmp_path):
    export(ARRAYS, tmp_path / "all.safetensors")
    loaded = safetensors.numpy.load_file(tmp_path / "all.safetensors")
    assert loaded.keys() == ARRAYS.keys()
    for name, values in loaded.items():
        assert values.dtype == ARRAYS[name].dtype
        np.testing.assert_array_equal(values, ARRAYS[name])


def test_safetensors_begin_at_multiples_of_their_item_size(tmp_path):
    export({"a": np.ones(3, np.int8), "b": np.ones(3), "c": np.ones(1, "f")}, tmp_path / "x.safetensors")
    assert (int.from_bytes((tmp_path / "x.safetensors").read_bytes()[:8], "little") + 8) % 8 == 0
    loaded = safetensors.numpy.load_file(tmp_path / "x.safetensors")
    assert all(values.sum() == values.size for values in loaded.values())


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("format", ["npy", "npz", "safetensors"])
def test_types_no_file_names_become_wider_ones_that_hold_them_exactly(name, format, tmp_path):
    [written] = export({name: SMALL[name]}, tmp_path / f"x.{format}")
    loaded = load(tmp_path / f"x.{format}", name)
    assert written.dtype == loaded.dtype.name == {"int4": "int8", "uint2": "uint8"}.get(name, "float32")
    assert loaded.astype(SMALL[name].dtype).tobytes() == SMALL[name].tobytes()


@pytest.mark.parametrize("name", SMALL)
def test_raw_writes_their_bits(name, tmp_path):
    export({name: SMALL[name]}, tmp_path / "x.npy", raw=True)
    loaded = np.load(tmp_path / "x.npy")
    bits = {"bfloat16": np.uint16}.get(name, np.uint8)
    used = {"int4": 15, "uint2": 3}.get(name, 0xFFFF)
    assert loaded.dtype == bits
    np.testing.assert_array_equal(loaded, SMALL[name].view(bits) & bits(used & np.iinfo(bits).max))


def test_raw_leaves_other_types_alone(tmp_path):
    export({"matrix": ARRAYS["matrix"]}, tmp_path / "x.npy", raw=True)
    np.testing.assert_array_equal(np.load(tmp_path / "x.npy"), ARRAYS["matrix"])


def test_strings_become_bytes_of_a_fixed_width(tmp_path):
    words = texts(b"one", b"", b"\xffthree")
    [written] = export({"words": words}, tmp_path / "x.npy")
    assert written.dtype == "string"
    assert np.load(tmp_path / "x.npy").tolist() == words.tolist()
    assert np.load(tmp_path / "x.npy").dtype == np.dtype("S6")


def test_strings_that_a_fixed_width_would_cut_are_refused_with_a_way_out(tmp_path):
    with pytest.raises(RequestRefused, match="end in a zero byte") as caught:
        export({"words": texts(b"end\0", b"x")}, tmp_path / "x.npy")
    assert "--format csv" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_strings_that_would_blow_up_are_refused(tmp_path):
    with pytest.raises(RequestRefused, match="as long as the longest") as caught:
        export({"words": texts(*[b"x"] * 2000, b"y" * 1_000_000)}, tmp_path / "x.npz")
    assert caught.value.problem.code == "too-large"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["matrix", "vector", "step", "half", "big", "column", "flags"])
def test_csv_reads_back_to_the_same_values(name, tmp_path):
    export({name: ARRAYS[name]}, tmp_path / "x.csv")
    expected = np.atleast_1d(ARRAYS[name])
    loaded = np.loadtxt(tmp_path / "x.csv", delimiter=",", dtype=expected.dtype, ndmin=expected.ndim)
    np.testing.assert_array_equal(loaded, expected)


def test_csv_of_complex_numbers_reads_back(tmp_path):
    export({"complex": ARRAYS["complex"]}, tmp_path / "x.csv")
    loaded = [complex(text) for text in (tmp_path / "x.csv").read_text().strip().split(",")]
    assert loaded == ARRAYS["complex"].reshape(-1).tolist()


def test_csv_of_more_axes_has_a_line_for_each_element_with_its_index(tmp_path):
    kernel = ARRAYS["conv/kernel"]
    export({"kernel": kernel}, tmp_path / "x.csv")
    lines = (tmp_path / "x.csv").read_text().splitlines()
    assert lines[0] == "axis0,axis1,axis2,axis3,value"
    assert len(lines) == kernel.size + 1
    for line in lines[1:]:
        *index, value = line.split(",")
        assert np.float32(value) == kernel[tuple(map(int, index))]


def test_csv_of_strings_keeps_every_byte(tmp_path):
    words = texts(b'say "hi", twice', b"line\nbreak", b"", b"end\0", b"\xff\xfe")
    export({"words": words}, tmp_path / "x.csv")
    with (tmp_path / "x.csv").open(encoding="latin-1", newline="") as opened:
        assert [row[0].encode("latin-1") for row in csv.reader(opened)] == words.tolist()


def test_long_variables_are_written_block_by_block(tmp_path):
    values = random.normal(size=(3001, 701))
    export({"a": values}, tmp_path / "x.npy")
    export({"a": values[:600]}, tmp_path / "x.csv")
    np.testing.assert_array_equal(np.load(tmp_path / "x.npy"), values)
    np.testing.assert_array_equal(np.loadtxt(tmp_path / "x.csv", delimiter=","), values[:600])


def test_an_existing_file_is_left_alone_unless_forced(tmp_path):
    (tmp_path / "x.npy").write_bytes(b"precious")
    with pytest.raises(RequestRefused, match="is already there") as caught:
        export({"a": np.ones(3)}, tmp_path / "x.npy")
    assert caught.value.problem.code == "exists"
    assert (tmp_path / "x.npy").read_bytes() == b"precious"
    export({"a": np.ones(3)}, tmp_path / "x.npy", force=True)
    assert np.load(tmp_path / "x.npy").sum() == 3


def test_nothing_is_written_when_one_of_the_files_is_there(tmp_path):
    (tmp_path / "b.npy").write_bytes(b"precious")
    with pytest.raises(RequestRefused, match="is already there"):
        export({"a": np.ones(3), "b": np.ones(3)}, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["b.npy"]


def test_a_file_of_the_checkpoint_is_never_replaced(tmp_path):
    index = tmp_path / "model.npy"
    index.write_bytes(b"index")
    checkpoint = MemoryCheckpoint({"a": np.ones(3)})
    checkpoint.files = [index]
    with pytest.raises(RequestRefused, match="file of the checkpoint itself"):
        export_variables(checkpoint, checkpoint.variables, index, force=True)
    assert index.read_bytes() == b"index"


def test_several_variables_do_not_fit_into_one_npy(tmp_path):
    with pytest.raises(RequestRefused, match="can hold one variable only") as caught:
        export(ARRAYS, tmp_path / "x.npy")
    assert "npz" in caught.value.hint


def test_a_folder_may_have_a_dot_in_its_name(tmp_path):
    export(SMALL, tmp_path / "run.v2", format="npy")
    assert (tmp_path / "run.v2/int4.npy").exists()
    export({"a": np.ones(1)}, tmp_path / "one.v2", folder=True)
    assert (tmp_path / "one.v2/a.npy").exists()


def test_an_ending_that_names_no_format_is_refused(tmp_path):
    with pytest.raises(RequestRefused, match="does not end like a format"):
        export({"a": np.ones(3)}, tmp_path / "x.txt")
    export({"a": np.ones(3)}, tmp_path / "x.txt", format="csv")
    assert (tmp_path / "x.txt").read_text() == "1.0\n1.0\n1.0\n"


def test_a_format_that_contradicts_the_ending_is_refused(tmp_path):
    with pytest.raises(RequestRefused, match="ends like another format than csv") as caught:
        export({"a": np.ones(3)}, tmp_path / "k.npy", format="csv")
    assert "k.csv" in caught.value.hint
    with pytest.raises(RequestRefused, match="ends like another format than npy"):
        export({"a": np.ones(3), "b": np.ones(3)}, tmp_path / "k.npz", format="npy")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("target", ["no/x.npy", "no/such/x.npz"])
def test_a_single_file_needs_its_folder(target, tmp_path):
    with pytest.raises(RequestRefused, match="there is no folder") as caught:
        export({"a": np.ones(3)}, tmp_path / target)
    assert "Create the folder" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_fails_takes_its_folders_with_it(tmp_path):
    checkpoint = MemoryCheckpoint({"deep/down/a": np.ones(3)}, checksums={"deep/down/a": 1})
    with pytest.raises(DamagedFile):
        export_variables(checkpoint, checkpoint.variables, tmp_path / "out/in", folder=True)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_stays(tmp_path):
    checkpoint = MemoryCheckpoint({"a": np.ones(3), "b/c": np.ones(3)}, checksums={"b/c": 1})
    with pytest.raises(DamagedFile):
        export_variables(checkpoint, checkpoint.variables, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.npy"]


def test_more_axes_than_numpy_has_are_refused_for_npy_only(tmp_path):
    checkpoint = Deep({"deep": np.arange(3.0)})
    with pytest.raises(RequestRefused, match="65 axes"):
        export_variables(checkpoint, checkpoint.variables, tmp_path / "x.npy")
    export_variables(checkpoint, checkpoint.variables, tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_text().splitlines()[2] == "1," + "0," * 64 + "1.0"


def test_a_damaged_variable_leaves_no_file(tmp_path):
    checkpoint = MemoryCheckpoint({"a": np.ones(3), "b": np.ones(3)}, checksums={"a": 1})
    for target in ("x.npz", "out"):
        with pytest.raises(DamagedFile):
            export_variables(checkpoint, checkpoint.variables, tmp_path / target)
    assert list(tmp_path.iterdir()) == []


def test_the_others_are_written_where_refusals_are_told(tmp_path):
    refused = []
    written = export(
        {"a": np.ones(3), "words": texts(b"\0")},
        tmp_path / "x.npz",
        refused=lambda variable, error: refused.append(variable.name),
    )
    assert ([each.name for each in written], refused) == (["a"], ["words"])
    with np.load(tmp_path / "x.npz") as loaded:
        assert loaded.files == ["a"]


@pytest.mark.parametrize("target", ["x.npy", "x.npz", "x.csv", "x.safetensors"])
def test_a_cancelled_export_leaves_nothing(target, tmp_path):
    cancel = StopsSoon()
    with pytest.raises(Cancelled):
        export({"a": random.normal(size=2_000_000)}, tmp_path / target, cancel=cancel)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a folder that is closed to us")
def test_a_folder_that_cannot_be_written_says_so(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(RequestRefused, match="cannot be written: Permission denied"):
        export({"a": np.ones(3)}, tmp_path / "x.npy")


def test_a_target_below_a_file_says_so(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RequestRefused, match="cannot be written") as caught:
        export({"a": np.ones(3)}, tmp_path / "file/x.npy")
    assert caught.value.problem.code == "not-writable"


@pytest.mark.parametrize("format", ["npy", "npz"])
@pytest.mark.parametrize("leads_to", ["nowhere", os.devnull])
def test_a_folder_that_is_a_link_to_none_is_told_to_be_none(leads_to, format, tmp_path):
    folder = tmp_path / "out"
    folder.symlink_to(leads_to)
    with pytest.raises(RequestRefused, match=f"{re.escape(str(folder))} is no folder\\.$"):
        export({"a": np.ones(3)}, folder, folder=True, format=format)
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize("name", ["n" * 200 + ("/" + "n" * 200) * 30, "a/" * 1900 + "x"])
def test_a_name_too_deep_for_the_file_system_is_written_less_deep(name, tmp_path):
    (written,) = export({name: np.ones(3)}, tmp_path / "out")
    assert np.load(written.file).tolist() == [1, 1, 1]


def test_a_folder_too_deep_for_the_file_system_says_so(tmp_path):
    target = tmp_path / ("n" * 200 + ("/" + "n" * 200) * 15)
    with pytest.raises(RequestRefused, match="cannot be written: File name too long"):
        export({"n" * 200 + ("/" + "n" * 200) * 30: np.ones(3)}, target)


def test_a_name_longer_than_an_archive_takes_is_written_shortened(tmp_path):
    (written,) = export({"a/" * 40_000 + "x": np.ones(3)}, tmp_path / "out.npz")
    assert np.load(written.file)[written.key].tolist() == [1, 1, 1]


def test_suggested_names_end_like_their_format():
    variables = MemoryCheckpoint(ARRAYS).variables
    kernel = next(each for each in variables if each.name == "conv/kernel")
    assert default_file_name([kernel]) == "conv_kernel.npy"
    assert default_file_name([kernel], "csv") == "conv_kernel.csv"
    assert default_file_name(variables) == "variables.npz"


def test_files_have_the_permissions_that_new_files_have(tmp_path):
    (tmp_path / "plain").write_text("")
    export({"a": np.ones(3)}, tmp_path / "x.npy")
    assert (tmp_path / "x.npy").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize("format", ["npy", "npz", "safetensors"])
def test_memory_does_not_grow_with_the_variable(format, tmp_path):
    checkpoint = OnDisk(tmp_path / "data", 96 << 20)
    tracemalloc.start()
    try:
        export_variables(checkpoint, checkpoint.variables, tmp_path / f"x.{format}")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (tmp_path / f"x.{format}").stat().st_size > 96 << 20
    assert peak < 24 << 20


def load(path: Path, name: str) -> np.ndarray:
    if path.suffix == ".safetensors":
        return safetensors.numpy.load_file(path)[name]
    loaded = np.load(path)
    return loaded[name] if path.suffix == ".npz" else loaded


class Deep(MemoryCheckpoint):
    """Its variables have 64 more axes of length 1."""

    def __init__(self, arrays):
        super().__init__(arrays)
        self.variables = tuple(replace(each, shape=each.shape + (1,) * 64) for each in self.variables)

    def pieces(self, variable):
        shape = variable.shape
        return [replace(piece, shape=shape, start=(0,) * len(shape)) for piece in super().pieces(variable)]


class OnDisk(MemoryCheckpoint):
    """One float32 variable of so many zero bytes, in a file that takes no space."""

    def __init__(self, path, size):
        super().__init__({"zeros": np.zeros(1, "f")})
        with path.open("wb") as handle:
            handle.truncate(size)
        self._piece = Piece(LocalFile(path), 0, size, (0,), (size // 4,), "float32", None)
        self.variables = (replace(self.variables[0], shape=self._piece.shape, nbytes=size),)

    def pieces(self, variable):
        return [self._piece]


class StopsSoon(CancelToken):
    """Cancels itself as soon as some of the work is done."""

    def report(self, done: int, total: int) -> None:
        self.cancel()
        super().report(done, total)
