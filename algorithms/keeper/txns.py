"""Transactions: what the leader has made of requests, and all that the tree ever does.

The law: a transaction says what becomes true, not what was asked for, so that to apply it twice is to apply it once
(Hunt, Konar, Junqueira, Reed 2010, section 4.1). Conditions are decided before, by the leader.
"""

from __future__ import annotations

from algorithms.keeper.commands import Acl
from algorithms.keeper.errors import Error
from algorithms.machine import Record


class CreateTxn(Record, frozen=True):
    """A znode comes into being. `parent_cversion` is how many children its parent has ever had then; `ttl` in us;
    `kind` as in `ZnodeView`."""

    path: str
    data: str
    acl: tuple[Acl, ...]
    kind: str
    ephemeral_owner: int
    parent_cversion: int
    ttl: int = 0


class DeleteTxn(Record, frozen=True):
    """It is no more."""

    path: str


class SetDataTxn(Record, frozen=True):
    """Its data; `version` is the new one."""

    path: str
    data: str
    version: int


class SetAclTxn(Record, frozen=True):
    """Its ACL; `version` is the new aversion."""

    path: str
    acl: tuple[Acl, ...]
    version: int


class CreateSessionTxn(Record, frozen=True):
    """A session begins. `timeout` in us."""

    timeout: int
    client: str
    password: str


class CloseSessionTxn(Record, frozen=True):
    """A session ends, and these znodes of it with it, in the order of paths. `expired`: nobody had asked for it."""

    paths: tuple[str, ...]
    expired: bool


class MultiTxn(Record, frozen=True):
    """All of these at once."""

    txns: tuple[CreateTxn | DeleteTxn | SetDataTxn, ...]


class ErrorTxn(Record, frozen=True):
    """Nothing happens; the client that asked is told so in its turn, in the order of all (ZooKeeper does the same)."""

    error: Error
    errors: tuple[Error, ...] = ()
    """Of a multi: see `MultiResult`."""


class SyncTxn(Record, frozen=True):
    """Nothing happens: only `sync_is_quorum` puts one into the log."""


Body = (
    CreateTxn | DeleteTxn | SetDataTxn | SetAclTxn | CreateSessionTxn | CloseSessionTxn | MultiTxn | ErrorTxn | SyncTxn
)


class Txn(Record, frozen=True):
    """A transaction with whose it is: `session_id`, and `xid` within it (0: the keeper's own). `time` is the leader's
    clock, us. `server` is where that client was connected, which answers it."""

    session_id: int
    xid: int
    time: int
    server: str
    body: Body
