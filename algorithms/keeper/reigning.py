"""What only the leader does: open and end sessions, make transactions of requests, tidy up.

The law: whatever it decides becomes a transaction; what it only knows for itself (who was heard when, where a session's
client is) ends with its reign.
"""

from __future__ import annotations

from hashlib import blake2b

from algorithms.keeper import obeying
from algorithms.keeper.commands import Sync
from algorithms.keeper.errors import Error
from algorithms.keeper.forwarding import (
    CloseSessionRequest,
    ForwardedRequest,
    MovedAway,
    OpenSession,
    Revalidate,
    Revalidated,
    Synced,
    Touched,
)
from algorithms.keeper.preparing import Asking
from algorithms.keeper.state import Reign, State
from algorithms.keeper.txns import CreateSessionTxn, ErrorTxn, SyncTxn
from algorithms.keeper.zxid import Zxid
from algorithms.machine import Record

SESSIONS = "ZooKeeper programmer's guide, sessions"
SHORTEST = 1_000
"""Timers are not set for less, us."""


def begin(state: State) -> None:
    """We lead: every session that the tree knows gets a whole timeout."""
    reign = state.reign = Reign(state.tree, state.zab.state.current_epoch)
    state.touched.clear()
    for session in state.tree.sessions.values():
        reign.tracker.begin(session.session_id, session.timeout, state.now)
    for connection in state.by_session.values():
        reign.tracker.owner[connection.session_id] = state.name
    look_at_sessions(state)
    clean_later(state, reign)


def heard(state: State, reign: Reign, source: str, message: Record) -> None:
    """A server forwards something, perhaps we ourselves."""
    match message:
        case ForwardedRequest():
            _request(state, reign, source, message)
        case OpenSession():
            _open_session(state, reign, source, message)
        case Revalidate():
            _revalidate(state, reign, source, message)
        case CloseSessionRequest(session_id, xid):
            _close_session(state, reign, source, session_id, xid)
        case Touched(session_ids):
            for each in session_ids:
                if reign.tracker.owner.get(each, source) == source:
                    reign.tracker.touch(each, state.now)
        case _:
            raise AssertionError(f"{source} forwards {message} to the leader")


def _request(state: State, reign: Reign, source: str, message: ForwardedRequest) -> None:
    session_id, xid = message.session_id, message.xid
    if _has_moved(state, reign, source, session_id):
        state.broadcast(session_id, xid, source, ErrorTxn(Error.SESSIONMOVED))
        return
    reign.tracker.touch(session_id, state.now)
    if isinstance(message.operation, Sync):
        _sync(state, reign, source, message)
    else:
        asking = Asking(session_id, message.known_as, state.settings.max_data)
        state.broadcast(session_id, xid, source, reign.preparing.prepare(message.operation, asking))


def _has_moved(state: State, reign: Reign, source: str, session_id: int) -> bool:
    """Whether its client is with another server by now. A new leader believes the first one that it hears of."""
    return session_id in state.tree.sessions and reign.tracker.owner.setdefault(session_id, source) != source


# ---------------------------------------------------------------- sync


def _sync(state: State, reign: Reign, source: str, message: ForwardedRequest) -> None:
    """Answered behind whatever is proposed now; nobody is asked whether we still lead, unless the setting says so."""
    if state.settings.sync_is_quorum:
        state.broadcast(message.session_id, message.xid, source, SyncTxn())
        return
    zxid = state.zab.state.last_logged
    if zxid <= state.tree.last_zxid:
        _synced(state, source, message.session_id, message.xid)
    else:
        reign.syncs.append((zxid, source, message.session_id, message.xid))


def release_syncs(state: State, reign: Reign, zxid: Zxid) -> None:
    """Everything up to `zxid` is committed."""
    while reign.syncs and reign.syncs[0][0] <= zxid:
        _, server, session_id, xid = reign.syncs.pop(0)
        _synced(state, server, session_id, xid)


