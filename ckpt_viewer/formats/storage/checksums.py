"""CRC-32C as TensorFlow stores it (tensorflow/core/lib/hash/crc32c.h).

Stored checksums are masked: rotated and shifted, so that a checksum of bytes that hold checksums stays good.
"""

from collections.abc import Callable
from functools import cache, lru_cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from typing import Any, TypeVar, cast

import numpy as np

__all__ = ["EMPTY", "combine", "crc32c", "mask", "of_zeros", "unmask"]

EMPTY = 0xA282EAD8  # the masked checksum of no bytes
Array = np.ndarray[Any, np.dtype[Any]]
Numbers = TypeVar("Numbers", int, Array)
_DELTA = 0xA282EAD8
_POLYNOMIAL = 0x82F63B78  # reflected: the highest bit is x to the power of 0
_ONE = 1 << 31
_BITS = 0xFFFFFFFF


def _crc32c() -> Callable[..., int]:
    """The compiled function alone: the package around it takes a tenth of the program's start."""
    package = find_spec("crc32c")
    folders = package.submodule_search_locations if package else None
    spec = PathFinder.find_spec("crc32c._crc32c", folders)
    if spec is None or spec.loader is None:
        from crc32c import crc32c

        return crc32c
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast(Callable[..., int], module.crc32c)


crc32c = _crc32c()


def mask(checksum: Numbers) -> Numbers:
    """Of one, or of each in an array of 64-bit integers."""
    return (((checksum >> 15) | (checksum << 17)) + _DELTA) & _BITS


def unmask(stored: int) -> int:
    rotated = (stored - _DELTA) & _BITS
    return ((rotated >> 17) | (rotated << 15)) & _BITS


def combine(first: int, second: int, second_length: int) -> int:
    """The checksum of two stretches of bytes laid end to end, from the checksum of each."""
    return _product(_shift(second_length), first) ^ second


def of_zeros(length: int) -> int:
    """The checksum of so many bytes that are all zero."""
    return _product(_shift(length), _BITS) ^ _BITS


@lru_cache(maxsize=256)
def _shift(byte_count: int) -> int:
    """The power of x, 8 × `byte_count`, modulo the polynomial: what so many zero bytes multiply by."""
    result, remaining, power = _ONE, byte_count, 3
    while remaining:
        if remaining & 1:
            result = _product(_square(power), result)
        remaining >>= 1
        power += 1
    return result


@cache
def _square(power: int) -> int:
    """The power of x, 2 to the power of `power`, modulo the polynomial."""
    if power == 0:
        return _ONE >> 1
    root = _square(power - 1)
    return _product(root, root)


def _product(first: int, second: int) -> int:
    """Of two polynomials over the two-element field, modulo the polynomial."""
    result = 0
    for bit in range(31, -1, -1):
        if first >> bit & 1:
            result ^= second
        second = second >> 1 ^ (_POLYNOMIAL if second & 1 else 0)
    return result
