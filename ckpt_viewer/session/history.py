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

    def visit(self, place: str) -> None:
        """Remember a place, unless it is where we are."""
        if self._now >= 0 and self._places[self._now] == place:
            return
        self._places = [*self._places[: self._now + 1], place]
        self._now += 1

    def back(self) -> str:
        self._now = max(self._now - 1, 0)
        return self._places[self._now]

    def forward(self) -> str:
        self._now = min(self._now + 1, len(self._places) - 1)
        return self._places[self._now]
