"""Watches: a client is told of a change before it sees anything newer (Hunt, Konar, Junqueira, Reed 2010, 2.1 and 2.3).

The law: a watch waits from the zxid of the reply that set it. Whoever is answered as of a later zxid than that of the
change, and has not been told, was told too late or never. A watch that fires once and misses what came and went while
its client had no connection has missed nothing that it could have read.
"""

from __future__ import annotations

from bisect import bisect_right

from algorithms.keeper.commands import AddWatch, Exists, GetChildren, GetData, RemoveWatches, WatchMode
from algorithms.keeper.errors import Error
from algorithms.keeper.messages import EventType, Reply, WatchEvent
from algorithms.keeper.tree.paths import is_below
from algorithms.keeper.zxid import zxid_of
from algorithms.machine import Record
from playground.checks.findings import Findings
from playground.checks.keeper.names import WATCHES
from playground.checks.keeper.sequence import Changes, Sequence

DATA = frozenset((EventType.NODE_CREATED, EventType.NODE_DATA_CHANGED, EventType.NODE_DELETED))
FIRES: dict[str, frozenset[EventType]] = {
    "data": DATA,
    "exists": DATA,
    "child": frozenset((EventType.NODE_CHILDREN_CHANGED, EventType.NODE_DELETED)),
    "persistent": frozenset(EventType),
    "persistent_recursive": DATA,
}
STAYS = {WatchMode.PERSISTENT: "persistent", WatchMode.PERSISTENT_RECURSIVE: "persistent_recursive"}
NOTHING = Changes()
AWAY = -1
"""Of a watch that stays: from the next reply on."""


class WatchRules:
    """The watches of one service's clients. `told` counts events."""

    def __init__(self, sequence: Sequence, findings: Findings) -> None:
        self._sequence, self._findings = sequence, findings
        self._watches: dict[str, dict[tuple[str, str], int]] = {}
        """By client: kind and path of each watch, and from which zxid on it waits."""
        self._away: set[str] = set()
        """Clients that have changed their connection and have not been answered since."""
        self._told: dict[str, dict[tuple[EventType, str, int], None]] = {}
        """By client: the events of watches that stay, on this connection."""
        self.told = 0

    def forget(self, client: str) -> None:
        """Its session is over."""
        self._watches.pop(client, None)
        self._told.pop(client, None)

    def begun(self, client: str) -> None:
        """It has a new connection, on which its watches are set again."""
        self._away.add(client)
        self._told.pop(client, None)
        for key in self._watches.get(client, {}):
            if key[0] in STAYS.values():
                self._watches[client][key] = AWAY

    # ------------------------------------------------------------ what is heard

    def event(self, client: str, event: WatchEvent) -> None:
        """The client is told of something."""
        self.told += 1
        watches, zxid = self._watches.get(client, {}), event.zxid.number
        if any(kind in STAYS.values() for kind, _ in watches):
            # One event tells all watches of a client that wait for it.
            self._told.setdefault(client, {})[event.event, event.path, zxid] = None
        if event.mode is not WatchMode.STANDARD:
            if not self._happened(event.event, event.path, zxid):
                self._findings.add(WATCHES, f"{client} was told {event.path} {event.event.value} at {event.zxid}")
            return
        fired = [key for key in watches if key[1] == event.path and event.event in FIRES[key[0]]]
        if fired and not any(self._first(key, watches[key]) <= zxid for key in fired):
            what = f"{client} was told {event.path} {event.event.value} at {event.zxid}"
            self._findings.add(WATCHES, f"{what}, and nothing had happened to it since it watched")
        for key in fired:
            del watches[key]

    def _happened(self, event: EventType, path: str, zxid: int) -> bool:
        changes = self._sequence.changes.get(path, NOTHING)
        return any(
            at == zxid and what is event
            for at, what in zip(reversed(changes.zxids), reversed(changes.events), strict=True)
        )

    def reply(self, client: str, operation: Record, reply: Reply) -> None:
        """The client is answered: what it should have been told before, and what it watches from now on."""
        zxid = reply.zxid.number
        watches = self._watches.get(client)
        if watches:
            self._in_time(client, watches, zxid)
        self._away.discard(client)
        match operation:
            case GetData(path, True) if reply.error is Error.OK:
                self._set(client, "data", path, zxid)
            case Exists(path, True) if reply.error is Error.OK:
                self._set(client, "exists" if reply.is_missing else "data", path, zxid)
            case GetChildren(path, True) if reply.error is Error.OK:
                self._set(client, "child", path, zxid)
            case AddWatch(path, mode) if reply.error is Error.OK and mode in STAYS:
                self._set(client, STAYS[mode], path, zxid)
            case RemoveWatches(path):
                for key in [key for key in watches or {} if key[1] == path]:
                    del self._watches[client][key]

    def _set(self, client: str, kind: str, path: str, zxid: int) -> None:
        self._watches.setdefault(client, {})[kind, path] = zxid

    # ------------------------------------------------------------ what it should have been told

    def _in_time(self, client: str, watches: dict[tuple[str, str], int], zxid: int) -> None:
        for key, since in tuple(watches.items()):
            kind, path = key
            if since == AWAY:
                watches[key] = zxid
            elif kind in STAYS.values():
                self._all_told(client, kind, path, since, zxid)
                watches[key] = max(since, zxid)
            elif self._first(key, since) <= zxid:
                if kind == "exists" and client in self._away and self._sequence.held(path, zxid) is None:
                    watches[key] = zxid  # It came and went while the client was away.
                    continue
                what = f"{client} was answered as of {zxid_of(zxid)} before it was told what became of {path}"
                self._findings.add(WATCHES, f"{what} at {zxid_of(self._first(key, since))}, which it watched ({kind})")
                del watches[key]

    def _first(self, key: tuple[str, str], since: int) -> int:
        """The zxid of the first change behind `since` that this watch waits for; far away if there is none."""
        kind, path = key
        changes = self._sequence.changes.get(path, NOTHING)
        for place in range(bisect_right(changes.zxids, since), len(changes.zxids)):
            if changes.events[place] in FIRES[kind]:
                return changes.zxids[place]
        return 1 << 62

    def _all_told(self, client: str, kind: str, path: str, since: int, zxid: int) -> None:
        recursive = kind == "persistent_recursive"
        changes = self._sequence.all_changes if recursive else self._sequence.changes.get(path, NOTHING)
        told = self._told.get(client, {})
        for place in range(bisect_right(changes.zxids, since), bisect_right(changes.zxids, zxid)):
            event, where, at = changes.events[place], changes.paths[place], changes.zxids[place]
            meant = event in FIRES[kind] and (is_below(where, path) if recursive else where == path)
            if meant and (event, where, at) not in told:
                what = f"{client} was answered as of {zxid_of(zxid)} before it was told"
                self._findings.add(WATCHES, f"{what} {where} {event.value} at {zxid_of(at)}, which it watched ({kind})")
