"""`.npz`: a zip archive with one `.npy` for each variable, as `numpy.savez` writes it."""

from collections.abc import Iterable
from typing import IO
from zipfile import ZipFile, ZipInfo

from ckpt_viewer.export.npy import write_array
from ckpt_viewer.export.values import Values


def write_npz(handle: IO[bytes], entries: Iterable[tuple[str, Values]]) -> None:
    """Not compressed; members may be larger than 4 GiB. The same values give the same file."""
    with ZipFile(handle, "w", allowZip64=True) as archive:
        for key, values in entries:
            member = ZipInfo(key + ".npy")
            member.external_attr = 0o644 << 16
            with archive.open(member, "w", force_zip64=True) as opened:
                write_array(opened, values)
