"""A server's picture for onlookers. The law: looking changes nothing."""

from __future__ import annotations

from algorithms.keeper.state import State
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
from algorithms.keeper.view import KeeperView, ProposalView, SessionView, WatchView, ZnodeView
from algorithms.machine import Record


def view_of(state: State, tree: bool = True) -> KeeperView:
    """All that a screen or a check may want; without the `tree` neither znodes nor digest, which cost the most."""
    zab = state.zab.state
    return KeeperView(
        name=state.name,
        role="read_only" if state.serves_reads else zab.role,
        phase=zab.phase,
        accepted_epoch=zab.accepted_epoch,
        current_epoch=zab.current_epoch,
        leader=zab.leader,
        vote=zab.vote.leader if zab.vote is not None else "",
        last_logged=zab.last_logged,
        last_committed=zab.last_committed,
        snapshot_zxid=zab.snapshot_zxid,
        first_logged=zab.first_logged,
        voters=zab.voters,
        observers=zab.observers,
        in_sync=zab.in_sync,
        proposals=_proposals(state),
        connections=_connections(state),
        sessions=_sessions(state),
        znodes=_znodes(state) if tree else (),
        watches=_watches(state),
        tree_digest=state.tree.digest if tree else "",
    )


def _proposals(state: State) -> tuple[ProposalView, ...]:
    found = state.zab.state.proposals
    return tuple(ProposalView(zxid, words_of(each.txn), tuple(each.acks)) for zxid, each in found.items())


def words_of(txn: Record) -> str:
    """A transaction as a person would say it."""
    if not isinstance(txn, Txn):
        return type(txn).__name__
    match txn.body:
        case CreateTxn(path):
            return f"create {path}"
        case DeleteTxn(path):
            return f"delete {path}"
        case SetDataTxn(path, _, version):
            return f"set {path} v{version}"
        case SetAclTxn(path):
            return f"set ACL {path}"
        case CreateSessionTxn(_, client):
            return f"session {txn.session_id:#x} of {client}"
        case CloseSessionTxn(paths, expired):
            gone = f", {len(paths)} ephemerals" if paths else ""
            return f"session {txn.session_id:#x} {'expires' if expired else 'ends'}{gone}"
        case MultiTxn(txns):
            return f"multi of {len(txns)}"
        case ErrorTxn(error):
            return f"{error.name} for {txn.session_id:#x}"
        case SyncTxn():
            return "sync"


# ---------------------------------------------------------------- sessions and watches


def _connections(state: State) -> tuple[SessionView, ...]:
    return tuple(
        SessionView(each.session_id, each.client, each.timeout, state.name)
        for each in state.connections.values()
        if each.session_id
    )


def _sessions(state: State) -> tuple[SessionView, ...]:
    tree, tracker = state.tree, state.reign.tracker if state.reign is not None else None
    found = []
    for session_id in sorted(tree.sessions):
        each = tree.sessions[session_id]
        here = state.name if session_id in state.by_session else ""
        server = tracker.owner.get(session_id, "") if tracker is not None else here
        expires_at = tracker.expires_at.get(session_id, 0) if tracker is not None else 0
        count = len(tree.ephemerals.get(session_id, ()))
        found.append(SessionView(session_id, each.client, each.timeout, server, expires_at, count))
    return tuple(found)


def _watches(state: State) -> tuple[WatchView, ...]:
    found = []
    for path, kind, session_id in state.watches.listed():
        connection = state.by_session.get(session_id)
        found.append(WatchView(path, session_id, connection.client if connection else "", kind))
    return tuple(found)


# ---------------------------------------------------------------- the tree


def _znodes(state: State) -> tuple[ZnodeView, ...]:
    """All of them, in the order of paths."""
    return tuple(
        ZnodeView(each.path, each.data, each.kind, each.stat, each.acl, state.watches.count(each.path))
        for each in state.tree.walk()
    )
