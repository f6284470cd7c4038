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
from PySide6.QtWidgets import QApplication, QDialog

from ckpt_viewer import open_checkpoint
from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.state import ComparisonDocument
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.app import open_window
from ckpt_viewer.ui.main_window import MainWindow
from tests.bundle_writer import write_bundle

SIZES = (QSize(1280, 800), QSize(2560, 1440))
SCHEMES: tuple[theme.Scheme, ...] = ("light", "dark")
PATIENCE = 30.0  # seconds until a state counts as unreachable
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
            for name in ("no_data", "damaged"):
                (folder / name).mkdir(parents=True, exist_ok=True)
                shutil.copy(file, folder / name / file.name)
    (folder / "no_data" / "digits-2000.data-00000-of-00001").unlink()
    data = folder / "damaged" / "digits-2000.data-00000-of-00001"
    with open_checkpoint(folder / "damaged" / "digits-2000") as checkpoint:
        offset = checkpoint.find("conv2/kernel").offset or 0
    content = data.read_bytes()
    data.write_bytes(content[:offset] + b"damage" + content[offset + 6 :])
    (folder / "foreign").mkdir()
    (folder / "foreign" / "model.ckpt-1.index").write_bytes(b"<!DOCTYPE html><html>404</html>" * 9)
    (folder / "nothing").mkdir()
    (folder / "nothing" / "weights.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(64))
    (folder / "nothing" / "notes.txt").write_text("nothing here")
    return folder


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


def compared(pair: str, mode: str) -> Callable[[MainWindow], None]:
    def reach(window: MainWindow) -> None:
        run = sample_run()
        document = ComparisonDocument(run / "digits-1750", run / "digits-2000")
        window.session.show(document)
        settle(window)
        window.session.update(document.key, pair=(pair, pair), mode=mode)

    return reach


def triggered(action: str, variable: str = "conv1/kernel") -> Callable[[MainWindow], None]:
    def reach(window: MainWindow) -> None:
        show(variable)(window)
        settle(window)
        window.actions_by_name[action].trigger()

    return reach


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
    Scene("export", sample, triggered("export")),
    Scene("verify", made("damaged"), triggered("verify")),
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
