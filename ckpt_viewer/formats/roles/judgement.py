"""What is said of one variable beside its bytes, and who may say it."""

from typing import NamedTuple, Protocol

from ckpt_viewer.formats.checkpoint import Role


class Judgement(NamedTuple):
    """What a variable is for, and what people called it.

    Attributes:
        owner: The key of the variable that a slot or an average belongs to.
        slot: What its optimizer calls the slot, such as `momentum`.
        full_name: Its name in the graph, where the key says something else.
        object_path: The way to it through the objects of Python, as people would write it.
    """

    role: Role
    owner: str | None = None
    slot: str | None = None
    full_name: str | None = None
    object_path: str | None = None


class Witness(Protocol):
    """Knows more of a checkpoint than its names tell: its graph, or the objects it was saved from."""

    def judge(self, place: int) -> Judgement | None:
        """On the variable at this place of the listing; None where the names must do."""
