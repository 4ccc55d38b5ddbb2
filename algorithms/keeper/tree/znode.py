"""One znode, and what ZooKeeper calls its Stat (programmer's guide, "ZooKeeper Stat structure")."""

from __future__ import annotations

from algorithms.keeper.commands import Acl
from algorithms.keeper.txns import CreateTxn
from algorithms.keeper.view import Stat
from algorithms.keeper.zxid import ZERO, Zxid
from algorithms.machine import Record


class StoredZnode(Record, frozen=True):
    """A znode as a value, as snapshots have it. Its children are those whose paths lie below."""

    path: str
    data: str
    acl: tuple[Acl, ...]
    kind: str
    ephemeral_owner: int
    ttl: int
    czxid: Zxid
    mzxid: Zxid
    pzxid: Zxid
    ctime: int
    mtime: int
    version: int
    aversion: int
    created: int
    """Children that it has ever had: the next sequential one's number."""


class Znode:
    """A znode in a tree."""

    __slots__ = (
        "acl", "aversion", "children", "created", "ctime", "czxid", "data", "ephemeral_owner", "kind", "mtime",
        "mzxid", "path", "pzxid", "ttl", "version",
    )  # fmt: skip

    def __init__(self, path: str, kind: str = "persistent") -> None:
        self.path = path
        self.kind = kind
        self.data = ""
        self.acl: tuple[Acl, ...] = ()
        self.ephemeral_owner = 0
        self.ttl = 0
        self.czxid = self.mzxid = self.pzxid = ZERO
        self.ctime = self.mtime = 0
        self.version = self.aversion = self.created = 0
        self.children: dict[str, None] = {}
        """Their names."""

    @property
    def stat(self) -> Stat:
        """As clients see it. `cversion` counts children that came and those that went."""
        count = len(self.children)
        return Stat(
            self.czxid, self.mzxid, self.pzxid, self.ctime, self.mtime, self.version, 2 * self.created - count,
            self.aversion, self.ephemeral_owner, len(self.data.encode()), count,
        )  # fmt: skip

    def stored(self) -> StoredZnode:
        """It as a value."""
        return StoredZnode(
            self.path, self.data, self.acl, self.kind, self.ephemeral_owner, self.ttl, self.czxid, self.mzxid,
            self.pzxid, self.ctime, self.mtime, self.version, self.aversion, self.created,
        )  # fmt: skip


def created_by(txn: CreateTxn, zxid: Zxid, time: int) -> Znode:
    """The znode that a transaction makes."""
    znode = Znode(txn.path, txn.kind)
    znode.data, znode.acl, znode.ttl, znode.ephemeral_owner = txn.data, txn.acl, txn.ttl, txn.ephemeral_owner
    znode.czxid = znode.mzxid = znode.pzxid = zxid
    znode.ctime = znode.mtime = time
    return znode


def restored(stored: StoredZnode) -> Znode:
    """What `stored` was made of, without its children."""
    znode = Znode(stored.path, stored.kind)
    znode.data, znode.acl, znode.ttl = stored.data, stored.acl, stored.ttl
    znode.ephemeral_owner, znode.created = stored.ephemeral_owner, stored.created
    znode.czxid, znode.mzxid, znode.pzxid = stored.czxid, stored.mzxid, stored.pzxid
    znode.ctime, znode.mtime = stored.ctime, stored.mtime
    znode.version, znode.aversion = stored.version, stored.aversion
    return znode
