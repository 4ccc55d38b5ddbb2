"""The one sequence of transactions, as it is first delivered anywhere, and what the tree held at each of its zxids.

The law: a model of one copy. Transactions only come at its end; every znode keeps all that it has ever been. Zxids are
their numbers here, which are quicker to compare.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from algorithms.keeper.commands import Acl
from algorithms.keeper.messages import EventType
from algorithms.keeper.tree.data_tree import DataTree
from algorithms.keeper.tree.paths import parent_of
from algorithms.keeper.tree.znode import Znode
from algorithms.keeper.txns import (
    CloseSessionTxn,
    CreateSessionTxn,
    CreateTxn,
    DeleteTxn,
    ErrorTxn,
    MultiTxn,
    SetAclTxn,
    SetDataTxn,
    Txn,
)
from algorithms.keeper.view import Stat
from algorithms.keeper.zxid import zxid_of
from playground.checks.findings import Findings
from playground.checks.keeper.names import FIFO, PRIMARY_ORDER


class Held(NamedTuple):
    """What a znode was from one zxid on."""

    data: str
    stat: Stat
    acl: tuple[Acl, ...]
    children: tuple[str, ...]


class History:
    """All that one path has been: from `zxids[i]` on it was `states[i]`, None where there was no znode."""

    __slots__ = ("states", "zxids")

    def __init__(self) -> None:
        self.zxids: list[int] = []
        self.states: list[Held | None] = []

    def at(self, zxid: int) -> Held | None:
        """What it was when all up to `zxid` was done."""
        place = bisect_right(self.zxids, zxid)
        return self.states[place - 1] if place else None


class Changes:
    """What watches of one path may wait for, in order."""

    __slots__ = ("events", "paths", "zxids")

    def __init__(self) -> None:
        self.zxids: list[int] = []
        self.events: list[EventType] = []
        self.paths: list[str] = []

    def add(self, zxid: int, event: EventType, path: str) -> None:
        """One more."""
        self.zxids.append(zxid)
        self.events.append(event)
        self.paths.append(path)


class Sequence:
    """`order` are the zxids as they were delivered. Without `histories` it keeps only what the tree holds now."""

    def __init__(self, findings: Findings, histories: bool = True) -> None:
        self._findings = findings
        self._keeps = histories
        self.order: list[int] = []
        self.txns: list[Txn] = []
        self.place: dict[int, int] = {}
        self.tree = DataTree()
        self.histories: dict[str, History] = {}
        self.changes: dict[str, Changes] = {}
        self.all_changes = Changes()
        self._last_xid: dict[int, int] = {}
        self._keep(0, "/", True)

    @property
    def last(self) -> int:
        """The zxid at its end; 0 before all."""
        return self.order[-1] if self.order else 0

    def txn(self, zxid: int) -> Txn | None:
        """What was done there."""
        place = self.place.get(zxid)
        return self.txns[place] if place is not None else None

    def held(self, path: str, zxid: int) -> Held | None:
        """What the znode was when all up to `zxid` was done; None if there was none."""
        history = self.histories.get(path)
        return history.at(zxid) if history is not None else None

    # ------------------------------------------------------------ growing

    def append(self, zxid: int, txn: Txn) -> None:
        """Somebody has delivered it behind all others."""
        self.place[zxid] = len(self.order)
        self.order.append(zxid)
        self.txns.append(txn)
        self._in_order_of_session(zxid, txn)
        misfit = self._misfit(txn)
        if misfit:
            self._findings.add(PRIMARY_ORDER, f"{zxid_of(zxid)} does not fit the tree: {misfit}")
        try:
            changes = self.tree.apply(txn, zxid_of(zxid))
        except KeyError as error:
            self._findings.add(PRIMARY_ORDER, f"{zxid_of(zxid)} changes {error}, which is not there")
            return
        if not self._keeps:
            return
        touched: dict[str, bool] = {}
        for event, path in changes:
            self.changes.setdefault(path, Changes()).add(zxid, event, path)
            self.all_changes.add(zxid, event, path)
            touched[path] = touched.get(path, False) or event is not EventType.NODE_DATA_CHANGED
        if isinstance(txn.body, SetAclTxn):
            touched[txn.body.path] = False
        for path, structure in touched.items():
            self._keep(zxid, path, structure)

    def _keep(self, zxid: int, path: str, structure: bool) -> None:
        """What the znode is now; its children are looked at only if they may have changed."""
        history = self.histories.get(path)
        if history is None:
            history = self.histories[path] = History()
        znode = self.tree.get(path)
        held = None
        if znode is not None:
            before = history.states[-1] if history.states else None
            children = self.tree.children_of(znode) if structure or before is None else before.children
            held = Held(znode.data, znode.stat, znode.acl, children)
        history.zxids.append(zxid)
        history.states.append(held)

    def _in_order_of_session(self, zxid: int, txn: Txn) -> None:
        if not txn.xid or isinstance(txn.body, CreateSessionTxn | ErrorTxn):
            return  # An error changes nothing: SESSIONMOVED answers what came late by way of another server.
        last = self._last_xid.get(txn.session_id, 0)
        if txn.xid <= last:
            who = f"session {txn.session_id:#x}"
            self._findings.add(FIFO, f"{who}: its write {txn.xid} took effect at {zxid_of(zxid)}, behind its {last}")
        self._last_xid[txn.session_id] = max(last, txn.xid)

    # ------------------------------------------------------------ whether it fits

    def _misfit(self, txn: Txn) -> str:
        """What the leader has overlooked; empty if nothing."""
        tree = self.tree
        match txn.body:
            case CreateTxn() | DeleteTxn() | SetDataTxn() as body:
                return self._misfit_of_one(body, txn)
            case MultiTxn(txns):
                return self._misfit_of_many(txns, txn)
            case SetAclTxn(path, _, version):
                znode = tree.get(path)
                return "" if znode and znode.aversion + 1 == version else f"{path} has another aversion"
            case CreateSessionTxn():
                return f"session {txn.session_id:#x} is there already" if txn.session_id in tree.sessions else ""
            case CloseSessionTxn(paths):
                mine = tree.paths_of(txn.session_id)
                return "" if paths == mine else f"it takes {paths} with session {txn.session_id:#x}, which owns {mine}"
            case _:
                return ""

    def _misfit_of_one(self, body: CreateTxn | DeleteTxn | SetDataTxn, txn: Txn) -> str:
        znode = self.tree.get(body.path)
        if isinstance(body, CreateTxn):
            return self._misfit_of_creation(body, znode, txn)
        if znode is None:
            return f"there is no {body.path}"
        if isinstance(body, DeleteTxn):
            return f"{body.path} has children" if znode.children else ""
        return "" if znode.version + 1 == body.version else f"{body.path} has version {znode.version}"

    def _misfit_of_many(self, txns: tuple[CreateTxn | DeleteTxn | SetDataTxn, ...], txn: Txn) -> str:
        """Each part meets what the parts before it have left."""
        version: dict[str, int | None] = {}
        """Of the paths that they touch; None where there is nothing."""
        for body in txns:
            znode = self.tree.get(body.path)
            now = version.get(body.path, znode.version if znode is not None else None)
            if isinstance(body, CreateTxn) == (now is not None):
                return f"{body.path} {'is there already' if now is not None else 'is not there'}"
            if isinstance(body, SetDataTxn) and now is not None and now + 1 != body.version:
                return f"{body.path} has version {now}"
            version[body.path] = body.version if isinstance(body, SetDataTxn) else 0
            if isinstance(body, DeleteTxn):
                version[body.path] = None
        return self._misfit_of_one(txns[0], txn) if txns else ""

    def _misfit_of_creation(self, body: CreateTxn, znode: Znode | None, txn: Txn) -> str:
        parent = self.tree.get(parent_of(body.path))
        if znode is not None:
            return f"there is a {body.path} already"
        if parent is None:
            return f"there is nothing above {body.path}"
        if parent.ephemeral_owner:
            return f"what is above {body.path} is ephemeral"
        if body.ephemeral_owner and body.ephemeral_owner not in self.tree.sessions:
            return f"{body.path} is of session {txn.session_id:#x}, which is over"
        return "" if parent.created + 1 == body.parent_cversion else f"{body.path} has a number that was given out"
