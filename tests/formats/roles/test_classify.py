"""Roles are judged from names, types and shapes; TensorFlow's own answers are in the oracle."""

import json

import pytest

from ckpt_viewer.formats.roles.classify import classify
from tests.corpus import oracle_folder


def judged(*names: str, shape: tuple[int, ...] = (2, 3), dtype: str = "float32", **special):
    """The judgement by name; `special` gives other shapes by the name with `/` written `__`."""
    shapes = [special.get(name.replace("/", "__"), shape) for name in names]
    found = classify(names, [dtype] * len(names), shapes)
    return {name: (judged.role, judged.owner) for name, judged in zip(names, found, strict=True)}


@pytest.mark.parametrize(
    "optimizer", ["Adam", "RMSProp", "Ftrl", "Adadelta", "AdagradDA"], ids=lambda name: name.lower()
)
def test_slots_belong_to_the_variable_they_are_named_after(optimizer):
    roles = judged("net/w", f"net/w/{optimizer}", f"net/w/{optimizer}_1")
    assert roles["net/w"] == ("weight", None)
    assert roles[f"net/w/{optimizer}"] == roles[f"net/w/{optimizer}_1"] == ("slot", "net/w")


def test_a_second_optimizer_of_the_same_name_goes_on_counting():
    names = ["w", *(f"w/Adam{end}" for end in ("", "_1", "_2", "_3")), "b", "b/Adam", "b/Adam_1"]
    found = dict(zip(names, classify(names, ["float32"] * 8, [(2,)] * 8), strict=True))
    slots = [found[f"w/Adam{end}"].slot for end in ("", "_1", "_2", "_3")]
    assert slots == ["m", "v", "m", "v"]
    assert {found[name].owner for name in names[1:5]} == {"w"}


def test_a_real_variable_may_be_called_like_an_optimizer():
    roles = judged("block/Adam", "block/Adam_1", "Momentum", "a/RMSProp", "block/Adam/w")
    assert set(roles.values()) == {("weight", None)}


def test_a_lone_adam_of_an_existing_variable_is_no_slot():
    assert judged("w", "w/Adam")["w/Adam"] == ("weight", None)


def test_a_slot_has_the_shape_of_its_variable():
    assert judged("w", "w/Momentum", w__Momentum=(7,))["w/Momentum"] == ("weight", None)


def test_a_numbered_variable_is_no_slot_of_its_namesake():
    assert judged("w", "w_1", "w_1/Momentum")["w_1"] == ("weight", None)


def test_an_optimizer_in_a_scope_doubles_the_scope():
    assert judged("gen/w", "gen/gen/w/Adam", "gen/gen/w/Adam_1")["gen/gen/w/Adam_1"] == ("slot", "gen/w")


def test_an_optimizer_of_its_own_name_shows_by_repeating():
    roles = judged("a", "a/My", "a/My_1", "b", "b/My", "b/My_1")
    assert roles["b/My"] == ("slot", "b")
    assert judged("a", "a/My", "a/My_1")["a/My"] == ("weight", None)


def test_averages_and_what_corrects_them():
    roles = judged(
        "w", "w/ExponentialMovingAverage", "w/ExponentialMovingAverage/biased", "x/ExponentialMovingAverage"
    )
    assert roles["w/ExponentialMovingAverage"] == ("ema", "w")
    assert roles["w/ExponentialMovingAverage/biased"] == ("ema", "w/ExponentialMovingAverage")
    assert roles["x/ExponentialMovingAverage"] == ("ema", None)


def test_batch_statistics_counters_and_scalars_of_optimizers():
    assert judged("bn/moving_mean", "bn/gamma")["bn/moving_mean"] == ("batch-statistics", None)
    assert judged("global_step", shape=(), dtype="int64")["global_step"] == ("counter", None)
    assert judged("gen/beta1_power_1", shape=())["gen/beta1_power_1"] == ("other", None)


def test_factored_slots_are_smaller_than_their_variable():
    assert judged("w", "w_slot_vr", w_slot_vr=(2,))["w_slot_vr"] == ("slot", "w")


def test_a_variable_saved_under_its_average_still_has_slots():
    assert judged("w/ExponentialMovingAverage", "w/Momentum")["w/Momentum"] == ("slot", None)


def test_slots_of_keras_optimizers_in_a_graph():
    name = "training/Ftrl/linear/w/accumulator"
    assert judged("linear/w", name)[name] == ("slot", "linear/w")
    assert judged("linear/w/accumulator", "linear/w")["linear/w/accumulator"] == ("weight", None)


def test_slots_of_object_checkpoints_name_their_owner():
    weight, end = "net/w/.ATTRIBUTES/VARIABLE_VALUE", "/.ATTRIBUTES/VARIABLE_VALUE"
    slot = f"net/w/.OPTIMIZER_SLOT/opt/m{end}"
    roles = judged(weight, slot, f"opt/rate{end}", **{f"opt/rate{end}".replace("/", "__"): ()})
    assert roles[weight] == ("weight", None)
    assert roles[slot] == ("slot", weight)
    assert roles[f"opt/rate{end}"] == ("other", None)


def test_variables_of_new_keras_optimizers_are_slots():
    end = "/.ATTRIBUTES/VARIABLE_VALUE"
    names = [
        f"optimizer/_iterations{end}",
        f"optimizer/_variables/2{end}",
        f"optimizer/_trainable_variables/0{end}",
    ]
    roles = classify(names, ["int64", "float32", "float32"], [(), (5, 4), (5, 4)])
    assert [judged.role for judged in roles] == ["counter", "slot", "weight"]


def test_every_slot_tensorflow_made_is_found_and_nothing_else():
    folder = oracle_folder("seed1-small")
    if folder is None:
        pytest.skip("no oracle here")
    oracle = json.loads((folder / "v2_slots" / "oracle.json").read_text())
    for checkpoint, truth in oracle["slots"].items():
        tensors = oracle["checkpoints"][checkpoint]["tensors"]
        names = list(tensors)
        roles = classify(
            names, [t["dtype"] for t in tensors.values()], [tuple(t["shape"]) for t in tensors.values()]
        )
        found = {
            name: (judged.owner, judged.slot)
            for name, judged in zip(names, roles, strict=True)
            if judged.role in ("slot", "ema")
        }
        assert found.keys() == truth.keys(), checkpoint
        for name, (owner, optimizer, slot) in truth.items():
            known = optimizer in ("MyOpt", "ExponentialMovingAverage")  # whose slots no name tells
            assert found[name] == (owner, None if known else slot), checkpoint
