"""What the leader tells a server, and the server its clients.

The law: the words of the leader come in order with its proposals and commits, so what they speak of is applied here.
"""

from __future__ import annotations

from algorithms.keeper.connection import Connection
from algorithms.keeper.forwarding import MovedAway, Revalidated, Synced
from algorithms.keeper.messages import ConnectResponse, Reply
from algorithms.keeper.serving import let_in, reply
from algorithms.keeper.state import State
from algorithms.machine import Record


def from_leader(state: State, message: Record) -> None:
    """The leader answers this server, or tells it something."""
    match message:
        case Revalidated(attempt, session_id, timeout):
            connection = state.asking(attempt)
            if connection is not None:
                _revalidated(state, connection, session_id, timeout)
        case MovedAway(session_id):
            connection = state.by_session.get(session_id)
            if connection is not None:
                state.dismiss(connection, "moved")
        case Synced(session_id, xid):
            connection = state.by_session.get(session_id)
            if connection is not None and connection.waiting and connection.waiting[0].request.xid == xid:
                reply(state, connection, Reply(xid, state.tree.last_zxid))
        case _:
            raise AssertionError(f"the leader told {state.name} {message}")


def _revalidated(state: State, connection: Connection, session_id: int, timeout: int) -> None:
    if not timeout:
        state.tell(connection, ConnectResponse(0))
        state.forget(connection)
        return
    let_in(state, connection, session_id, timeout)
    session = state.tree.sessions.get(session_id)
    state.tell(connection, ConnectResponse(session_id, session.password if session else "", timeout))
