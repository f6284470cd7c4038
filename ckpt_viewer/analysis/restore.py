"""A checkpoint against a graph: would TensorFlow's `Saver.restore` of that graph succeed with it?"""

from collections.abc import Iterable, Iterator, Sequence
from math import prod

from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.formats.graph import Graph, Restore

_NAMED = 20
_LONGEST_KEY = 300
_OTHER_MODEL = "Restoring it with this graph fails; the graph is of another model or another version of it."
_RENAMED = "Loading it with this graph fails at this key: use the graph of this very save, or map the name."
_CHANGED = "Restoring it with this graph fails; use the graph that was saved with the checkpoint."
_TAKEN = "TensorFlow restores it and changes the variable's shape without a word; ops that use it may fail."
_NO_HARM = "Restoring leaves them alone; whoever needs them has to restore them with another graph."


def restore_findings(graph: Graph, variables: Sequence[Variable]) -> Iterator[Problem]:
    """What restoring would stumble over, and what it would not touch; nothing for graphs without a saver."""
    restores = graph.restores()
    if not restores:
        return
    by_name = {variable.name: variable for variable in variables}
    wanted = list(dict.fromkeys(restore.key for restore in restores))
    missing = [key for key in wanted if key not in by_name]
    if missing and len(missing) == len(wanted) > 1:
        message = f"None of the {len(wanted):,} keys that {graph.path} restores is in the checkpoint."
        yield Problem("missing-key", message, _OTHER_MODEL)
    else:
        messages = (
            f"{_short(key)} is not in the checkpoint, and {graph.path} restores it." for key in missing
        )
        yield from _bounded("missing-key", messages, _RENAMED, "keys are missing")
    present = [restore for restore in restores if restore.key in by_name]
    failing = dict.fromkeys(filter(None, (_failure(each, by_name[each.key]) for each in present)))
    yield from _bounded("graph-mismatch", failing, _CHANGED, "variables do not fit the graph")
    taken = dict.fromkeys(filter(None, (_new_shape(each, by_name[each.key]) for each in present)))
    yield from _bounded("graph-shape", taken, _TAKEN, "variables would change their shape")
    if (unknown := len(by_name) - (len(wanted) - len(missing))) > 0:
        what = "1 variable" if unknown == 1 else f"{unknown:,} variables"
        message = f"{what} of the checkpoint {'is' if unknown == 1 else 'are'} not restored by {graph.path}."
        yield Problem("extra-keys", message, _NO_HARM)


def _failure(restore: Restore, variable: Variable) -> str | None:
    """Why the restore op, or the assignment behind it, refuses what is stored."""
    if restore.dtype and restore.dtype != variable.dtype:
        return f"{variable.name} is {variable.dtype} here and {restore.dtype} in the graph."
    if restore.whole is not None:
        return _differs(variable, restore.whole)
    if restore.target is None or restore.other_shape == "taken":
        return None
    if restore.other_shape == "fitted" and prod(restore.target) == variable.element_count:
        return None
    return _differs(variable, restore.target)


def _new_shape(restore: Restore, variable: Variable) -> str | None:
    if restore.other_shape != "taken" or restore.whole is not None or restore.target is None:
        return None
    return None if restore.dtype not in ("", variable.dtype) else _differs(variable, restore.target)


def _differs(variable: Variable, shape: tuple[int, ...]) -> str | None:
    if variable.shape == shape:
        return None
    return f"{variable.name} has shape {list(variable.shape)} here and {list(shape)} in the graph."


def _bounded(code: str, messages: Iterable[str], hint: str, what: str) -> Iterator[Problem]:
    """A problem each, and one for all that are too many to name."""
    messages = list(messages)
    for message in messages[:_NAMED]:
        yield Problem(code, message, hint)
    if (more := len(messages) - _NAMED) > 0:
        yield Problem(code, f"{more:,} more {what}.", hint)


def _short(key: str) -> str:
    return key if len(key) <= _LONGEST_KEY else f"{key[:_LONGEST_KEY]}…"
