"""The keeper's servers and clients as onlookers see them."""

from __future__ import annotations

from algorithms.keeper.commands import Acl
from algorithms.keeper.zxid import ZERO, Zxid
from algorithms.machine import Record


class Stat(Record, frozen=True):
    """ZooKeeper's Stat. Times are the leader's clock, microseconds."""

    czxid: Zxid
    mzxid: Zxid
    pzxid: Zxid
    ctime: int
    mtime: int
    version: int
    cversion: int
    aversion: int
    ephemeral_owner: int
    """The session; 0 if it is not ephemeral."""
    data_length: int
    num_children: int


class ZnodeView(Record, frozen=True):
    """One znode. `kind` is `persistent`, `ephemeral`, `container` or `ttl`."""

    path: str
    data: str
    kind: str
    stat: Stat
    acl: tuple[Acl, ...]
    watches: int = 0
    """Watches of this server's clients that wait for it."""


class SessionView(Record, frozen=True):
    """One session as the servers know it. On the leader, `expires_at` (its clock, us) is when it will expire."""

    session_id: int
    client: str
    timeout: int
    server: str
    """Where its client is connected, as far as this server knows; empty if nowhere."""
    expires_at: int = 0
    ephemerals: int = 0


class ProposalView(Record, frozen=True):
    """A transaction that is proposed and not yet committed, on the leader."""

    zxid: Zxid
    what: str
    acks: tuple[str, ...]


class WatchView(Record, frozen=True):
    """A watch on this server. `kind` is `data`, `exists`, `child`, `persistent` or `persistent_recursive`."""

    path: str
    session_id: int
    client: str
    kind: str


class KeeperView(Record, frozen=True):
    """One server. `role` is `looking`, `following`, `leading`, `observing` or `read_only`; `phase` is Zab's:
    `election`, `discovery`, `synchronisation` or `broadcast`."""

    name: str
    role: str
    phase: str
    accepted_epoch: int
    current_epoch: int
    leader: str | None
    vote: str
    """For whom it votes while it is looking."""
    last_logged: Zxid = ZERO
    """The last transaction in its log, synced or not."""
    last_committed: Zxid = ZERO
    """The last one that it has applied to its tree."""
    snapshot_zxid: Zxid = ZERO
    first_logged: Zxid = ZERO
    """The first transaction still in its log; `ZERO` if it holds none."""
    voters: tuple[str, ...] = ()
    observers: tuple[str, ...] = ()
    in_sync: tuple[str, ...] = ()
    """On the leader: who is synchronised and hears it, itself included."""
    proposals: tuple[ProposalView, ...] = ()
    connections: tuple[SessionView, ...] = ()
    """Of clients connected to this server."""
    sessions: tuple[SessionView, ...] = ()
    """All that this server's tree knows; on the leader with their expiry."""
    znodes: tuple[ZnodeView, ...] = ()
    """The whole tree in the order of paths."""
    watches: tuple[WatchView, ...] = ()
    tree_digest: str = ""
    """Equal for equal trees (with sessions)."""


class RecipeView(Record, frozen=True):
    """A recipe that is under way or holds something. `state` is `waiting`, `held`, `leading`, `inside` or `member`."""

    recipe: str
    path: str
    state: str
    znode: str
    waits_for: str
    """The path that it watches."""
    token: int = 0


class KeeperClientView(Record, frozen=True):
    """A client. `state` is `connecting`, `connected`, `read_only`, `suspended` (no connection, the session may live),
    `expired` or `closed`."""

    name: str
    state: str
    session_id: int
    server: str
    timeout: int
    last_zxid: Zxid
    """The newest that it has seen."""
    heard_at: int
    """When its server was last heard, its own clock."""
    outstanding: int
    watches: tuple[str, ...]
    recipes: tuple[RecipeView, ...]
    notifications: int
    """Watch events that it has got."""
    done: int = 0
    failed: int = 0
    unknown: int = 0
