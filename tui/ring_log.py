"""What an onlooker remembers of one ring store: which keys were written where, and which ring is the newest.

The law: as in `tui.events`: it changes nothing, and keeps a bounded amount however long the run.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from algorithms.machine import Asked, Save
from algorithms.ring.commands import Delete, Read, Write
from algorithms.ring.table import Ring
from algorithms.ring.versions import Versions
from nodes.observation import Turn
from tui.glyphs import Sort

MOST_WRITES = 300
MOST_KEYS = 200

KEY_CELL = "key/"
"""How the cells of keys begin (algorithms/ring/state.py)."""


@dataclass(frozen=True, slots=True)
class Written:
    """A node put a key on its disk."""

    at: int
    node: str
    key: str


class RingLog:
    """Tell it of the turns in which something was saved, and of what is asked for from outside."""

    def __init__(self) -> None:
        self.writes: deque[Written] = deque(maxlen=MOST_WRITES)
        self.keys: dict[str, None] = {}
        """Keys that were written, the newest last."""
        self.asked = ""
        """The key that a person's newest request was about."""
        self.requests = 0
        """Such requests so far."""
        self._newest = (1, "")

    def saved(self, turn: Turn, save: Save) -> None:
        """A key has landed on this node's disk."""
        if type(save.value) is Versions and save.cell.startswith(KEY_CELL):
            key = save.cell.removeprefix(KEY_CELL)
            self.writes.append(Written(turn.at, turn.node, key))
            self.keys.pop(key, None)
            self.keys[key] = None
            if len(self.keys) > MOST_KEYS:
                del self.keys[next(iter(self.keys))]

    def asks(self, asked: Asked) -> None:
        """Somebody wants to know of a key, or to change it."""
        if isinstance(asked.command, Read | Write | Delete):
            self.asked = asked.command.key
            self.requests += 1

    def epoch(self, ring: Ring) -> Sort | None:
        """What a ring is that a node has just put on disk: the beginning or the end of a move, if it is the newest."""
        name = (ring.epoch, ring.proposer)
        if name <= self._newest:
            return None
        self._newest = name
        return Sort.MOVE if ring.coming else Sort.EPOCH
