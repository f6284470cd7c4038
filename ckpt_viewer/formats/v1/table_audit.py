"""Every block of a V1 file, also those with values that its list of tensors does not name."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import Malformed, Problem
from ckpt_viewer.formats.storage.sstable import entries, read_block
from ckpt_viewer.formats.storage.table_audit import audit_table
from ckpt_viewer.formats.v1.tables import SliceTable
from ckpt_viewer.formats.values.slice_keys import encode_slice_key, slice_name

_NAMED = 5
_DAMAGED = "What lies in this block is lost: copy the file again, or use another save."


def audit_slice_table(table: SliceTable, cancel: CancelToken | None = None) -> Iterator[Problem]:
    """Raises what its file raises."""
    path = table.file.path
    listed = {encode_slice_key(each.name, extents) for each in table.tensors for extents in each.slices}
    unlisted: Counter[str] = Counter()
    damaged = []
    try:
        yield from audit_table(table.file)
        for handle in table.table.handles:
            if cancel is not None:
                cancel.check()
            try:
                unlisted.update(_unlisted(listed, entries(read_block(table.file, handle)).keys))
            except Malformed as error:
                damaged.append(error.problem)
    finally:
        table.file.close()
    for problem in damaged[:_NAMED]:
        yield Problem(problem.code, f"{path} is damaged: {problem.message}.", _DAMAGED)
    if (more := len(damaged) - _NAMED) > 0:
        yield Problem("bad-block", f"{more:,} more blocks of {path} are damaged.", _DAMAGED)
    if unlisted:
        name, count = unlisted.most_common(1)[0]
        others = f", and those of {len(unlisted) - 1:,} other names" if len(unlisted) > 1 else ""
        message = f"{path} holds values that its list does not name: {count:,} of {name!r}{others}."
        yield Problem("bad-slice", message, "They are left out; whatever wrote the file lost their entry.")


def _unlisted(listed: Collection[bytes], keys: Sequence[bytes]) -> Iterator[str]:
    for key in keys:
        if key and key not in listed:
            yield (slice_name(key) or key).decode("utf-8", "surrogateescape")
