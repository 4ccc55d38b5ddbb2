"""What the log is for: a store, and the session table beside it.

The law: `apply` is deterministic and depends on nothing but the entries before (paper 2, dissertation 6.3).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from algorithms import kv
from algorithms.machine import Record
from algorithms.raft.messages import ClientCommand, Configuration, Snapshot
from algorithms.raft.sessions import Sessions


class Applied(NamedTuple):
    """What became of a command. `over` is a late copy of one whose client has its answer or has given up."""

    status: Literal["ok", "session_expired", "over"]
    value: kv.Value = None


class StateMachine:
    """Applies commands, each of them once, however often it stands in the log. Who carries a Raft machine for records
    of its own overrides `carry`, `snapshot` and `restore`."""

    def __init__(self, max_sessions: int) -> None:
        self.store = kv.Store()
        self.sessions = Sessions(max_sessions)

    def apply(self, command: ClientCommand, index: int) -> Applied:
        """Apply the entry at `index`."""
        sessions, client_id, sequence = self.sessions, command.client_id, command.sequence
        if sessions.has_expired(client_id):
            return Applied("session_expired")
        sessions.use(client_id, command.first_unanswered, index)
        if sessions.is_over(client_id, sequence):
            return Applied("over")
        if not sessions.was_applied(client_id, sequence):
            sessions.remember(client_id, sequence, self.store.apply(command.command))
        return Applied("ok", sessions.result(client_id, sequence))

    def carry(self, record: Record, index: int) -> None:
        """Apply a record of the carrying machine, which stands at `index`."""
        raise AssertionError(f"nobody carries this Raft machine, and yet its log holds {record} at {index}")

    def snapshot(self, index: int, term: int, configuration: Configuration) -> Snapshot:
        """All of it as a value, after the entry at `index`."""
        sessions, expired = self.sessions.snapshot(), self.sessions.expired()
        return Snapshot(index, term, configuration, self.store.snapshot(), sessions, expired)

    def restore(self, snapshot: Snapshot) -> None:
        """Become what `snapshot` holds."""
        self.store.restore(snapshot.store)
        self.sessions.restore(snapshot.sessions, snapshot.expired_sessions)
