"""What the tabs are called: short, and each other than the rest."""

from collections.abc import Sequence
from pathlib import Path

from ckpt_viewer.session.path_labels import marks, name_in_folder, short_name
from ckpt_viewer.session.state import ComparisonDocument, Document, RunDocument
from ckpt_viewer.session.wording import printable


def tab_titles(documents: Sequence[Document]) -> list[str]:
    """`run1 · 12000`, `run1: 11000 ↔ 12000`, `run1 · model over time`; equal ones get more."""
    titles = [_title(document) for document in documents]
    for title in set(titles):
        places = [place for place, each in enumerate(titles) if each == title]
        if len(places) > 1:
            told = marks([_place(documents[place]) for place in places])
            for place, mark in zip(places, told, strict=True):
                titles[place] = f"{title} ({mark})" if mark else title
    return titles


def paths_text(document: Document) -> str:
    """All of the paths, as a tooltip has room for."""
    if isinstance(document, ComparisonDocument):
        return f"A  {printable(str(document.a))}\nB  {printable(str(document.b))}"
    return printable(str(_place(document)))


def _title(document: Document) -> str:
    if isinstance(document, RunDocument):
        return f"{printable(document.folder.name)} · {printable(document.name)} over time"
    if isinstance(document, ComparisonDocument):
        return _comparison(document.a, document.b)
    return name_in_folder(document.path)


def _comparison(a: Path, b: Path) -> str:
    """What both share comes first: of a title too long its beginning is left out."""
    if a.parent == b.parent:
        return f"{printable(a.parent.name)}: {short_name(a)} ↔ {short_name(b)}"
    if name_in_folder(a) == name_in_folder(b):
        return f"{short_name(a)}: {' ↔ '.join(marks((a, b)))}"
    return f"{name_in_folder(a)} ↔ {name_in_folder(b)}"


def _place(document: Document) -> Path:
    if isinstance(document, ComparisonDocument):
        return document.a.joinpath(*document.b.parts[1:])
    return document.folder / document.name if isinstance(document, RunDocument) else document.path
