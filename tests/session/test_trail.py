from pathlib import Path

from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import CheckpointDocument
from ckpt_viewer.session.trail import Trail
from tests.memory_provider import MemoryProvider

A, B = (CheckpointDocument(Path(f"/r/m-{step}")) for step in (1, 2))


def walked():
    """A trail over A, a variable of A, and B."""
    session = Session(MemoryProvider())
    trail = Trail(session)
    session.show(A)
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
    assert here(session) == ("m-1", None)
    assert not trail.can_go_back


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
