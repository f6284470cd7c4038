"""The text of a state file: protobuf's, which takes longer to load than most folders to list."""

import re

from google.protobuf import text_format

from ckpt_viewer.errors import Malformed
from ckpt_viewer.formats.protos.checkpoint_state_pb2 import CheckpointState

__all__ = ["CheckpointState", "merge"]

# What the text format of Python takes as an escape; any other backslash is one from a hand-written path.
_TO_ESCAPE = re.compile(
    rb"[\x80-\xff]|\\(?:[abfnrtv\\'\"]|[0-3][0-7]{0,2}|[4-7][0-7]?(?![0-7])|x[0-9a-fA-F])|\\", re.DOTALL
)


def merge(content: bytes, state: CheckpointState) -> None:
    """Put into the state what the text says up to where it can be understood; raises `Malformed` there."""
    try:
        text_format.Merge(_plain_ascii(content), state, allow_unknown_field=True)
    except text_format.ParseError as error:
        raise Malformed(f", from line {error.GetLine() or 1} on", code="bad-state") from error
    except RecursionError:
        raise Malformed(": it is nested too deeply", code="bad-state") from None


def _plain_ascii(content: bytes) -> str:
    """The same text with other bytes than ASCII, and backslashes that escape nothing, written as escapes."""

    def escaped(match: re.Match[bytes]) -> bytes:
        found = match[0]
        return b"\\\\" if found == b"\\" else b"\\%03o" % found[0] if found[0] >= 0x80 else found

    return _TO_ESCAPE.sub(escaped, content.removeprefix(b"\xef\xbb\xbf")).decode("ascii")
