"""The longest gap of the event loop while the colours change, with twelve tabs that were looked at."""

from collections.abc import Iterator
from itertools import combinations

from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.state import CheckpointDocument, ComparisonDocument, Document, RunDocument
from ckpt_viewer.ui.main_window import MainWindow
from tests.benchmarks.offscreen import gaps_of, print_longest, rest, window

RUN = sample_run()
SAVES = [RUN / f"digits-{step}" for step in (1000, 1250, 1500, 1750, 2000)]
PAIRS = list(combinations(SAVES, 2))[:6]
DOCUMENTS: list[Document] = [
    *map(CheckpointDocument, SAVES),
    *(ComparisonDocument(a, b) for a, b in PAIRS),
    RunDocument(RUN, "digits", "conv1/kernel"),
]
VIEWS = ("Info", "Values", "Kernels", "Histogram", "Heatmap")


def look_at_all(opened: MainWindow) -> None:
    first = DOCUMENTS[0].key
    for document in DOCUMENTS:
        opened.session.show(document)
        rest(opened)
    opened.session.change(current=first)
    for view in VIEWS:
        opened.session.update(first, variable="conv2/kernel", view=view)
        rest(opened)
    for page in ("graph", "summary", "variables"):
        opened.session.update(first, page=page)
        rest(opened)


def steps(opened: MainWindow) -> Iterator[str]:
    for scheme in ("dark", "light"):
        opened.actions_by_name[f"theme_{scheme}"].trigger()
        yield f"{scheme} colours"
        for document in (DOCUMENTS[-1], DOCUMENTS[-2], DOCUMENTS[1], DOCUMENTS[0]):
            opened.session.change(current=document.key)
            yield f"a tab in {scheme} colours"


if __name__ == "__main__":
    with window(RUN) as opened:
        look_at_all(opened)
        print_longest(gaps_of(opened, steps(opened)))
