"""Places visited, one after another."""


class History:
    """Going somewhere new forgets what lay ahead."""

    def __init__(self) -> None:
        self._places: list[str] = []
        self._now = -1

    @property
    def can_go_back(self) -> bool:
        return self._now > 0

    @property
    def can_go_forward(self) -> bool:
        return self._now < len(self._places) - 1

    @property
    def here(self) -> str | None:
        return self._places[self._now] if self._places else None

    def visit(self, place: str) -> None:
        """Remember a place, unless it is where we are."""
        if self.here == place:
            return
        self._places = [*self._places[: self._now + 1], place]
        self._now += 1

    def rename(self, place: str) -> None:
        """Where we are is this place from now on."""
        self._places[self._now] = place

    def back(self) -> str:
        self._now = max(self._now - 1, 0)
        return self._places[self._now]

    def forward(self) -> str:
        self._now = min(self._now + 1, len(self._places) - 1)
        return self._places[self._now]
