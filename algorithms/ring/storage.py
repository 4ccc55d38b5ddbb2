"""The keys that a node holds, by name and by their place on the ring.

The law: what is here is on disk, or will be before anything that depends on it is said. Positions are sorted and
digests made only when somebody asks, since most keys of a large store are never asked for.
"""

from __future__ import annotations

import sys
from bisect import bisect_left, insort
from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec

from algorithms.machine import Saved
from algorithms.ring.settings import RingSettings
from algorithms.ring.table import Span, position_of
from algorithms.ring.versions import NOTHING, Versions, join, size_of

if TYPE_CHECKING:
    from algorithms.ring.state import State

PREFIX = "key/"


class Storage:
    """One node's keys."""

    __slots__ = ("_digests", "_order", "_settings", "bytes", "keys", "position")

    def __init__(self, settings: RingSettings) -> None:
        self.keys: dict[str, Versions] = {}
        self.bytes = 0
        """Of all values."""
        self._settings = settings
        self.position = position_of(settings)
        """Where a key lies."""
        self._order: list[tuple[int, str]] | None = None
        self._digests: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.keys)

    def load(self, saved: Saved) -> None:
        """What the disk has."""
        for cell in saved.cells:
            if cell.name.startswith(PREFIX) and isinstance(cell.value, Versions):
                self.keys[sys.intern(cell.name.removeprefix(PREFIX))] = cell.value
        self.bytes = sum(map(weight, self.keys.values()))
        self._order = None

    def get(self, key: str) -> Versions:
        """What is held of the key; nothing is `Versions()`."""
        return self.keys.get(key, NOTHING)

    def join(self, state: State, key: str, versions: Versions) -> bool:
        """Join it in, on disk; whether that changed anything."""
        before = self.get(key)
        after = join(before, versions, self._settings.conflicts == "last_write_wins")
        if after == before:
            return False
        self._put(key, after, before)
        state.save(PREFIX + key, after)
        state.belongings.changed(state, key, True)
        return True

    def erase(self, state: State, key: str) -> None:
        """Hold it no more."""
        before = self.keys.pop(key)
        self.bytes -= weight(before)
        self._digests.pop(key, None)
        if self._order is not None:
            del self._order[bisect_left(self._order, (self.position(key), key))]
        state.erase(PREFIX + key)
        state.belongings.changed(state, key, False)

    def _put(self, key: str, after: Versions, before: Versions) -> None:
        if self._order is not None and key not in self.keys:
            insort(self._order, (self.position(key), key))
        self.keys[key] = after
        self.bytes += weight(after) - weight(before)
        self._digests.pop(key, None)

    # ------------------------------------------------------------ by place

    def keys_in(self, span: Span) -> list[str]:
        """The keys in the span, by position and name, from its beginning on."""
        order = self._sorted()
        low = bisect_left(order, (span.first + 1, ""))
        high = bisect_left(order, (span.last + 1, ""))
        found = order[low:high] if span.first < span.last else (*order[low:], *order[:high])
        return [key for _, key in found]

    def _sorted(self) -> list[tuple[int, str]]:
        if self._order is None:
            self._order = sorted((self.position(key), key) for key in self.keys)
        return self._order

    # ------------------------------------------------------------ digests

    def digest(self, key: str) -> int:
        """64 bits that tell this key's state from others."""
        found = self._digests.get(key)
        if found is None:
            found = self._digests[key] = digest_of(key, self.keys[key])
        return found


_encoder = msgspec.msgpack.Encoder()


def digest_of(key: str, versions: Versions) -> int:
    """64 bits of BLAKE2b over key and state, not negative and below 2**63."""
    content = _encoder.encode((key, versions))
    return int.from_bytes(blake2b(content, digest_size=8).digest(), "big") >> 1


def weight(versions: Versions) -> int:
    """The bytes of the values."""
    size = 0
    for each in versions.siblings:
        size += size_of(each.value)
    return size
