"""How the bytes and parameters of a checkpoint divide: by role, by dtype, and the largest variables."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import compress
from typing import Any

from ckpt_viewer.formats.checkpoint import Role, Variable
from ckpt_viewer.formats.listing import Columns, columns_of
from ckpt_viewer.session.wording import count_text, plural

LARGEST = 20
ROLE_TITLES: dict[Role, str] = {
    "weight": "Weights",
    "slot": "Optimizer slots",
    "ema": "Moving averages",
    "batch-statistics": "Batch statistics",
    "counter": "Counters",
    "other": "Other",
}
_NUMBER = re.compile(r"(_\d+)?$")


@dataclass(frozen=True, slots=True)
class Total:
    """One group: its name, how many variables, elements and bytes."""

    name: str
    variables: int
    parameters: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Totals:
    """All groups that are not empty, the largest first.

    Attributes:
        roles: Named by the word for the role.
        optimizer: The name the slots share (`Adam`), or empty.
    """

    whole: Total
    roles: tuple[Total, ...]
    dtypes: tuple[Total, ...]
    largest: tuple[Variable, ...]
    optimizer: str = ""

    @property
    def text(self) -> str:
        """For the status bar: `104 weights · 25.6M params · 412 variables in all`."""
        weights = next((total for total in self.roles if total.name == "weight"), None)
        if weights is None:
            return plural(self.whole.variables, "variable")
        params = "param" if weights.parameters == 1 else "params"
        told = f"{plural(weights.variables, 'weight')} · {count_text(weights.parameters)} {params}"
        others = self.whole.variables > weights.variables
        return f"{told} · {plural(self.whole.variables, 'variable')} in all" if others else told

    def title(self, role: Role) -> str:
        """What the role is called here: `Adam state` where all slots are Adam's."""
        return f"{self.optimizer} state" if role == "slot" and self.optimizer else ROLE_TITLES[role]

    def share(self, total: Total) -> float:
        """The part of all bytes, 0 to 1."""
        return total.bytes / self.whole.bytes if self.whole.bytes else 0.0


def totals_of(variables: Sequence[Variable]) -> Totals:
    columns = columns_of(variables)
    largest = nlargest(LARGEST, range(len(variables)), key=columns.sizes.__getitem__)
    slots = compress(columns.names, (role == "slot" for role in columns.roles))
    return Totals(
        Total("all", len(variables), *columns.amounts.sum(axis=1).tolist()),
        _grouped(columns, columns.roles, columns.role_counts),
        _grouped(columns, columns.dtypes, Counter(columns.dtypes)),
        tuple(variables[place] for place in largest),
        _optimizer(slots),
    )


def _grouped(columns: Columns, groups: Sequence[str], counts: Mapping[Any, int]) -> tuple[Total, ...]:
    totals = []
    for name, count in counts.items():
        parameters, size = (
            sum(compress(column, map(name.__eq__, groups)))
            for column in (columns.element_counts, columns.sizes)
        )
        totals.append(Total(name, count, parameters, size))
    return tuple(sorted(totals, key=lambda total: (-total.bytes, total.name)))


def _optimizer(slots: Iterable[str]) -> str:
    """The last part of the slots' names (`w/Adam`, `w/Adam_1`) where they share it."""
    names = {_NUMBER.sub("", name.rpartition("/")[2]) for name in slots if "/.ATTRIBUTES/" not in name}
    return names.pop() if len(names) == 1 else ""
