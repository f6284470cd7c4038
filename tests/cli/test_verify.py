import os
import shutil
import time

import numpy as np
import pytest

from ckpt_viewer import DamagedFile, open_checkpoint
from tests.bundle_writer import write_bundle
from tests.cli.conftest import ANSWERS, READABLE, SAMPLES, flip

DATA = "model.ckpt-20.data-00000-of-00001"
WORDS = {"ok", "damaged", "missing-data", "unreadable", "unchecked"}


@pytest.mark.parametrize("checkpoint", READABLE)
def test_what_tensorflow_wrote_is_whole(checkpoint, cli):
    ran = cli("verify", SAMPLES / checkpoint, "--json")
    assert (ran.status, ran.document["ok"]) == (0, True)
    assert {each["name"] for each in ran.document["variables"]} == set(ANSWERS[checkpoint])
    assert {each["status"] for each in ran.document["variables"]} <= {"ok", "unchecked"}


def test_a_changed_bit_is_found(cli, run_folder):
    flip(run_folder / DATA, 0)
    ran = cli("verify", run_folder, "--json")
    assert (ran.status, ran.document["ok"]) == (1, False)
    bad = [each for each in ran.document["variables"] if each["status"] != "ok"]
    assert [each["status"] for each in bad] == ["damaged"]
    assert bad[0]["message"]


def test_of_a_folder_it_says_that_others_were_not_checked(cli, run_folder):
    told = "Only the newest was checked: 1 other checkpoint of the folder was not.\n"
    assert cli("verify", run_folder).err.endswith(told)
    assert cli("verify", run_folder / "model.ckpt-20").err == ""
    assert set(cli("verify", run_folder, "--json").document) == {"path", "ok", "variables", "problems"}
    index = run_folder / "model.ckpt-20.index"
    index.write_bytes(index.read_bytes()[:-20])
    (run_folder / "checkpoint").write_text('model_checkpoint_path: "model.ckpt-20"')
    assert cli("verify", run_folder).err.endswith(told)


def test_a_missing_shard_is_found(cli, run_folder):
    (run_folder / DATA).unlink()
    ran = cli("verify", run_folder, "--json")
    assert (ran.status, ran.document["ok"]) == (1, False)
    assert {each["status"] for each in ran.document["variables"]} == {"missing-data"}


def test_a_short_shard_is_found(cli, run_folder):
    (run_folder / DATA).write_bytes((run_folder / DATA).read_bytes()[:-100])
    ran = cli("verify", run_folder, "--json")
    assert (ran.status, ran.document["ok"]) == (1, False)
    assert {each["status"] for each in ran.document["variables"]} <= WORDS


def test_a_graph_that_contradicts_itself_is_found(cli, run_folder):
    meta = run_folder / "model.ckpt-20.meta"
    meta.write_bytes(
        b"\x0a\x02\xff\xff" + meta.read_bytes()
    )  # in front: another meta_info_def, a damaged one
    ran = cli("verify", run_folder, "--json")
    assert (ran.status, ran.document["ok"]) == (1, False)
    assert [problem["code"] for problem in ran.document["problems"]] == ["bad-graph"]


@pytest.mark.parametrize(
    ("count", "told"), [(1, "1 node makes no sense and is"), (2, "2 nodes make no sense and are")]
)
def test_damaged_nodes_of_a_frozen_graph_are_found(count, told, cli, tmp_path):
    frozen = tmp_path / "frozen.pb"
    shutil.copy(SAMPLES / "graphs" / "frozen.pb", frozen)
    frozen.write_bytes(frozen.read_bytes() + b"\x0a\x0b\x12\x05Const\x2a\x09ww" * count)
    ran = cli("verify", frozen)
    assert ran.status == 1
    assert told in ran.err
    assert ran.out.splitlines()[-1].startswith("DAMAGED: ")


