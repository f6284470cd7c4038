"""The folders and tabs that were open → plain records for the settings file, and back."""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import (
    CheckpointDocument,
    ComparisonDocument,
    Document,
    GraphDocument,
    Page,
    RunDocument,
)

KINDS: dict[str, type[Document]] = {
    "checkpoint": CheckpointDocument,
    "graph": GraphDocument,
    "comparison": ComparisonDocument,
    "run": RunDocument,
}
_PATHS = ("path", "a", "b", "folder")
_TEXTS = ("variable", "filter", "view", "node", "names", "name", "mode")


def remember(session: Session) -> None:
    """Keep what is open now for the next start."""
    state = session.state
    session.settings.change(
        roots=tuple(map(str, state.roots)),
        documents=tuple(map(_record, state.documents)),
        current=state.current,
    )


def restore(session: Session) -> None:
    """Open what was open at the end of the last session; records that make no sense are left out."""
    remembered = session.settings.remembered
    documents = tuple(document for record in remembered.documents if (document := _document(record)))
    keys = [document.key for document in documents]
    current = remembered.current if remembered.current in keys else (keys[-1] if keys else "")
    session.change(roots=tuple(map(Path, remembered.roots)), documents=documents, current=current)


def _record(document: Document) -> dict[str, Any]:
    kind = next(name for name, made in KINDS.items() if isinstance(document, made))
    names = [field.name for field in fields(document) if field.name in (*_PATHS, *_TEXTS, "page")]
    values = {name: getattr(document, name) for name in names}
    return {"kind": kind} | {name: str(value) for name, value in values.items() if value}


def _document(record: Mapping[str, Any]) -> Document | None:
    made = KINDS.get(str(record.get("kind")))
    if made is None:
        return None
    values: dict[str, Any] = {}
    for field in fields(made):
        value = record.get(field.name)
        if field.name in _PATHS:
            if not isinstance(value, str) or not value:
                return None
            values[field.name] = Path(value)
        elif isinstance(value, str) and (field.name in _TEXTS or value in get_args(Page)):
            values[field.name] = value
    return made(**values)
