import json
from dataclasses import replace
from pathlib import Path

from ckpt_viewer.analysis.verification import VariableCheck, Verification
from ckpt_viewer.errors import Problem
from ckpt_viewer.session.verification_report import as_json, as_markdown, findings, headline

PATH = Path("/r/m-1")
SOUND = Verification((VariableCheck("w", "ok", ""),), (), ok=True)
BROKEN = Verification(
    (VariableCheck("w", "ok", ""), VariableCheck("<b>\n*x*", "damaged", "Its bytes differ.")),
    (Problem("missing-shard", "A file is not there.", "Copy it."),),
    ok=False,
)


def test_a_sound_checkpoint_has_no_findings():
    assert headline(SOUND) == "1 variable checked: all as saved."
    assert findings(SOUND) == []
    assert "Findings" not in as_markdown(PATH, SOUND)


def test_findings_are_one_line_each_problems_of_the_whole_first():
    assert [finding.text for finding in findings(BROKEN)] == [
        "A file is not there. Copy it.",
        "<b>\\n*x* — damaged: Its bytes differ.",
    ]
    assert headline(BROKEN) == "2 variables checked: 1 damaged or missing, 1 problem with the files."


def test_where_no_checksum_is_stored_nothing_is_said_to_be_well():
    unchecked = replace(SOUND, variables=(VariableCheck("w", "unchecked", "No checksum."),))
    assert headline(unchecked) == (
        "1 variable read: complete, but without checksums there is nothing to check them with."
    )


def test_names_cannot_act_as_markdown():
    assert "\\<b\\>" in as_markdown(PATH, BROKEN)
    assert "\\*x\\*" in as_markdown(PATH, BROKEN)


def test_the_json_has_the_keys_of_the_command_line():
    content = json.loads(as_json(PATH, BROKEN))
    assert content["ok"] is False
    assert content["variables"][1] == {
        "name": "<b>\n*x*",
        "status": "damaged",
        "message": "Its bytes differ.",
    }
    assert content["problems"][0]["code"] == "missing-shard"


def test_notes_come_last_and_leave_all_well():
    odd = replace(
        SOUND,
        variables=(
            *SOUND.variables,
            VariableCheck("s", "unchecked", "No checksum."),
            VariableCheck("t", "unchecked", "No checksum."),
        ),
        notes=(Problem("stale-path", "It moved."),),
    )
    assert [(each.grade, each.text) for each in findings(odd)] == [
        ("note", "It moved."),
        ("note", "2 variables: No checksum."),
    ]
    assert headline(odd) == "3 variables checked: all as saved, with 1 note."
    assert as_markdown(PATH, odd).endswith("## Notes\n\n- It moved.\n- 2 variables: No checksum.\n")
    assert [each["severity"] for each in json.loads(as_json(PATH, odd))["problems"]] == ["note"]
