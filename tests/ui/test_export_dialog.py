from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

import ckpt_viewer
from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.watching import OpenedFiles
from ckpt_viewer.ui.export_dialog import ExportDialog
from tests.memory_checkpoint import MemoryCheckpoint
from tests.memory_provider import MemoryProvider

PATH = sample_run() / "digits-2000"


@pytest.fixture
def ask(qtbot, tasks, tmp_path):
    """Opens the dialog for some variables of the sample; exports go to a folder of the test."""

    def open_dialog(*names, session=None):
        session = session or Session()
        session.settings.change(export_folder=str(tmp_path))
        with session.provider.open_checkpoint(PATH, None) as checkpoint:
            variables = [checkpoint.find(name) for name in names]
            opened = OpenedFiles.of(PATH, checkpoint.files)
        dialog = ExportDialog(session, tasks, opened, variables)
        dialog.said = []
        dialog.exported.connect(dialog.said.append)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return open_dialog


def carry_out(qtbot, tasks, dialog):
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not tasks.busy(dialog.lane))


def choose(dialog, format):
    dialog.format.setCurrentIndex(dialog.format.findData(format))


def test_the_name_is_filled_in_and_enter_writes_it(ask, qtbot, tasks, tmp_path):
    dialog = ask("conv1/kernel")
    assert dialog.target.text() == str(tmp_path / "conv1_kernel.npy")
    carry_out(qtbot, tasks, dialog)
    with ckpt_viewer.open_checkpoint(PATH) as checkpoint:
        np.testing.assert_array_equal(np.load(tmp_path / "conv1_kernel.npy"), checkpoint.read("conv1/kernel"))
    assert not dialog.isVisible()
    assert dialog.said == [f"Wrote {tmp_path / 'conv1_kernel.npy'}: 1 variable"]


def test_several_variables_go_into_one_archive(ask, qtbot, tasks, tmp_path):
    dialog = ask("conv1/kernel", "conv2/kernel")
    assert dialog.target.text() == str(tmp_path / "variables.npz")
    carry_out(qtbot, tasks, dialog)
    assert set(np.load(tmp_path / "variables.npz")) == {"conv1/kernel", "conv2/kernel"}


def test_several_variables_go_into_a_folder_as_npy(ask, qtbot, tasks, tmp_path):
    dialog = ask("conv1/kernel", "conv2/kernel")
    choose(dialog, "npy")
    dialog.target.setText(str(tmp_path / "values"))
    carry_out(qtbot, tasks, dialog)
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.npy")) == [
        "values/conv1/kernel.npy",
        "values/conv2/kernel.npy",
    ]


def test_the_format_changes_the_ending(ask):
    dialog = ask("conv1/kernel")
    choose(dialog, "csv")
    assert dialog.target.text().endswith("conv1_kernel.csv")


def test_an_existing_file_is_replaced_only_when_asked_twice(ask, qtbot, tasks, tmp_path):
    target = tmp_path / "conv1_kernel.npy"
    target.write_bytes(b"mine")
    dialog = ask("conv1/kernel")
    carry_out(qtbot, tasks, dialog)
    assert target.read_bytes() == b"mine"
    assert "is already there" in dialog.text()
    assert [button.text() for button in dialog.findChildren(QPushButton) if button.isDefault()] == ["Replace"]
    carry_out(qtbot, tasks, dialog)
    assert np.load(target).shape == (5, 5, 1, 12)


def test_another_name_is_asked_about_anew(ask, qtbot, tasks, tmp_path):
    for name in ("conv1_kernel.npy", "other.npy"):
        (tmp_path / name).write_bytes(b"mine")
    dialog = ask("conv1/kernel")
    carry_out(qtbot, tasks, dialog)
    dialog.target.clear()
    qtbot.keyClicks(dialog.target, str(tmp_path / "other.npy"))
    carry_out(qtbot, tasks, dialog)
    assert (tmp_path / "other.npy").read_bytes() == b"mine"


def test_what_cannot_be_written_is_a_sentence(ask, qtbot, tasks, tmp_path):
    (tmp_path / "file").write_text("")
    dialog = ask("conv1/kernel")
    dialog.target.setText(str(tmp_path / "file" / "x.npy"))
    carry_out(qtbot, tasks, dialog)
    assert dialog.isVisible()
    assert dialog.text().startswith("⚠ ")


@pytest.mark.parametrize("folder", ["a folder with words/" * 8, "unbroken_" * 20])
def test_a_long_sentence_makes_the_dialog_taller_and_cuts_nothing(ask, qtbot, tasks, tmp_path, folder):
    dialog = ask("conv1/kernel")
    qtbot.wait(1)
    before, field = dialog.size(), dialog.target.height()
    dialog.target.setText(str(tmp_path / folder / "x.npy"))
    carry_out(qtbot, tasks, dialog)
    words = dialog._words
    qtbot.waitUntil(lambda: dialog.height() > before.height())
    assert dialog.width() == before.width()
    assert dialog.target.height() == field
    assert words.document().size().width() <= words.viewport().width()
    assert words.document().size().height() <= words.viewport().height()
    qtbot.keyClicks(dialog.target, "y")
    qtbot.waitUntil(lambda: dialog.size() == before)


