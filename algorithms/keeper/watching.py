"""Watches of one server's clients (ZooKeeper programmer's guide, "ZooKeeper Watches").

The law: a watch that fires once is gone before its event leaves; and a client is told of a change before
it can read it.
"""

from __future__ import annotations

from algorithms.keeper.commands import WatchMode
from algorithms.keeper.messages import EventType
from algorithms.keeper.tree.data_tree import Change
from algorithms.keeper.tree.paths import ROOT, parent_of

STANDARD = ("data", "exists", "child")
PERSISTENT = {"persistent": WatchMode.PERSISTENT, "persistent_recursive": WatchMode.PERSISTENT_RECURSIVE}

Fired = tuple[int, EventType, str, WatchMode]
"""The session, and what it is told."""


class Watches:
    """By kind and path: who waits, in the order in which they came."""

    def __init__(self) -> None:
        self._by_path: dict[tuple[str, str], dict[int, None]] = {}

    def add(self, kind: str, path: str, session_id: int) -> None:
        """Wait. `kind` as in `WatchView`."""
        self._by_path.setdefault((kind, path), {})[session_id] = None

    def remove(self, path: str, session_id: int) -> bool:
        """Whether there was any."""
        found = [self._discard(kind, path, session_id) for kind in (*STANDARD, *PERSISTENT)]
        return any(found)

    def forget(self, session_id: int) -> None:
        """Its client has gone."""
        for kind, path in tuple(self._by_path):
            self._discard(kind, path, session_id)

    def clear(self) -> None:
        """All clients have."""
        self._by_path.clear()

    def _discard(self, kind: str, path: str, session_id: int) -> bool:
        waiting = self._by_path.get((kind, path), {})
        if session_id not in waiting:
            return False
        del waiting[session_id]
        if not waiting:
            del self._by_path[kind, path]
        return True

    def listed(self) -> tuple[tuple[str, str, int], ...]:
        """Kind, path, session: sorted."""
        return tuple(sorted((path, kind, each) for (kind, path), who in self._by_path.items() for each in who))

    def count(self, path: str) -> int:
        """How many wait for this very path."""
        return sum(len(self._by_path.get((kind, path), ())) for kind in (*STANDARD, *PERSISTENT))

    # ------------------------------------------------------------ firing

    def fire(self, change: Change) -> list[Fired]:
        """Who is told of it."""
        if not self._by_path:
            return []
        event, path = change
        kinds: tuple[str, ...] = ("data", "exists")
        if event is EventType.NODE_CHILDREN_CHANGED:
            kinds = ("child",)
        elif event is EventType.NODE_DELETED:
            kinds = STANDARD
        told: dict[int, None] = {}
        for kind in kinds:
            told.update(self._by_path.pop((kind, path), {}))
        fired = [(each, event, path, WatchMode.STANDARD) for each in told]
        for kind, mode in PERSISTENT.items():
            fired += [(each, event, path, mode) for each in self._staying(kind, change) if each not in told]
        return fired

    def _staying(self, kind: str, change: Change) -> list[int]:
        """A recursive watch is told of all that becomes of any znode below, and needs no word of children."""
        if kind == "persistent":
            return list(self._by_path.get((kind, change.path), {}))
        if change.event is EventType.NODE_CHILDREN_CHANGED:
            return []
        found: dict[int, None] = {}
        path = change.path
        while True:
            found.update(self._by_path.get((kind, path), {}))
            if path == ROOT:
                return list(found)
            path = parent_of(path)
