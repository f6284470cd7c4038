from dataclasses import replace
from pathlib import Path

import pytest

from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import CheckpointDocument, RunDocument
from ckpt_viewer.session.trail import Trail
from tests.memory_provider import MemoryProvider

A, B = (CheckpointDocument(Path(f"/r/m-{step}")) for step in (1, 2))


def walked():
    """A trail over two variables of A, and B."""
    session = Session(MemoryProvider())
    trail = Trail(session)
    session.show(A)
    session.update(A.key, variable="b")
    session.update(A.key, variable="w")
    session.show(B)
    return session, trail


def here(session):
    document = session.state.document
    return document.path.name, document.variable


def test_back_goes_through_tabs_and_variables():
    session, trail = walked()
    trail.back()
    assert here(session) == ("m-1", "w")
    trail.back()
    assert here(session) == ("m-1", "b")
    assert not trail.can_go_back


@pytest.mark.parametrize("tab", [B, RunDocument(Path("/r"), "m")])
def test_a_tab_that_had_no_variable_yet_is_no_place_of_its_own(tab):
    session = Session(MemoryProvider())
    trail = Trail(session)
    session.show(replace(A, variable="w"))
    session.show(tab)
    session.update(tab.key, variable="w")
    trail.back()
    assert here(session) == ("m-1", "w")
    trail.forward()
    assert (session.state.current, session.state.document.variable) == (tab.key, "w")


def test_forward_returns():
    session, trail = walked()
    trail.back()
    trail.back()
    trail.forward()
    trail.forward()
    assert here(session) == ("m-2", None)
    assert not trail.can_go_forward


def test_going_somewhere_new_forgets_what_lay_ahead():
    session, trail = walked()
    trail.back()
    session.update(A.key, variable="other")
    assert not trail.can_go_forward


def test_closed_tabs_are_passed_over():
    session, trail = walked()
    session.show(CheckpointDocument(Path("/r/m-3")))
    session.close(B.key)
    session.change(current=CheckpointDocument(Path("/r/m-3")).key)
    trail.back()
    assert here(session) == ("m-1", "w")
