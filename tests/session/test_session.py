from pathlib import Path

import pytest

from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import CheckpointDocument, ComparisonDocument
from tests.memory_provider import MemoryProvider

A, B, C = (CheckpointDocument(Path(f"/run/model.ckpt-{step}")) for step in (1, 2, 3))


@pytest.fixture
def session():
    return Session(MemoryProvider())


def test_listeners_hear_before_and_after(session):
    heard = []
    session.listen(lambda before, after: heard.append((before.message, after.message)))
    session.change(message="one")
    session.change(message="two")
    assert heard == [("", "one"), ("one", "two")]


def test_a_change_without_effect_tells_nobody(session):
    heard = []
    session.listen(lambda before, after: heard.append(after))
    session.change(message="")
    assert heard == []


def test_a_change_made_while_telling_is_told_next_to_everyone_in_order(session):
    heard = []

    def first(before, after):
        heard.append(("first", after.message))
        if after.message == "one":
            session.change(message="two")

    session.listen(first)
    session.listen(lambda before, after: heard.append(("second", after.message)))
    session.change(message="one")
    assert heard == [("first", "one"), ("second", "one"), ("first", "two"), ("second", "two")]


def test_a_forgotten_listener_hears_nothing(session):
    heard = []
    listener = lambda before, after: heard.append(after)  # noqa: E731
    session.listen(listener)
    session.forget(listener)
    session.change(message="one")
    assert heard == []


def test_a_failing_listener_does_not_silence_the_session(session):
    def fail(before, after):
        raise ValueError("listener")

    session.listen(fail)
    with pytest.raises(ValueError, match="listener"):
        session.change(message="one")
    session.forget(fail)
    heard = []
    session.listen(lambda before, after: heard.append(after.message))
    session.change(message="two")
    assert heard[-1] == "two"


def test_showing_a_document_twice_keeps_one_tab(session):
    session.show(A)
    session.show(B)
    session.show(A)
    assert session.state.documents == (A, B)
    assert session.state.document == A


def test_closing_brings_the_right_neighbour_to_the_front_else_the_left(session):
    for document in (A, B, C):
        session.show(document)
    session.change(current=B.key)
    session.close(B.key)
    assert session.state.document == C
    session.close(C.key)
    assert session.state.document == A
    session.close(A.key)
    assert session.state.document is None


def test_closing_a_tab_behind_leaves_the_front_alone(session):
    for document in (A, B, C):
        session.show(document)
    session.close(A.key)
    assert session.state.document == C


def test_replacing_keeps_the_place_of_the_tab(session):
    for document in (A, B):
        session.show(document)
    session.change(current=A.key)
    session.replace(A.key, C)
    assert session.state.documents == (C, B)
    assert session.state.document == C


def test_replacing_by_an_open_document_brings_that_to_the_front(session):
    for document in (A, B):
        session.show(document)
    session.replace(B.key, A)
    assert session.state.documents == (A, B)
    assert session.state.document == A


def test_a_closed_tab_is_not_replaced(session):
    for document in (A, B):
        session.show(document)
    session.close(A.key)
    session.replace(A.key, C)
    session.replace(A.key, B)
    assert session.state.documents == (B,)
    assert session.state.document == B


def test_replacing_a_tab_behind_leaves_the_front_alone(session):
    for document in (A, B):
        session.show(document)
    session.replace(A.key, C)
    assert session.state.documents == (C, B)
    assert session.state.document == B


def test_tabs_can_be_arranged(session):
    for document in (A, B, C):
        session.show(document)
    session.arrange([C.key, A.key, B.key])
    assert session.state.documents == (C, A, B)


def test_an_update_reaches_its_document_only(session):
    session.show(A)
    session.show(B)
    session.update(A.key, variable="w")
    assert [document.variable for document in session.state.documents] == ["w", None]


def test_comparing_opens_one_tab_for_the_two(session):
    session.compare(A.path, B.path)
    assert session.state.document == ComparisonDocument(A.path, B.path)


def test_a_root_is_added_once_and_remembered(session):
    for _ in range(2):
        session.add_root(Path("/models"))
    assert session.state.roots == (Path("/models"),)
    assert session.settings.remembered.recent == ("/models",)
    session.remove_root(Path("/models"))
    assert session.state.roots == ()
