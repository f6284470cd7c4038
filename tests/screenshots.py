"""Render the window's main states for people to look at.

    python -m tests.screenshots [OUT] [--only NAME]

Light and dark, at 1280×800 and 2560×1440, over the sample run and over files nobody wishes for. Fails
where a state cannot be reached or Qt complains.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QSize, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QTreeView

from ckpt_viewer import open_checkpoint
from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.state import ComparisonDocument, RunDocument
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.app import open_window
from ckpt_viewer.ui.main_window import MainWindow
from ckpt_viewer.ui.panels.timeline_plots import TimelinePlots
from ckpt_viewer.ui.widgets.comparison_head import ComparisonHead
from ckpt_viewer.ui.widgets.graph_lists import GraphLists
from ckpt_viewer.ui.widgets.pair_histogram import PairHistogram
from tests.bundle_writer import write_bundle

SIZES = (QSize(1280, 800), QSize(2560, 1440))
SCHEMES: tuple[theme.Scheme, ...] = ("light", "dark")
PATIENCE = 30.0  # seconds until a state counts as unreachable
SAMPLES = Path(__file__).parent / "samples"
KERAS_SLOT = "optimizer/_variables/7/.ATTRIBUTES/VARIABLE_VALUE"
LONG = "/".join(["model", "a_scope_whose_name_goes_on_and_on"] * 6) + "/kernel"


@dataclass(frozen=True)
class Scene:
    """One state: what is opened, then what is done to get there."""

    name: str
    paths: Callable[[Path], list[Path]]
    reach: Callable[[MainWindow], None]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", nargs="?", type=Path, default=Path("screenshots"))
    parser.add_argument("--only", default="", help="the scenes whose name contains this")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    complaints: list[str] = []
    qInstallMessageHandler(lambda kind, _context, text: _hear(kind, text, complaints))
    app = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CKPT_VIEWER_CONFIG"] = str(Path(folder) / "config")
        material = make_material(Path(folder) / "models")
        for scheme in SCHEMES:
            theme.apply(app, scheme)
            for scene in SCENES:
                if arguments.only in scene.name:
                    shoot(scene, scheme, material, arguments.out)
    qInstallMessageHandler(None)
    print(*complaints, sep="\n")
    return 1 if complaints else 0


def shoot(scene: Scene, scheme: str, material: Path, out: Path) -> None:
    for size in SIZES:
        shutil.rmtree(os.environ["CKPT_VIEWER_CONFIG"], ignore_errors=True)
        window = open_window(scene.paths(material))
        window.setProperty("material", material)
        theme.apply(QApplication.instance(), scheme)
        window.resize(size)
        settle(window)
        scene.reach(window)
        settle(window)
        target = out / f"{scene.name}-{scheme}-{size.width()}.png"
        picture(window).save(str(target))
        print(target)
        for dialog in window.findChildren(QDialog):
            dialog.close()
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def picture(window: MainWindow) -> QPixmap:
    """The window with its open dialog, if any, drawn over its middle."""
    image = window.grab()
    for dialog in window.findChildren(QDialog):
        if dialog.isVisible():
            over = dialog.grab()
            corner = (image.width() - over.width()) // 2, (image.height() - over.height()) // 2
            painter = QPainter(image)
            painter.drawPixmap(*corner, over)
            painter.end()
    return image


def settle(window: MainWindow) -> None:
    """Wait until nothing has run for a little while."""
    started, quiet = time.monotonic(), 0
    while quiet < 12:
        QTest.qWait(25)
        quiet = 0 if window.tasks.any_busy() else quiet + 1
        if time.monotonic() - started > PATIENCE:
            raise TimeoutError("the window does not come to rest")


def make_material(folder: Path) -> Path:
    """Files nobody wishes for, below one folder."""
    chance = np.random.default_rng(3)
    normal = chance.normal(size=(64, 96)).astype(np.float32)
    broken = normal.copy()
    broken[10:20, 30:50] = np.nan
    broken[40, :] = np.inf
    broken[:, 80] = -np.inf
    outlier = chance.random((2048, 2048)).astype(np.float32)
    outlier[600, 1400] = 1000
    write_bundle(
        folder / "odd" / "odd.ckpt-7",
        {
            "all_nan": np.full((40, 40), np.nan, np.float32),
            "broken": broken,
            "constant": np.full((32, 32), 0.25, np.float32),
            "empty": np.zeros((0, 128), np.float32),
            "scalar": np.float32(0.001),
            "one_outlier": np.where(
                np.arange(1 << 22).reshape(2048, 2048) == 1234567, 1000, chance.random((2048, 2048))
            ).astype(np.float32),
            "wide_integers": chance.integers(-(2**62), 2**62, (50, 8)),
            "flags": chance.random((30, 30)) > 0.7,
            LONG: normal,
            LONG + "/Adam": normal,
            LONG + "/Adam_1": normal,
            "<b>bold</b> & <img src=x>": normal[:3],
            "语言模型/嵌入/権重": normal[:20],
            "evil\u202egnp.exe\x1b[31m\nname": normal[:2],
        },
    )
    write_bundle(
        folder / "big" / "big.ckpt-100000",
        {f"tower_{i % 8}/block_{i // 8:05}/layer/kernel": normal[:2, :3] for i in range(20_000)},
    )
    for step in ("1000", "2000"):
        for file in sample_run().glob(f"digits-{step}.*"):
            for name in ("no_data", "damaged", "copy"):
                (folder / name).mkdir(parents=True, exist_ok=True)
                shutil.copy(file, folder / name / file.name)
    (folder / "no_data" / "digits-2000.data-00000-of-00001").unlink()
    data = folder / "damaged" / "digits-2000.data-00000-of-00001"
    with open_checkpoint(folder / "damaged" / "digits-2000") as checkpoint:
        offset = checkpoint.find("conv2/kernel").offset or 0
    content = data.read_bytes()
    data.write_bytes(content[:offset] + b"damage" + content[offset + 6 :])
    make_other_save(folder / "other_save", normal)
    make_pairs(folder / "pairs", normal)
    make_odd_run(folder / "odd_run")
    (folder / "foreign").mkdir()
    (folder / "foreign" / "model.ckpt-1.index").write_bytes(b"<!DOCTYPE html><html>404</html>" * 9)
    (folder / "nothing").mkdir()
    (folder / "nothing" / "weights.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(64))
    (folder / "nothing" / "notes.txt").write_text("nothing here")
    return folder


def make_other_save(folder: Path, normal: np.ndarray) -> None:
    """Data of another save, and a state file that leads elsewhere."""
    names = [LONG, LONG + "/Adam", "<b>bold</b> & <img src=x>", "evil\u202egnp.exe\x1b[31m\nname"]
    names += [f"tower/block_{number}/kernel" for number in range(2000)]
    write_bundle(folder / "later" / "m-9", dict.fromkeys(names, normal[:3] + 1))
    write_bundle(folder / "m-9", dict.fromkeys(names, normal[:3]))
    data = "m-9.data-00000-of-00001"
    shutil.copy(folder / "later" / data, folder / data)
    (folder / "m-9.data-00001-of-00002").touch()
    (folder / "checkpoint").write_text('model_checkpoint_path: "/srv/training/run-7/m-9"\n')
    shutil.rmtree(folder / "later")


def make_pairs(folder: Path, normal: np.ndarray) -> None:
    """Two checkpoints that differ in every way there is."""
    chance = np.random.default_rng(4)
    huge = chance.normal(size=(3000, 2400)).astype(np.float32)
    both = {
        "same": normal,
        "flags": normal > 0,
        LONG: normal,
        "row": normal[0],
    }
    broken = normal.copy()
    broken[3:9, 4:20] = np.nan
    write_bundle(
        folder / "old_model.ckpt-100",
        {
            **both,
            "embedding": normal,
            "only_here/kernel": normal,
            "scalar": np.float32(1.5),
            "broken": normal,
            "huge": huge,
            "precision": normal,
        },
    )
    write_bundle(
        folder / "new_model.ckpt-200",
        {
            **both,
            LONG: normal * 1.01,
            "embedding": normal[:40, :48],
            "added/kernel": normal[:8, :8],
            "scalar": np.float32(1.25),
            "broken": broken,
            "huge": huge + 0.01,
            "precision": normal.astype(np.float64),
            "row": normal[0] * -1,
        },
    )


def make_odd_run(folder: Path) -> None:
    """A long run in which things go wrong: data that are gone, saves without the variable, NaN at last."""
    chance = np.random.default_rng(5)
    values = np.zeros((64, 48), np.float32)
    for step in range(1000, 25_000, 1000):
        values = values + chance.normal(0.002 * step / 1000, 0.02, values.shape).astype(np.float32)
        shown = values.copy()
        if step >= 21_000:
            shown[: step // 4000, 3:9] = np.nan
            shown[7, 7] = np.inf if step == 23_000 else 0
        arrays = {"kernel": shown[:, :40] if step == 2000 else shown, "bias": shown[0]}
        if step in (7000, 8000):
            del arrays["kernel"]
        write_bundle(folder / f"digits-{step}", arrays)
    (folder / "digits-12000.data-00000-of-00001").unlink()


def show(variable: str, view: str | None = None) -> Callable[[MainWindow], None]:
    def reach(window: MainWindow) -> None:
        key = window.session.state.current
        window.session.update(key, variable=variable, view=view)

    return reach


def page(name: str) -> Callable[[MainWindow], None]:
    def reach(window: MainWindow) -> None:
        window.session.update(window.session.state.current, page=name)

    return reach


def graph_node(window: MainWindow) -> None:
    page("graph")(window)
    settle(window)
    window.session.update(window.session.state.current, node="conv1/Conv2D")


def scanned(window: MainWindow) -> None:
    show("decoder/prototypes")(window)
    window.actions_by_name["scan_values"].trigger()


def graph_tab(name: str, filtered: str = "") -> Callable[[MainWindow], None]:
    """A list of the graph, opened as far as it goes."""

    def reach(window: MainWindow) -> None:
        page("graph")(window)
        settle(window)
        for lists in window.findChildren(GraphLists):
            lists.filter.setText(filtered)
            titles = [lists.tabs.tabText(number) for number in range(lists.tabs.count())]
            lists.tabs.setCurrentIndex(titles.index(name))
            for view in lists.tabs.currentWidget().findChildren(QTreeView):
                view.expandToDepth(1)

    return reach


def in_graph(node: str) -> Callable[[MainWindow], None]:
    def reach(window: MainWindow) -> None:
        page("graph")(window)
        settle(window)
        window.session.update(window.session.state.current, node=node)

    return reach


def compared(
    pair: str | tuple[str | None, str | None],
    mode: str,
    paths: Callable[[Path], tuple[Path, Path]] = lambda _: (
        sample_run() / "digits-1750",
        sample_run() / "digits-2000",
    ),
    then: Callable[[MainWindow], None] | None = None,
) -> Callable[[MainWindow], None]:
    names = (pair, pair) if isinstance(pair, str) else pair

    def reach(window: MainWindow) -> None:
        document = ComparisonDocument(*paths(window.property("material")))
        window.session.show(document)
        settle(window)
        window.session.update(document.key, pair=names, mode=mode)
        if then:
            settle(window)
            then(window)

    return reach


def over_time(
    variable: str, folder: Callable[[Path], Path] = lambda _: sample_run(), pointed: int | None = None
) -> Callable[[MainWindow], None]:
    """The run of a folder, with one of its saves pointed at."""

    def reach(window: MainWindow) -> None:
        window.session.show(RunDocument(folder(window.property("material")), "digits", variable))
        settle(window)
        for plots in window.findChildren(TimelinePlots):
            plots._point(pointed)

    return reach


def pairs(material: Path) -> tuple[Path, Path]:
    return material / "pairs" / "old_model.ckpt-100", material / "pairs" / "new_model.ckpt-200"


def without_data(material: Path) -> tuple[Path, Path]:
    return material / "no_data" / "digits-1000", material / "no_data" / "digits-2000"


def with_itself(material: Path) -> tuple[Path, Path]:
    return sample_run() / "digits-2000", material / "copy" / "digits-2000"


def logarithmic(window: MainWindow) -> None:
    for histogram in window.findChildren(PairHistogram):
        histogram.log.setChecked(True)


def rules(window: MainWindow) -> None:
    for head in window.findChildren(ComparisonHead):
        head._names_button.setChecked(True)


def triggered(action: str, variable: str = "conv1/kernel") -> Callable[[MainWindow], None]:
    def reach(window: MainWindow) -> None:
        show(variable)(window)
        settle(window)
        window.actions_by_name[action].trigger()

    return reach


def verified_rows(window: MainWindow) -> None:
    """What is left on the screen when the report is closed."""
    triggered("verify", "conv2/kernel")(window)
    settle(window)
    for dialog in window.findChildren(QDialog):
        dialog.close()


def sample(_material: Path) -> list[Path]:
    return [sample_run()]


def made(name: str) -> Callable[[Path], list[Path]]:
    return lambda material: [material / name]


def nothing(_window: MainWindow) -> None:
    """The state is there once the paths are open."""


SCENES = (
    Scene("first-start", lambda _material: [], nothing),
    Scene("sample-heatmap", sample, scanned),
    Scene("sample-kernel", sample, show("conv2/kernel", "Heatmap")),
    Scene("sample-histogram", sample, show("dense/kernel", "Histogram")),
    Scene("sample-values", sample, show("dense/kernel", "Values")),
    Scene("sample-line", sample, show("conv1/gamma", "Line")),
    Scene("sample-text", sample, show("label_names", "Text")),
    Scene("sample-info", sample, show("conv1/kernel/Adam", "Info")),
    Scene("sample-graph", sample, graph_node),
    Scene("sample-summary", sample, page("summary")),
    Scene("compare-difference", sample, compared("decoder/strokes", "difference")),
    Scene("compare-side", sample, compared("decoder/prototypes", "side")),
    Scene("compare-swipe", sample, compared("dense/kernel", "swipe")),
    Scene("compare-shapes", made("pairs"), compared("embedding", "swipe", pairs)),
    Scene("compare-shapes-difference", made("pairs"), compared("embedding", "difference", pairs)),
    Scene("compare-only-a", made("pairs"), compared(("only_here/kernel", None), "difference", pairs)),
    Scene("compare-scalar", made("pairs"), compared("scalar", "difference", pairs)),
    Scene("compare-broken", made("pairs"), compared("broken", "side", pairs)),
    Scene("compare-huge", made("pairs"), compared("huge", "side", pairs)),
    Scene("compare-long", made("pairs"), compared(LONG, "side", pairs)),
    Scene("compare-row", made("pairs"), compared("row", "side", pairs)),
    Scene("compare-rules", made("pairs"), compared("broken", "blink", pairs, rules)),
    Scene("compare-identical", sample, compared("dense/kernel", "side", with_itself)),
    Scene("compare-unreadable", sample, compared("dense/kernel", "side", without_data)),
    Scene("compare-log", sample, compared("dense/kernel", "a", then=logarithmic)),
    Scene("run-over-time", sample, over_time("decoder/prototypes")),
    Scene("run-over-time-pointed", sample, over_time("dense/bias/Adam", pointed=2)),
    Scene("run-over-odd-run", made("odd_run"), over_time("kernel", lambda folder: folder / "odd_run")),
    Scene("run-over-strings", sample, over_time("label_names")),
    Scene("graph-collections", sample, graph_tab("Collections")),
    Scene("graph-saver", sample, graph_tab("Saver")),
    Scene("graph-filtered", sample, graph_tab("Ops", "type:Conv2D")),
    Scene("graph-variable", sample, in_graph("conv1/kernel")),
    Scene(
        "graph-signatures",
        lambda _material: [SAMPLES / "graphs" / "saved_model"],
        graph_tab("Signatures"),
    ),
    Scene("graph-two-tags", lambda _material: [SAMPLES / "meta_graphs" / "two_tags"], graph_tab("Functions")),
    Scene("variant", lambda _material: [SAMPLES / "variant" / "variant"], show("list")),
    Scene("keras", lambda _material: [SAMPLES / "roles" / "keras" / "model"], show(KERAS_SLOT, "Info")),
    Scene("export", sample, triggered("export")),
    Scene("verify", made("damaged"), triggered("verify")),
    Scene("verify-well", sample, triggered("verify")),
    Scene("verify-many", made("other_save"), triggered("verify", LONG)),
    Scene("verify-rows", made("damaged"), verified_rows),
    Scene("keys", sample, triggered("keys")),
    Scene("search", sample, triggered("search")),
    Scene("odd-broken", made("odd"), show("broken", "Heatmap")),
    Scene("odd-broken-histogram", made("odd"), show("broken", "Histogram")),
    Scene("odd-all-nan", made("odd"), show("all_nan", "Heatmap")),
    Scene("odd-constant", made("odd"), show("constant", "Histogram")),
    Scene("odd-empty", made("odd"), show("empty")),
    Scene("odd-outlier", made("odd"), show("one_outlier", "Heatmap")),
    Scene("odd-long-name", made("odd"), show(LONG + "/Adam", "Info")),
    Scene("odd-bidi", made("odd"), show("evil\u202egnp.exe\x1b[31m\nname")),
    Scene("big-table", made("big"), show("tower_3/block_01200/layer/kernel", "Values")),
    Scene("data-missing", made("no_data"), show("conv1/kernel")),
    Scene("checksum-wrong", made("damaged"), show("conv2/kernel")),
    Scene("not-a-checkpoint", lambda material: [material / "foreign" / "model.ckpt-1.index"], nothing),
    Scene("folder-without", made("nothing"), nothing),
)


def _hear(kind: QtMsgType, text: str, complaints: list[str]) -> None:
    if kind != QtMsgType.QtDebugMsg and not text.startswith("This plugin does not support"):
        complaints.append(text)


if __name__ == "__main__":
    sys.exit(main())
