"""MurmurHash3_x64_128 (Austin Appleby, SMHasher). The law: the same 128 bits as the reference, for every seed."""

from __future__ import annotations

from struct import iter_unpack
from typing import Final

MASK: Final = (1 << 64) - 1
C1: Final = 0x87C37B91114253D5
C2: Final = 0x4CF5AD432745937F


def murmur3_x64_128(data: bytes, seed: int = 0) -> tuple[int, int]:
    """The two 64-bit halves h1 and h2; `seed` has 32 bits."""
    h1 = h2 = seed
    whole = len(data) // 16 * 16
    for k1, k2 in iter_unpack("<2Q", data[:whole]):
        h1 = (_rotated(h1 ^ _first(k1), 27) + h2) * 5 + 0x52DCE729 & MASK
        h2 = (_rotated(h2 ^ _second(k2), 31) + h1) * 5 + 0x38495AB5 & MASK
    tail = data[whole:]
    h1 ^= _first(int.from_bytes(tail[:8], "little")) ^ len(data)
    h2 ^= _second(int.from_bytes(tail[8:], "little")) ^ len(data)
    h1 = h1 + h2 & MASK
    h2 = h1 + h2 & MASK
    h1, h2 = _finished(h1), _finished(h2)
    h1 = h1 + h2 & MASK
    return h1, h1 + h2 & MASK


def _first(k1: int) -> int:
    return _rotated(k1 * C1 & MASK, 31) * C2 & MASK


def _second(k2: int) -> int:
    return _rotated(k2 * C2 & MASK, 33) * C1 & MASK


def _rotated(word: int, by: int) -> int:
    return (word << by | word >> 64 - by) & MASK


def _finished(word: int) -> int:
    """The finalizer fmix64: every bit of the input moves every bit of the output."""
    word = (word ^ word >> 33) * 0xFF51AFD7ED558CCD & MASK
    word = (word ^ word >> 33) * 0xC4CEB9FE1A85EC53 & MASK
    return word ^ word >> 33
