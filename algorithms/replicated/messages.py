"""What clients of a replicated log and its servers say to each other, and what is remembered of a session.

The law: nothing here knows which consensus is under the log (Ongaro's dissertation, chapter 6; Paxos Made Simple,
section 3), so the same client and the same store run on either.
"""

from __future__ import annotations

from algorithms import kv
from algorithms.machine import Record


class ClientCommand(Record, frozen=True):
    """A client's command with the session data that make a retry harmless (dissertation 6.3).

    `client_id` names one life of one client; `sequence` counts its commands from 1; every sequence below
    `first_unanswered` has been answered, so its saved result can be forgotten.
    """

    client_id: str
    sequence: int
    first_unanswered: int
    command: kv.Command


class NoOp(Record, frozen=True):
    """An entry that does nothing: a new Raft leader's first (dissertation 6.4), and what fills a hole between
    the slots of Multi-Paxos (Paxos Made Simple, section 3)."""


class Carried(Record, frozen=True):
    """A record of the machine that carries this one (a controller's metadata); the consensus looks at none of it."""

    record: Record


class SavedResult(Record, frozen=True):
    """The result of one command of a session, kept until the client says that it has it."""

    sequence: int
    value: kv.Value


class Session(Record, frozen=True):
    """What the state machine remembers of one client (dissertation 6.3). `last_used` is a log index."""

    client_id: str
    first_unanswered: int
    results: tuple[SavedResult, ...]
    last_used: int


class ClientRequest(Record, frozen=True):
    """A client's command, or, for `kv.Get`, a read that need not pass through the log (dissertation 6.4)."""

    request: ClientCommand


class ChangeConfiguration(Record, frozen=True):
    """An administrator's wish: these shall be the voters; whoever is new learns first (dissertation 4.2.1, 4.3)."""

    sequence: int
    voters: tuple[str, ...]
    client_id: str = ""
    """Whose sequence it is; the response repeats both."""


class TransferLeadership(Record, frozen=True):
    """An administrator's wish: let `target` lead (dissertation 3.10)."""

    sequence: int
    target: str
    client_id: str = ""
    """Whose sequence it is; the response repeats both."""


class ClientResponse(Record, frozen=True):
    """The answer to a request. `status` is one of `ok`, `not_leader`, `session_expired`, `refused`.

    `value` is the command's result if ok; `leader_hint` is whom to ask instead if `not_leader`; `reason` is a
    sentence if `refused` (surely not done). `client_id` is the request's: a client that crashed and came back counts
    from 1 again, and must not take the answer to its last life's first command for one of this life.
    """

    sequence: int
    status: str
    value: kv.Value = None
    leader_hint: str | None = None
    reason: str = ""
    client_id: str = ""
