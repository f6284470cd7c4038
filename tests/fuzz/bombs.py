"""Small files that ask for much: something tiny, very often, or very deep."""

from collections.abc import Callable
from random import Random

from ckpt_viewer.formats.protos.tensor_bundle_pb2 import BundleEntryProto, BundleHeaderProto
from ckpt_viewer.formats.storage.wire import BYTES
from ckpt_viewer.formats.values.slice_keys import encode_slice_key
from tests.bundle_writer import Record, table
from tests.fuzz.inputs import Input
from tests.fuzz.message_mutations import Part
from tests.fuzz.table_mutations import FaultyTable
from tests.v1_writer import V1Writer

MOST_BYTES = 1 << 20
_HEADER = BundleHeaderProto(num_shards=1).SerializeToString()


def bomb(random: Random) -> Input:
    return random.choice(_BOMBS)(random)


def _graph(random: Random) -> Input:
    """One field of a MetaGraphDef, GraphDef or SavedModel again and again."""
    unit = _unit(random)
    count = _count(random, len(unit(0)) + 2)
    content = b"".join(unit(place) for place in range(count))[:MOST_BYTES]
    head = random.choice((b"", Part(2, BYTES, Part(1, BYTES, b"\n\1a\x12\4NoOp").encoded()).encoded()))
    if random.random() < 0.2:
        return Input({"saved_model.pb": Part(2, BYTES, head + content).encoded()}, "saved_model.pb")
    return Input({"g.meta": head + content}, "g.meta")


def _unit(random: Random) -> Callable[[int], bytes]:
    """A field that may be numbered: nothing, an entry of a map, or something inside of something."""
    numbers = [random.randrange(1, 9) for _ in range(random.randrange(1, 5))]
    leaf = random.choice(
        (b"", b"\n\0", b"\x08\1", b"\n\1a", b"\n\1a\x12\0", b"\n\1a\x12\4NoOp", b"\n\1a\x12\2\x12\0")
    )
    numbered = random.random() < 0.5

    def unit(place: int) -> bytes:
        content = Part(1, BYTES, b"%d" % place).encoded() + leaf if numbered else leaf
        for number in numbers:
            content = Part(number, BYTES, content).encoded()
        return content

    return unit


def _inside(random: Random) -> Input:
    """One thing that holds very many others: a collection, a node, a list of an attribute, a function."""
    unit = _unit(random)
    many = b"".join(unit(place) for place in range(_count(random, len(unit(0)) + 2)))[:MOST_BYTES]
    path = random.choice(
        ((2, 1), (2, 2), (2, 2, 1), (4, 2, 2), (4, 2, 1), (5,), (6,), (2, 1, 5, 2, 1), (2, 1, 5, 2, 8))
    )
    content = many
    for number in reversed(path):
        name = b"\n\x09variables" if number == 4 else b"\n\1a\x12\5Const" if number == 1 else b""
        content = Part(number, BYTES, name + content).encoded()
    return Input({"g.meta": content}, "g.meta")


def _bundle(random: Random) -> Input:
    """Very many entries: alike, with keys that share nearly everything, or slices of one variable."""
    entry = BundleEntryProto(dtype=random.choice((1, 3, 7, 99)), size=random.choice((4, 0, 1)))
    for _ in range(random.choice((0, 0, 1, 200))):
        entry.shape.dim.add(size=1)
    value = random.choice((entry.SerializeToString(), b"", b"\xff"))
    stem = b"k" * random.choice((1, 30, 1000))
    count = _count(random, len(value) + len(stem) // 2 + 12)
    records: list[Record] = [(stem + b"%07d" % place, value) for place in range(count)]
    if random.random() < 0.3:
        records = sorted((encode_slice_key(b"w", [(place, 1)]), value) for place in range(count))
        records.append((b"w", _listing(count)))
    index = FaultyTable(random, faulty=False).written([(b"", _HEADER), *records])
    return Input({"m.index": index, "m.data-00000-of-00001": bytes(16)}, "m")


def _listing(count: int) -> bytes:
    entry = BundleEntryProto(dtype=1)
    entry.shape.dim.add(size=count)
    for place in range(min(count, 40_000)):
        extent = entry.slices.add().extent.add()
        extent.start, extent.length = place, 1
    return entry.SerializeToString()


def _v1(random: Random) -> Input:
    writer = V1Writer()
    rank = random.choice((0, 1, 64, 250))
    for place in range(_count(random, 40 + 4 * rank)):
        writer.add(f"v{place}", random.choice((1, 7)), [1] * rank, {})
    return Input({"old.ckpt": table(sorted(writer.finished().items()))}, "old.ckpt")


def _text(random: Random) -> Input:
    unit = random.choice(_TEXT_UNITS)
    count = _count(random, len(unit))
    start = random.choice((b"node { ", b"graph_def { ", b"node { attr { value { ", b""))
    return Input({"g.pbtxt": start + unit * count}, "g.pbtxt")


def _state(random: Random) -> Input:
    unit = random.choice(
        (b'all_model_checkpoint_paths: "%d"\n', b'all_model_checkpoint_paths: "a/%d/b"\n', b"x: %d\n")
    )
    count = _count(random, 40)
    listed = b"".join(unit % place for place in range(count))
    return Input({"checkpoint": b'model_checkpoint_path: "m"\n' + listed, "m.index": b""}, "")


def _count(random: Random, size: int) -> int:
    """Mostly few: the large ones take their time."""
    return min(1 << random.randrange(8, 19), MOST_BYTES // size)


_TEXT_UNITS = (
    b"node { } ", b"{ ", b"< ", b"[ ", b"a: 1 ", b'name: "a" "b" ', b'"', b"'\\x", b"# ", b'"a" ',
    b"input: [", b"attr { key: 'a' value { i: 1 } } ", b"attr < value < list < ", b"1", b"-", b"x", b"\\",
    b"\n", b": ", b"]",
)  # fmt: skip
_LEAVES = (b"", b"\n\0", b"\x08\1", b"\n\1a", b"\n\1a\x12\0", b"\n\1a\x12\4NoOp", b"\n\1a\x12\2\x12\0")
_PATHS = ((2, 1), (2, 2), (2, 2, 1), (4, 2, 2), (4, 2, 1), (5,), (6,), (2, 1, 5, 2, 1), (2, 1, 5, 2, 8))
_BOMBS = (_graph, _graph, _inside, _inside, _bundle, _v1, _text, _state)
