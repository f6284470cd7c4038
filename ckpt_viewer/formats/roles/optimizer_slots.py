"""What TensorFlow's optimizers call the slots that they keep for each variable.

From `_create_slots` of tensorflow/python/training/*.py: variables are called `<variable>/<optimizer>`,
`<variable>/<optimizer>_1`, … in the order in which their slots are made.
"""

from collections.abc import Mapping
from functools import lru_cache

_MOMENTS = ("m", "v")
SLOTS_IN_ORDER: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            "Adam", "AdamW", "AdamOptimizer", "LazyAdam", "LazyAdamOptimizer", "NAdam", "Nadam", "AdaMax",
            "Adamax", "LAMB", "Lamb", "RAdam",
        ),
        _MOMENTS,
    ),
    **dict.fromkeys(("Momentum", "MomentumW", "MomentumOptimizer", "MomentumWOptimizer"), ("momentum",)),
    **dict.fromkeys(("Adagrad", "ProximalAdagrad"), ("accumulator",)),
    **dict.fromkeys(("AddSign", "PowerSign"), ("m",)),
    "AdagradDA": ("gradient_accumulator", "gradient_squared_accumulator"),
    "Adadelta": ("accum", "accum_update"),
    "Ftrl": ("accum", "linear"),
    "adam_m": ("m",),
    "adam_v": ("v",),
    "lamb_m": ("m",),
    "lamb_v": ("v",),
}  # fmt: skip
_RMSPROP = frozenset(("RMSProp", "RMSprop", "RMSPropOptimizer"))
_PLAIN_RMSPROP, _CENTERED_RMSPROP = ("rms", "momentum"), ("rms", "mg", "momentum")

# The inputs behind the variable, of `Apply…`, `SparseApply…`, `ResourceApply…` and `ResourceSparseApply…`.
SLOTS_OF_APPLY: Mapping[bytes, tuple[str, ...]] = {
    b"Adam": _MOMENTS,
    b"AdaMax": _MOMENTS,
    b"AdamWithAmsgrad": ("m", "v", "vhat"),
    b"Momentum": ("momentum",),
    b"KerasMomentum": ("momentum",),
    b"RMSProp": _PLAIN_RMSPROP,
    b"CenteredRMSProp": ("mg", "rms", "momentum"),
    b"Adagrad": ("accumulator",),
    b"AdagradV2": ("accumulator",),
    b"ProximalAdagrad": ("accumulator",),
    b"AdagradDA": ("gradient_accumulator", "gradient_squared_accumulator"),
    b"Adadelta": ("accum", "accum_update"),
    b"Ftrl": ("accum", "linear"),
    b"FtrlV2": ("accum", "linear"),
    b"AddSign": ("m",),
    b"PowerSign": ("m",),
}


@lru_cache(maxsize=1024)
def slot_in_order(optimizer: str, number: int, count: int) -> str | None:
    """The slot that is the `number`-th (from 0) of `count` that a variable has of an optimizer.

    Two optimizers of one name go on counting: the third of four slots of Adam is an `m` again.
    """
    slots: tuple[str, ...]
    if optimizer in _RMSPROP:
        slots = _CENTERED_RMSPROP if count == 3 else _PLAIN_RMSPROP if count in (1, 2, 4) else ()
    else:
        slots = SLOTS_IN_ORDER.get(optimizer, ())
    return slots[number % len(slots)] if slots else None
