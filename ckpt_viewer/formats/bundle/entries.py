"""The values of a V2 `.index` (tensorflow/core/protobuf/tensor_bundle.proto), each judged by itself."""

from collections.abc import Sequence
from math import prod
from typing import NamedTuple, Self

from google.protobuf.message import DecodeError

from ckpt_viewer.errors import Malformed, Problem
from ckpt_viewer.formats.protos.tensor_bundle_pb2 import BundleEntryProto, BundleHeaderProto
from ckpt_viewer.formats.protos.tensor_pb2 import TensorShapeProto, TensorSliceProto
from ckpt_viewer.formats.values.boxes import Box
from ckpt_viewer.formats.values.dtypes import DTYPES, item_size, name_of
from ckpt_viewer.formats.values.slice_keys import WHOLE_AXIS, Extent
from ckpt_viewer.formats.values.strings import check_size

MOST_ELEMENTS = 2**63 - 1
MOST_AXES = 254
_FORMAT_VERSION = 1


class Header(NamedTuple):
    """The first record: how to read all others."""

    shard_count: int
    big_endian: bool

    @classmethod
    def parse(cls, value: bytes) -> Self:
        try:
            header = BundleHeaderProto.FromString(value)
        except DecodeError as error:
            raise _bad_header("its first record is no BundleHeaderProto") from error
        version = header.version
        if version.min_consumer > _FORMAT_VERSION or _FORMAT_VERSION in version.bad_consumers:
            raise Malformed("it was written for a later reader than there is", code="unsupported")
        if header.num_shards < 1:
            raise _bad_header(f"it claims {header.num_shards} data files")
        if header.endianness not in (0, 1):
            raise _bad_header(f"it names a byte order that there is not ({header.endianness})")
        return cls(header.num_shards, header.endianness == 1)


class Form(NamedTuple):
    """What the type and shape of an entry come to: entries of a file share few of them.

    Attributes:
        shape: No axes where the stored ones make no sense.
        nbytes: What an entry must store; -1 where that does not follow from the shape.
        fault: Why no entry of this type and shape can be read.
    """

    dtype: str
    shape: tuple[int, ...]
    nbytes: int
    fault: Problem | None = None

    @classmethod
    def parse(cls, number: int, stored: TensorShapeProto) -> Self:
        name = name_of(number)
        try:
            shape = _checked_shape(stored)
            _check_type(number)
            return cls(name, shape, _size_of(name, shape))
        except Malformed as error:
            return cls(name, (), -1, error.problem)


class Entry(NamedTuple):
    """One entry; `fault` says why its values cannot be read."""

    form: Form
    shard: int
    offset: int
    nbytes: int
    crc32c: int
    slices: "Sequence[TensorSliceProto]" = ()
    fault: Problem | None = None


class EntryParser:
    """Judges entries one by one, remembering the forms it met."""

    def __init__(self, header: Header) -> None:
        self._shard_count = header.shard_count
        self._forms: dict[tuple[int, bytes], Form] = {}

    def parse(self, value: bytes) -> Entry:
        """Never raises: what does not parse becomes an entry with a fault."""
        try:
            proto = BundleEntryProto.FromString(value)
        except DecodeError:
            return Entry(_NO_FORM, 0, 0, 0, 0, (), _NO_FORM.fault)
        key = proto.dtype, proto.shape.SerializeToString()
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = Form.parse(proto.dtype, proto.shape)
        shard, offset, size = proto.shard_id, proto.offset, proto.size
        if 0 <= size == form.nbytes and 0 <= shard < self._shard_count and offset >= 0 and not proto.slices:
            return Entry(form, shard, offset, size, proto.crc32c)
        slices = tuple(proto.slices)
        entry = Entry(form, shard, offset, size, proto.crc32c, slices)
        return entry if slices and not form.fault else entry._replace(fault=self._fault(entry))

    def _fault(self, entry: Entry) -> Problem | None:
        if entry.form.fault:
            return entry.form.fault
        try:
            _check_size(entry)
            self._check_place(entry)
        except Malformed as error:
            return error.problem
        return None

    def _check_place(self, entry: Entry) -> None:
        if not 0 <= entry.shard < self._shard_count:
            raise _bad_entry(f"it names data file {entry.shard} where there are {self._shard_count}")
        if entry.offset < 0:
            raise _bad_entry(f"it begins at byte {entry.offset}")


def extents_of(stored: TensorSliceProto) -> list[Extent]:
    """Start and length of each axis as the slice's key has them: length -1 for a whole axis."""
    return [
        (extent.start, extent.length if extent.HasField("length") else WHOLE_AXIS[1])
        for extent in stored.extent
    ]


def box_of(extents: Sequence[Extent], shape: Sequence[int]) -> Box:
    """The part of the shape that a slice is; raises `Malformed` where it reaches out of it."""
    if len(extents) != len(shape):
        raise bad_slice(f"a slice of {len(extents)} axes is listed for {len(shape)}")
    whole = [
        (0, length) if extent == WHOLE_AXIS else extent for extent, length in zip(extents, shape, strict=True)
    ]
    for (start, count), length in zip(whole, shape, strict=True):
        if start < 0 or count < 0 or start + count > length:
            raise bad_slice(f"a slice from {start}, {count} long, is listed on an axis of {length}")
    return Box(tuple(start for start, _ in whole), tuple(count for _, count in whole))


def _checked_shape(stored: TensorShapeProto) -> tuple[int, ...]:
    if stored.unknown_rank and not stored.dim:  # with axes, TensorFlow goes by these
        raise _bad_shape("the number of its axes is not known")
    shape = tuple([dim.size for dim in stored.dim])
    if len(shape) > MOST_AXES:
        raise _bad_shape(f"it has {len(shape)} axes, more than a tensor can")
    if min(shape, default=0) < 0:
        raise _bad_shape(f"it has an axis of length {min(shape)}")
    # TensorFlow multiplies the axes that are not empty, too.
    if prod(filter(None, shape)) > MOST_ELEMENTS:
        raise _bad_shape("it has more elements than can be counted")
    return shape


def _size_of(name: str, shape: tuple[int, ...]) -> int:
    item = item_size(name)
    if prod(shape) * item > MOST_ELEMENTS:
        raise _bad_shape("it has more bytes than can be counted")
    return prod(shape) * item if item else -1


def _check_type(number: int) -> None:
    if number not in DTYPES:
        raise Malformed(f"its type ({name_of(number)}) is none that TensorFlow has", code="bad-dtype")
    if name_of(number) == "resource":
        raise Malformed("its type is resource, which has no values to store", code="bad-dtype")


def _check_size(entry: Entry) -> None:
    form, size = entry.form, entry.nbytes
    if form.dtype == "string":
        check_size(prod(form.shape), size)
    elif size < 0 or (form.nbytes >= 0 and size != form.nbytes):
        expected = f"take {form.nbytes}" if form.nbytes >= 0 else "take some"
        raise Malformed(
            f"it stores {size} bytes where {form.dtype} values of shape {list(form.shape)} {expected}",
            code="bad-size",
        )


def _bad_header(message: str) -> Malformed:
    return Malformed(message, code="bad-header")


def _bad_entry(message: str) -> Malformed:
    return Malformed(message, code="bad-entry")


def _bad_shape(message: str) -> Malformed:
    return Malformed(message, code="bad-shape")


def bad_slice(message: str) -> Malformed:
    return Malformed(message, code="bad-slice")


_NO_FORM = Form("invalid", (), -1, Problem("bad-entry", "it is no BundleEntryProto"))
