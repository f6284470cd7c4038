"""*Verify* in the window: what it marks, and the report it shows."""

import json
import shutil
import time
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QPushButton, QTableView

from ckpt_viewer.analysis.verification import VariableCheck, Verification
from ckpt_viewer.errors import Problem
from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.provider import Files
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import CheckpointDocument
from ckpt_viewer.session.verification_report import Report, findings
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.export_dialog import ExportDialog
from ckpt_viewer.ui.item_models.checkpoint_tree_model import BADGES_ROLE
from ckpt_viewer.ui.item_models.finding_list import MESSAGE, WHERE, FindingListModel
from ckpt_viewer.ui.item_models.variable_columns import CHECKSUM, NAME
from ckpt_viewer.ui.panels.jobs import Jobs
from ckpt_viewer.ui.task_runner import TaskRunner
from ckpt_viewer.ui.verification import VerificationDialog
from ckpt_viewer.ui.widgets.sentence import Sentence
from tests.bundle_writer import write_bundle
from tests.cli.conftest import SAMPLES
from tests.ui.conftest import settle

DISPLAY = Qt.ItemDataRole.DisplayRole
DAMAGED = "conv2/kernel"


@pytest.fixture
def folder(tmp_path):
    """A save of the sample run with one value damaged."""
    for file in sample_run().glob("digits-1000.*"):
        shutil.copy(file, tmp_path)
    with Files().open_checkpoint(tmp_path / "digits-1000", None) as checkpoint:
        place = checkpoint.find(DAMAGED).offset
    data = tmp_path / "digits-1000.data-00000-of-00001"
    content = bytearray(data.read_bytes())
    content[place] ^= 1
    data.write_bytes(content)
    return tmp_path


def verify(window, qtbot):
    window.actions_by_name["verify"].trigger()
    settle(qtbot, window)
    return window.findChild(VerificationDialog)


def lines(dialog):
    """The rows as they are shown: headings alone, findings by column."""
    model = dialog.findChild(QTableView, "findings").model()
    shown = []
    for row in range(model.rowCount()):
        cells = tuple(model.index(row, column).data() for column in range(3))
        shown.append(cells[0] if row in model.headings else cells)
    return shown


def button(dialog, text):
    return next(each for each in dialog.findChildren(QPushButton) if each.text() == text)


def test_the_report_groups_what_it_found_and_says_it_in_full_below(open_quiet, qtbot, folder):
    dialog = verify(open_quiet(folder), qtbot)
    heading, (where, what, message) = lines(dialog)
    assert (heading, where, what) == ("Variables (1)", DAMAGED, "damaged")
    assert " of digits-1000.data-00000-of-00001 are not those that were saved" in message
    assert str(folder) in dialog.list.detail.toPlainText()
    assert "65 variables checked: 1 damaged or missing." in dialog.text()


def test_verifying_marks_the_rows_and_the_place_in_the_tree(open_quiet, qtbot, folder):
    window = open_quiet(folder)
    table = window.findChild(QTableView, "variableTable")
    assert table.isColumnHidden(CHECKSUM)
    verify(window, qtbot)
    model = table.model()
    row = model.row_of(DAMAGED)
    assert not table.isColumnHidden(CHECKSUM)
    assert model.index(row, CHECKSUM).data() == "✗ damaged"
    assert model.index(row, CHECKSUM).data(Qt.ItemDataRole.ForegroundRole) == theme.current().danger
    assert not model.index(row, NAME).data(Qt.ItemDataRole.DecorationRole).isNull()
    assert "are not those that were saved" in model.index(row, NAME).data(Qt.ItemDataRole.ToolTipRole)
    others = {model.index(other, CHECKSUM).data() for other in range(model.rowCount()) if other != row}
    assert others == {"✓ ok"}
    tree = window.tree.model()
    entry = tree.find(folder / "digits-1000")
    assert "damaged" in tree.index_of(entry).data(BADGES_ROLE)
    assert "damaged" in tree.index_of(entry).data(Qt.ItemDataRole.AccessibleTextRole)
    model.sort(CHECKSUM, Qt.SortOrder.AscendingOrder)
    assert model.index(0, NAME).data() == DAMAGED


def test_what_was_verified_is_forgotten_when_the_files_are_read_again(open_quiet, qtbot, folder):
    window = open_quiet(folder)
    verify(window, qtbot)
    window.documents.page().reload()
    settle(qtbot, window)
    assert window.session.state.verified == {}
    model = window.findChild(QTableView, "variableTable").model()
    assert not model.index(0, CHECKSUM).data()
    entry = window.tree.model().find(folder / "digits-1000")
    assert "damaged" not in window.tree.model().index_of(entry).data(BADGES_ROLE)


