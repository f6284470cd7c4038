import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer.session import last_session
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.settings import RECENT, Remembered, Settings, config_folder
from ckpt_viewer.session.state import CheckpointDocument, ComparisonDocument, GraphDocument
from tests.memory_provider import MemoryProvider


def test_settings_come_back_at_the_next_start():
    settings = Settings.of_user()
    settings.change(scheme="dark", export_folder="/out")
    settings.set_layout("window", "AAAA")
    again = Settings.of_user()
    assert again.remembered.scheme == "dark"
    assert again.remembered.export_folder == "/out"
    assert again.layout("window") == "AAAA"
    assert again.layout("unknown") == ""


def test_the_folder_is_where_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.setenv("CKPT_VIEWER_CONFIG", str(tmp_path / "deep" / "down"))
    Settings.of_user().change(scheme="light")
    assert (tmp_path / "deep" / "down" / "settings.json").is_file()


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="other systems have other places")
def test_without_it_the_usual_place_is_taken(monkeypatch, tmp_path):
    monkeypatch.delenv("CKPT_VIEWER_CONFIG")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert config_folder() == tmp_path / "ckpt-viewer"


def test_recent_folders_are_few_and_the_newest_comes_first():
    settings = Settings()
    for number in range(RECENT + 3):
        settings.add_recent(Path(f"/{number}"))
    settings.add_recent(Path("/5"))
    assert settings.remembered.recent[:2] == ("/5", f"/{RECENT + 2}")
    assert len(settings.remembered.recent) == RECENT


def test_settings_without_a_file_write_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("CKPT_VIEWER_CONFIG", str(tmp_path))
    Settings().change(scheme="dark")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_to_costs_only_the_memory(tmp_path):
    blocker = tmp_path / "file"
    blocker.write_text("")
    settings = Settings(blocker / "settings.json")
    settings.change(scheme="dark")
    assert settings.remembered.scheme == "dark"


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '"x"', "{}" * 2, "[" * 100_000, "\x00"])
def test_a_broken_file_gives_the_defaults(tmp_path, content):
    file = tmp_path / "settings.json"
    file.write_text(content)
    assert Settings(file).remembered == Remembered()


def test_what_makes_no_sense_is_left_out_and_the_rest_kept(tmp_path):
    file = tmp_path / "settings.json"
    content = {"scheme": "pink", "recent": ["/a", 7, None], "layouts": [], "export_folder": "/out", "new": 1}
    file.write_text(json.dumps(content))
    assert Settings(file).remembered == Remembered(recent=("/a",), export_folder="/out")


def session_with(settings=None):
    return Session(MemoryProvider(), settings)


def test_the_last_session_comes_back():
    session = session_with()
    session.add_root(Path("/models"))
    session.show(CheckpointDocument(Path("/models/a-1"), page="graph", variable="w", view="Info"))
    session.show(GraphDocument(Path("/models/g.pb"), node="x"))
    session.show(ComparisonDocument(Path("/models/a-1"), Path("/models/a-2"), mode="swipe"))
    session.change(current=session.state.documents[0].key)
    last_session.remember(session)
    again = session_with(session.settings)
    last_session.restore(again)
    assert again.state == session.state


def test_a_name_that_is_no_text_survives_the_file(tmp_path):
    settings = Settings(tmp_path / "settings.json")
    session = session_with(settings)
    session.show(CheckpointDocument(Path("/x-1"), variable="odd\udcff"))
    last_session.remember(session)
    again = session_with(Settings(tmp_path / "settings.json"))
    last_session.restore(again)
    assert again.state.document is None or again.state.document.variable in (None, "odd\udcff")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
records = st.dictionaries(
    st.sampled_from(["kind", "path", "a", "b", "page", "variable", "node", "mode"]),
    st.sampled_from(["checkpoint", "graph", "comparison", "variables", "/x"]) | json_values,
)


@given(st.lists(records, max_size=4), st.text(max_size=5))
def test_any_record_restores_to_something_or_nothing(documents, current):
    session = session_with()
    session.settings.change(documents=tuple(documents), current=current)
    last_session.restore(session)
    assert session.state.current == "" or session.state.document is not None
