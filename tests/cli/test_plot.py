import struct
import subprocess
import sys

import pytest

from tests.cli.conftest import SAMPLES

PNG = b"\x89PNG\r\n\x1a\n"


def plot(*words):
    program = [sys.executable, "-m", "ckpt_viewer", "plot", *map(str, words)]
    return subprocess.run(program, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("kind", ["histogram", "heatmap", "line"])
def test_a_picture_is_drawn_without_a_window(kind, tmp_path):
    target = tmp_path / "x.png"
    done = plot(SAMPLES / "run", "hidden/weights", "-o", target, "--kind", kind)
    assert (done.returncode, done.stderr) == (0, "")
    content = target.read_bytes()
    width, height = struct.unpack(">II", content[16:24])
    assert content.startswith(PNG)
    assert width >= 400
    assert height >= 300
    assert [path.name for path in tmp_path.iterdir()] == ["x.png"]


def test_its_document_says_what_was_drawn(tmp_path):
    import json

    done = plot(SAMPLES / "run", "hidden/weights", "-o", tmp_path / "x.png", "--json")
    assert json.loads(done.stdout) == {
        "path": f"{SAMPLES}/run/model.ckpt-20",
        "name": "hidden/weights",
        "kind": "histogram",
        "part": None,
        "file": str(tmp_path / "x.png"),
    }


def test_what_has_no_picture_is_refused(tmp_path):
    done = plot(SAMPLES / "strings/strings", "utf8", "-o", tmp_path / "x.png")
    assert done.returncode == 2
    assert done.stderr.startswith("ckpt-viewer: error: utf8 is of type string")
    assert not (tmp_path / "x.png").exists()


def test_only_pictures_are_replaced(cli, run_folder):
    index = run_folder / "model.ckpt-20.index"
    before = index.read_bytes()
    ran = cli("plot", run_folder, "hidden/weights", "-o", index)
    assert ran.status == 2
    assert "does not end in .png" in ran.err
    assert index.read_bytes() == before


def test_a_name_that_is_not_there_is_an_error(cli, tmp_path):
    assert cli("plot", SAMPLES / "run", "missing", "-o", tmp_path / "x.png").status == 2


def test_a_part_is_named_and_an_old_picture_kept(tmp_path):
    words = [SAMPLES / "run", "hidden/weights", "-o", tmp_path / "x.png", "--kind", "line", "--slice", "-1,:"]
    done = plot(*words)
    assert done.stdout == f"hidden/weights row 3 (0–3) → {tmp_path}/x.png\n"
    before = (tmp_path / "x.png").read_bytes()
    again = plot(*words)
    assert again.returncode == 2
    assert "is already there" in again.stderr
    assert (tmp_path / "x.png").read_bytes() == before
    assert plot(*words, "--force").returncode == 0


def test_a_picture_needs_its_folder(cli, tmp_path):
    ran = cli("plot", SAMPLES / "run", "hidden/weights", "-o", tmp_path / "no/x.png")
    assert ran.status == 2
    assert "there is no folder" in ran.err


def test_the_hint_at_a_slice_has_as_many_axes_as_the_variable(cli, tmp_path):
    words = ("hidden/weights", "-o", tmp_path / "x.png", "--kind", "heatmap", "--slice", "0")
    ran = cli("plot", SAMPLES / "run", *words)
    assert "--slice 0 has 1 axis; the variable has 2." in ran.err
    assert ran.err.endswith(" such as --slice 0,:.\n")