def test_an_index_that_cannot_be_opened_is_a_finding_too(cli, run_folder):
    index = run_folder / "model.ckpt-20.index"
    index.write_bytes(index.read_bytes()[:-20])
    ran = cli("verify", run_folder / "model.ckpt-20", "--json")
    assert (ran.status, ran.document["ok"], ran.document["variables"]) == (1, False, [])
    assert ran.document["problems"][0]["code"] in ("truncated", "bad-block")
    assert ran.err.startswith("ckpt-viewer: problem: ")
    assert "error:" not in ran.err
    told = cli("verify", run_folder / "model.ckpt-20")
    assert told.out == f"DAMAGED: {run_folder}/model.ckpt-20 cannot be opened\n"
    assert (told.err, "if it is still being saved" in told.err) == (ran.err, True)
    (run_folder / "model.ckpt-20_temp").mkdir()
    told = cli("verify", run_folder / "model.ckpt-20")
    assert told.out == f"UNFINISHED: {run_folder}/model.ckpt-20 cannot be opened\n"
    os.utime(index, (1, 1))  # nobody is writing it any more
    told = cli("verify", run_folder / "model.ckpt-20")
    assert told.out == f"DAMAGED: {run_folder}/model.ckpt-20 cannot be opened\n"
    assert "still being saved" not in told.err


def test_a_v1_file_whose_end_is_missing_is_a_finding_however_it_is_asked_for(cli, tmp_path):
    whole = (SAMPLES / "v1_files/old.ckpt-3").read_bytes()
    (tmp_path / "old.ckpt-3").write_bytes(whole[:-20])
    (tmp_path / "checkpoint").write_text('model_checkpoint_path: "old.ckpt-3"')
    for path in (tmp_path, tmp_path / "checkpoint", tmp_path / "old.ckpt-3"):
        ran = cli("verify", path, "--json")
        assert (ran.status, ran.document["ok"]) == (1, False)
        [problem] = ran.document["problems"]
        assert problem["code"] == "truncated"
        assert problem["message"] == f"{tmp_path}/old.ckpt-3 begins as a checkpoint, but its end is missing."
    (tmp_path / "checkpoint").unlink()
    (tmp_path / "old.ckpt-2").write_bytes(whole)
    ran = cli("ls", tmp_path, "--json")  # the one that can be read, and why it is not the newest
    assert (ran.status, ran.document["path"]) == (0, f"{tmp_path}/old.ckpt-2")
    assert ran.document["problems"] == [{key: problem[key] for key in ("code", "message", "hint")}]


def test_what_is_no_checkpoint_cannot_be_verified(cli, tmp_path):
    (tmp_path / "notes.index").write_text("hello, this is a text and no table of anything, however long")
    assert cli("verify", tmp_path / "notes.index").status == 2
    assert cli("verify", tmp_path / "nothing").status == 2


def test_text_is_short_where_all_is_well(cli):
    assert (
        cli("verify", SAMPLES / "run").out
        == f"{SAMPLES}/run/model.ckpt-20 · bundle · step 20\nwhole: 15 ok\n"
    )


def test_text_lists_what_is_not(cli, run_folder):
    flip(run_folder / DATA, 0)
    lines = cli("verify", run_folder).out.splitlines()
    assert len(lines) == 4
    assert "damaged" in lines[2]
    assert lines[3] in ("DAMAGED: 14 ok, 1 damaged", "DAMAGED: 1 damaged, 14 ok")