@pytest.mark.parametrize("how", ["double-click", "enter", "button"])
def test_a_finding_leads_to_its_row_past_filter_and_page(open_quiet, qtbot, folder, how):
    window = open_quiet(folder)
    key = window.session.state.current
    window.session.update(key, filter="conv1", role="slot", page="summary")
    dialog = verify(window, qtbot)
    view = dialog.findChild(QTableView, "findings")
    index = view.model().index(1, 0)
    if how == "double-click":
        place = view.visualRect(index).center()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    elif how == "enter":
        assert view.hasFocus()
        qtbot.keyClick(view, Qt.Key.Key_Return)
    else:
        qtbot.mouseClick(button(dialog, "Show variable"), Qt.MouseButton.LeftButton)
    document = window.session.state.document
    assert (document.page, document.variable, document.filter) == ("variables", DAMAGED, "")
    table = window.findChild(QTableView, "variableTable")
    assert table.currentIndex().siblingAtColumn(NAME).data() == DAMAGED
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)


def test_of_a_v1_file_it_says_what_was_checked(open_quiet, qtbot):
    dialog = verify(open_quiet(SAMPLES / "v1_files" / "old.ckpt-3"), qtbot)
    told = dialog.findChild(Sentence).text()
    assert "Every block of its table has the checksum it was saved with" in told
    assert "none of their own" in told


def test_the_report_is_copied_as_markdown_and_a_line_as_it_stands(open_quiet, qtbot, folder):
    dialog = verify(open_quiet(folder), qtbot)
    qtbot.mouseClick(button(dialog, "Copy report"), Qt.MouseButton.LeftButton)
    settle(qtbot, dialog.parent())
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("# digits-1000\n")
    assert "- damaged: 1\n" in copied
    assert "## Variables\n\n- conv2/kernel — damaged: Bytes" in copied
    qtbot.keyClick(
        dialog.findChild(QTableView, "findings"), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier
    )
    assert QGuiApplication.clipboard().text().startswith("conv2/kernel — damaged: Bytes")


def test_saving_begins_away_from_the_checkpoint_and_follows_the_ending(
    open_quiet, qtbot, folder, tmp_path_factory, monkeypatch
):
    asked, target = [], tmp_path_factory.mktemp("reports")

    def choose(name, kind):
        def answer(_parent, _title, suggested, _kinds):
            asked.append(suggested)
            return str(target / name), kind

        monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
        qtbot.mouseClick(button(dialog, "Save report…"), Qt.MouseButton.LeftButton)
        settle(qtbot, dialog.parent())

    before = sorted(folder.iterdir())
    dialog = verify(open_quiet(folder), qtbot)
    choose("report.json", "Markdown (*.md)")
    choose("plain", "JSON (*.json)")
    choose("report.md", "JSON (*.json)")
    for name in ("report.json", "plain.json"):
        assert json.loads((target / name).read_text())["ok"] is False
    assert (target / "report.md").read_text().startswith("# digits-1000")
    assert not any(suggested.startswith(str(folder)) for suggested in asked)
    assert sorted(folder.iterdir()) == before
    assert sorted(each.name for each in target.iterdir()) == ["plain.json", "report.json", "report.md"]


def test_a_file_nobody_was_asked_about_is_left_alone(open_quiet, qtbot, folder, tmp_path_factory):
    target = tmp_path_factory.mktemp("reports")
    (target / "mine.md").write_text("mine")
    dialog = verify(open_quiet(folder), qtbot)
    dialog.save(target / "mine", "Markdown (*.md)")
    settle(qtbot, dialog.parent())
    assert (target / "mine.md").read_text() == "mine"
    assert "already there" in dialog._said.toPlainText()


def test_a_report_is_saved_although_its_dialog_was_closed(open_quiet, qtbot, folder, tmp_path_factory):
    window, target = open_quiet(folder), tmp_path_factory.mktemp("reports") / "report.json"
    dialog = verify(window, qtbot)
    dialog.save(target)
    dialog.close()
    settle(qtbot, window)
    assert json.loads(target.read_text())["ok"] is False


def test_what_cannot_be_written_is_said(open_quiet, qtbot, folder, tmp_path):
    dialog = verify(open_quiet(folder), qtbot)
    (tmp_path / "file").touch()
    dialog.save(tmp_path / "file" / "report.md")
    settle(qtbot, dialog.parent())
    assert "cannot be written" in dialog._said.toPlainText()
    assert dialog._said.isVisible()


def test_all_well_is_a_sentence(open_quiet, qtbot):
    dialog = verify(open_quiet(sample_run()), qtbot)
    assert "65 variables checked: all as saved." in dialog.text()
    assert dialog.list is None
    assert not button(dialog, "Show variable").isVisible()
    close = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Close)
    assert close.hasFocus()


def test_verifying_again_takes_the_place_of_the_report(open_quiet, qtbot, folder):
    window = open_quiet(folder)
    verify(window, qtbot)
    verify(window, qtbot)
    qtbot.waitUntil(lambda: len(window.findChildren(VerificationDialog)) == 1)


def test_the_report_is_an_ordinary_window_that_closes_with_the_main_one(open_quiet, qtbot, folder):
    window = open_quiet(folder)
    dialog = verify(window, qtbot)
    assert dialog.windowType() == Qt.WindowType.Window  # a dialog would stay in front of its parent
    assert dialog.windowHandle().transientParent() is None
    window.close()
    assert not dialog.isVisible()


