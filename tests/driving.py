"""The window driven over the sample run: what a person does in a minute, one step after the other."""

from collections.abc import Iterator

from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.state import CheckpointDocument, GraphDocument, RunDocument
from ckpt_viewer.ui.main_window import MainWindow
from ckpt_viewer.ui.value_views import VALUE_VIEWS

ROWS = ("conv1/kernel", "conv1/gamma", "style/kernel", "beta1_power")
NODES = ("conv1/kernel", "conv1/Conv2D")


def browse(window: MainWindow) -> Iterator[str]:
    """Does a step, then says which; whoever drives waits until the window is at rest again."""
    saves = [sample_run() / f"digits-{step}" for step in (1000, 1500, 2000)]
    window.open_paths([sample_run()])
    yield "open the folder"
    yield from _rows(window)
    yield from _pages(window)
    for save in saves:
        window.session.show(CheckpointDocument(save))
        yield f"open {save.name}"
    yield from _rows(window)
    window.actions_by_name["previous"].trigger()
    yield "step to the save before"
    window.session.compare(saves[0], saves[2])
    yield "compare"
    for mode in ("swipe", "side", "blink", "difference"):
        window.actions_by_name[f"mode_{mode}"].trigger()
        yield f"compare by {mode}"
    window.actions_by_name["down"].trigger()
    yield "to the next difference"
    yield from _run(window)
    window.session.show(GraphDocument(saves[2].with_name(f"{saves[2].name}.meta")))
    yield "open a graph"
    while window.session.state.documents:
        window.actions_by_name["close_tab"].trigger()
        yield "close a tab"


def _rows(window: MainWindow) -> Iterator[str]:
    for row in ROWS:
        window.session.update(window.session.state.current, page="variables", variable=row)
        yield f"choose {row}"
        for number, view in enumerate(VALUE_VIEWS, start=1):
            window.actions_by_name[f"view_{number}"].trigger()
            yield f"{view.title} of {row}"


def _pages(window: MainWindow) -> Iterator[str]:
    for name in ("summary", "graph"):
        window.actions_by_name[f"show_{name}"].trigger()
        yield f"show the {name}"
    for node in NODES:
        window.session.update(window.session.state.current, node=node)
        yield f"choose node {node}"
    window.actions_by_name["show_variables"].trigger()
    yield "show the variables"


def _run(window: MainWindow) -> Iterator[str]:
    document = RunDocument(sample_run(), "digits")
    window.session.show(document)
    yield "run over time"
    window.session.update(document.key, variable=ROWS[0])
    yield f"follow {ROWS[0]}"
