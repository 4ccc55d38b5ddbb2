"""What must hold of a keeper's servers and clients at every instant of a world."""

from __future__ import annotations

from algorithms.keeper.client.machine import KeeperClient
from algorithms.keeper.commands import Create, Delete, GetChildren, GetData, Multi, SetData, Sync
from algorithms.keeper.errors import Error
from algorithms.keeper.machine import KeeperMachine
from algorithms.keeper.messages import ChildrenAre, Created, DataIs, Reply, StatIs, WatchEvent
from algorithms.keeper.zxid import ZERO, Zxid
from algorithms.machine import Record


class Broken(AssertionError):
    """A law of the keeper does not hold."""


class Laws:
    """`servers_looked_at` is called behind each turn of a server, `heard` with each word that a client gets."""

    def __init__(self) -> None:
        self.digests: dict[Zxid, tuple[str, str]] = {}
        self.seen: dict[tuple[str, int], Zxid] = {}
        self.created: dict[str, str] = {}
        self.set: dict[tuple[str, int], str] = {}
        self.watched: dict[tuple[str, int, str, str], Zxid] = {}
        self.heard_of: dict[str, Zxid] = {}
        self.newest = ZERO
        """Of all writes that a client was told of."""
        self.bounds: dict[str, Zxid] = {}
        """By the path of a sync through the log, which nothing else has: the newest write when it was asked for."""

    # ------------------------------------------------------------ servers

    def look_at(self, server: KeeperMachine) -> None:
        """Replicas are equal at equal zxids, and ephemerals have owners that live."""
        state = server.state
        tree = state.tree
        if self.heard_of.get(state.name) == tree.last_zxid:
            return
        self.heard_of[state.name] = tree.last_zxid
        name, digest = self.digests.setdefault(tree.last_zxid, (state.name, tree.digest))
        if digest != tree.digest:
            raise Broken(f"at {tree.last_zxid} the trees of {name} and {state.name} differ")
        for session_id in tree.ephemerals:
            if session_id not in tree.sessions:
                raise Broken(f"{state.name} has ephemerals of {session_id:#x}, which is no more: {tree.ephemerals}")

    # ------------------------------------------------------------ clients

    def heard(self, client: KeeperClient, message: Record) -> None:
        """A client never goes back in time, and it is told of a change before it reads it."""
        if isinstance(message, WatchEvent):
            for kind in ("data", "child"):
                self.watched.pop((client.name, client.life, kind, message.path), None)
        if not isinstance(message, Reply):
            return
        before = self.seen.get((client.name, client.life), ZERO)
        if message.zxid < before:
            raise Broken(f"{client.name} reads of {message.zxid} after {before}")
        self.seen[client.name, client.life] = message.zxid
        self._reply(client, client.requests.sent[0].operation, message)

    def _reply(self, client: KeeperClient, operation: Record, reply: Reply) -> None:
        if isinstance(operation, Create | SetData | Delete | Multi):
            self.newest = max(self.newest, reply.zxid)
        match operation, reply.result:
            case Sync(path), _ if reply.error is Error.OK and reply.zxid < self.bounds.get(path, ZERO):
                raise Broken(f"the sync {path} of {client.name} has {reply.zxid}, not {self.bounds[path]}")
            case GetData(path, watch), DataIs(_, stat):
                self._read(client, "data", path, watch, stat.mzxid, reply)
            case GetChildren(path, watch), ChildrenAre(_, stat):
                self._read(client, "child", path, watch, stat.pzxid, reply)
            case Create(), Created(path) if path.startswith(("/d/", "/q/")):
                if self.created.setdefault(path, client.name) != client.name:
                    raise Broken(f"{path} was created twice, by {self.created[path]} and by {client.name}")
            case SetData(path), StatIs(stat) if reply.error is Error.OK:
                if (path, stat.version) in self.set:
                    raise Broken(f"version {stat.version} of {path} was given out twice")
                self.set[path, stat.version] = client.name
            case _:
                pass

    def _read(self, client: KeeperClient, kind: str, path: str, watch: bool, changed: Zxid, reply: Reply) -> None:
        key = (client.name, client.life, kind, path)
        known = self.watched.get(key)
        if known is not None and (kind, path) in client.watches._set and changed > known:
            raise Broken(f"{client.name} reads {path} as of {changed} and was not told of a change since {known}")
        if watch:
            self.watched[key] = changed


class WatchedClient(KeeperClient):
    """A client that shows its laws all that it hears."""

    laws: Laws

    def _hear(self, message: Record) -> None:
        self.laws.heard(self, message)
        super()._hear(message)