def test_a_checkpoint_that_cannot_be_opened_is_reported_too(open_quiet, qtbot, folder):
    window = open_quiet(folder)
    (folder / "digits-1000.index").write_bytes(b"")
    dialog = verify(window, qtbot)
    heading, (_, what, message) = lines(dialog)
    assert (heading, what) == ("The checkpoint as a whole (1)", "problem")
    assert "digits-1000.index is empty" in message


class SlowFiles(Files):
    """Once told to `hold`, opens no checkpoint until it is cancelled."""

    def __init__(self):
        super().__init__()
        self.hold, self.waiting = False, Event()

    def open_checkpoint(self, path, cancel):
        while self.hold:
            self.waiting.set()
            cancel.check()
            time.sleep(0.002)
        return super().open_checkpoint(path, cancel)


@pytest.fixture
def slow(open_quiet, qtbot, tmp_path):
    """A window in which verifying does not come to an end."""
    session = Session(SlowFiles())
    session.show(CheckpointDocument(write_bundle(tmp_path / "m-1", {"w": np.ones(3)})))
    window = open_quiet(session=session)
    session.provider.hold = True
    window.actions_by_name["verify"].trigger()
    qtbot.waitUntil(session.provider.waiting.is_set)
    return window


def test_it_shows_in_the_status_bar_and_can_be_cancelled_there(slow, qtbot):
    jobs = slow.findChild(Jobs)
    qtbot.waitUntil(lambda: jobs.text().startswith("Verifying m-1"))
    qtbot.mouseClick(jobs._cancel, Qt.MouseButton.LeftButton)
    assert not slow.tasks.any_busy()
    settle(qtbot, slow)
    assert slow.findChild(VerificationDialog) is None
    assert slow.session.state.verified == {}


def test_closing_the_tab_ends_it(slow, qtbot):
    slow.session.close(slow.session.state.current)
    assert not any("verify" in lane for lane in slow.tasks._live)
    settle(qtbot, slow)
    assert slow.findChild(VerificationDialog) is None


def test_closing_the_window_ends_it(slow):
    slow.close()


def many(count):
    checks = tuple(VariableCheck(f"<b>w{number}</b>", "damaged", "It\nis.") for number in range(count))
    return Verification(checks, (Problem("other-save", "/r/m.index is odd."),), ok=False)


def test_thousands_of_findings_are_rows_of_a_model(qtbot, tmp_path):
    tasks = TaskRunner()
    tasks.close()
    dialog = VerificationDialog(tasks, tmp_path / "m", Report.of(many(20_000)), tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    view = dialog.findChild(QTableView, "findings")
    last = view.model().index(20_002, 0)
    view.selectionModel().setCurrentIndex(last, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    view.scrollTo(last)
    assert view.indexAt(QPoint(40, view.visualRect(last).center().y())).row() == 20_002
    assert dialog.list.detail.toPlainText() == "<b>w19999</b> — damaged: It\\nis."


def test_the_model_keeps_the_rules_of_qt(tmp_path):
    model = FindingListModel(findings(many(3)), tmp_path)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    heading = model.index(2, 0)
    assert heading.data() == "Variables (3)"
    assert not heading.flags()
    assert model.index(5, WHERE).data() == "<b>w2</b>"
    assert "&lt;b&gt;w2" in model.index(5, MESSAGE).data(Qt.ItemDataRole.ToolTipRole)
    assert model.finding(heading) is None


def test_the_export_of_a_damaged_variable_says_why_it_is_refused(open_quiet, qtbot, folder, tmp_path):
    window = open_quiet(folder / "digits-1000")
    window.session.settings.change(export_folder=str(tmp_path / "out"))
    (tmp_path / "out").mkdir()
    window.session.update(window.session.state.current, variable=DAMAGED)
    settle(qtbot, window)
    window.documents.page().values.show_anyway()
    settle(qtbot, window)
    qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = window.findChild(ExportDialog)
    for _ in range(2):  # at once, and after a try
        assert "are not those that were saved" in dialog.text()
        assert "not exported" in dialog.text()
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
        settle(qtbot, window)
    assert dialog.isVisible()
    assert list((tmp_path / "out").iterdir()) == []
    dialog.close()
    window.session.update(window.session.state.current, variable="conv1/kernel")
    settle(qtbot, window)
    window.actions_by_name["export"].trigger()
    assert window.findChildren(ExportDialog)[-1].text() == ""


def test_a_row_is_marked_as_soon_as_looking_at_its_values_shows_damage(open_quiet, qtbot, folder):
    window = open_quiet(folder)
    page = window.documents.page()
    name = page.variables.model.index(page.variables.model.row_of(DAMAGED), NAME)
    assert name.data(Qt.ItemDataRole.DecorationRole) is None
    window.session.update(page.key, variable=DAMAGED)
    settle(qtbot, window)
    assert not name.data(Qt.ItemDataRole.DecorationRole).isNull()
    assert "not those that were saved" in name.data(Qt.ItemDataRole.ToolTipRole)
