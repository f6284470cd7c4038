import numpy as np
import pytest
from PySide6.QtGui import QImage

from ckpt_viewer.errors import CheckpointError, DamagedFile
from ckpt_viewer.ui.plot_file import HEIGHT, WIDTH, save_plot
from tests.memory_checkpoint import MemoryCheckpoint
from tests.ui.value_parts import checkpoint, damaged_checkpoint

pytestmark = pytest.mark.usefixtures("qapp")


def drawn(tmp_path, name, kind, opened=None):
    opened = opened or checkpoint()
    target = tmp_path / "plot.png"
    save_plot(opened, opened.find(name), kind, target)
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
