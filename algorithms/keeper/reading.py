"""Reads: of this server's own tree, whatever others may have by now (Hunt, Konar, Junqueira, Reed 2010, 4.4).

The law: a read's watch is set in the same instant in which it looks.
"""

from __future__ import annotations

from algorithms.keeper.commands import Exists, GetAcl, GetChildren, GetData, GetStat
from algorithms.keeper.connection import Connection
from algorithms.keeper.errors import Error
from algorithms.keeper.messages import AclIs, ChildrenAre, DataIs, Reply, StatIs
from algorithms.keeper.state import State
from algorithms.keeper.tree.acl import allows
from algorithms.keeper.tree.paths import why_not
from algorithms.keeper.tree.znode import Znode
from algorithms.machine import Record


def read(state: State, connection: Connection, xid: int, operation: Record) -> Reply:
    """The answer as of now."""
    zxid = state.tree.last_zxid
    path: str = getattr(operation, "path", "")
    if why_not(path):
        return Reply(xid, zxid, Error.BADARGUMENTS)
    znode = state.tree.get(path)
    if isinstance(operation, Exists):
        return _exists(state, connection, xid, operation, znode)
    if znode is None:
        return Reply(xid, zxid, Error.NONODE)
    if not isinstance(operation, GetStat | GetAcl) and not allows(znode.acl, "r", connection.known_as):
        return Reply(xid, zxid, Error.NOAUTH)
    match operation:
        case GetData(_, watch):
            _watch(state, connection, "data", path, watch)
            return Reply(xid, zxid, result=DataIs(znode.data, znode.stat))
        case GetChildren(_, watch):
            _watch(state, connection, "child", path, watch)
            return Reply(xid, zxid, result=ChildrenAre(state.tree.children_of(znode), znode.stat))
        case GetStat():
            return Reply(xid, zxid, result=StatIs(znode.stat))
        case GetAcl():
            return Reply(xid, zxid, result=AclIs(znode.acl, znode.stat))
        case _:
            return Reply(xid, zxid, Error.UNIMPLEMENTED)


def _exists(state: State, connection: Connection, xid: int, operation: Exists, znode: Znode | None) -> Reply:
    """It also waits for what is not there yet."""
    zxid = state.tree.last_zxid
    _watch(state, connection, "exists" if znode is None else "data", operation.path, operation.watch)
    if znode is None:
        return Reply(xid, zxid, is_missing=True)
    return Reply(xid, zxid, result=StatIs(znode.stat))


def _watch(state: State, connection: Connection, kind: str, path: str, wanted: bool) -> None:
    if wanted:
        state.watches.add(kind, path, connection.session_id)
