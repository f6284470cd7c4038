"""The data that is measured, made when first asked for, in a folder that is gone afterwards."""

from functools import cached_property
from pathlib import Path

import crc32c
import numpy as np

from ckpt_viewer.formats.protos.tensor_bundle_pb2 import BundleEntryProto, BundleHeaderProto
from ckpt_viewer.formats.storage.checksums import mask
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

    @cached_property
    def plane(self) -> Path:
        """One float32 variable `values` of 16,384 × 16,384."""
        side = int(16_384 * self.size**0.5)
        return self.floats("plane", {"values": (side, side)}, seed=2)

    @cached_property
    def many(self) -> Path:
        """100,000 float32 variables under names as networks have them, of 64 elements each."""
        count = self.count(100_000)
        names = [f"model/block_{place // 20:04d}/layer_{place % 20:02d}/kernel" for place in range(count)]
        return self.floats("many", dict.fromkeys(names, (8, 8)), seed=3)

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
