"""Partitioned variables of a V2 bundle: one entry lists the slices, each slice has an entry of its own."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import prod
from typing import NamedTuple

from ckpt_viewer.errors import Malformed
from ckpt_viewer.formats.bundle.entries import Entry, bad_slice, box_of, extents_of
from ckpt_viewer.formats.values.boxes import Box, cover_exactly_once
from ckpt_viewer.formats.values.cover_faults import first_gap, first_overlap, place_text
from ckpt_viewer.formats.values.pieces import MOST_AXES
from ckpt_viewer.formats.values.slice_keys import encode_slice_key, slice_name


class StoredSlice(NamedTuple):
    """One piece of a partitioned variable."""

    box: Box
    entry: Entry


class SliceStore:
    """The entries under slice keys, and which of them were asked for."""

    def __init__(self, entries: Mapping[bytes, Entry]) -> None:
        self._entries = entries
        self._listed: set[bytes] = set()

    def slices_of(self, name: bytes, whole: Entry) -> tuple[StoredSlice, ...]:
        """The pieces an entry lists; raises `Malformed` unless they are there and cover it exactly once."""
        if len({each.SerializeToString() for each in whole.slices}) < len(whole.slices):
            raise bad_slice("it lists a slice twice")
        listed = {encode_slice_key(name, extents): extents for extents in map(extents_of, whole.slices)}
        self._listed.update(listed)
        if len(whole.form.shape) > MOST_AXES:
            raise Malformed(f"it is cut in slices of more than {MOST_AXES} axes", code="unsupported")
        boxes = [box_of(extents, whole.form.shape) for extents in listed.values()]
        pieces = tuple(
            StoredSlice(box, self._piece(key, box, whole)) for key, box in zip(listed, boxes, strict=True)
        )
        check_cover(whole.form.shape, boxes)
        return pieces

    def orphans(self) -> "Counter[str]":
        """How many slices are stored that no entry lists, by the variable they name."""
        names = (slice_name(key) or b"" for key in self._entries if key not in self._listed)
        return Counter(name.decode("utf-8", "surrogateescape") for name in names)

    def _piece(self, key: bytes, box: Box, whole: Entry) -> Entry:
        piece = self._entries.get(key)
        if piece is None:
            raise Malformed(f"its slice {place_text(box)} is not in the index", code="missing-slice")
        if piece.fault:
            raise Malformed(f"of its slice {place_text(box)}, {piece.fault.message}", code=piece.fault.code)
        if (piece.form.dtype, piece.form.shape) != (whole.form.dtype, box.shape):
            raise bad_slice(f"its slice {place_text(box)} has another type or shape than it is listed with")
        return piece


def check_cover(shape: Sequence[int], boxes: Sequence[Box]) -> None:
    """Raise `Malformed` unless the boxes, each within the shape, are all of it and none of it twice."""
    try:
        covered = cover_exactly_once(shape, boxes)
    except ValueError as error:
        raise Malformed("it is cut along too many axes", code="unsupported") from error
    if covered:
        return
    if shared := first_overlap(boxes):
        raise bad_slice(f"its slices {place_text(shared[0])} and {place_text(shared[1])} share a part of it")
    if gap := first_gap(shape, boxes):
        raise Malformed(f"no slice holds its part {place_text(gap)}", code="missing-slice")
    if sum(prod(box.shape) for box in boxes) < prod(shape):
        raise Malformed("its slices leave a part of it out", code="missing-slice")
    raise bad_slice("its slices do not cover it exactly once")
