"""The .proto texts, what protoc made of them, and TensorFlow's own: three that must agree."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from google.protobuf import descriptor_pool
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from ckpt_viewer.formats import protos

FOLDER = Path(protos.__file__).parent
FILES = sorted(path.stem for path in FOLDER.glob("*.proto"))
TOKENS = re.compile(
    r"(?P<open>message|oneof|enum)\s+(?P<block>\w+)\s*\{|(?P<close>\})"
    r"|(?P<label>repeated\s+|optional\s+)?(?P<type>map<[^>]+>|[\w.]+)\s+(?P<name>\w+)\s*=\s*(?P<number>\d+)\s*(?:\[[^\]]*\])?;"
)
TYPES = {
    number: name.removeprefix("TYPE_").lower()
    for name, number in vars(FieldDescriptor).items()
    if name.startswith("TYPE_")
}
# What reads the same from the wire: enums stay numbers here, and text and messages may stay bytes.
ALIKE = (
    {"int32", "int64", "uint32", "uint64", "bool", "enum"},
    {"string", "bytes"},
    {"bytes", "message"},
)
THEIRS = (
    "framework.graph",
    "framework.tensor",
    "framework.variable",
    "framework.versions",
    "protobuf.control_flow",
    "protobuf.meta_graph",
    "protobuf.queue_runner",
    "protobuf.saved_model",
    "protobuf.saver",
    "protobuf.tensor_bundle",
    "protobuf.trackable_object_graph",
    "util.saved_tensor_slice",
)
# Under which name TensorFlow knows what is declared under another here; the entries of maps have no name.
RENAMED = {
    "AnyValue": "google.protobuf.Any",
    "ArgDef": "tensorflow.OpDef.ArgDef",
    "AttrValueListing": "tensorflow.AttrValue",
    "AttrValueListing.ListValue": "tensorflow.AttrValue.ListValue",
    "FunctionListing": "tensorflow.FunctionDef",
    "GraphListing": "tensorflow.GraphDef",
    "LibraryListing": "tensorflow.FunctionDefLibrary",
    "MetaGraphListing": "tensorflow.MetaGraphDef",
    "MetaGraphParts": "tensorflow.MetaGraphDef",
    "MetaInfoDef": "tensorflow.MetaGraphDef.MetaInfoDef",
    "NameAttrListing": "tensorflow.NameAttrList",
    "NodeListing": "tensorflow.NodeDef",
    "SavedModelParts": "tensorflow.SavedModel",
}
MAP_ENTRY = [("key", 1), ("value", 2)]


class Field(NamedTuple):
    message: str
    name: str
    number: int
    type: str
    repeated: bool


def written(stem: str) -> set[Field]:
    """The fields as the text declares them; the type of a message field is only `message`."""
    text = re.sub(r"//[^\n]*", "", (FOLDER / f"{stem}.proto").read_text())
    found, blocks = set(), []
    for token in TOKENS.finditer(text):
        if token["open"]:
            blocks.append((token["open"], token["block"]))
        elif token["close"]:
            blocks.pop()
        elif not blocks or blocks[-1][0] != "enum":
            message = ".".join(name for kind, name in blocks if kind == "message")
            is_map = token["type"].startswith("map<")
            plain = token["type"] if token["type"] in TYPES.values() else "message"
            repeated = is_map or (token["label"] or "").strip() == "repeated"
            found.add(Field(message, token["name"], int(token["number"]), plain, repeated))
    return found


def messages(descriptors: Any) -> Iterator[Descriptor]:
    for descriptor in descriptors:
        if not descriptor.GetOptions().map_entry:
            yield descriptor
            yield from messages(descriptor.nested_types)


def name_of(descriptor: Descriptor) -> str:
    return descriptor.full_name.removeprefix(f"{descriptor.file.package}.")


def generated(stem: str) -> list[Descriptor]:
    module = importlib.import_module(f"ckpt_viewer.formats.protos.{stem}_pb2")
    return list(messages(module.DESCRIPTOR.message_types_by_name.values()))


def is_repeated(field: FieldDescriptor) -> bool:
    return bool(field.is_repeated) if hasattr(field, "is_repeated") else field.label == field.LABEL_REPEATED


@pytest.mark.parametrize("stem", FILES)
def test_the_generated_code_is_what_the_text_says(stem: str) -> None:
    found = {
        Field(name_of(message), field.name, field.number, _plain(field), is_repeated(field))
        for message in generated(stem)
        for field in message.fields
    }
    assert found == written(stem)
    assert found


@pytest.mark.oracle
@pytest.mark.parametrize("stem", FILES)
def test_the_numbers_are_tensorflows(stem: str) -> None:
    pytest.importorskip("tensorflow")
    for name in THEIRS:
        importlib.import_module(f"tensorflow.core.{name}_pb2")
    for message in generated(stem):
        if [(field.name, field.number) for field in message.fields] == MAP_ENTRY:
            continue
        known = RENAMED.get(name_of(message), f"tensorflow.{name_of(message)}")
        theirs = descriptor_pool.Default().FindMessageTypeByName(known)
        for field in message.fields:
            other = theirs.fields_by_number.get(field.number)
            assert other is not None, f"{message.name}.{field.name}"
            assert other.name == field.name
            assert _alike(field, other), f"{message.name}.{field.name}"


def _plain(field: FieldDescriptor) -> str:
    return "message" if field.message_type else TYPES[field.type]


def _alike(ours: FieldDescriptor, theirs: FieldDescriptor) -> bool:
    types = {TYPES[ours.type], TYPES[theirs.type]}
    if is_repeated(ours) != is_repeated(theirs):
        return is_repeated(ours) and types == {"bytes", "message"}  # parts of one message, joined later
    return len(types) == 1 or any(types <= group for group in ALIKE)
