"""A server and its clients: connections come and go, requests wait their turn (Hunt, Konar, Junqueira, Reed 2010, 4.4).

The law: reads are answered here, of what has been applied here; whatever changes something goes to the leader. Every
reply carries the last zxid that its client can have seen with it, and no client is let in that has seen more.
"""

from __future__ import annotations

from algorithms.channels.channels import Arrived, Broken, Happened
from algorithms.keeper.commands import (
    AddAuth,
    AddWatch,
    CloseSession,
    Create,
    Delete,
    Multi,
    RemoveWatches,
    SetAcl,
    SetData,
    Sync,
    WatchMode,
)
from algorithms.keeper.connection import Connection, Late, Waiting
from algorithms.keeper.errors import Error
from algorithms.keeper.forwarding import CloseSessionRequest, Credential, ForwardedRequest, OpenSession, Revalidate
from algorithms.keeper.messages import (
    ClientRequest,
    ConnectRequest,
    ConnectResponse,
    EventType,
    Ping,
    Pong,
    Reply,
    SetWatch,
    SetWatches,
    WatchEvent,
)
from algorithms.keeper.reading import read
from algorithms.keeper.state import State
from algorithms.keeper.tree.acl import digest_of
from algorithms.keeper.tree.paths import why_not
from algorithms.machine import Record

SOURCE = "Hunt, Konar, Junqueira, Reed 2010, 4.4"
WRITES = Create | Delete | SetData | SetAcl | Multi


def happened(state: State, what: Happened) -> None:
    """Something came from a client, or a connection has ended."""
    match what:
        case Arrived(peer, handle, ConnectRequest() as request):
            _connect(state, peer, handle, request)
        case Arrived(peer, handle, message):
            connection = state.connections.get((peer, handle))
            if connection is not None:
                take(state, connection, message)
            else:
                state.channels.close(peer, handle)
        case Broken(peer, handle, _):
            connection = state.connections.get((peer, handle))
            if connection is not None:
                state.forget(connection)


def take(state: State, connection: Connection, message: Record) -> None:
    """One message of a client that is let in."""
    if connection.session_id == 0:
        return
    touch(state, connection)
    match message:
        case Ping():
            state.tell(connection, Pong(state.tree.last_zxid))
        case SetWatches():
            _set_watches(state, connection, message)
        case ClientRequest() if state.late or state.in_flight >= state.settings.max_in_flight:
            state.late.append(Late(connection, message))
        case ClientRequest():
            _request(state, connection, message)
        case _:
            raise AssertionError(f"{connection.peer} sent a keeper {message}")


