import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel

from ckpt_viewer.errors import CheckpointError, DamagedFile
from ckpt_viewer.ui import plot_file
from ckpt_viewer.ui.plot_file import HEIGHT, WIDTH, save_plot
from tests.memory_checkpoint import MemoryCheckpoint
from tests.ui.value_parts import checkpoint, damaged_checkpoint

pytestmark = pytest.mark.usefixtures("qapp")


def drawn(tmp_path, name, kind, opened=None):
    opened = opened or checkpoint()
    target = tmp_path / "plot.png"
    save_plot(opened, opened.find(name), kind, target, force=True)
    image = QImage(str(target))
    assert (image.width(), image.height()) == (WIDTH, HEIGHT)
    assert target.read_bytes().startswith(b"\x89PNG")
    return {image.pixelColor(x, y).name() for x in range(0, WIDTH, 7) for y in range(0, HEIGHT, 7)}


@pytest.mark.parametrize("kind", ["heatmap", "histogram", "line", None])
@pytest.mark.parametrize("name", ["kernel", "odd", "bias", "bits", "complex", "brain"])
def test_every_kind_draws_every_numeric_variable(tmp_path, name, kind):
    assert len(drawn(tmp_path, name, kind)) > 3


def test_without_a_kind_the_shape_decides(tmp_path):
    assert drawn(tmp_path, "odd", None) == drawn(tmp_path, "odd", "heatmap")
    assert drawn(tmp_path, "bias", None) == drawn(tmp_path, "bias", "line")


def test_the_brightest_and_darkest_element_have_the_ends_of_the_scale(tmp_path):
    values = np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8)
    colours = drawn(tmp_path, "v", "heatmap", MemoryCheckpoint({"v": values}))
    assert {"#440154", "#fde725"} <= colours


@pytest.mark.parametrize("name", ["constant", "nothing but nan", "step"])
def test_odd_values_are_counted_all_the_same(tmp_path, name):
    drawn(tmp_path, name, "histogram")


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("words", "histogram", "words is of type string, which has no picture."),
        ("empty", "heatmap", "empty has no elements to draw."),
        ("step", "heatmap", "step is a single number, which makes no heatmap."),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_one_sentence(tmp_path, name, kind, said):
    opened = checkpoint()
    with pytest.raises(CheckpointError) as refused:
        save_plot(opened, opened.find(name), kind, tmp_path / "plot.png")
    assert str(refused.value) == said
    assert list(tmp_path.iterdir()) == []


def test_damaged_bytes_are_not_drawn(tmp_path):
    opened = damaged_checkpoint()
    with pytest.raises(DamagedFile):
        save_plot(opened, opened.find("kernel"), "heatmap", tmp_path / "plot.png")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "kind", "part", "shown"),
    [
        ("odd", "line", None, "row 0 (0–4)"),
        ("odd", "line", "-1,:", "row 4 (0–4)"),
        ("odd", "line", ":,2", "column 2 (0–6)"),
        ("odd", "heatmap", None, ""),
        ("odd", "histogram", None, ""),
        ("deep", "heatmap", None, "[0, 0, :, :]"),
        ("deep", "heatmap", "1,:,2,:", "[1, :, 2, :]"),
        ("deep", "line", "1, :, 2, 4", "[1, :, 2, 4]"),
        ("deep", "heatmap", "1,2,3,:", "[1, 2, 3, :]"),
    ],
)
def test_the_title_says_which_part_is_shown(tmp_path, monkeypatch, name, kind, part, shown):
    odd, deep = np.arange(35.0).reshape(5, 7), np.arange(120.0).reshape(2, 3, 4, 5)
    opened, titles = MemoryCheckpoint({"odd": odd, "deep": deep}), []
    drawn_page = plot_file._drawn

    def look(app, page):
        titles.append(page.findChild(QLabel, "title").text())
        return drawn_page(app, page)

    monkeypatch.setattr(plot_file, "_drawn", look)
    assert save_plot(opened, opened.find(name), kind, tmp_path / "plot.png", part=part) == shown
    assert titles == [f"{name}   {shown}".rstrip()]


def test_a_slice_shows_its_own_values(tmp_path):
    values = np.zeros((2, 8, 8))
    values[1] = np.linspace(0, 1, 64).reshape(8, 8)
    opened = MemoryCheckpoint({"v": values})
    files = [tmp_path / "first.png", tmp_path / "second.png"]
    for place, file in enumerate(files):
        save_plot(opened, opened.find("v"), "heatmap", file, part=f"{place},:,:")
    assert files[0].read_bytes() != files[1].read_bytes()


@pytest.mark.parametrize(
    ("kind", "part", "said"),
    [
        ("heatmap", "0,:", "--slice 0,: has 2 axes; the variable has 3."),
        ("heatmap", ":,:,:", "--slice :,:,: leaves 3 axes free; a heatmap needs 1 or 2."),
        ("line", "0,:,:", "--slice 0,:,: leaves 2 axes free; a line needs 1."),
        ("heatmap", "2,:,:", "There is no index 2 on axis 0, which has 2."),
        ("heatmap", "x,:,:", "'x' in --slice is neither an index nor `:`."),
        ("histogram", "0,:,:", "A histogram is of all elements, not of a slice."),
    ],
)
def test_a_slice_that_is_none_is_refused(tmp_path, kind, part, said):
    opened = MemoryCheckpoint({"v": np.zeros((2, 3, 4))})
    with pytest.raises(CheckpointError) as refused:
        save_plot(opened, opened.find("v"), kind, tmp_path / "plot.png", part=part)
    assert str(refused.value) == said
    assert refused.value.hint


def test_a_picture_that_is_there_is_left_alone_unless_forced(tmp_path):
    opened, target = checkpoint(), tmp_path / "plot.png"
    target.write_text("precious")
    with pytest.raises(CheckpointError, match="is already there"):
        save_plot(opened, opened.find("bias"), "line", target)
    assert target.read_text() == "precious"
