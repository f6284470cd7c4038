"""The table fills at once, judged by names; the graph that is read after it corrects what it shows."""

import json
from threading import Event

from PySide6.QtWidgets import QAbstractButton, QWidget

from ckpt_viewer.ui.app import open_window
from ckpt_viewer.ui.documents import checkpoint_opening
from ckpt_viewer.ui.item_models.variable_columns import FULL_NAME, TITLES
from tests.corpus import SAMPLES
from tests.ui.conftest import settle

ROLES = SAMPLES / "roles"
ANSWERS = json.loads((ROLES / "answers.json").read_text())


def shown_roles(window) -> dict[str, str]:
    model = window.findChild(QWidget, "variableTable").model()
    return {
        model.index(row, TITLES["Name"]).data(): model.index(row, TITLES["Role"]).data()
        for row in range(model.rowCount())
    }


def test_roles_are_those_that_the_graph_tells(open_quiet):
    window = open_quiet(ROLES / "plain" / "model.ckpt")
    assert shown_roles(window) == {key: told["role"] for key, told in ANSWERS["plain/model.ckpt"].items()}
    chips = window.findChild(QWidget, "roleChips").findChildren(QAbstractButton)
    assert "Weights 5" in [chip.text() for chip in chips]


def test_the_graph_is_listed_before_it_is_asked_for_roles(qtbot, monkeypatch):
    judged_by, may_judge = checkpoint_opening.judged_by, Event()
    monkeypatch.setattr(
        checkpoint_opening, "judged_by", lambda *asked: may_judge.wait(10) and judged_by(*asked)
    )
    window = open_window([ROLES / "plain" / "model.ckpt"])
    qtbot.addWidget(window)
    told = {key: each["role"] for key, each in ANSWERS["plain/model.ckpt"].items()}
    qtbot.waitUntil(lambda: window.documents.page() is not None and window.documents.page().built)
    qtbot.waitUntil(lambda: window.documents.page().graph.lists.ops.rowCount() > 0)
    assert shown_roles(window).keys() == told.keys()
    assert shown_roles(window) != told
    may_judge.set()
    settle(qtbot, window)
    assert shown_roles(window) == told


def test_what_was_chosen_stays_and_is_told_anew(open_quiet, qtbot):
    window = open_quiet(ROLES / "renamed" / "model.ckpt")
    window.session.update(window.session.state.current, variable="kernel_rms", view="Info")
    settle(qtbot, window)
    page = window.documents.page()
    page.reload()
    settle(qtbot, window)
    facts = page.values.views[6].facts()
    assert (facts["Role"], facts["Slot"], facts["Belongs to"]) == ("slot", "rms", "kernel")
    assert facts["Full name"] == "gen/block/RMSProp"
    assert [variable.name for variable in page.chosen()] == ["kernel_rms"]
    assert not page.variables.table.isColumnHidden(FULL_NAME)


def test_a_chip_shows_the_rows_that_the_graph_gives_its_role(open_quiet, qtbot):
    window = open_quiet(ROLES / "plain" / "model.ckpt")
    window.session.update(window.session.state.current, role="ema")
    settle(qtbot, window)
    assert shown_roles(window) == {"block/slow": "ema", "gen/w/slow": "ema"}
    assert window.documents.page().opened.checkpoint.find("block/slow").owner == "block"


def test_totals_are_over_the_roles_of_the_graph(open_quiet):
    window = open_quiet(ROLES / "plain" / "model.ckpt")
    by_role = {total.name: total.variables for total in window.documents.page().opened.totals.roles}
    told = [each["role"] for each in ANSWERS["plain/model.ckpt"].values()]
    assert by_role == {role: told.count(role) for role in set(told)}


def test_the_status_bar_counts_weights_as_the_chips_do(open_quiet):
    window = open_quiet(ROLES / "plain" / "model.ckpt")
    chips = window.findChild(QWidget, "roleChips").findChildren(QAbstractButton)
    assert "Weights 5" in [chip.text() for chip in chips]
    told = window.documents.page().status
    assert told.startswith("5 weights · ")
    assert told.endswith(f" · {len(shown_roles(window))} variables in all")
