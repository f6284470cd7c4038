"""Names are put into scopes as one would who looks at each."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer.session.scopes import Group, ScopeOrder

names = st.lists(st.text("ab-/é", min_size=1, max_size=8), unique=True, max_size=12)


def order_of(names):
    order = ScopeOrder(names)
    for _ in order.steps():
        pass
    return order


@given(names, st.data())
def test_groups_are_those_of_the_first_parts_of_the_names_shown(names, data):
    shown = data.draw(st.permutations(range(len(names))).map(lambda all_: all_[: len(all_) * 2 // 3]))
    scoped = order_of(names).only(np.array(shown, np.int64))
    expected: dict[str, list[str]] = {}
    for place in shown:
        expected.setdefault(names[place].partition("/")[0], []).append(names[place])
    groups = scoped.groups(0, len(shown), 0)
    found = [scoped.shown(np.arange(low, high)) for low, high, _ in groups.tolist()]
    assert [[names[place] for place in places] for places in found] == list(expected.values())
    for group, members in zip(groups.tolist(), expected.values(), strict=True):
        closed = [f"{name}/" for name in members]
        common = closed[0][: scoped.length(Group(*group))]
        assert common.endswith("/")
        assert all(each.startswith(common) for each in closed)
        assert not any(
            all(each.startswith(longer) for each in closed)
            for end in range(len(common) + 1, len(closed[0]) + 1)
            if (longer := closed[0][:end]).endswith("/")
        )


def test_no_names_have_no_scopes():
    scoped = order_of(()).only(np.zeros(0, np.int64))
    assert len(scoped.groups(0, 0, 0)) == 0
