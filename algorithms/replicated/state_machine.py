"""What a replicated log is for: a store, and the session table beside it.

The law: `apply` is deterministic and depends on nothing but the entries before (Raft, section 2; dissertation 6.3).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from algorithms import kv
from algorithms.machine import Record
from algorithms.replicated.messages import ClientCommand, Session
from algorithms.replicated.sessions import Sessions


class Applied(NamedTuple):
    """What became of a command. `over` is a late copy of one whose client has its answer or has given up."""

    status: Literal["ok", "session_expired", "over"]
    value: kv.Value = None


class Contents(Record, frozen=True):
    """A whole state machine as a value: what a snapshot holds besides its place in the log."""

    store: kv.Pairs = kv.Pairs()
    sessions: tuple[Session, ...] = ()
    expired_sessions: tuple[str, ...] = ()
    """Clients whose session was forgotten; a late copy of their first command must not open a new one."""
    carried: str = ""
    """What the machine that carries the consensus has made of its records, as text of its own."""


class StateMachine:
    """Applies commands, each of them once, however often it stands in the log. Who carries a consensus for records of
    its own overrides `carry`, `contents` and `restore`."""

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
        raise AssertionError(f"nobody carries this log, and yet it holds {record} at {index}")

    def contents(self) -> Contents:
        """All of it as a value."""
        return Contents(self.store.snapshot(), self.sessions.snapshot(), self.sessions.expired())

    def restore(self, contents: Contents) -> None:
        """Become what `contents` holds."""
        self.store.restore(contents.store)
        self.sessions.restore(contents.sessions, contents.expired_sessions)
