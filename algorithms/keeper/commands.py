"""What a client of the keeper can be asked for: ZooKeeper's operations, and the recipes made of them.

The law: these are the words of a person or a workload. Paths begin with "/" and have no "/" at the end (the root
apart); `version` -1 is any version.
"""

from __future__ import annotations

from enum import Enum

from algorithms.machine import Microseconds, Record


class Mode(Enum):
    """ZooKeeper's CreateMode."""

    PERSISTENT = "persistent"
    PERSISTENT_SEQUENTIAL = "persistent_sequential"
    EPHEMERAL = "ephemeral"
    EPHEMERAL_SEQUENTIAL = "ephemeral_sequential"
    CONTAINER = "container"
    PERSISTENT_WITH_TTL = "persistent_with_ttl"
    PERSISTENT_SEQUENTIAL_WITH_TTL = "persistent_sequential_with_ttl"

    @property
    def sequential(self) -> bool:
        """A ten-digit number is put behind the name, larger than all its parent has given out before."""
        return "sequential" in self.value

    @property
    def ephemeral(self) -> bool:
        """It goes with the session that made it."""
        return self.value.startswith("ephemeral")


class WatchMode(Enum):
    """`STANDARD` fires once; the others stay (ZooKeeper 3.6, addWatch)."""

    STANDARD = "standard"
    PERSISTENT = "persistent"
    PERSISTENT_RECURSIVE = "persistent_recursive"


class Acl(Record, frozen=True):
    """Who (`world:anyone`, `digest:user:hash`, `auth:`) may do what, out of the letters `cdrwa`."""

    scheme: str
    id: str
    perms: str


OPEN_ACL = (Acl("world", "anyone", "cdrwa"),)


# ---------------------------------------------------------------- writes


class Create(Record, frozen=True):
    """The answer is the path, with its number if the mode is sequential."""

    path: str
    data: str = ""
    mode: Mode = Mode.PERSISTENT
    acl: tuple[Acl, ...] = OPEN_ACL
    ttl: Microseconds = 0
    """Of a TTL node: how long it may lie unchanged and without children."""


class Delete(Record, frozen=True):
    """The answer is empty."""

    path: str
    version: int = -1


class SetData(Record, frozen=True):
    """The answer is the new version."""

    path: str
    data: str
    version: int = -1


class SetAcl(Record, frozen=True):
    """The answer is the new aversion."""

    path: str
    acl: tuple[Acl, ...]
    version: int = -1


class Check(Record, frozen=True):
    """Only inside of a multi: fails unless the znode has this version."""

    path: str
    version: int = -1


class Multi(Record, frozen=True):
    """All of them or none. The answer is the answers', joined by a space."""

    operations: tuple[Create | Delete | SetData | Check, ...]


# ---------------------------------------------------------------- reads, local to the server


class GetData(Record, frozen=True):
    """The answer is the data."""

    path: str
    watch: bool = False


class Exists(Record, frozen=True):
    """The answer is whether there is such a znode; `watch` also waits for one that is not there yet."""

    path: str
    watch: bool = False


class GetStat(Record, frozen=True):
    """The answer is the stat in words."""

    path: str


class GetChildren(Record, frozen=True):
    """The answer is their names, sorted, joined by a space."""

    path: str
    watch: bool = False


class GetAcl(Record, frozen=True):
    """The answer is the ACL in words."""

    path: str


class Sync(Record, frozen=True):
    """What this client reads behind it from its server is no older than what the leader had when it asked."""

    path: str


# ---------------------------------------------------------------- watches, the session


class AddWatch(Record, frozen=True):
    """A watch that stays."""

    path: str
    mode: WatchMode = WatchMode.PERSISTENT


class RemoveWatches(Record, frozen=True):
    """Forget the client's watches of this path."""

    path: str


class AddAuth(Record, frozen=True):
    """Credentials for this connection and those that follow: `digest` and `user:password`."""

    scheme: str
    auth: str


class Reconnect(Record, frozen=True):
    """Leave this server and go to `server` (empty: any other) with the same session."""

    server: str = ""


class CloseSession(Record, frozen=True):
    """End the session in order: its ephemerals go at once. The next command opens a new one."""


Write = Create | Delete | SetData | SetAcl | Multi
Read = GetData | Exists | GetStat | GetChildren | GetAcl | Sync
Operation = Write | Read | AddWatch | RemoveWatches | AddAuth | Reconnect | CloseSession


# ---------------------------------------------------------------- recipes


class Lock(Record, frozen=True):
    """Wait for the lock at `path`; the answer is its fencing token (the czxid's number of the lock znode).

    `herd`: everybody watches the directory and not its predecessor; only the lesson wants it. `guid` is on by default:
    a name of our own in the znode finds it again when the reply to its creation was lost.
    """

    path: str
    shared: bool = False
    """A read lock: others may read, too (the read-write lock recipe)."""
    herd: bool = False
    guid: bool = True


class Unlock(Record, frozen=True):
    """Let the lock go."""

    path: str


class Elect(Record, frozen=True):
    """Stand for election at `path` (the leader election recipe); the answer comes with leadership, with its token."""

    path: str


class Resign(Record, frozen=True):
    """Lead no more, or stand no more."""

    path: str


class EnterBarrier(Record, frozen=True):
    """Wait until `size` clients are in (the double barrier recipe)."""

    path: str
    size: int


class LeaveBarrier(Record, frozen=True):
    """Wait until all have left."""

    path: str


class Enqueue(Record, frozen=True):
    """Put an item into the queue at `path`; the answer is its znode's name."""

    path: str
    item: str


class Dequeue(Record, frozen=True):
    """Take the first item, waiting for one; the answer is the item."""

    path: str


class Join(Record, frozen=True):
    """Be a member of the group at `path`, as long as the session lives."""

    path: str


class Leave(Record, frozen=True):
    """Be a member no more."""

    path: str


class Members(Record, frozen=True):
    """The answer is the members' names, sorted, joined by a space."""

    path: str


class Guarded(Record, frozen=True):
    """Write `value` to the resource `name` outside of the keeper, under the lock at `path`, which must be held as far
    as this client knows; the token goes along. Refused if the resource has seen a newer one (and fences)."""

    path: str
    name: str
    value: str


class Look(Record, frozen=True):
    """The answer is what the resource `name` holds."""

    name: str


Recipe = (
    Lock | Unlock | Elect | Resign | EnterBarrier | LeaveBarrier | Enqueue | Dequeue | Join | Leave | Members
    | Guarded | Look
)  # fmt: skip
Command = Operation | Recipe
