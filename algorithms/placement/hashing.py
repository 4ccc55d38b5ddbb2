"""Hashes by name. The law: a name and a text give one number, in every process, on every machine, in every Python.

Never the built-in `hash()`, which is salted for each process. A text is hashed as UTF-8; results are in [0, 2**64).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b, md5
from struct import Struct
from typing import Final
from zlib import crc32

from algorithms.placement.murmur3 import murmur3_x64_128

MASK: Final = (1 << 64) - 1

FNV_OFFSET: Final = 0xCBF29CE484222325
FNV_PRIME: Final = 0x100000001B3


@dataclass(frozen=True, slots=True)
class Hash:
    """One hash function."""

    name: str
    of: Callable[[str], int]
    """The number of a text."""
    words: Callable[[str], tuple[int, ...]]
    """All the numbers that one digest of a text gives; the more, the quicker a ring is built."""

    def tokens(self, name: str, count: int) -> list[int]:
        """Where the `count` virtual nodes of a node lie; more of them begin with the fewer.

        As ketama takes four from each MD5, all words of the digests of `name#0`, `name#1` and so on are taken.
        """
        found: list[int] = []
        block = 0
        while len(found) < count:
            found += self.words(f"{name}#{block}")
            block += 1
        return found[:count]


_blank_blake2b = blake2b(digest_size=8)
_two_words = Struct(">2Q").unpack
_eight_words = Struct(">8Q").unpack


def blake2b_64(text: str) -> int:
    """BLAKE2b with a digest of 8 bytes, first byte highest (RFC 7693). A copied state is quicker than a new one."""
    state = _blank_blake2b.copy()
    state.update(text.encode())
    return int.from_bytes(state.digest(), "big")


def blake2b_words(text: str) -> tuple[int, ...]:
    """BLAKE2b with a digest of 64 bytes, in eight."""
    return _eight_words(blake2b(text.encode()).digest())


def md5_words(text: str) -> tuple[int, ...]:
    """The two halves of the MD5, first byte highest (RFC 1321)."""
    return _two_words(md5(text.encode(), usedforsecurity=False).digest())


def md5_64(text: str) -> int:
    """The first half of the MD5."""
    return md5_words(text)[0]


def murmur3_words(text: str) -> tuple[int, ...]:
    """The two halves of MurmurHash3_x64_128 with seed 0."""
    return murmur3_x64_128(text.encode())


def murmur3_64(text: str) -> int:
    """The first half, which is what Cassandra calls a token."""
    return murmur3_words(text)[0]


def fnv1a_64(text: str) -> int:
    """FNV-1a (draft-eastlake-fnv). Its high bits hardly know of the last characters: an example of a bad spread."""
    value = FNV_OFFSET
    for byte in text.encode():
        value = (value ^ byte) * FNV_PRIME & MASK
    return value


def fnv1a_words(text: str) -> tuple[int, ...]:
    """The only one."""
    return (fnv1a_64(text),)


def crc32_64(text: str) -> int:
    """The CRC-32 of zlib in the upper half. The quickest, but linear, and it spreads less evenly than the good ones."""
    return crc32(text.encode()) << 32


def crc32_words(text: str) -> tuple[int, ...]:
    """The only one."""
    return (crc32_64(text),)


_HASHES: Final = (
    Hash("blake2b", blake2b_64, blake2b_words),
    Hash("md5", md5_64, md5_words),
    Hash("murmur3", murmur3_64, murmur3_words),
    Hash("fnv1a", fnv1a_64, fnv1a_words),
    Hash("crc32", crc32_64, crc32_words),
)
_BY_NAME: Final = {each.name: each for each in _HASHES}

HASHES: Final = tuple(_BY_NAME)
"""The names there are. The first is the usual one: the quickest of those that spread well."""


def hash_named(name: str) -> Hash:
    """The hash of this name; a ValueError names those there are."""
    if name not in _BY_NAME:
        raise ValueError(f'there is no hash "{name}"; there are {", ".join(HASHES)}')
    return _BY_NAME[name]
