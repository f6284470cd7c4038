"""Variants that TensorFlow wrote: their bytes are checked, and what they are is told."""

from pathlib import Path

import pytest

from ckpt_viewer.analysis.verify import verify
from ckpt_viewer.errors import DamagedFile, Malformed, OpaqueValues, UnsupportedFeature
from ckpt_viewer.formats.bundle.bundle_v2 import open_bundle
from ckpt_viewer.formats.values.variants import check_variants, type_name
from tests.corpus import SAMPLES

SAMPLE = SAMPLES / "variant" / "variant"


def stored() -> tuple[bytes, int]:
    """The bytes of the sample's variant, and its checksum."""
    with open_bundle(SAMPLE) as checkpoint:
        variable = checkpoint.find("list")
    data = SAMPLE.with_name("variant.data-00000-of-00001").read_bytes()
    assert variable.offset is not None
    assert variable.crc32c is not None
    return data[variable.offset : variable.offset + variable.nbytes], variable.crc32c


def test_the_checksums_tensorflow_stored_are_found_right() -> None:
    raw, checksum = stored()
    check_variants(raw, 1, checksum)
    assert type_name(raw) == "tensorflow::TensorList"


def test_every_changed_byte_is_noticed() -> None:
    raw, checksum = stored()
    for place in range(len(raw)):
        changed = bytearray(raw)
        changed[place] ^= 1
        with pytest.raises(Malformed):
            check_variants(bytes(changed), 1, checksum)


@pytest.mark.parametrize(("cut", "count"), [(-1, 1), (0, 2), (0, 1 << 40)])
def test_too_few_bytes_are_noticed(cut: int, count: int) -> None:
    raw, checksum = stored()
    with pytest.raises(Malformed):
        check_variants(raw[: len(raw) + cut], count, checksum)


def test_bytes_that_belong_to_no_element_are_noticed() -> None:
    raw, checksum = stored()
    with pytest.raises(Malformed, match="3 bytes are left"):
        check_variants(raw + b"abc", 1, checksum)


def test_reading_one_says_what_it_is_and_whether_it_is_damaged(tmp_path: Path) -> None:
    with open_bundle(SAMPLE) as checkpoint:
        with pytest.raises(OpaqueValues, match="tensorflow::TensorList"):
            checkpoint.read("list")
        found = {check.name: check.status for check in verify(checkpoint).variables}
        assert found == {"list": "ok", "plain": "ok"}
    data = bytearray(SAMPLE.with_name("variant.data-00000-of-00001").read_bytes())
    data[40] ^= 1
    (tmp_path / "m.data-00000-of-00001").write_bytes(data)
    (tmp_path / "m.index").write_bytes(SAMPLE.with_name("variant.index").read_bytes())
    with open_bundle(tmp_path / "m") as checkpoint:
        with pytest.raises(DamagedFile, match="element 0 does not match its checksum"):
            checkpoint.read("list")
        with pytest.raises(UnsupportedFeature) as unchecked:
            checkpoint.read("list", verify=False)
        assert not isinstance(unchecked.value, OpaqueValues)
        assert {check.name: check.status for check in verify(checkpoint).variables}["list"] == "damaged"
