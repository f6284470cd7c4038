import os

import ml_dtypes
import numpy as np
import pytest

from ckpt_viewer import open_checkpoint
from tests.bundle_writer import write_bundle
from tests.cli.conftest import KINDS, SAMPLES, flip

KEYS = {
    "name", "dtype", "shape", "count", "min", "max", "mean", "std",
    "zeros", "nan", "posinf", "neginf", "checksum",
}  # fmt: skip
NUMERIC = (
    "dtypes/all", "shapes/shapes", "run/model.ckpt-20", "partitioned/model.ckpt-9",
    "partitioned/merged", "objects/sharded",
)  # fmt: skip


def rows(document):
    return {each["name"]: each for each in document["variables"]}


@pytest.mark.parametrize("checkpoint", NUMERIC)
def test_figures_are_those_of_numpy(checkpoint, cli):
    ran = cli("stats", SAMPLES / checkpoint, "--json")
    assert (ran.status, ran.err) == (0, "")
    with open_checkpoint(SAMPLES / checkpoint) as opened:
        for name, row in rows(ran.document).items():
            assert row.keys() >= KEYS
            if row["dtype"] != "string":
                check(row, opened.read(name))


def check(row, values):
    if values.dtype.kind == "c":
        finite = np.abs(values[np.isfinite(values)].astype(np.complex128))
    else:
        wide = values.astype(np.float64)
        finite = wide[np.isfinite(wide)]
        counts = (np.isnan(wide).sum(), np.isposinf(wide).sum(), np.isneginf(wide).sum())
        assert (row["nan"], row["posinf"], row["neginf"]) == counts
    scale = 2.0**-600 if row["name"] == "float64" else 1.0  # numpy squares, which overflows
    assert row["count"] == values.size
    assert row["zeros"] == (values == 0).sum()
    assert row["checksum"] == "ok"
    if finite.size == 0:
        assert row["min"] is row["max"] is row["mean"] is row["std"] is None
        return
    found = [row[fact] * scale for fact in ("min", "max", "mean", "std")]
    mean = sum(values.reshape(-1).tolist()) / values.size if values.dtype.kind in "iu" else None
    finite = finite * scale
    expected = [finite.min(), finite.max(), finite.mean() if mean is None else mean, finite.std()]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_integers_are_exact(cli):
    row = rows(cli("stats", SAMPLES / "dtypes/all", "int64", "uint64", "--json").document)
    assert (row["int64"]["min"], row["int64"]["max"]) == (-(2**63), 2**63 - 1)
    assert row["uint64"]["max"] == 2**64 - 1


def test_only_what_is_named_is_read(cli):
    ran = cli("stats", SAMPLES / "run", "global_step", "hidden/biases", "--json")
    assert [each["name"] for each in ran.document["variables"]] == ["global_step", "hidden/biases"]


def test_strings_have_a_checksum_and_no_figures(cli):
    ran = cli("stats", SAMPLES / "strings/strings", "--json")
    assert ran.status == 0
    for row in ran.document["variables"]:
        assert row["checksum"] == "ok"
        assert {row[key] for key in KEYS - {"name", "dtype", "shape", "count", "checksum"}} == {None}


def test_old_formats_store_no_checksum(cli):
    samples = {"v1": "v1_files/old.ckpt-3", "frozen-graph": "graphs/frozen.pb"}
    for kind in samples.keys() & KINDS:
        ran = cli("stats", SAMPLES / samples[kind], "--json")
        assert {row["checksum"] for row in ran.document["variables"]} == {"none"}


def test_what_has_no_values_is_listed_without_figures(cli):
    ran = cli("stats", SAMPLES / "variant/variant", "--json")
    assert ran.status == 0
    assert rows(ran.document)["list"]["mean"] is None
    assert rows(ran.document)["plain"]["mean"] == 2


def test_a_wrong_checksum_is_shown_beside_the_values(cli, run_folder):
    flip(run_folder / "model.ckpt-20.data-00000-of-00001", 0)
    ran = cli("stats", run_folder, "--json")
    assert ran.status == 0
    found = [row for row in ran.document["variables"] if row["checksum"] == "wrong"]
    assert len(found) == 1
    assert found[0]["mean"] is not None
    assert found[0]["problem"]["code"] == "bad-checksum"
    assert f"0x{stored(run_folder, found[0]['name']):08x} is stored" in found[0]["problem"]["message"]
    assert ran.err.startswith(f"ckpt-viewer: problem: {found[0]['problem']['message']}\n")
    assert "unreadable" not in cli("stats", run_folder).out


def stored(checkpoint, name):
    with open_checkpoint(checkpoint) as opened:
        return opened.find(name).crc32c


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(cli, run_folder):
    data = run_folder / "model.ckpt-20.data-00000-of-00001"
    data.write_bytes(data.read_bytes()[:-100])
    ran = cli("stats", run_folder, "--json")
    assert ran.status == 2
    assert "model.ckpt-20.data-00000-of-00001" in ran.err
    path = run_folder / "model.ckpt-20"
    error, hint = ran.err.splitlines()[-2:]
    assert error.endswith(f" of 15 variables in {path} cannot be read.")
    assert hint == f"hint: ckpt-viewer verify {path} tells what is damaged."
    broken = [row for row in ran.document["variables"] if row["problem"]]
    assert 0 < len(broken) < 15
    assert {row["problem"]["code"] for row in broken} <= {"truncated", "bad-size"}
    assert all(row["mean"] is None for row in broken)
    assert "unreadable" in cli("stats", run_folder).out


def test_a_name_that_is_not_there_is_an_error_with_the_nearest(cli):
    ran = cli("stats", SAMPLES / "run", "hidden/weight")
    assert (ran.status, ran.out) == (2, "")
    assert "hint: Did you mean 'hidden/weights'" in ran.err


def test_the_name_people_gave_leads_to_the_key_it_is_stored_under(cli):
    ran = cli("stats", SAMPLES / "roles/keras/model", "net/d1/kernel", "--json")
    assert ran.status == 0
    assert [row["name"] for row in ran.document["variables"]] == [
        "optimizer/_trainable_variables/0/.ATTRIBUTES/VARIABLE_VALUE"
    ]


def test_no_nan_is_ever_printed(cli, tmp_path):
    values = {"nan": np.array([np.nan, np.inf], "f"), "none": np.zeros((0,), ml_dtypes.bfloat16)}
    write_bundle(tmp_path / "odd", values)
    row = rows(cli("stats", tmp_path / "odd", "--json").document)
    assert (row["nan"]["mean"], row["nan"]["nan"], row["nan"]["posinf"]) == (None, 1, 1)
    assert (row["none"]["min"], row["none"]["count"]) == (None, 0)


def test_text_is_a_table(cli):
    lines = cli("stats", SAMPLES / "run", "global_step").out.splitlines()
    assert lines[0] == f"{SAMPLES}/run/model.ckpt-20 · bundle · step 20"
    assert lines[2].split() == [
        "global_step",
        "int64",
        "scalar",
        "20",
        "20",
        "20",
        "0",
        "0",
        "0",
        "0",
        "0",
        "ok",
    ]


def test_a_data_file_that_was_cut_is_told_once_with_the_number_of_variables(cli, run_folder):
    os.truncate(run_folder / "model.ckpt-20.data-00000-of-00001", 20)
    ran = cli("stats", run_folder)
    unread = sum("unreadable" in line.split() for line in ran.out.splitlines())
    [told] = [line for line in ran.err.splitlines() if " ends after 20 bytes" in line]
    assert (ran.status, unread > 1) == (2, True)
    assert told.endswith(f" {unread} variables could not be read.")
