"""A client of a replicated log as onlookers see it, and the one thing it keeps on disk."""

from __future__ import annotations

from algorithms import kv
from algorithms.machine import Record
from algorithms.replicated.messages import ChangeConfiguration, TransferLeadership

Asking = kv.Command | ChangeConfiguration | TransferLeadership
"""What such a client can be asked for."""


class Life(Record, frozen=True):
    """How often this client has started: part of its identity, so that no two lives share a session."""

    number: int


class Outstanding(Record, frozen=True):
    """One request that has not ended. `asked_at` is the client's own clock."""

    request_id: int
    command: Asking
    asked_at: int
    tries: int
    server: str
    """Whom the last try went to."""
    backing_off: bool
    """The last try was answered, and the next one has to wait a little."""
    unanswered: tuple[str, ...]
    """The server of each try that nobody answered (yet); while there is one, the command may be done."""


class LogClientView(Record, frozen=True):
    """A client at one moment. `done`, `failed` and `unknown` count the requests that ended so."""

    name: str
    client_id: str
    believed_leader: str | None
    outstanding: tuple[Outstanding, ...]
    done: int
    failed: int
    unknown: int
