"""Columns answer as a look at each pair would."""

from dataclasses import replace
from math import inf, nan

import numpy as np
import pytest

from ckpt_viewer.analysis.comparison import STATUSES, Difference, Pair
from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.session.filters import Filter
from ckpt_viewer.session.pair_columns import PairColumns, changed_part

LOST = Problem("bad-checksum", "Its bytes are not those that were saved.")


def variable(name, shape=(2, 2), dtype="float32"):
    return Variable(name, dtype, shape, 4)


def changed(name, relative=0.5, **fields):
    difference = Difference(10, 5, 1.0, 0.5, 0.7, relative, 0.9, **fields)
    return Pair(variable(name), variable(name), "changed", "bytes", difference)


PAIRS = [
    Pair(variable("a"), None, "only-a"),
    Pair(None, variable("b"), "only-b"),
    Pair(variable("c"), variable("c"), "identical"),
    replace(changed("d", 0.1), damage=(LOST,)),
    Pair(variable("e"), variable("other"), "changed"),
    Pair(variable("f"), variable("f", (3, 1)), "shape"),
    Pair(variable("g"), variable("g", dtype="int8"), "dtype"),
    changed("h", 0.3),
]


@pytest.fixture
def columns():
    return PairColumns(PAIRS)


@pytest.mark.parametrize("shown", ["all", "different", "no such word", *STATUSES])
def test_a_word_shows_the_pairs_of_its_status(columns, shown):
    def is_shown(pair):
        return pair.status != "identical" if shown == "different" else shown in ("all", pair.status)

    assert columns.of(shown).tolist() == [is_shown(pair) for pair in PAIRS]


def test_it_counts(columns):
    assert columns.counts == {status: sum(pair.status == status for pair in PAIRS) for status in STATUSES}
    assert (len(columns), columns.damaged, columns.renamed) == (len(PAIRS), 1, True)
    assert [columns.within(tolerance) for tolerance in (0.0, 0.05, 0.1, 0.2, 1.0)] == [0, 0, 1, 1, 2]


@pytest.mark.parametrize("nonfinite", [0, 1])
def test_what_came_to_be_infinite_is_within_no_tolerance(nonfinite):
    assert PairColumns([changed("a", 0.1, nonfinite=nonfinite)]).within(1.0) == 1 - nonfinite


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "abcdefgh"),
        ("other", "e"),
        ("e", "e"),
        ("shape:3", "f"),
        ("shape:2", "abcdefgh"),
        ("dtype:int8", "g"),
        ("*", "abcdefgh"),
        ("nothing", ""),
        ("role:no-such", "abcdefgh"),
    ],
)
def test_a_filter_accepts_a_pair_by_either_side(columns, text, names):
    accepted = columns.accepted(Filter.parse(text))
    assert "".join(pair.name for pair, is_there in zip(PAIRS, accepted, strict=True) if is_there) == names


def test_what_is_found_out_later_is_put_in_its_place(columns):
    late = Pair(PAIRS[4].a, PAIRS[4].b, "identical", "bytes", Difference(10, 0, 0, 0, 0, 0, 1.0))
    columns.update([late, changed("not among them")])
    assert columns.pairs == [*PAIRS[:4], late, *PAIRS[5:]]
    assert columns.counts["identical"] == 2
    assert columns.figures["cosine"][4] == 1
    assert np.isnan(columns.figures["cosine"][0])


def test_the_greatest_change_is_told_by_what_came_to_be_infinite_then_by_its_ratio():
    pairs = [
        changed("zeros", None),
        changed("half"),
        changed("nan", nan),
        changed("much", inf),
        changed("lost", 0.1, nonfinite=1),
        Pair(variable("unread"), variable("unread"), "changed"),
    ]
    order = np.argsort(-PairColumns(pairs).figures["relative"], kind="stable")
    assert [pairs[place].name for place in order] == ["lost", "much", "half", "zeros", "nan", "unread"]


def test_texts_are_ranked_as_they_are_sorted(columns):
    def text(pair):
        return pair.status[::-1]

    for ranks, key in ((columns.by_text(text), text), (columns.by_status(), lambda pair: pair.status)):
        assert [PAIRS[place] for place in np.argsort(ranks, kind="stable")] == sorted(PAIRS, key=key)
    assert columns.by_text(text) is columns.by_text(text)


def test_nothing_has_no_part_that_changed():
    assert changed_part(Difference(0, 0, None, None, None, None, None)) is None
    assert changed_part(Difference(8, 2, 1.0, 1.0, 1.0, 1.0, 1.0)) == 25
