"""What is known about one save or folder, in words for the *Details* pane."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import compress
from pathlib import Path

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError, Problem
from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.formats.folders.folder import Folder, Save, SavedFile, StateFile
from ckpt_viewer.formats.graphs.fingerprint import FINGERPRINT, Fingerprint, read_fingerprint
from ckpt_viewer.formats.listing import columns_of
from ckpt_viewer.formats.roles.object_keys import OBJECT_GRAPH
from ckpt_viewer.session.arrival import GRAPH_KINDS, folder_of, newest_save
from ckpt_viewer.session.provider import Provider
from ckpt_viewer.session.wording import count_text, plural, printable, size_text

KINDS = {
    "bundle": "checkpoint (V2 bundle)",
    "v1": "checkpoint (V1)",
    "saved-model": "SavedModel",
    "frozen-graph": "frozen graph",
    "meta-graph": "graph (MetaGraphDef)",
    "graph-def": "graph (GraphDef)",
}
# Above this the index of a checkpoint is not read just because somebody clicked on it.
READ_AT_MOST = 4 << 20
_SHARD = re.compile(r"\.data-\d{5}-of-(\d{5})$")


@dataclass(frozen=True, slots=True)
class Facts:
    """One save, run or folder, as text.

    Attributes:
        lines: A label and a value each.
        state: What the state file says about it and its run.
        problems: Of the save, its folder and, once it was opened, of the checkpoint.
    """

    title: str
    lines: tuple[tuple[str, str], ...]
    files: tuple[SavedFile, ...] = ()
    state: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()


def gather(provider: Provider, path: Path, cancel: CancelToken) -> Facts:
    """List its folder, read its index if that is small; the values stay unread. Raises `CheckpointError`."""
    folder = provider.list_folder(folder_of(path), cancel)
    save = save_of(folder, path)
    small = save is None or (save.kind not in GRAPH_KINDS and _index_size(save) <= READ_AT_MOST)
    inside, problems = _inside(provider, path, cancel) if small else ([], ())
    lines = [*(_outside(save) if save else ()), *inside]
    known = [*(save.problems if save else ()), *problems]
    state = folder.state
    if state is not None:
        known += state.problems
    return Facts(
        printable(path.name),
        tuple(lines),
        save.files if save else (),
        tuple(_state_lines(state, path)) if state else (),
        tuple({problem.code: problem for problem in known}.values()),
    )


def gather_folder(provider: Provider, path: Path, run: str | None, cancel: CancelToken) -> Facts:
    """What a folder holds itself, or one run of it; only listed. Raises `CheckpointError`."""
    folder = provider.list_folder(path, cancel)
    runs = [each for each in folder.runs if run in (None, each.name)]
    saves = [save for each in runs for save in each.saves]
    graphs = sum(save.kind in GRAPH_KINDS for save in saves)
    several = sum(len(each.saves) > 1 for each in runs) if run is None else 0
    inside = len(folder.folders) if run is None else 0
    counts = {
        "checkpoints": len(saves) - graphs,
        "graphs alone": graphs,
        "runs": several,
        "folders inside": inside,
    }
    lines = [("folder", printable(str(path)))]
    lines += [(what, f"{number:,}") for what, number in counts.items() if number or not any(counts.values())]
    if newest := newest_save(replace(folder, runs=tuple(runs))):
        lines.append(("opens", printable(newest.path.name)))
    if saves:
        lines.append(("size", size_text(sum(save.bytes for save in saves))))
    if ill := sum(bool(save.problems) for save in saves):
        lines.append(("with problems", plural(ill, "save")))
    return Facts(
        printable(run if run is not None else path.name or str(path)),
        tuple(lines),
        state=tuple(_state_lines(folder.state, path)) if folder.state else (),
        problems=folder.problems,
    )


def save_of(folder: Folder, path: Path) -> Save | None:
    return next((save for run in folder.runs for save in run.saves if save.path == path), None)


def _index_size(save: Save) -> int:
    """Bytes that opening it reads: all but the data files of a bundle."""
    return sum(file.size for file in save.files if not _SHARD.search(file.name))


def time_text(seconds: float) -> str:
    """Local time to the second; empty for times no calendar holds."""
    try:
        return datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H:%M:%S")
    except (OverflowError, OSError, ValueError):
        return ""


def _outside(save: Save) -> list[tuple[str, str]]:
    lines = [("kind", KINDS[save.kind])]
    if save.step is not None:
        lines.append(("step", str(save.step) + (" (latest)" if save.latest else "")))
    if save.saved is not None:
        lines.append(("saved", time_text(save.saved)))
    lines.append(("size", size_text(save.bytes)))
    if any(file.name == FINGERPRINT for file in save.files):
        fingerprint, _ = read_fingerprint(folder_of(save.path))
        lines += [("fingerprint", printable(_shown(fingerprint)))] if fingerprint else []
    if shards := _shards(save):
        lines.append(("shards", shards))
    return lines


def _shards(save: Save) -> str:
    """How many data files are here; where other saves left some too, those of the fullest set."""
    sets = Counter(int(match[1]) for file in save.files if (match := _SHARD.search(file.name)))
    fullest = min(sets, key=lambda count: (count - sets[count], count), default=0)
    return f"{sets[fullest]} of {fullest}" if sets else ""


def _shown(fingerprint: Fingerprint) -> str:
    """What tells two exports apart: older TensorFlow wrote no uuid."""
    return fingerprint.uuid or str(fingerprint.saved_model_checksum)


def _inside(
    provider: Provider, path: Path, cancel: CancelToken
) -> tuple[list[tuple[str, str]], Sequence[Problem]]:
    try:
        with provider.open_checkpoint(path, cancel) as checkpoint:
            return _variable_lines(checkpoint.variables), checkpoint.problems
    except CheckpointError as error:
        return [], (error.problem,)


def _variable_lines(variables: Sequence[Variable]) -> list[tuple[str, str]]:
    columns = columns_of(variables)
    parameters = sum(compress(columns.element_counts, map("weight".__eq__, columns.roles)))
    is_object_based = OBJECT_GRAPH in columns.names
    return [
        ("variables", f"{len(variables):,}"),
        ("weights", f"{count_text(parameters)} {'parameter' if parameters == 1 else 'parameters'}"),
        ("saved as", "Python objects (TF2 style)" if is_object_based else "graph variables (TF1 style)"),
    ]


def _is_written_as(prefix: Path, written: str) -> bool:
    return written in (prefix.name, f"./{prefix.name}", str(prefix))


def _lost_lines(state: StateFile) -> list[tuple[str, str]]:
    """How many of the kept ones are elsewhere, or nowhere."""
    kept = dict.fromkeys(state.all_model_checkpoint_paths)
    outside = sum(1 for written in kept if written in state.outside)
    gone = sum(1 for written in kept if written not in state.resolved) - outside
    counts = (("outside of the folder", outside), ("not here", gone))
    return [(label, plural(count, "checkpoint")) for label, count in counts if count]


def _state_lines(state: StateFile, path: Path) -> list[tuple[str, str]]:
    newest = state.model_checkpoint_path
    lines = [("latest", printable(newest))]
    if state.latest is not None and not _is_written_as(state.latest, newest):
        lines.append(("found as", printable(state.latest.name)))
    kept = state.all_model_checkpoint_paths
    lines.append(("keeps", plural(len(kept), "checkpoint")))
    lines += _lost_lines(state)
    for number, written in enumerate(kept):
        if state.resolved.get(written) == path and number < len(state.timestamps):
            lines.append(("timestamp", time_text(state.timestamps[number])))
    if state.last_preserved_timestamp:
        lines.append(("last preserved", time_text(state.last_preserved_timestamp)))
    return lines
