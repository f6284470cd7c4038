"""What a variable is for, judged from names, dtypes and shapes alone.

The names are those that `tf.train.Optimizer`, `ExponentialMovingAverage`, batch normalisation and
`tf.train.Checkpoint` give (slot_creator.py, moving_averages.py, trackable/trackable_utils.py).
"""

from collections.abc import Sequence

from ckpt_viewer.formats.checkpoint import Role
from ckpt_viewer.formats.roles.object_keys import ObjectKeys, is_object_key
from ckpt_viewer.formats.roles.slot_names import SavedNames, SlotNames

Judgement = tuple[Role, str | None]


def classify(
    names: Sequence[str], dtypes: Sequence[str], shapes: Sequence[tuple[int, ...]]
) -> list[Judgement]:
    """The role of each variable, and the variable it belongs to where it is a slot or an average.

    A name alone proves nothing: `block/Adam` is a slot only if there is a `block` of its shape and type.
    """
    saved = SavedNames(names, dtypes, shapes)
    objects, plain = ObjectKeys(saved), SlotNames(saved)
    return [
        objects.judge(place, name) if is_object_key(name) else plain.judge(place, name)
        for place, name in enumerate(names)
    ]