def touch(state: State, connection: Connection) -> None:
    """Its session lives; the leader will be told."""
    if connection.session_id <= 0 or connection.read_only:
        return
    if state.reign is not None:
        state.reign.tracker.touch(connection.session_id, state.now)
        return
    if not state.touched:
        state.set_timer("touch", state.settings.tick_time // 2)
    state.touched[connection.session_id] = None


# ---------------------------------------------------------------- letting in


def _connect(state: State, peer: str, handle: int, request: ConnectRequest) -> None:
    """A client's first word on a connection."""
    if (peer, handle) in state.connections:
        return
    connection = Connection(peer, handle, request.client)
    state.connections[peer, handle] = connection
    if not state.zab.serves:
        _connect_without_quorum(state, connection, request)
    elif request.last_zxid_seen > state.tree.last_zxid:
        why = f"{state.name} has applied {state.tree.last_zxid}, and the client has seen {request.last_zxid_seen}"
        state.note(f"does not let {peer} in: {why}", SOURCE)
        _refuse(state, connection, why)
    else:
        _ask_leader(state, connection, request)


def _refuse(state: State, connection: Connection, why: str) -> None:
    state.tell(connection, ConnectResponse(0, refused=why))
    state.forget(connection)


def _ask_leader(state: State, connection: Connection, request: ConnectRequest) -> None:
    """Sessions are the leader's: it opens them, and it knows which are alive."""
    state.attempts += 1
    connection.attempt = state.attempts
    shortest, longest = state.settings.min_session_timeout, state.settings.max_session_timeout
    if request.session_id > 0:
        asked: Record = Revalidate(connection.attempt, request.session_id, request.password)
    else:
        timeout = max(shortest, min(longest, request.timeout))
        asked = OpenSession(connection.attempt, request.client, timeout)
    if not state.zab.send_to_leader(asked):
        _refuse(state, connection, f"{state.name} has no leader")


def _connect_without_quorum(state: State, connection: Connection, request: ConnectRequest) -> None:
    """Read-only mode: a session that nobody else knows, good for reads (readonlymode.enabled)."""
    if not (state.serves_reads and request.can_be_read_only and _may_read(state, request)):
        _refuse(state, connection, f"{state.name} has no quorum")
        return
    state.local_sessions += 1
    timeout = max(state.settings.min_session_timeout, min(state.settings.max_session_timeout, request.timeout))
    let_in(state, connection, request.session_id if request.session_id > 0 else -state.local_sessions, timeout, True)
    password = request.password if request.session_id > 0 else ""
    state.tell(connection, ConnectResponse(connection.session_id, password, timeout, read_only=True))


def _may_read(state: State, request: ConnectRequest) -> bool:
    """Whether this tree is no older than what the client knows, and its session, if it has one, is its own."""
    session = state.tree.sessions.get(request.session_id)
    is_own = session is not None and session.password == request.password
    return request.last_zxid_seen <= state.tree.last_zxid and (request.session_id <= 0 or is_own)


def let_in(state: State, connection: Connection, session_id: int, timeout: int, read_only: bool = False) -> None:
    """It has a session; an older connection of that session is over."""
    older = state.by_session.get(session_id)
    if older is not None and older is not connection:
        state.channels.close(older.peer, older.handle)
        state.forget(older)
    connection.session_id, connection.timeout, connection.read_only = session_id, timeout, read_only
    connection.attempt = 0
    state.by_session[session_id] = connection


# ---------------------------------------------------------------- requests


def _request(state: State, connection: Connection, request: ClientRequest) -> None:
    """Forward it, do it, or let it wait behind what came before."""
    operation = request.operation
    forwarded = isinstance(operation, WRITES | Sync | CloseSession) and not connection.read_only
    if isinstance(operation, AddAuth) and _is_digest(operation):
        # At once, so that the writes behind it go out with it; only its reply waits.
        connection.credentials[Credential("digest", digest_of(operation.auth))] = None
    if forwarded:
        connection.waiting.append(Waiting(request, True))
        state.in_flight += 1
        _forward(state, connection, request)
    elif connection.waiting:
        connection.waiting.append(Waiting(request, False))
    else:
        _answer_here(state, connection, request)


def _forward(state: State, connection: Connection, request: ClientRequest) -> None:
    """To the leader, in order with all that this server has sent it."""
    session_id, xid, operation = connection.session_id, request.xid, request.operation
    if isinstance(operation, CloseSession):
        message: Record = CloseSessionRequest(session_id, xid)
    else:
        assert isinstance(operation, WRITES | Sync), f"{operation} is not for the leader"
        message = ForwardedRequest(session_id, xid, operation, tuple(connection.credentials))
    if not state.zab.send_to_leader(message):
        state.dismiss(connection, "quorum")


def reply(state: State, connection: Connection, reply: Reply) -> None:
    """The first one that waits has its answer; then those go on that waited behind it."""
    first = connection.waiting.popleft()
    assert first.request.xid == reply.xid, f"{connection.peer} waits for {first.request.xid}, not for {reply.xid}"
    state.in_flight -= 1
    state.tell(connection, reply)
    while connection.waiting and not connection.waiting[0].forwarded:
        _answer_here(state, connection, connection.waiting.popleft().request)


def take_late(state: State) -> None:
    """At the end of a turn: go on with what had to wait, as far as there is room now."""
    while state.late and state.in_flight < state.settings.max_in_flight:
        late = state.late.pop(0)
        _request(state, late.connection, late.request)


def _answer_here(state: State, connection: Connection, request: ClientRequest) -> None:
    """What needs no leader."""
    xid, zxid, operation = request.xid, state.tree.last_zxid, request.operation
    match operation:
        case AddAuth():
            answer = Reply(xid, zxid, Error.OK if _is_digest(operation) else Error.AUTHFAILED)
        case AddWatch(path, mode) if why_not(path) or mode is WatchMode.STANDARD:
            answer = Reply(xid, zxid, Error.BADARGUMENTS)
        case AddWatch(path, mode):
            state.watches.add("persistent" if mode is WatchMode.PERSISTENT else mode.value, path, connection.session_id)
            answer = Reply(xid, zxid)
        case RemoveWatches(path):
            found = state.watches.remove(path, connection.session_id)
            answer = Reply(xid, zxid, Error.OK if found else Error.NOWATCHER)
        case Create() | Delete() | SetData() | SetAcl() | Multi():
            answer = Reply(xid, zxid, Error.NOTREADONLY)
        case CloseSession() | Sync():
            answer = Reply(xid, zxid, Error.OK if isinstance(operation, CloseSession) else Error.NOTREADONLY)
        case _:
            answer = read(state, connection, xid, operation)
    state.tell(connection, answer)
    if isinstance(operation, CloseSession):
        state.forget(connection)


def _is_digest(operation: AddAuth) -> bool:
    return operation.scheme == "digest" and ":" in operation.auth


# ---------------------------------------------------------------- watches after a move


def _set_watches(state: State, connection: Connection, message: SetWatches) -> None:
    """What has changed since the client last looked fires at once."""
    for each in message.watches:
        event = _missed(state, each, message)
        if event is None:
            state.watches.add(each.kind, each.path, connection.session_id)
        else:
            state.tell(connection, WatchEvent(event, each.path, state.tree.last_zxid))


def _missed(state: State, watch: SetWatch, message: SetWatches) -> EventType | None:
    znode, seen = state.tree.get(watch.path), message.relative_zxid
    match watch.kind:
        case "exists":
            return EventType.NODE_CREATED if znode is not None else None
        case "data" | "child" if znode is None:
            return EventType.NODE_DELETED
        case "data" if znode is not None and znode.mzxid > seen:
            return EventType.NODE_DATA_CHANGED
        case "child" if znode is not None and znode.pzxid > seen:
            return EventType.NODE_CHILDREN_CHANGED
        case _:
            return None
