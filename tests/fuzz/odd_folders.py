"""Folders with names that nearly mean something, with content that may have nothing to do with them."""

from random import Random

from tests.fuzz import corpus
from tests.fuzz.inputs import Input
from tests.fuzz.text_mutations import mutated_text

_STEMS = [
    "model", "model.ckpt", "model.ckpt-1", "model.ckpt-20", "model.ckpt-20.ckpt", "a b", "é", "%s", ".",
    "x", "checkpoint", "saved_model", "m-99999999999999999999", "m-00", "-1", "x\n", "x\x1b[0m", "x\u202e",
    "~", "?", "x-?????-of-00002", "x-00000-of-00002", "variables", "m.index", "m.data-00000-of-00001",
    "n" * 200,
]  # fmt: skip
_ENDINGS = [
    "", ".index", ".data-00000-of-00001", ".data-00001-of-00002", ".data-00007-of-00003", ".meta", ".pb",
    "-00000-of-00002", "-00001-of-00002", ".data-99999-of-99999", ".data-1000000-of-1000001", ".pbtxt",
    ".index.tempstate123", ".meta.tmp0123456789abcdef0123456789abcdef", "_temp", ".h5", ".keras", ".",
    ".data-00000-of-00000", ".part-0", ".tmp", "-00000-of-00000", ".index.index", "-0000x-of-00002",
]  # fmt: skip
_WHOLE = [
    "checkpoint", "saved_model.pb", "saved_model.pbtxt", "saved_model.cpb", "graph.pbtxt", "variables",
]  # fmt: skip
_JUNK = [
    b"", b"version https://git-lfs.github.com/spec/v1\n", b"\x89HDF\r\n\x1a\n", b"PK\x03\x04", b"<html>",
    b"\0" * 64,
]  # fmt: skip


def odd_folder(random: Random) -> Input:
    files: dict[str, bytes] = {}
    links: dict[str, str] = {}
    folders = []
    stems = random.sample(_STEMS, 3)
    for _ in range(random.randrange(1, 12)):
        name = _name(random, stems)
        if not _is_free(name, {*files, *links, *folders}):
            continue
        chance = random.random()
        if chance < 0.8:
            files[name] = _content(random, stems)
        elif chance < 0.9:
            folders.append(name)
        else:
            links[name] = random.choice((name, ".", "..", "gone", *(files or ["x"])))
    return Input(files, "", links, tuple(folders))


def _name(random: Random, stems: list[str]) -> str:
    if random.random() < 0.25:
        name = random.choice(_WHOLE)
    else:
        name = (random.choice(stems) + random.choice(_ENDINGS))[:250]
    if name in (".", ".."):
        name = "dots"
    return f"{random.choice(('sub', 'variables', 'm_temp'))}/{name}" if random.random() < 0.15 else name


def _is_free(name: str, taken: set[str]) -> bool:
    """Neither there nor in the way of what is there."""
    above = name.partition("/")[0]
    return name not in taken and above not in taken and not any(each.startswith(f"{name}/") for each in taken)


def _content(random: Random, stems: list[str]) -> bytes:
    chance = random.random()
    if chance < 0.25:
        return random.choice(_JUNK)
    if chance < 0.5:
        listed = "".join(f'all_model_checkpoint_paths: "{random.choice(stems)}"\n' for _ in range(3))
        state = f'model_checkpoint_path: "{random.choice(stems)}"\n{listed}'.encode()
        return mutated_text(state, random, ()) if random.random() < 0.5 else state
    samples = random.choice((corpus.bundles, corpus.v1_files, corpus.meta_graphs, corpus.frozen_graphs))()
    sample = random.choice(samples)
    return random.choice(list(sample.input.files.values()))
