"""What a client of the keeper and its server say to each other, inside of a channel (`algorithms/channels`).

The law: a channel is FIFO, so replies come in the order of the requests, and a watch event comes before the reply to
any read that already sees the change. `xid` counts a client's requests from 1 within one session.
"""

from __future__ import annotations

from enum import Enum

from algorithms.keeper.commands import Acl, AddAuth, AddWatch, CloseSession, Read, RemoveWatches, WatchMode, Write
from algorithms.keeper.errors import Error
from algorithms.keeper.view import Stat
from algorithms.keeper.zxid import Zxid
from algorithms.machine import Record

# ---------------------------------------------------------------- client to server


class ConnectRequest(Record, frozen=True):
    """The first word on a connection. `session_id` 0 asks for a new session.

    A server that has not seen `last_zxid_seen` yet must refuse: the client would go back in time.
    """

    client: str
    session_id: int
    password: str
    timeout: int
    last_zxid_seen: Zxid
    can_be_read_only: bool = False


class ClientRequest(Record, frozen=True):
    """One operation."""

    xid: int
    operation: Write | Read | AddWatch | RemoveWatches | AddAuth | CloseSession


class Ping(Record, frozen=True):
    """The client lives; the server answers with a `Pong`."""


class SetWatch(Record, frozen=True):
    """One watch that the client had. `kind` as in `WatchView`."""

    kind: str
    path: str


class SetWatches(Record, frozen=True):
    """After a reconnect: these watches the client had, when it had seen `relative_zxid`. What has changed since then
    fires at once."""

    relative_zxid: Zxid
    watches: tuple[SetWatch, ...]


# ---------------------------------------------------------------- server to client


class ConnectResponse(Record, frozen=True):
    """`session_id` 0: that session has expired, or is not this client's. `refused` is a sentence if this server can
    serve nobody now, or not this client yet; then the connection ends."""

    session_id: int
    password: str = ""
    timeout: int = 0
    read_only: bool = False
    refused: str = ""


class Nothing(Record, frozen=True):
    """The result of what has none."""


class Created(Record, frozen=True):
    """Where the new znode is."""

    path: str
    stat: Stat


class DataIs(Record, frozen=True):
    """What a znode holds."""

    data: str
    stat: Stat


class StatIs(Record, frozen=True):
    """How a znode stands: the result of a SetData, a SetAcl, a GetStat, or an Exists that found it."""

    stat: Stat


class ChildrenAre(Record, frozen=True):
    """The children's names, sorted."""

    children: tuple[str, ...]
    stat: Stat


class AclIs(Record, frozen=True):
    """Who may do what."""

    acl: tuple[Acl, ...]
    stat: Stat


class MultiResult(Record, frozen=True):
    """One result for each operation, or, if it failed, one error for each: the culprit's own, `OK` for those before it
    and `RUNTIMEINCONSISTENCY` for those behind it."""

    results: tuple[Created | StatIs | Nothing, ...] = ()
    errors: tuple[Error, ...] = ()


Result = Nothing | Created | DataIs | StatIs | ChildrenAre | AclIs | MultiResult


class Reply(Record, frozen=True):
    """The end of the request `xid`. `zxid`: of a write, its own; of a read, the last one that the server had applied.

    `is_missing` stands where Exists found nothing, which is no error.
    """

    xid: int
    zxid: Zxid
    error: Error = Error.OK
    result: Result = Nothing()
    is_missing: bool = False


class EventType(Enum):
    """ZooKeeper's Watcher.Event.EventType."""

    NODE_CREATED = "created"
    NODE_DELETED = "deleted"
    NODE_DATA_CHANGED = "data changed"
    NODE_CHILDREN_CHANGED = "children changed"


class WatchEvent(Record, frozen=True):
    """Something happened to `path` at `zxid`. `mode` is that of the watch that fired."""

    event: EventType
    path: str
    zxid: Zxid
    mode: WatchMode = WatchMode.STANDARD


class Pong(Record, frozen=True):
    """The server lives. `zxid` is the last one it has applied."""

    zxid: Zxid


class Gone(Record, frozen=True):
    """This server closes the connection: the session has `expired`, has `moved` to another server, or the server has
    lost its `quorum`."""

    why: str


# ---------------------------------------------------------------- the resource outside of the keeper (no channel)


class WriteResource(Record, frozen=True):
    """Write to a resource that a lock protects, with the lock's token (Kleppmann 2016)."""

    client_id: str
    sequence: int
    name: str
    value: str
    token: int


class ReadResource(Record, frozen=True):
    """What does it hold?"""

    client_id: str
    sequence: int
    name: str


class ResourceResponse(Record, frozen=True):
    """`rejected`: it has seen the newer `token`."""

    client_id: str
    sequence: int
    rejected: bool
    value: str
    token: int
