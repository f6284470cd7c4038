"""What each variable of a checkpoint is for.

Names, types and shapes tell most of it (slot_creator.py, moving_averages.py, trackable_utils.py); the graph
or the objects that were saved with it know better where they know at all.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.formats.roles.judgement import Judgement, Witness
from ckpt_viewer.formats.roles.object_keys import ObjectKeys, has_object_keys, is_object_key
from ckpt_viewer.formats.roles.saved_names import SavedNames
from ckpt_viewer.formats.roles.slot_names import SlotNames

_CHECK_EVERY = 1000


def classify(
    names: Sequence[str],
    dtypes: Sequence[str],
    shapes: Sequence[tuple[int, ...]],
    call: Callable[[SavedNames], Witness | None] | None = None,
    cancel: CancelToken | None = None,
) -> list[Judgement]:
    """A judgement on each variable, by a witness where one is called and knows the variable.

    A name alone proves nothing: `block/Adam` is a slot only if there is a `block` of its shape and type.
    """
    saved = SavedNames(names, dtypes, shapes)
    witness = call(saved) if call else None
    plain = SlotNames(saved)
    if witness is None and not has_object_keys(names):
        return plain.judge_all(cancel)
    objects = ObjectKeys(saved)

    def judge(place: int) -> Judgement:
        name = names[place]
        judged = witness.judge(place) if witness else None
        return judged or (objects if is_object_key(name) else plain).judge(place, name)

    return _listed(map(judge, range(len(names))), cancel)


def _listed(judgements: Iterator[Judgement], cancel: CancelToken | None) -> list[Judgement]:
    found: list[Judgement] = []
    while part := list(islice(judgements, _CHECK_EVERY)):
        if cancel is not None:
            cancel.check()
        found += part
    return found
