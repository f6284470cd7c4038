"""Back and forward through the tabs and variables looked at."""

from ckpt_viewer.session.history import History
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import CheckpointDocument, RunDocument, State

BETWEEN = "\0"  # no path holds it
WITH_VARIABLE = CheckpointDocument | RunDocument


class Trail:
    """Follows the session; places whose tab was closed are passed over."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._history = History()
        session.listen(self._session_changed)

    @property
    def can_go_back(self) -> bool:
        return self._history.can_go_back

    @property
    def can_go_forward(self) -> bool:
        return self._history.can_go_forward

    def back(self) -> None:
        while self._history.can_go_back:
            if self._go(self._history.back()):
                return

    def forward(self) -> None:
        while self._history.can_go_forward:
            if self._go(self._history.forward()):
                return

    def _session_changed(self, before: State, after: State) -> None:
        if not after.current:
            return
        if self._history.here == f"{after.current}{BETWEEN}":  # a tab that has no variable yet is on its way
            self._history.rename(_place(after))
        else:
            self._history.visit(_place(after))

    def _go(self, place: str) -> bool:
        """Show it, unless its tab is gone or it is where we are."""
        key, _, variable = place.partition(BETWEEN)
        document = self._session.state.find(key)
        if document is None or place == _place(self._session.state):
            return False
        if isinstance(document, WITH_VARIABLE):
            self._session.update(key, variable=variable or None)
        self._session.change(current=key)
        return True


def _place(state: State) -> str:
    document = state.document
    variable = document.variable if isinstance(document, WITH_VARIABLE) else None
    return f"{state.current}{BETWEEN}{variable or ''}"