def _synced(state: State, server: str, session_id: int, xid: int) -> None:
    tell_server(state, server, Synced(session_id, xid))


def tell_server(state: State, server: str, message: Record) -> None:
    """One of the servers, perhaps ourselves."""
    if server == state.name:
        obeying.from_leader(state, message)
    else:
        state.zab.send_to_follower(server, message)


# ---------------------------------------------------------------- sessions


def _open_session(state: State, reign: Reign, source: str, message: OpenSession) -> None:
    session_id = reign.tracker.new_id()
    password = blake2b(f"{session_id} {message.client}".encode(), digest_size=8).hexdigest()
    state.broadcast(session_id, message.attempt, source, CreateSessionTxn(message.timeout, message.client, password))


def watch_session(state: State, reign: Reign, session_id: int, timeout: int, server: str) -> None:
    """It is committed: its time begins."""
    reign.tracker.begin(session_id, timeout, state.now, server)
    if reign.tracker.next_expiry() == reign.tracker.expires_at[session_id]:
        _wait_for_expiry(state, reign)


def _revalidate(state: State, reign: Reign, source: str, message: Revalidate) -> None:
    """Is the session alive, and is it this client's?"""
    found = state.tree.sessions.get(message.session_id)
    alive = found is not None and message.session_id not in reign.preparing.closing
    if found is None or not alive or found.password != message.password:
        tell_server(state, source, Revalidated(message.attempt, message.session_id, 0))
        return
    before = reign.tracker.owner.get(message.session_id, source)
    reign.tracker.begin(message.session_id, found.timeout, state.now, source)
    if before != source:
        state.note(f"the session {message.session_id:#x} has moved from {before} to {source}", SESSIONS)
        tell_server(state, before, MovedAway(message.session_id))
    tell_server(state, source, Revalidated(message.attempt, message.session_id, found.timeout))


def _close_session(state: State, reign: Reign, source: str, session_id: int, xid: int) -> None:
    if session_id in reign.preparing.closing or session_id not in state.tree.sessions:
        state.broadcast(session_id, xid, source, ErrorTxn(Error.SESSIONEXPIRED))
        return
    if _has_moved(state, reign, source, session_id):
        state.broadcast(session_id, xid, source, ErrorTxn(Error.SESSIONMOVED))
        return
    reign.tracker.end(session_id)
    state.broadcast(session_id, xid, source, reign.preparing.close_session(session_id, expired=False))


def look_at_sessions(state: State) -> None:
    """End those whose time is over; set the timer for the next."""
    reign = state.reign
    if reign is None:
        return
    for session_id in reign.tracker.due(state.now):
        reign.tracker.end(session_id)
        if session_id in state.tree.sessions:
            client = state.tree.sessions[session_id].client
            state.note(f"the session {session_id:#x} of {client} has expired", SESSIONS)
            state.broadcast(session_id, 0, "", reign.preparing.close_session(session_id, expired=True))
    _wait_for_expiry(state, reign)


def _wait_for_expiry(state: State, reign: Reign) -> None:
    if reign.tracker.expires_at:
        wait = max(SHORTEST, reign.tracker.next_expiry() - state.now)
        state.set_timer("expire", min(wait, state.settings.max_session_timeout))


# ---------------------------------------------------------------- containers and TTL znodes


def clean(state: State) -> None:
    """Delete those whose time is over (ZooKeeper's ContainerManager)."""
    reign = state.reign
    if reign is None:
        return
    for path in state.tree.to_clean(state.now):
        body = reign.preparing.delete_for_keeper(path)
        if body is not None:
            state.note(f"{path} has had its time", "ZOOKEEPER-2163, ZOOKEEPER-2169")
            state.broadcast(0, 0, "", body)
    reign.cleaning = False
    clean_later(state, reign)


def clean_later(state: State, reign: Reign) -> None:
    """If there is anything that may have to go."""
    if state.tree.may_pass and not reign.cleaning:
        reign.cleaning = True
        state.set_timer("clean", state.settings.container_interval)
