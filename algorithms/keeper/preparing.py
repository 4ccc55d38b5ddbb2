"""The leader makes transactions of requests (Hunt, Konar, Junqueira, Reed 2010, 4.1: the request processor).

The law: a condition is decided against the tree as it will be when everything proposed before has been applied. So the
leader keeps, for each znode that something outstanding touches, how it will be then. What fails becomes an `ErrorTxn`,
so that its answer comes in its turn.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from algorithms.keeper.commands import Acl, Check, Create, Delete, Mode, Multi, SetAcl, SetData, Write
from algorithms.keeper.errors import Error
from algorithms.keeper.tree.acl import Credentials, allows, fixed
from algorithms.keeper.tree.data_tree import DataTree
from algorithms.keeper.tree.paths import ROOT, numbered, parent_of, why_not
from algorithms.keeper.txns import (
    Body,
    CloseSessionTxn,
    CreateTxn,
    DeleteTxn,
    ErrorTxn,
    MultiTxn,
    SetAclTxn,
    SetDataTxn,
)
from algorithms.keeper.zxid import Zxid

KINDS = {
    Mode.CONTAINER: "container",
    Mode.PERSISTENT_WITH_TTL: "ttl",
    Mode.PERSISTENT_SEQUENTIAL_WITH_TTL: "ttl",
    Mode.EPHEMERAL: "ephemeral",
    Mode.EPHEMERAL_SEQUENTIAL: "ephemeral",
}
"""What `ZnodeView.kind` is; the others are persistent."""


class Expected(NamedTuple):
    """How a znode will be (ZooKeeper's ChangeRecord). `exists` false: it will be gone."""

    exists: bool
    version: int = 0
    aversion: int = 0
    created: int = 0
    children: int = 0
    owner: int = 0
    acl: tuple[Acl, ...] = ()


class Asking(NamedTuple):
    """Who asks: the session and what it has told of itself. `max_data` in bytes."""

    session_id: int
    credentials: Credentials
    max_data: int


class Refused(Exception):
    """The operation fails; what it would have changed stays."""

    def __init__(self, error: Error) -> None:
        super().__init__(error.name)
        self.error = error


class Preparing:
    """One reign's outstanding changes."""

    def __init__(self, tree: DataTree) -> None:
        self._tree = tree
        self._expected: dict[str, Expected] = {}
        self._changed_by: dict[str, Zxid] = {}
        """The last outstanding transaction that changes the path."""
        self._outstanding: deque[tuple[Zxid, tuple[str, ...]]] = deque()
        """What each of them changes, in order."""
        self._before: dict[str, Expected | None] = {}
        """Of the one being made: what was expected of each path that it changes."""
        self.closing: dict[int, None] = {}
        """Sessions whose end is proposed: nothing is done for them any more."""

    # ------------------------------------------------------------ bookkeeping

    def proposed(self, zxid: Zxid) -> None:
        """What was prepared last has this zxid."""
        if self._before:
            self._outstanding.append((zxid, tuple(self._before)))
            self._changed_by.update(dict.fromkeys(self._before, zxid))
            self._before = {}

    def delivered(self, zxid: Zxid) -> None:
        """The tree has it."""
        while self._outstanding and self._outstanding[0][0] <= zxid:
            by, paths = self._outstanding.popleft()
            for path in paths:
                if self._changed_by[path] == by:
                    del self._changed_by[path], self._expected[path]

    def expected(self, path: str) -> Expected:
        """How the znode will be."""
        found = self._expected.get(path)
        if found is not None:
            return found
        znode = self._tree.get(path)
        if znode is None:
            return Expected(False)
        return Expected(
            True, znode.version, znode.aversion, znode.created, len(znode.children), znode.ephemeral_owner, znode.acl
        )

    def _will_be(self, path: str, expected: Expected) -> None:
        self._before.setdefault(path, self._expected.get(path))
        self._expected[path] = expected

    def _take_back(self) -> None:
        """What is being made is not made."""
        for path, expected in self._before.items():
            if expected is None:
                del self._expected[path]
            else:
                self._expected[path] = expected
        self._before = {}

    # ------------------------------------------------------------ one request

    def prepare(self, operation: Write, asking: Asking) -> Body:
        """The transaction that does it, or says why it cannot be done."""
        if asking.session_id in self.closing or asking.session_id not in self._tree.sessions:
            return ErrorTxn(Error.SESSIONEXPIRED)
        try:
            match operation:
                case Multi(operations):
                    return self._multi(operations, asking)
                case SetAcl():
                    return self._set_acl(operation, asking)
                case _:
                    body = self._one(operation, asking)
                    assert body is not None, "a check stands in a multi"
                    return body
        except Refused as refusal:
            self._take_back()
            return ErrorTxn(refusal.error)

    def close_session(self, session_id: int, expired: bool) -> CloseSessionTxn:
        """The session's end, with every ephemeral that it will have by then."""
        mine = [path for path in self._tree.paths_of(session_id) if path not in self._expected]
        mine += [path for path, each in self._expected.items() if each.exists and each.owner == session_id]
        paths = tuple(sorted(mine))
        for path in paths:
            self._delete_unconditionally(path)
        self.closing[session_id] = None
        return CloseSessionTxn(paths, expired)

    def delete_for_keeper(self, path: str) -> DeleteTxn | None:
        """A container's or TTL znode's end, unless something is about to happen to it."""
        if path in self._expected:
            return None
        self._delete_unconditionally(path)
        return DeleteTxn(path)

    def _delete_unconditionally(self, path: str) -> None:
        parent = parent_of(path)
        above = self.expected(parent)
        self._will_be(path, Expected(False))
        self._will_be(parent, above._replace(children=above.children - 1))

    def _multi(self, operations: tuple[Create | Delete | SetData | Check, ...], asking: Asking) -> Body:
        done: list[CreateTxn | DeleteTxn | SetDataTxn] = []
        for place, operation in enumerate(operations):
            try:
                body = self._one(operation, asking)
            except Refused as refusal:
                self._take_back()
                behind = len(operations) - place - 1
                errors = (Error.OK,) * place + (refusal.error,) + (Error.RUNTIMEINCONSISTENCY,) * behind
                return ErrorTxn(refusal.error, errors)
            if body is not None:
                done.append(body)
        return MultiTxn(tuple(done))

    def _one(
        self, operation: Create | Delete | SetData | Check, asking: Asking
    ) -> CreateTxn | DeleteTxn | SetDataTxn | None:
        match operation:
            case Create():
                return self._create(operation, asking)
            case Delete():
                return self._delete(operation, asking)
            case SetData():
                return self._set_data(operation, asking)
            case Check(path, version):
                self._existing(path, version, "r", asking)
                return None

    # ------------------------------------------------------------ the operations

    def _create(self, operation: Create, asking: Asking) -> CreateTxn:
        mode, path = operation.mode, operation.path
        sequential = mode.sequential and path.endswith("/")
        _check_path(f"{path}0" if sequential else path)
        if path == ROOT and not mode.sequential:
            raise Refused(Error.NODEEXISTS)
        _check_size(operation.data, asking)
        if (KINDS.get(mode) == "ttl") != (operation.ttl > 0):
            raise Refused(Error.BADARGUMENTS)
        parent = parent_of(f"{path}0" if sequential else path)
        above = self._existing(parent, -1, "c", asking)
        if above.owner:
            raise Refused(Error.NOCHILDRENFOREPHEMERALS)
        acl = fixed(operation.acl, asking.credentials)
        if isinstance(acl, Error):
            raise Refused(acl)
        if mode.sequential:
            path = numbered(path, above.created)
        if self.expected(path).exists:
            raise Refused(Error.NODEEXISTS)
        owner = asking.session_id if mode.ephemeral else 0
        created = above.created + 1
        self._will_be(parent, above._replace(created=created, children=above.children + 1))
        self._will_be(path, Expected(True, owner=owner, acl=acl))
        return CreateTxn(path, operation.data, acl, KINDS.get(mode, "persistent"), owner, created, operation.ttl)

    def _delete(self, operation: Delete, asking: Asking) -> DeleteTxn:
        _check_path(operation.path)
        if operation.path == ROOT:
            raise Refused(Error.BADARGUMENTS)
        parent = parent_of(operation.path)
        if self.expected(parent).exists:
            self._existing(parent, -1, "d", asking)
        found = self._existing(operation.path, operation.version, "", asking)
        if found.children:
            raise Refused(Error.NOTEMPTY)
        self._delete_unconditionally(operation.path)
        return DeleteTxn(operation.path)

    def _set_data(self, operation: SetData, asking: Asking) -> SetDataTxn:
        _check_size(operation.data, asking)
        found = self._existing(operation.path, operation.version, "w", asking)
        self._will_be(operation.path, found._replace(version=found.version + 1))
        return SetDataTxn(operation.path, operation.data, found.version + 1)

    def _set_acl(self, operation: SetAcl, asking: Asking) -> SetAclTxn:
        found = self._existing(operation.path, -1, "a", asking)
        if operation.version not in (-1, found.aversion):
            raise Refused(Error.BADVERSION)
        acl = fixed(operation.acl, asking.credentials)
        if isinstance(acl, Error):
            raise Refused(acl)
        self._will_be(operation.path, found._replace(aversion=found.aversion + 1, acl=acl))
        return SetAclTxn(operation.path, acl, found.aversion + 1)

    def _existing(self, path: str, version: int, permission: str, asking: Asking) -> Expected:
        """The znode, which must be there, allow it, and have this version."""
        _check_path(path)
        found = self.expected(path)
        if not found.exists:
            raise Refused(Error.NONODE)
        if permission and not allows(found.acl, permission, asking.credentials):
            raise Refused(Error.NOAUTH)
        if version not in (-1, found.version):
            raise Refused(Error.BADVERSION)
        return found


def _check_path(path: str) -> None:
    if why_not(path):
        raise Refused(Error.BADARGUMENTS)


def _check_size(data: str, asking: Asking) -> None:
    if len(data.encode()) > asking.max_data:
        raise Refused(Error.BADARGUMENTS)
