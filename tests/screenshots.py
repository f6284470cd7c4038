"""Render the window's main states for people to look at.

    python -m tests.screenshots [OUT] [--only NAME] [--width PIXELS]

Light and dark, at 900×600, 1280×800 and 2560×1440, over the sample run and over files nobody wishes for.
Fails where a state cannot be reached or Qt complains.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, QSize, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QTreeView

from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.state import ComparisonDocument, RunDocument
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.app import open_window
from ckpt_viewer.ui.main_window import MainWindow
from ckpt_viewer.ui.panels.timeline_plots import TimelinePlots
from ckpt_viewer.ui.widgets.comparison_head import ComparisonHead
from ckpt_viewer.ui.widgets.graph_lists import GraphLists
from ckpt_viewer.ui.widgets.pair_histogram import PairHistogram
from tests.picture_material import LONG, make_material

SIZES = (QSize(900, 600), QSize(1280, 800), QSize(2560, 1440))
SCHEMES: tuple[theme.Scheme, ...] = ("light", "dark")
PATIENCE = 30.0  # seconds until a state counts as unreachable
SAMPLES = Path(__file__).parent / "samples"
KERAS_SLOT = "optimizer/_variables/7/.ATTRIBUTES/VARIABLE_VALUE"


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
    parser.add_argument("--width", type=int, help="windows of this width alone: 900, 1280 or 2560")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    sizes = [size for size in SIZES if arguments.width in (None, size.width())]
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
                    shoot(scene, scheme, material, arguments.out, sizes)
    qInstallMessageHandler(None)
    print(*complaints, sep="\n")
    return 1 if complaints else 0


def shoot(scene: Scene, scheme: str, material: Path, out: Path, sizes: Sequence[QSize]) -> None:
    for size in sizes:
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


def show(variable: str, view: str | None = None) -> Callable[[MainWindow], None]:
    def reach(window: MainWindow) -> None:
        key = window.session.state.current
        window.session.update(key, variable=variable, view=view)

    return reach


def filtered(window: MainWindow) -> None:
    """So that the row of what is shown below is not among those above."""
    show("conv2/kernel", "Heatmap")(window)
    window.session.update(window.session.state.current, filter="dense")


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
    Scene("sample-filtered", sample, filtered),
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
