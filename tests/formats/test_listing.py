"""Variables made of columns are those that were told one by one."""

import numpy as np
import pytest

from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.formats.listing import Columns, Listing, Places, columns_of, rejudged
from ckpt_viewer.formats.readers import open_checkpoint
from ckpt_viewer.formats.roles.judgement import Judgement
from tests.bundle_writer import write_bundle

PARTITIONED = Variable("b", "float32", (4, 2), 32, "slot", slices=2, owner="a", slot="m")
TOLD = (
    Variable("a", "float32", (2, 3), 24, "weight", 0, 0, 17),
    PARTITIONED,
    Variable("c", "int64", (), 8, "counter", 1, 24, 0, full_name="step"),
)


@pytest.fixture
def listing() -> Listing:
    columns = columns_of(TOLD)
    places = Places([0, 0, 1], [0, 0, 24], [17, 0, 0])
    return Listing(columns, places, {1: PARTITIONED})


def test_each_is_made_as_it_was_told(listing):
    assert tuple(listing) == TOLD
    assert [listing[place] for place in range(-3, 3)] == [*TOLD, *TOLD]
    assert (listing[1:], listing[::-1], len(listing)) == (TOLD[1:], TOLD[::-1], 3)
    assert listing == TOLD
    assert PARTITIONED in listing
    with pytest.raises(IndexError):
        listing[3]


def test_what_is_made_cannot_be_told_from_any_other_variable(listing):
    assert type(listing[0]) is Variable
    assert hash(listing[0]) == hash(TOLD[0])
    with pytest.raises(AttributeError):
        listing[0].name = "b"


@pytest.mark.parametrize("kind", [tuple, lambda told: Listing(columns_of(told), Places([0], [0], [1]), {})])
def test_judging_again_changes_roles_and_names_alone(kind):
    told = (Variable("a", "float32", (2,), 8, "weight", 0, 0, 1),)
    judgement = Judgement("slot", "w", "m", "w/Adam", None)
    judged = rejudged(kind(told), [judgement])
    assert tuple(judged) == (
        Variable("a", "float32", (2,), 8, "slot", 0, 0, 1, owner="w", slot="m", full_name="w/Adam"),
    )
    assert columns_of(judged).roles == ["slot"]


def test_partitioned_variables_are_judged_again_too(listing):
    judgements = [Judgement("weight"), Judgement("ema", "a"), Judgement("other")]
    assert [each.role for each in listing.judged(judgements)] == ["weight", "ema", "other"]
    assert listing.judged(judgements)[1].slices == 2


def test_columns_count_elements(listing):
    assert columns_of(listing).element_counts == [6, 8, 1]
    assert columns_of(listing).full_names == [None, None, "step"]
    assert isinstance(columns_of(TOLD), Columns)


@pytest.mark.parametrize("count", [3, 2**31, 2**62])
def test_what_columns_add_up_is_exact_however_much_an_index_claims(count):
    told = tuple(Variable(name, "float32", (count,), 4 * count) for name in "abc")
    assert columns_of(told).amounts[:, 1:].sum(axis=1).tolist() == [2 * count, 8 * count]


def test_a_bundle_finds_each_of_its_variables_by_name(tmp_path):
    arrays = {f"layer_{place}/w": np.zeros(place, np.float32) for place in range(40)}
    with open_checkpoint(write_bundle(tmp_path / "model", arrays)) as checkpoint:
        for name, array in arrays.items():
            assert checkpoint.find(name).shape == array.shape
        assert [each.name for each in checkpoint.variables] == sorted(arrays)
