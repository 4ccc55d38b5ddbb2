"""What every server does with a committed transaction: apply it, fire watches, answer whoever waits here.

The law: in this order, so that a client is told of a change before it can read it, and before its own reply.
"""

from __future__ import annotations

from algorithms.keeper import reigning
from algorithms.keeper.commands import Check, Multi
from algorithms.keeper.messages import (
    ConnectResponse,
    MultiResult,
    Nothing,
    Reply,
    WatchEvent,
)
from algorithms.keeper.serving import let_in, reply
from algorithms.keeper.state import State
from algorithms.keeper.tree.data_tree import Done
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
from algorithms.keeper.zxid import Zxid
from algorithms.machine import Record


def deliver(state: State, zxid: Zxid, txn: Txn) -> None:
    """It is committed."""
    done: list[Done] | None = [] if txn.server == state.name and txn.xid else None
    changes = state.tree.apply(txn, zxid, done)
    if state.reign is not None:
        state.reign.preparing.delivered(zxid)
    for change in changes:
        for session_id, event, path, mode in state.watches.fire(change):
            connection = state.by_session.get(session_id)
            if connection is not None:
                state.tell(connection, WatchEvent(event, path, zxid, mode))
    if isinstance(txn.body, CreateSessionTxn):
        _opened(state, txn, txn.body)
    elif isinstance(txn.body, CloseSessionTxn):
        _closed(state, zxid, txn, txn.body)
    elif done is not None:
        _answer(state, zxid, txn, done)
    if state.reign is not None:
        reigning.release_syncs(state, state.reign, zxid)
        reigning.clean_later(state, state.reign)


# ---------------------------------------------------------------- sessions


def _opened(state: State, txn: Txn, body: CreateSessionTxn) -> None:
    if state.reign is not None:
        reigning.watch_session(state, state.reign, txn.session_id, body.timeout, txn.server)
    connection = state.asking(txn.xid) if txn.server == state.name else None
    if connection is not None:
        let_in(state, connection, txn.session_id, body.timeout)
        state.tell(connection, ConnectResponse(txn.session_id, body.password, body.timeout))


def _closed(state: State, zxid: Zxid, txn: Txn, body: CloseSessionTxn) -> None:
    if state.reign is not None:
        state.reign.preparing.closing.pop(txn.session_id, None)
        state.reign.tracker.end(txn.session_id)
    connection = state.by_session.get(txn.session_id)
    if connection is None:
        return
    waiting = connection.waiting[0].request if connection.waiting else None
    if txn.server == state.name and waiting is not None and waiting.xid == txn.xid:
        _answer(state, zxid, txn, [])
        state.forget(connection)
    else:
        # It has expired, or the client had come back before the end that it once asked for.
        state.dismiss(connection, "expired")


# ---------------------------------------------------------------- answers


def _answer(state: State, zxid: Zxid, txn: Txn, done: list[Done]) -> None:
    """If its client is here and still waits for it."""
    connection = state.by_session.get(txn.session_id)
    if connection is None or not connection.waiting:
        return
    request = connection.waiting[0].request
    if request.xid != txn.xid:
        return
    reply(state, connection, _reply(zxid, txn, request.operation, done))


def _reply(zxid: Zxid, txn: Txn, operation: Record, done: list[Done]) -> Reply:
    match txn.body:
        case ErrorTxn(error, errors):
            return Reply(txn.xid, zxid, error, MultiResult(errors=errors) if errors else Nothing())
        case MultiTxn():
            assert isinstance(operation, Multi), f"a multi answers {operation}"
            return Reply(txn.xid, zxid, result=MultiResult(_with_checks(operation, done)))
        case CreateTxn() | SetDataTxn() | SetAclTxn() | DeleteTxn():
            return Reply(txn.xid, zxid, result=done[0] if done else Nothing())
        case CloseSessionTxn() | SyncTxn() | CreateSessionTxn():
            return Reply(txn.xid, zxid)


def _with_checks(operation: Multi, done: list[Done]) -> tuple[Done, ...]:
    """One for each operation; checks lead to nothing, and are not in the transaction."""
    rest = iter(done)
    return tuple(Nothing() if isinstance(each, Check) else next(rest, Nothing()) for each in operation.operations)