@pytest.mark.parametrize(
    ("minutes", "saving", "status", "told"),
    [(60, False, 1, "DAMAGED: "), (0, False, 1, "DAMAGED: "), (0, True, 0, "whole: ")],
)
def test_a_newer_save_that_is_damaged_is_a_finding_in_its_folder(
    minutes, saving, status, told, cli, run_folder
):
    """One that is being written is not."""
    (run_folder / "checkpoint").unlink()
    if saving:
        (run_folder / "model.ckpt-30_temp").mkdir()
        (run_folder / "model.ckpt-30_temp/part-00000-of-00001.index").touch()
    newer = run_folder / "model.ckpt-30.index"
    newer.write_bytes((run_folder / "model.ckpt-20.index").read_bytes()[:50])
    os.utime(newer, (time.time() - 60 * minutes,) * 2)
    ran = cli("verify", run_folder)
    assert (ran.status, ran.out.splitlines()[-1].startswith(told)) == (status, True)
    assert f"{newer} " in ran.err


def test_text_tells_once_what_many_variables_have_in_common(cli, run_folder):
    (run_folder / DATA).unlink()
    checks = cli("verify", run_folder, "--json").document["variables"]
    assert {each["message"] for each in checks} == {checks[0]["message"]}
    lines = cli("verify", run_folder).out.splitlines()
    assert lines[2].split(maxsplit=2) == ["beta1_power", "missing-data", checks[0]["message"]]
    names = [check["name"] for check in checks[1:]]
    assert [line.split() for line in lines[3:-1]] == [
        [name, "missing-data", "as", "beta1_power"] for name in names
    ]
    assert lines[-1] == "DAMAGED: 15 missing-data, 1 problem"


def test_reading_and_verifying_tell_of_damage_in_the_same_words(cli, run_folder):
    flip(run_folder / DATA, 0)
    [bad] = [
        each for each in cli("verify", run_folder, "--json").document["variables"] if each["status"] != "ok"
    ]
    with open_checkpoint(run_folder) as opened, pytest.raises(DamagedFile) as caught:
        opened.read(bad["name"])
    assert bad["message"] == f"{caught.value} {caught.value.hint}"
    assert f"0x{opened.find(bad['name']).crc32c:08x} is stored" in bad["message"]


def test_what_does_no_harm_is_a_note(cli, run_folder):
    with (run_folder / DATA).open("ab") as data:
        data.write(b"more")
    ran = cli("verify", run_folder, "--json")
    assert (ran.status, ran.document["ok"]) == (0, True)
    [note] = ran.document["problems"]
    assert (note["code"], note["severity"]) == ("extra-bytes", "note")
    told = cli("verify", run_folder)
    assert told.out.endswith("whole: 15 ok, 1 note\n")
    assert told.err.startswith(f"ckpt-viewer: note: {run_folder / DATA} has 4 bytes behind")


def test_a_graph_that_would_not_restore_it_is_a_finding_but_no_damage(cli, run_folder):
    shutil.copy(SAMPLES / "meta_graphs" / "renamed.meta", run_folder / "model.ckpt-20.meta")
    ran = cli("verify", run_folder, "--json")
    assert (ran.status, ran.document["ok"]) == (0, True)
    assert {each["status"] for each in ran.document["variables"]} == {"ok"}
    assert ("missing-key", "error") in {(each["code"], each["severity"]) for each in ran.document["problems"]}


def test_names_out_of_a_file_cannot_act_on_a_terminal(cli, tmp_path):
    name = "\x1b[31mevil\nname"
    prefix = write_bundle(tmp_path / "m", {name: np.arange(3.0), "w": np.ones(1)})
    flip(tmp_path / "m.data-00000-of-00001", 3)
    told = cli("verify", prefix)
    assert "\x1b" not in told.out + told.err
    assert "\\x1b[31mevil\\nname" in told.out
    assert cli("verify", prefix, "--json").document["variables"][0]["name"] == name


def test_what_a_cut_data_file_means_is_told_with_its_first_variable(cli, run_folder):
    os.truncate(run_folder / DATA, 20)
    rows = [row for row in cli("verify", run_folder).out.splitlines() if " damaged " in row]
    first = rows[0].split()[0]
    assert " ends after 20 bytes" in rows[0]
    assert {row.split("  ")[-1].strip() for row in rows[1:]} == {f"as {first}"}
