"""Slots judged many at a time are judged as each would be alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer.formats.roles.saved_names import SavedNames
from ckpt_viewer.formats.roles.slot_names import SlotNames

OWNERS = st.sampled_from(
    ("", "w", "LARS", "Adam_1", "a/w", "b", "Adam", "a/Adam", "a", "ExponentialMovingAverage")
)
OPTIMIZERS = st.sampled_from(("Adam", "RMSProp", "Momentum", "Mine", "Adafactor", "biased", "ema", "kernel"))
NUMBERS = st.sampled_from(("", "_0", "_1", "_2", "_01", "_3", "_12", "_x"))
NAMES = st.one_of(
    OWNERS, st.tuples(OWNERS, OPTIMIZERS, NUMBERS).map(lambda parts: f"{parts[0]}/{parts[1]}{parts[2]}")
)
VARIABLES = st.dictionaries(
    NAMES, st.tuples(st.sampled_from(("float32", "int64")), st.sampled_from(((), (2,), (2, 3)))), max_size=40
)


@given(VARIABLES)
def test_together_as_alone(variables):
    names = sorted(variables)
    saved = SavedNames(names, [variables[name][0] for name in names], [variables[name][1] for name in names])
    slots = SlotNames(saved)
    assert slots.judge_all(None) == [slots.judge(place, name) for place, name in enumerate(names)]


@pytest.mark.parametrize("optimizer", ["RMSProp", "Adam"])
def test_a_variable_with_fewer_slots_than_others_counts_its_own(optimizer):
    """RMSProp keeps two slots or, centered, three, and calls them differently."""
    slots = [optimizer, f"{optimizer}_1", f"{optimizer}_2"]
    names = ["two", *(f"two/{slot}" for slot in slots[:2]), "three", *(f"three/{slot}" for slot in slots)]
    judged = SlotNames(SavedNames(names, ["float32"] * 7, [(4,)] * 7)).judge_all(None)
    called = [judgement.slot for judgement in judged]
    if optimizer == "RMSProp":
        assert called == [None, "rms", "momentum", None, "rms", "mg", "momentum"]
    else:
        assert called == [None, "m", "v", None, "m", "v", "m"]
