"""What Multi-Paxos servers say to each other, and what they keep on disk.

The law: slots are numbered from 1, and in each of them one instance of the synod is played (Paxos Made Simple,
section 3). One ballot, and one promise, is for all slots at once. Every message may come late, twice or never.
"""

from __future__ import annotations

from algorithms.machine import Record
from algorithms.paxos.ballot import NO_BALLOT, Ballot
from algorithms.replicated.messages import (
    Carried,
    ChangeConfiguration,
    ClientCommand,
    ClientRequest,
    ClientResponse,
    NoOp,
    TransferLeadership,
)
from algorithms.replicated.state_machine import Contents

# ---------------------------------------------------------------- what slots hold


class Configuration(Record, frozen=True):
    """Who accepts. Chosen in slot i, it counts from slot i + alpha on (Paxos Made Simple, section 3). Sorted."""

    acceptors: tuple[str, ...]


Value = ClientCommand | Configuration | NoOp | Carried


class Proposal(Record, frozen=True):
    """A value proposed for a slot in a ballot; nobody ever proposes two values for the same slot in the same ballot."""

    slot: int
    ballot: Ballot
    value: Value


# ---------------------------------------------------------------- what is on disk


class AcceptorState(Record, frozen=True):
    """The cell `acceptor`. The journal `log` has beside it the proposals, in the order in which they were accepted."""

    promised: Ballot = NO_BALLOT
    """Nothing below it is accepted any more, in any slot."""
    commit_index: int = 0
    """The slots up to here were known to be chosen when this was written; the log has their values."""


class ConfigurationFrom(Record, frozen=True):
    """A configuration with the first slot that it counts for."""

    slot: int
    configuration: Configuration


class Snapshot(Record, frozen=True):
    """The state machine after `last_included_slot`. `configurations` count for the slots behind it."""

    last_included_slot: int
    configurations: tuple[ConfigurationFrom, ...]
    contents: Contents


# ---------------------------------------------------------------- phase 1


class PrePrepare(Record, frozen=True):
    """Do you miss a leader as well? Nothing is promised by the answer. `attempt` counts the sender's questions."""

    attempt: int


class PrePromise(Record, frozen=True):
    """The answer. `promised` tells which ballots are too low by now; `commit_index` is the sender's own."""

    attempt: int
    granted: bool
    promised: Ballot
    commit_index: int


class Prepare(Record, frozen=True):
    """1a: promise to accept nothing below `ballot`, and tell what you have accepted from `first_slot` on.

    `handover` is the ballot of a leader that has asked for it itself: who has promised that one does not mind.
    """

    ballot: Ballot
    first_slot: int
    handover: Ballot = NO_BALLOT


class Promise(Record, frozen=True):
    """1b: nothing below `ballot` will be accepted, in any slot.

    `accepted` answers for the slots from the `first_slot` that was asked about up to before `next_slot`, or for all of
    them if that is 0. Every slot up to `commit_index` is chosen; those that are missing there are in a snapshot.
    """

    ballot: Ballot
    first_slot: int
    accepted: tuple[Proposal, ...]
    next_slot: int
    commit_index: int


class Refused(Record, frozen=True):
    """What came in `ballot` is too low: a higher one is promised. It saves a timeout, and is not needed for safety."""

    ballot: Ballot
    promised: Ballot


# ---------------------------------------------------------------- phase 2


class Accept(Record, frozen=True):
    """2a: accept these values in the slots from `first_slot` on. All slots up to `commit_index` are chosen."""

    ballot: Ballot
    first_slot: int
    values: tuple[Value, ...]
    commit_index: int


class Accepted(Record, frozen=True):
    """2b: they are accepted, and on disk, from `first_slot` up to `last_slot`."""

    ballot: Ballot
    first_slot: int
    last_slot: int


# ---------------------------------------------------------------- a leader in office


class Heartbeat(Record, frozen=True):
    """A leader's word that it is there, and that all slots up to `commit_index` are chosen. Rounds are counted, so
    that an answer proves that it still led when the round began."""

    ballot: Ballot
    commit_index: int
    round: int


class HeartbeatReply(Record, frozen=True):
    """No higher ballot is promised here. `commit_index` is the sender's own."""

    ballot: Ballot
    commit_index: int
    round: int


class TakeOver(Record, frozen=True):
    """The leader of `ballot` hands over: prepare at once."""

    ballot: Ballot


# ---------------------------------------------------------------- learners


class CatchUp(Record, frozen=True):
    """A learner's question: what is chosen from `first_slot` on? If part of a snapshot has come already, the rest of
    it is asked for: the bytes from `offset` on of the one up to `snapshot_slot`."""

    first_slot: int
    snapshot_slot: int = 0
    offset: int = 0


class Chosen(Record, frozen=True):
    """What is chosen, slot by slot without a gap. The sender knows all up to `commit_index`."""

    proposals: tuple[Proposal, ...]
    commit_index: int


class InstallSnapshot(Record, frozen=True):
    """A part of the snapshot up to `last_included_slot`: its bytes (as latin-1 text) from `offset` on."""

    last_included_slot: int
    offset: int
    data: str
    done: bool


Message = (
    PrePrepare
    | PrePromise
    | Prepare
    | Promise
    | Refused
    | Accept
    | Accepted
    | Heartbeat
    | HeartbeatReply
    | TakeOver
    | CatchUp
    | Chosen
    | InstallSnapshot
    | ClientRequest
    | ChangeConfiguration
    | TransferLeadership
    | ClientResponse
)
