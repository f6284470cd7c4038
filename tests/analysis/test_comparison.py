"""Pairs from indexes alone, and what reading both sides makes of them."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from ckpt_viewer.analysis import comparison
from ckpt_viewer.analysis.comparison import compare, measure, pair_up
from ckpt_viewer.analysis.name_map import EmaRule, NameMap, PrefixRule, parse_name_map
from ckpt_viewer.cancellation import Cancelled, CancelToken
from ckpt_viewer.errors import MissingShard
from ckpt_viewer.formats.protos.tensor_bundle_pb2 import BundleEntryProto, BundleHeaderProto
from ckpt_viewer.formats.readers import open_checkpoint
from ckpt_viewer.formats.storage.checksums import crc32c, mask
from ckpt_viewer.formats.values.slice_keys import encode_slice_key
from tests.bundle_writer import masked, table, write_bundle
from tests.corpus import SAMPLES
from tests.memory_checkpoint import MemoryCheckpoint


def stored(before_read=None, **arrays):
    values = {name: np.asarray(array) for name, array in arrays.items()}
    checksums = {
        name: mask(crc32c(array.tobytes())) for name, array in values.items() if array.dtype != object
    }
    return MemoryCheckpoint(values, checksums=checksums, before_read=before_read)


def refuse(cancel):
    raise AssertionError("a value was read")


def told(pairs):
    return [(pair.name, pair.status, pair.how) for pair in pairs]


def test_the_indexes_alone_tell_what_is_equal():
    a = stored(refuse, same=[1.0], changed=[1.0], shape=[1.0], dtype=[1.0], gone=[1.0])
    b = stored(refuse, same=[1.0], changed=[2.0], shape=[1.0, 2.0], dtype=[1], new=[1.0])
    paired = pair_up(a, b)
    assert told(paired.pairs) == [
        ("changed", "changed", "checksum"),
        ("dtype", "dtype", "checksum"),
        ("gone", "only-a", "checksum"),
        ("new", "only-b", "checksum"),
        ("same", "identical", "checksum"),
        ("shape", "shape", "checksum"),
    ]
    assert set(paired.counts.values()) == {1}


def test_equal_checksums_are_believed_unless_told_otherwise():
    a, b = stored(refuse, x=[1.0, 2.0]), stored(refuse, x=[1.0, 2.0])
    assert told(compare(a, b)) == [("x", "identical", "checksum")]
    (pair,) = compare(stored(x=[1.0, 2.0]), stored(x=[1.0, 2.0]), exact=True)
    assert (pair.status, pair.how, pair.difference.changed) == ("identical", "bytes", 0)


def test_without_checksums_the_bytes_are_read():
    a, b = MemoryCheckpoint({"x": [1, 2], "y": [3]}), MemoryCheckpoint({"x": [1, 2], "y": [4]})
    assert told(compare(a, b)) == [("x", "identical", "bytes"), ("y", "changed", "bytes")]


def test_a_zero_of_the_other_sign_is_no_change_of_value():
    (pair,) = compare(stored(x=[0.0, 1.0]), stored(x=[-0.0, 1.0]))
    assert (pair.status, pair.how) == ("identical", "bytes")


def test_large_variables_are_measured_in_spans():
    a = np.random.default_rng(0).normal(size=(1000, 700)).astype(np.float32)
    b = a.copy()
    b[::100] += np.float32(0.25)
    checkpoints, cancel = (stored(x=a), stored(x=b)), CancelToken()
    pair = measure(*checkpoints, pair_up(*checkpoints).pairs[0], cancel=cancel)
    gaps = b.astype(np.float64) - a
    assert pair.difference.changed == np.count_nonzero(gaps)
    assert pair.difference.max_abs == np.abs(gaps).max()
    assert pair.difference.rms == pytest.approx(np.sqrt(np.mean(gaps**2)))
    assert pair.difference.relative == pytest.approx(np.linalg.norm(gaps) / np.linalg.norm(a.astype(float)))
    assert cancel.progress == 1.0


def changed_afterwards(values, stored_of):
    return MemoryCheckpoint({"x": values}, checksums={"x": mask(crc32c(stored_of.tobytes()))})


@pytest.mark.parametrize("dtype", [np.float32, np.int64, np.bool_])
def test_a_side_that_is_not_what_was_saved_is_told(dtype):
    saved = (np.arange(700_000) % 3).astype(dtype)
    values = saved.copy()
    values[600_000] = not values[600_000]
    good, bad = stored(x=saved), changed_afterwards(values, saved)
    (pair,) = compare(good, bad, exact=True)
    assert (pair.status, pair.difference.changed, pair.problem) == ("changed", 1, None)
    [damage] = pair.damage
    assert damage.code == "bad-checksum"
    assert f"0x{bad.find('x').crc32c:08x} is stored" in damage.message
    assert [pair.damage for pair in compare(good, stored(x=saved), exact=True)] == [()]


@pytest.mark.parametrize("place", [0, 999, 1000, 2000, 6499, 6999])
def test_a_wrong_byte_is_told_in_whatever_step_it_lies(monkeypatch, place):
    monkeypatch.setattr(comparison, "_STEP_BYTES", 4000)
    monkeypatch.setattr(comparison, "_STEPS", 2)
    saved = np.random.default_rng(place).normal(size=7000).astype(np.float32)
    values = saved.copy()
    values[place] += 1
    other = stored(x=saved[::-1].copy())
    (good,), (bad,) = compare(other, stored(x=saved)), compare(other, changed_afterwards(values, saved))
    assert (good.damage, [damage.code for damage in bad.damage]) == ((), ["bad-checksum"])
    gaps = np.abs(values.astype(np.float64) - saved[::-1])
    assert (bad.difference.max_abs, bad.difference.changed) == (gaps.max(), np.count_nonzero(gaps))
    assert bad.difference.mean_abs == pytest.approx(gaps.mean(), rel=1e-12)


def test_both_sides_are_told_where_both_are_not_what_was_saved():
    saved = np.arange(9.0)
    sides = [changed_afterwards(saved + number, saved - number) for number in (1, 2)]
    (pair,) = compare(*sides)
    for side, damage in zip(sides, pair.damage, strict=True):
        assert f"0x{side.find('x').crc32c:08x} is stored" in damage.message


def test_every_pair_keeps_its_own_sums():
    many = {f"v{number:02}": np.arange(number) for number in range(40)}
    pairs = list(compare(MemoryCheckpoint(many), MemoryCheckpoint({name: v + 1 for name, v in many.items()})))
    assert [pair.difference.changed for pair in pairs] == list(range(40))


def test_an_unreadable_side_is_the_problem_of_its_pair():
    def fail(cancel):
        raise MissingShard("m.data-00000-of-00001 is not there.")

    first, second = compare(stored(x=[1.0], y=[1.0]), stored(fail, x=[2.0], y=[1.0]))
    assert (first.problem.code, first.difference, second.problem) == ("missing-shard", None, None)


def test_a_size_that_no_file_has_is_one_problem_at_once(tmp_path):
    sides = []
    for number, checksum in enumerate((1, 2)):
        prefix = tmp_path / f"m-{number}"
        header = BundleHeaderProto(num_shards=1)
        header.version.producer = 1
        entry = BundleEntryProto(dtype=6, size=2**63 - 1, crc32c=checksum)
        entry.shape.dim.add(size=2**63 - 1)
        records = [(b"", header.SerializeToString()), (b"huge", entry.SerializeToString())]
        prefix.with_name(f"{prefix.name}.index").write_bytes(table(records))
        prefix.with_name(f"{prefix.name}.data-00000-of-00001").write_bytes(bytes(100_000))
        sides.append(open_checkpoint(prefix))
    with sides[0], sides[1]:
        (pair,) = compare(*sides)
    assert pair.problem.code == "truncated"


def test_cancelling_is_no_problem_of_a_pair():
    cancel = CancelToken()
    a, b = stored(lambda token: cancel.cancel(), x=np.arange(9)), stored(x=np.zeros(9, np.int64))
    with pytest.raises(Cancelled):
        list(compare(a, b, cancel=cancel))


def test_leaving_early_leaves_nothing_running():
    a, b = MemoryCheckpoint({"x": np.arange(9), "y": np.arange(9)}), MemoryCheckpoint({"x": np.arange(9)})
    pairs = compare(a, b)
    next(pairs)
    pairs.close()


def test_strings_have_counts_only():
    a, b = (MemoryCheckpoint({"s": np.array(words, object)}) for words in ([b"x", b"y"], [b"x", b"z"]))
    (pair,) = compare(a, b)
    assert (pair.status, pair.difference.changed, pair.difference.rms) == ("changed", 1, None)


def test_names_that_rules_make_come_before_equal_ones():
    a = stored(**{"w": [1.0], "w/ExponentialMovingAverage": [2.0], "old/x": [3.0]})
    b = stored(**{"w": [2.0], "new/x": [3.0]})
    names = NameMap(rules=(EmaRule(), PrefixRule("old/", "new/")))
    pairs = [
        (pair.a and pair.a.name, pair.b and pair.b.name, pair.status) for pair in pair_up(a, b, names).pairs
    ]
    assert pairs == [
        ("old/x", "new/x", "identical"),
        ("w", None, "only-a"),
        ("w/ExponentialMovingAverage", "w", "identical"),
    ]


@pytest.mark.parametrize(
    ("rules", "partners"),
    [
        ("x = x\nprefix:old/ = ", {"x": "x"}),
        ("prefix:old/ = ", {"old/x": "x"}),
        ("old/x = x\nx = x", {"old/x": "x"}),
        ("y = x\nprefix:old/ = ", {"y": "x"}),
    ],
)
def test_exact_names_come_before_all_others(rules, partners):
    a, b = stored(**{name: [1.0] for name in ("old/x", "x", "y")}), stored(x=[1.0])
    pairs = pair_up(a, b, parse_name_map(rules, Path("names"))).pairs
    assert {pair.a.name: pair.b.name for pair in pairs if pair.b} == partners


def test_slices_are_compared_by_the_checksum_of_each():
    with open_checkpoint(SAMPLES / "partitioned") as one, open_checkpoint(SAMPLES / "partitioned") as other:
        pairs = pair_up(one, other).pairs
    assert any(pair.a.slices for pair in pairs)
    assert {(pair.status, pair.how) for pair in pairs} == {("identical", "checksum")}


@pytest.mark.parametrize("sample", ["partitioned/model.ckpt-9", "partitioned/merged"])
def test_slices_of_equal_checksums_need_no_data_file(tmp_path, sample):
    for side in "ab":
        shutil.copy(SAMPLES / f"{sample}.index", tmp_path / f"{side}.index")
    with open_checkpoint(tmp_path / "a") as one, open_checkpoint(tmp_path / "b") as other:
        pairs = list(compare(one, other))
    assert any(pair.a.slices for pair in pairs)
    assert {(pair.status, pair.how, pair.problem) for pair in pairs} == {("identical", "checksum", None)}


@pytest.mark.parametrize(
    ("cuts", "status"),
    [((2, 4), ("identical", "checksum")), ((3, 3), ("changed", "bytes"))],
)
def test_slices_tell_only_where_they_are_cut_alike(tmp_path, cuts, status):
    values = np.arange(6, dtype=np.float32)
    sides = [write_slices(tmp_path / "a", values, (2, 4)), write_slices(tmp_path / "b", values, cuts)]
    with open_checkpoint(sides[0]) as one, open_checkpoint(sides[1]) as other:
        assert told(pair_up(one, other).pairs) == [("w", *status)]


def test_slices_of_other_checksums_are_changed(tmp_path):
    sides = [
        write_slices(tmp_path / f"{add}", np.arange(6, dtype=np.float32) + add, (2, 4)) for add in (0, 1)
    ]
    with open_checkpoint(sides[0]) as one, open_checkpoint(sides[1]) as other:
        assert told(pair_up(one, other).pairs) == [("w", "changed", "checksum")]


def write_slices(prefix, values, lengths):
    """The index of one partitioned variable; its data file was never there."""
    whole = BundleEntryProto(dtype=1)
    whole.shape.dim.add(size=values.size)
    records, start = [], 0
    for length in lengths:
        whole.slices.add().extent.add(start=start, length=length)
        content = values[start : start + length].tobytes()
        piece = BundleEntryProto(dtype=1, offset=4 * start, size=len(content), crc32c=masked(content))
        piece.shape.dim.add(size=length)
        records.append((encode_slice_key(b"w", [(start, length)]), piece.SerializeToString()))
        start += length
    header = BundleHeaderProto(num_shards=1).SerializeToString()
    records = sorted([(b"", header), (b"w", whole.SerializeToString()), *records])
    prefix.with_name(f"{prefix.name}.index").write_bytes(table(records))
    return prefix


def test_two_files_are_compared_from_their_indexes(tmp_path):
    a = write_bundle(tmp_path / "a", {"x": np.arange(6.0), "y": np.ones(3)})
    b = write_bundle(tmp_path / "b", {"x": np.arange(6.0), "y": np.zeros(3)})
    for data in tmp_path.glob("*.data-*"):
        data.rename(data.with_suffix(".away"))
    with open_checkpoint(a) as one, open_checkpoint(b) as other:
        assert told(pair_up(one, other).pairs) == [
            ("x", "identical", "checksum"),
            ("y", "changed", "checksum"),
        ]
        pairs = list(compare(one, other))
    assert pairs[0].problem is None
    assert pairs[1].problem.code in ("missing-shard", "not-found")
