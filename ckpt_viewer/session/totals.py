"""How the bytes and parameters of a checkpoint divide: by role, by dtype, and the largest variables."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import nlargest

from ckpt_viewer.formats.checkpoint import Role, Variable
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
        """For the status bar: `104 weights · 25.6M params`."""
        weights = next((total for total in self.roles if total.name == "weight"), None)
        if weights is None:
            return plural(self.whole.variables, "variable")
        params = "param" if weights.parameters == 1 else "params"
        return f"{plural(weights.variables, 'weight')} · {count_text(weights.parameters)} {params}"

    def title(self, role: Role) -> str:
        """What the role is called here: `Adam state` where all slots are Adam's."""
        return f"{self.optimizer} state" if role == "slot" and self.optimizer else ROLE_TITLES[role]

    def share(self, total: Total) -> float:
        """The part of all bytes, 0 to 1."""
        return total.bytes / self.whole.bytes if self.whole.bytes else 0.0


def totals_of(variables: Sequence[Variable]) -> Totals:
    return Totals(
        _total("all", variables),
        _grouped(variables, lambda variable: variable.role),
        _grouped(variables, lambda variable: variable.dtype),
        tuple(nlargest(LARGEST, variables, key=lambda variable: variable.nbytes)),
        _optimizer([variable.name for variable in variables if variable.role == "slot"]),
    )


def _grouped(variables: Sequence[Variable], key: Callable[[Variable], str]) -> tuple[Total, ...]:
    groups: dict[str, list[Variable]] = {}
    for variable in variables:
        groups.setdefault(key(variable), []).append(variable)
    totals = [_total(name, group) for name, group in groups.items()]
    return tuple(sorted(totals, key=lambda total: (-total.bytes, total.name)))


def _total(name: str, variables: Sequence[Variable]) -> Total:
    parameters = sum(variable.element_count for variable in variables)
    return Total(name, len(variables), parameters, sum(variable.nbytes for variable in variables))


def _optimizer(slots: Sequence[str]) -> str:
    """The last part of the slots' names (`w/Adam`, `w/Adam_1`) where they share it."""
    names = {_NUMBER.sub("", name.rpartition("/")[2]) for name in slots if "/.ATTRIBUTES/" not in name}
    return names.pop() if len(names) == 1 else ""
