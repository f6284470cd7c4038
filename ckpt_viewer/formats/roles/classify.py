"""What each variable of a checkpoint is for.

Names, types and shapes tell most of it (slot_creator.py, moving_averages.py, trackable_utils.py); the graph
or the objects that were saved with it know better where they know at all.
"""

from collections.abc import Callable, Sequence

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.formats.roles.judgement import Judgement, Witness
from ckpt_viewer.formats.roles.object_keys import ObjectKeys, is_object_key
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
    by_name = _by_name(saved)
    witness = call(saved) if call else None
    judgements = []
    for place in range(len(names)):
        if cancel is not None and place % _CHECK_EVERY == 0:
            cancel.check()
        judgements.append((witness and witness.judge(place)) or by_name(place))
    return judgements


def _by_name(saved: SavedNames) -> Callable[[int], Judgement]:
    objects, plain = ObjectKeys(saved), SlotNames(saved)

    def judge(place: int) -> Judgement:
        name = saved.names[place]
        return objects.judge(place, name) if is_object_key(name) else plain.judge(place, name)

    return judge
