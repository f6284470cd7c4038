"""The one place where the state changes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ckpt_viewer.analysis.verification import Verification
from ckpt_viewer.session.provider import Files, Provider
from ckpt_viewer.session.settings import Settings
from ckpt_viewer.session.state import CheckpointDocument, ComparisonDocument, Document, State

Listener = Callable[[State, State], None]


class Session:
    """Holds the state and tells every listener *(before, after)* when it changes.

    A change made while telling is told next, to everyone, in order.
    """

    def __init__(self, provider: Provider | None = None, settings: Settings | None = None) -> None:
        self.provider: Provider = provider or Files()
        self.settings = settings or Settings()
        self.state = State()
        self._told = self.state
        self._telling = False
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def forget(self, listener: Listener) -> None:
        self._listeners.remove(listener)

    def change(self, **fields: Any) -> None:
        self.state = replace(self.state, **fields)
        if self._telling:
            return
        self._telling = True
        try:
            while self._told != self.state:
                before, self._told = self._told, self.state
                for listener in tuple(self._listeners):
                    listener(before, self._told)
        finally:
            self._telling = False

    def add_root(self, folder: Path) -> None:
        self.settings.add_recent(folder)
        if folder not in self.state.roots:
            self.change(roots=(*self.state.roots, folder))

    def remove_root(self, folder: Path) -> None:
        self.change(roots=tuple(root for root in self.state.roots if root != folder))

    def show(self, document: Document) -> None:
        """Bring the document's tab to the front, opening it if need be."""
        documents = self.state.documents
        if self.state.find(document.key) is None:
            documents = (*documents, document)
        self.change(documents=documents, current=document.key)

    def compare(self, a: Path, b: Path) -> None:
        self.show(ComparisonDocument(a, b))

    def update(self, key: str, **fields: Any) -> None:
        """Change fields of one document, wherever its tab is."""
        self.change(
            documents=tuple(
                replace(document, **fields) if document.key == key else document
                for document in self.state.documents
            )
        )

    def replace(self, key: str, document: Document) -> None:
        """Put another document into a tab; if that one is open already, it comes to the front instead.

        A tab that is closed stays closed, and one that is behind stays there.
        """
        if self.state.find(key) is None:
            return
        documents = self.state.documents
        if self.state.find(document.key) is None:
            documents = tuple(document if other.key == key else other for other in documents)
        current = document.key if self.state.current == key else self.state.current
        self.change(documents=documents, current=current)

    def arrange(self, keys: Sequence[str]) -> None:
        """Put the tabs in this order."""
        found = [self.state.find(key) for key in keys]
        self.change(documents=tuple(document for document in found if document))

    def mark_nan(self, path: Path) -> None:
        """Remember that a scan met NaN in this checkpoint, so that its place in the tree says so."""
        self.change(with_nan=self.state.with_nan | {path})

    def mark_damage(self, path: Path, damaged: bool) -> None:
        """Remember whether opening this checkpoint found damage, so that its place in the tree says so."""
        others = self.state.with_damage - {path}
        self.change(with_damage=others | {path} if damaged else others)

    def keep_verification(self, path: Path, found: Verification) -> None:
        """Remember it, so that the rows and the checkpoint's place in the tree say so."""
        self.change(verified={**self.state.verified, path: found})

    def forget_verification(self, path: Path) -> None:
        """The files are others by now."""
        if path in self.state.verified:
            rest = {other: found for other, found in self.state.verified.items() if other != path}
            self.change(verified=rest)

    def show_variable(self, path: Path, name: str) -> None:
        """Bring its row to the front, past any filter."""
        document = CheckpointDocument(path)
        self.show(document)
        self.update(document.key, page="variables", filter="", role=None, variable=name)

    def show_side(self, side: int) -> None:
        """The chosen variable of the comparison in front, in the tab of A (0) or B (1)."""
        document = self.state.document
        if isinstance(document, ComparisonDocument) and (chosen := document.chosen_in(side)):
            self.show_variable(*chosen)

    def close(self, key: str) -> None:
        """Close a tab; its right neighbour comes to the front, else its left one."""
        keys = [document.key for document in self.state.documents]
        if key not in keys:
            return
        rest = tuple(document for document in self.state.documents if document.key != key)
        current = self.state.current
        if current == key:
            current = rest[min(keys.index(key), len(rest) - 1)].key if rest else ""
        self.change(documents=rest, current=current)