def test_the_folder_of_the_checkpoint_is_never_suggested(ask, qtbot):
    session = Session()
    dialog = ask("conv1/kernel", session=session)
    session.settings.change(export_folder=str(sample_run()))
    assert dialog._folder() != sample_run()


def test_where_the_program_was_started_is_never_suggested(ask, tmp_path, monkeypatch):
    session = Session()
    dialog = ask("conv1/kernel", session=session)
    monkeypatch.chdir(tmp_path)
    session.settings.change(export_folder="")
    assert dialog._folder() in (Path.home() / "Documents", Path.home())


def test_the_folder_is_told_however_long_the_name_is(ask, qtbot, tmp_path):
    dialog = ask("conv1/kernel")
    assert dialog._place.text() == str(tmp_path)
    dialog.target.selectAll()
    qtbot.keyClicks(dialog.target, f"/there/{'x' * 150}.npy")
    assert dialog._place.text() == "/there"
    assert dialog._place.visibleRegion().boundingRect().width() > 300


def test_cancelling_leaves_no_file(ask, qtbot, tasks, tmp_path):
    started = Event()

    def endless(cancel):
        started.set()
        while True:
            cancel.check()

    provider = MemoryProvider(make=lambda path: MemoryCheckpoint({"w": np.arange(6.0)}, path=path))
    dialog = ask("w", session=Session(provider))
    provider.before = endless
    dialog.accept()
    qtbot.waitUntil(started.is_set)
    dialog.reject()
    assert not tasks.busy(dialog.lane)
    assert dialog.isVisible()
    dialog.reject()
    assert not dialog.isVisible()
    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_remembered(ask, qtbot, tasks, tmp_path):
    session = Session()
    dialog = ask("conv1/kernel", session=session)
    (tmp_path / "deep").mkdir()
    dialog.target.setText(str(tmp_path / "deep" / "x.npy"))
    carry_out(qtbot, tasks, dialog)
    assert session.settings.remembered.export_folder == str(tmp_path / "deep")


def test_bits_are_offered_only_where_a_type_has_no_name_in_files(qtbot, tasks, tmp_path):
    offered = {}
    for dtype in ("float32", "bfloat16"):
        variable = Variable("w", dtype, (2,), 8)
        dialog = ExportDialog(Session(), tasks, OpenedFiles(PATH, (), ()), [variable])
        qtbot.addWidget(dialog)
        offered[dtype] = dialog.raw.isVisibleTo(dialog)
    assert offered == {"float32": False, "bfloat16": True}


def test_two_dialogs_write_side_by_side(ask, qtbot, tasks, tmp_path):
    gate = Event()
    provider = MemoryProvider(
        make=lambda path: MemoryCheckpoint({"a": np.ones(2), "b": np.ones(3)}, path=path)
    )
    session = Session(provider)
    dialogs = [ask(name, session=session) for name in "ab"]
    provider.before = lambda cancel: gate.wait(5)
    for dialog in dialogs:
        dialog.accept()
    gate.set()
    qtbot.waitUntil(lambda: not tasks.any_busy())
    assert [dialog.said for dialog in dialogs] == [
        [f"Wrote {tmp_path / 'a.npy'}: 1 variable"],
        [f"Wrote {tmp_path / 'b.npy'}: 1 variable"],
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.npy", "b.npy"]


@pytest.mark.parametrize("format", ["npy", "npz"])
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "No file is named yet."),
        (" ", "No file is named yet."),
        ("/", "/ has no name of its own."),
        ("x.npy", "x.npy does not say in which folder."),
        ("~nosuchuser/x.npy", "There is no home folder for ~nosuchuser."),
        ("/nowhere/a\0b.npy", "holds a character that no file name can have."),
        ("/nowhere/\ud800.npy", "holds a character that no file name can have."),
        ("{folder}", "is a folder."),
        ("{folder}/weights", "has no ending."),
    ],
)
def test_a_place_that_would_be_guessed_at_is_asked_about(
    ask, qtbot, tasks, tmp_path, monkeypatch, format, typed, sentence
):
    monkeypatch.chdir(tmp_path)
    dialog = ask("conv1/kernel")
    choose(dialog, format)
    monkeypatch.setattr(dialog.target, "text", lambda: typed.format(folder=tmp_path))  # a field drops NUL
    carry_out(qtbot, tasks, dialog)
    assert dialog.isVisible()
    assert sentence in dialog.text()
    assert list(tmp_path.iterdir()) == []
    assert dialog.target.isEnabled()
