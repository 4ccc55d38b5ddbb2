"""One number for a whole history: SHA-256 over the canonical stream of observations.

The law: equal histories have equal digests on every machine and every Python. Notes are left out, because a machine
that explains itself differently has done nothing different.
"""

from __future__ import annotations

import hashlib

import msgspec

from algorithms.machine import Note
from nodes.observation import Observation, Turn

FLUSH = 1 << 16
"""Bytes gathered before they are hashed: one call for many observations."""


class Digest:
    """Attach `observe` to a world before it starts, or as early as all that are to be compared."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._encode = msgspec.msgpack.Encoder().encode_into
        self._buffer = bytearray()

    def observe(self, observation: Observation) -> None:
        """Take one observation."""
        if observation.__class__ is Turn:
            for effect in observation.effects:
                if effect.__class__ is Note:
                    observation = _without_notes(observation)
                    break
        self._encode(observation, self._buffer, -1)
        if len(self._buffer) > FLUSH:
            self._flush()

    def _flush(self) -> None:
        self._hash.update(self._buffer)
        self._buffer.clear()

    def hexdigest(self) -> str:
        """The digest so far, 64 hexadecimal digits."""
        self._flush()
        return self._hash.hexdigest()


def _without_notes(turn: Turn) -> Turn:
    effects = tuple(each for each in turn.effects if each.__class__ is not Note)
    return Turn(turn.at, turn.node, turn.service, turn.event, effects)
