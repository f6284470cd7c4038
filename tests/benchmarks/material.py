"""The data that is measured, made when first asked for, in a folder that is gone afterwards."""

import shutil
from functools import cache, cached_property
from pathlib import Path

import crc32c
import numpy as np

from ckpt_viewer.formats.protos.tensor_bundle_pb2 import BundleEntryProto, BundleHeaderProto
from ckpt_viewer.formats.storage.checksums import mask, of_zeros
from tests.benchmarks.network import NODES_PER_LAYER, network
from tests.bundle_writer import table

GIB = 1 << 30
_STEP = 1 << 22  # elements made at once
_FLOAT32 = 1


class Material:
    """Sizes are shares of the full ones: a small machine may ask for less.

    Args:
        size: 1 for the sizes the promises are about.
    """

    def __init__(self, folder: Path, size: float = 1.0) -> None:
        self.folder, self.size = folder, size

    def count(self, full: int) -> int:
        return max(1, int(full * self.size))

    @cached_property
    def gigabyte(self) -> Path:
        """A checkpoint with one float32 variable `values` of 1 GiB, normally distributed."""
        return self.floats("gigabyte", {"values": (self.count(GIB // 4),)}, seed=1)

    @cached_property
    def other_gigabyte(self) -> Path:
        """The same variable a while of training later."""
        return self.floats("other", {"values": (self.count(GIB // 4),)}, seed=1, drift=0.01)

    @cache  # noqa: B019 - as long as the run
    def mebibytes(self, full: int) -> Path:
        """The same variable of so many MiB."""
        return self.floats(f"mebibytes-{full}", {"values": (self.count(full << 18),)}, seed=5)

    @cached_property
    def copies(self) -> tuple[Path, Path]:
        """Two indexes of the variables of `many` with equal checksums, and no data file beside either."""
        indexes = [self.folder / name / "model.ckpt-1000.index" for name in ("copy", "other-copy")]
        for index in indexes:
            index.parent.mkdir()
            shutil.copy(self.many.with_name(f"{self.many.name}.index"), index)
        return indexes[0].with_suffix(""), indexes[1].with_suffix("")

    @cached_property
    def plane(self) -> Path:
        """One float32 variable `values` of 16,384 × 16,384."""
        side = int(16_384 * self.size**0.5)
        return self.floats("plane", {"values": (side, side)}, seed=2)

    @cached_property
    def embedding(self) -> Path:
        """One float32 variable `values` of 10,000,000 × 512, 20 GB that are all zero and take no disk."""
        prefix = self.folder / "embedding" / "model.ckpt-1000"
        prefix.parent.mkdir()
        shape, header = (self.count(10_000_000), 512), BundleHeaderProto(num_shards=1)
        entry = BundleEntryProto(dtype=_FLOAT32, size=4 * shape[0] * shape[1])
        for length in shape:
            entry.shape.dim.add(size=length)
        entry.crc32c = mask(of_zeros(entry.size))
        records = [(b"", header.SerializeToString()), (b"values", entry.SerializeToString())]
        prefix.with_name(f"{prefix.name}.index").write_bytes(table(records))
        with prefix.with_name(f"{prefix.name}.data-00000-of-00001").open("wb") as data:
            data.truncate(entry.size)
        return prefix

    @cached_property
    def many(self) -> Path:
        """100,000 float32 variables under names as networks have them, of 64 elements each."""
        return self.variables(100_000)

    @cached_property
    def many_later(self) -> Path:
        """The same a while of training later."""
        names = _kernels(self.count(100_000))
        return self.floats("many-later", dict.fromkeys(names, (8, 8)), seed=3, drift=0.01)

    @cache  # noqa: B019 - as long as the run
    def variables(self, full: int) -> Path:
        """As many of the variables of `many`."""
        return self.floats(f"variables-{full}", dict.fromkeys(_kernels(self.count(full)), (8, 8)), seed=3)

    @cached_property
    def trained(self) -> Path:
        """As many as in `many`, with the two slots that Adam keeps for each of its variables among them."""
        kernels = _kernels(self.count(100_000) // 3)
        names = [f"{kernel}{slot}" for kernel in kernels for slot in ("", "/Adam", "/Adam_1")]
        return self.floats("trained", dict.fromkeys(names, (8, 8)), seed=4)

    @cached_property
    def fifty_saves(self) -> tuple[Path, ...]:
        """Small ones, each in a folder of its own."""
        shapes = {f"layer_{place}/kernel": (8, 8) for place in range(20)}
        return tuple(self.floats(f"save-{number}", shapes, seed=number) for number in range(50))

    @cached_property
    def network(self) -> Path:
        """A `.meta` with 50,000 nodes."""
        file = self.folder / "network" / "model.ckpt-1000.meta"
        file.parent.mkdir(parents=True)
        file.write_bytes(network(-(-self.count(50_000) // NODES_PER_LAYER)))
        return file

    def floats(self, name: str, shapes: dict[str, tuple[int, ...]], seed: int, drift: float = 0.0) -> Path:
        """A checkpoint of float32 variables, written with little memory; returns its prefix."""
        prefix = self.folder / name / "model.ckpt-1000"
        prefix.parent.mkdir(parents=True)
        header = BundleHeaderProto(num_shards=1)
        header.version.producer = 1
        records = [(b"", header.SerializeToString())]
        values, changes = np.random.default_rng(seed), np.random.default_rng(seed + 1000)
        offset = 0
        with prefix.with_name(f"{prefix.name}.data-00000-of-00001").open("wb") as data:
            for variable in sorted(shapes):
                left, checksum = int(np.prod(shapes[variable])), 0
                entry = BundleEntryProto(dtype=_FLOAT32, offset=offset, size=4 * left)
                for length in shapes[variable]:
                    entry.shape.dim.add(size=length)
                while left:
                    part = values.standard_normal(min(left, _STEP), np.float32)
                    if drift:
                        part += np.float32(drift) * changes.standard_normal(len(part), np.float32)
                    checksum = crc32c.crc32c(part.data, checksum)
                    data.write(part.data)
                    left -= len(part)
                entry.crc32c = mask(checksum)
                offset += entry.size
                records.append((variable.encode(), entry.SerializeToString()))
        prefix.with_name(f"{prefix.name}.index").write_bytes(table(records))
        return prefix


def _kernels(count: int) -> list[str]:
    return [f"model/block_{place // 20:04d}/layer_{place % 20:02d}/kernel" for place in range(count)]
