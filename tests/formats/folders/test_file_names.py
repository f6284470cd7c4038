"""Names of the files of a save, as TensorFlow and people make them."""

import pytest

from ckpt_viewer.formats.folders import file_names
from ckpt_viewer.formats.folders.file_names import FileName, family_of, parse, step_of


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("model.ckpt-7.index", FileName("model.ckpt-7", "index")),
        ("model.ckpt-7.meta", FileName("model.ckpt-7", "meta")),
        ("m.data-00001-of-00002", FileName("m", "data", 1, 2)),
        ("m-00001-of-00002", FileName("m", "v1-shard", 1, 2)),
        ("odd.index.index", FileName("odd.index", "index")),
        ("m..index", FileName("m.", "index")),
        ("-1.index", FileName("-1", "index")),
        ("m.data-00000-of-00001.tempstate1234567890", FileName("m", "leftover")),
        ("m.index.tempstate9", FileName("m", "leftover")),
        ("m.meta.tmp0123456789abcdef0123456789abcdef", FileName("m", "leftover")),
        ("m.part-00000-of-00001.data-00000-of-00001", FileName("m", "leftover")),
        ("old.tempstate17", FileName("old", "leftover")),
        ("checkpoint.tmp0123456789abcdef0123456789abcdef", FileName("checkpoint", "temporary")),
        ("checkpoint", FileName("checkpoint", "other")),
        (".index", FileName("", "index")),
        (".meta", FileName("", "meta")),
        ("a\nb.index", FileName("a\nb", "index")),
        ("m.data-0001-of-0002", FileName("m.data-0001-of-0002", "other")),
        ("m-00000-of-00000", FileName("m-00000-of-00000", "other")),
        ("m.data-00000-of-00000", FileName("m.data-00000-of-00000", "other")),
    ],
)
def test_a_name_is_taken_apart(name: str, expected: FileName) -> None:
    assert parse(name) == expected


@pytest.mark.parametrize(
    ("prefix", "family", "step"),
    [
        ("model.ckpt-1000", "model.ckpt", 1000),
        ("model--5", "model-", 5),
        ("-3", "", 3),
        ("-model", "-model", None),
        ("model", "model", None),
        ("model-", "model-", None),
        ("a-b-7", "a-b", 7),
        ("m-٣", "m-٣", None),
        ("checkpoint", "checkpoint", None),
    ],
)
def test_the_step_is_what_follows_the_last_dash(prefix: str, family: str, step: int | None) -> None:
    assert (family_of(prefix), step_of(prefix)) == (family, step)


def test_the_pattern_of_v1_shards_reads_back() -> None:
    assert file_names.v1_pattern("v1sh-2", 2) == "v1sh-2-?????-of-00002"
    assert file_names.parse_v1_pattern("v1sh-2-?????-of-00002") == ("v1sh-2", 2)
    assert file_names.parse_v1_pattern("v1sh-2") is None


@pytest.mark.parametrize("data", [True, False])
def test_shard_names_read_back(data: bool) -> None:
    parsed = parse(file_names.shard_name("m", 3, 100_000, data=data))
    assert (parsed.prefix, parsed.shard, parsed.shards) == ("m", 3, 100_000)


def test_only_names_with_the_ending_are_temporary_folders() -> None:
    assert file_names.temp_folder_prefix("m_temp") == "m"
    assert file_names.temp_folder_prefix(f"m_temp_{'0a' * 16}") == "m"
    assert file_names.temp_folder_prefix("m_temporary") is None
