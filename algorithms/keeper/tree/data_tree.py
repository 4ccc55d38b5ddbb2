"""The tree of znodes and the sessions whose ephemerals are in it: what all servers replicate.

The law: it changes only by transactions, in the order of their zxids, and equally everywhere; whatever could fail has
been decided before (Hunt, Konar, Junqueira, Reed 2010, 4.1). A transaction that it has seen already changes nothing;
one that makes no sense here, because this history is not the leader's, changes nothing either.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import NamedTuple

import msgspec

from algorithms.keeper.commands import OPEN_ACL
from algorithms.keeper.messages import Created, EventType, Nothing, StatIs
from algorithms.keeper.tree.paths import ROOT, name_of, parent_of
from algorithms.keeper.tree.znode import StoredZnode, Znode, created_by, restored
from algorithms.keeper.txns import (
    CloseSessionTxn,
    CreateSessionTxn,
    CreateTxn,
    DeleteTxn,
    ErrorTxn,
    MultiTxn,
    SetAclTxn,
    SetDataTxn,
    SyncTxn,
    Txn,
)
from algorithms.keeper.zxid import ZERO, Zxid
from algorithms.machine import Record

PASSING = ("container", "ttl")
"""Kinds that go by themselves."""

Part = CreateTxn | DeleteTxn | SetDataTxn | SetAclTxn


class StoredSession(Record, frozen=True):
    """A session as all servers know it. `timeout` in us."""

    session_id: int
    timeout: int
    client: str
    password: str


class Contents(Record, frozen=True):
    """A whole tree as a value."""

    zxid: Zxid
    znodes: tuple[StoredZnode, ...]
    sessions: tuple[StoredSession, ...]


class Change(NamedTuple):
    """Something that a watch may wait for."""

    event: EventType
    path: str


Done = Created | StatIs | Nothing
"""What an operation has led to."""


class DataTree:
    """One server's copy."""

    def __init__(self) -> None:
        self.last_zxid = ZERO
        self.sessions: dict[int, StoredSession] = {}
        self.ephemerals: dict[int, dict[str, None]] = {}
        """By session: the paths of its ephemerals."""
        self._znodes: dict[str, Znode] = {}
        self._passing: dict[str, None] = {}
        """The containers and TTL znodes."""
        self._digest: tuple[Zxid, str] = (ZERO, "")
        self._begin()

    def _begin(self) -> None:
        root = Znode(ROOT)
        root.acl = OPEN_ACL
        self._znodes = {ROOT: root}

    # ------------------------------------------------------------ looking

    def get(self, path: str) -> Znode | None:
        """The znode at `path`, if there is one."""
        return self._znodes.get(path)

    def children_of(self, znode: Znode) -> tuple[str, ...]:
        """Their names, sorted."""
        return tuple(sorted(znode.children))

    def walk(self) -> Iterator[Znode]:
        """All of them, in the order of paths."""
        return (self._znodes[path] for path in sorted(self._znodes))

    def paths_of(self, session_id: int) -> tuple[str, ...]:
        """A session's ephemerals, sorted."""
        return tuple(sorted(self.ephemerals.get(session_id, {})))

    def __len__(self) -> int:
        return len(self._znodes)

    @property
    def digest(self) -> str:
        """Equal for equal trees with equal sessions."""
        if self._digest[0] != self.last_zxid or not self._digest[1]:
            contents = self.contents()
            told = blake2b(msgspec.msgpack.encode((contents.znodes, contents.sessions)), digest_size=8).hexdigest()
            self._digest = self.last_zxid, told
        return self._digest[1]

    # ------------------------------------------------------------ as a value

    def contents(self) -> Contents:
        """All of it."""
        sessions = tuple(self.sessions[each] for each in sorted(self.sessions))
        return Contents(self.last_zxid, tuple(each.stored() for each in self.walk()), sessions)

    def restore(self, contents: Contents | None) -> None:
        """Become what `contents` returned; None is the beginning."""
        self._digest = (ZERO, "")
        self.sessions, self.ephemerals, self._passing = {}, {}, {}
        self._begin()
        self.last_zxid = contents.zxid if contents is not None else ZERO
        if contents is None:
            return
        self.sessions = {each.session_id: each for each in contents.sessions}
        for stored in contents.znodes:
            znode = self._znodes[stored.path] = restored(stored)
            if stored.path != ROOT:
                self._znodes[parent_of(stored.path)].children[name_of(stored.path)] = None
            if znode.ephemeral_owner:
                self.ephemerals.setdefault(znode.ephemeral_owner, {})[stored.path] = None
            if znode.kind in PASSING:
                self._passing[stored.path] = None

    # ------------------------------------------------------------ changing

    def apply(self, txn: Txn, zxid: Zxid, done: list[Done] | None = None) -> list[Change]:
        """Let it become true. What watches may wait for comes back, in the order in which it happens; what each of its
        parts has led to is put into `done`, if somebody wants to know."""
        if zxid <= self.last_zxid:
            return []
        self.last_zxid = zxid
        match txn.body:
            case CreateTxn() | DeleteTxn() | SetDataTxn() | SetAclTxn() as body:
                return self._change(body, zxid, txn.time, done)
            case MultiTxn(txns):
                return [change for each in txns for change in self._change(each, zxid, txn.time, done)]
            case CreateSessionTxn(timeout, client, password):
                self.sessions[txn.session_id] = StoredSession(txn.session_id, timeout, client, password)
                return []
            case CloseSessionTxn(paths):
                return self._close(txn.session_id, paths, zxid)
            case ErrorTxn() | SyncTxn():
                return []

    def _change(self, body: Part, zxid: Zxid, time: int, done: list[Done] | None) -> list[Change]:
        changes = self._do(body, zxid, time)
        if done is not None:
            done.append(self._done(body))
        return changes

    def _done(self, body: Part) -> Done:
        znode = self._znodes.get(body.path)
        if znode is None or isinstance(body, DeleteTxn):
            return Nothing()
        return Created(body.path, znode.stat) if isinstance(body, CreateTxn) else StatIs(znode.stat)

    def _do(self, body: Part, zxid: Zxid, time: int) -> list[Change]:
        znode = self._znodes.get(body.path)
        match body:
            case CreateTxn(path):
                return self._create(body, zxid, time) if znode is None and parent_of(path) in self._znodes else []
            case DeleteTxn(path):
                return self._delete(path, zxid) if znode is not None and not znode.children else []
            case SetDataTxn(path, data, version) if znode is not None:
                znode.data, znode.version, znode.mzxid, znode.mtime = data, version, zxid, time
                return [Change(EventType.NODE_DATA_CHANGED, path)]
            case SetAclTxn(_, acl, version) if znode is not None:
                znode.acl, znode.aversion = acl, version
        return []

    def _create(self, txn: CreateTxn, zxid: Zxid, time: int) -> list[Change]:
        above = parent_of(txn.path)
        parent = self._znodes[above]
        parent.children[name_of(txn.path)] = None
        parent.created, parent.pzxid = txn.parent_cversion, zxid
        self._znodes[txn.path] = created_by(txn, zxid, time)
        if txn.ephemeral_owner:
            self.ephemerals.setdefault(txn.ephemeral_owner, {})[txn.path] = None
        if txn.kind in PASSING:
            self._passing[txn.path] = None
        return [Change(EventType.NODE_CREATED, txn.path), Change(EventType.NODE_CHILDREN_CHANGED, above)]

    def _delete(self, path: str, zxid: Zxid) -> list[Change]:
        znode, above = self._znodes.pop(path), parent_of(path)
        parent = self._znodes[above]
        del parent.children[name_of(path)]
        parent.pzxid = zxid
        self._passing.pop(path, None)
        if znode.ephemeral_owner:
            mine = self.ephemerals[znode.ephemeral_owner]
            del mine[path]
            if not mine:
                del self.ephemerals[znode.ephemeral_owner]
        return [Change(EventType.NODE_DELETED, path), Change(EventType.NODE_CHILDREN_CHANGED, above)]

    def _close(self, session_id: int, paths: tuple[str, ...], zxid: Zxid) -> list[Change]:
        self.sessions.pop(session_id, None)
        return [change for path in paths if path in self._znodes for change in self._delete(path, zxid)]

    # ------------------------------------------------------------ what has had its time

    @property
    def may_pass(self) -> bool:
        """Whether there is anything that goes by itself."""
        return bool(self._passing)

    def to_clean(self, now: int) -> tuple[str, ...]:
        """Containers that have had children and have none, and TTL znodes whose time is over, sorted; `now` is the
        leader's clock, us."""
        return tuple(path for path in sorted(self._passing) if self._is_over(self._znodes[path], now))

    def _is_over(self, znode: Znode, now: int) -> bool:
        if znode.children:
            return False
        if znode.kind == "container":
            return znode.created > 0
        return znode.kind == "ttl" and now - znode.mtime > znode.ttl
