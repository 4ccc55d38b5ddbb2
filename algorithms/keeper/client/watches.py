"""The watches that one client has set, so that another server can take them over (ZooKeeper's SetWatches).

The law: a watch that fires once is forgotten with its event; an event nobody waits for is a late copy.
"""

from __future__ import annotations

from algorithms.keeper.commands import AddWatch, Exists, GetChildren, GetData, RemoveWatches, WatchMode
from algorithms.keeper.errors import Error
from algorithms.keeper.messages import EventType, Reply, SetWatch, WatchEvent
from algorithms.keeper.tree.paths import is_below
from algorithms.machine import Record

STAYING = {WatchMode.PERSISTENT: "persistent", WatchMode.PERSISTENT_RECURSIVE: "persistent_recursive"}
FIRED = {
    EventType.NODE_CREATED: ("exists", "data"),
    EventType.NODE_DELETED: ("data", "exists", "child"),
    EventType.NODE_DATA_CHANGED: ("data", "exists"),
    EventType.NODE_CHILDREN_CHANGED: ("child",),
}


class ClientWatches:
    """Kind and path of each, in the order in which they were set."""

    def __init__(self) -> None:
        self._set: dict[tuple[str, str], None] = {}

    def learn(self, operation: Record, reply: Reply) -> None:
        """What a reply says about watches."""
        match operation:
            case GetData(path, True) if reply.error is Error.OK:
                self._set["data", path] = None
            case Exists(path, True) if reply.error is Error.OK:
                self._set["exists" if reply.is_missing else "data", path] = None
            case GetChildren(path, True) if reply.error is Error.OK:
                self._set["child", path] = None
            case AddWatch(path, mode) if reply.error is Error.OK and mode in STAYING:
                self._set[STAYING[mode], path] = None
            case RemoveWatches(path):
                self._set = {each: None for each in self._set if each[1] != path}

    def fired(self, event: WatchEvent) -> bool:
        """Whether somebody waits for it; one-shot watches are over with it."""
        if event.mode is not WatchMode.STANDARD:
            return self._stays(event)
        found = [(kind, event.path) for kind in FIRED[event.event] if (kind, event.path) in self._set]
        for each in found:
            del self._set[each]
        return bool(found)

    def _stays(self, event: WatchEvent) -> bool:
        kind = STAYING[event.mode]
        if kind == "persistent":
            return (kind, event.path) in self._set
        return any(each == kind and is_below(event.path, path) for each, path in self._set)

    def clear(self) -> None:
        """The session is over, and so are they."""
        self._set.clear()

    def to_set(self) -> tuple[SetWatch, ...]:
        """For another server."""
        return tuple(SetWatch(kind, path) for kind, path in self._set)

    def words(self) -> tuple[str, ...]:
        """For onlookers."""
        return tuple(f"{path} ({kind.replace('_', ' ')})" for kind, path in self._set)
