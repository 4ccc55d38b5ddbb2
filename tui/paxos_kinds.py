"""What a message of Paxos is to a person, of the log's as well as of the synod's.

The law: the four messages of the two phases look the same in both: triangles, full for a proposer's and hollow for an
acceptor's.
"""

from __future__ import annotations

from algorithms.machine import Record
from algorithms.paxos import messages as log
from algorithms.paxos.synod import messages as synod
from algorithms.replicated.client_request import words
from algorithms.replicated.messages import Carried, ClientCommand
from tui.glyphs import Kind
from tui.ring_words import counted

KINDS: dict[type[Record], Kind] = {
    log.PrePrepare: Kind.VOTE_REQUEST, log.PrePromise: Kind.VOTE,
    log.Prepare: Kind.PREPARE, log.Promise: Kind.PROMISE, log.Refused: Kind.REFUSAL,
    log.Accept: Kind.ACCEPT, log.Accepted: Kind.ACCEPTED,
    log.Heartbeat: Kind.BEAT, log.HeartbeatReply: Kind.BEAT, log.TakeOver: Kind.OTHER,
    log.CatchUp: Kind.LOOKUP, log.Chosen: Kind.COMMIT, log.InstallSnapshot: Kind.SNAPSHOT,
    synod.Prepare: Kind.PREPARE, synod.Promise: Kind.PROMISE, synod.Nack: Kind.REFUSAL,
    synod.Accept: Kind.ACCEPT, synod.Accepted: Kind.ACCEPTED, synod.Inquire: Kind.LOOKUP,
    synod.ProposeRequest: Kind.CLIENT, synod.LearnRequest: Kind.CLIENT, synod.SynodResponse: Kind.ANSWER,
}  # fmt: skip

PAXOS_LEGEND = (
    Kind.ACCEPT, Kind.ACCEPTED, Kind.BEAT, Kind.PREPARE, Kind.PROMISE, Kind.REFUSAL, Kind.CLIENT, Kind.ANSWER,
    Kind.COMMIT, Kind.LOOKUP, Kind.SNAPSHOT, Kind.VOTE_REQUEST, Kind.VOTE, Kind.NO_VOTE, Kind.OTHER,
)  # fmt: skip
"""The kinds that the log has, the commonest first."""

SYNOD_LEGEND = (Kind.PREPARE, Kind.PROMISE, Kind.ACCEPT, Kind.ACCEPTED, Kind.REFUSAL, Kind.CLIENT, Kind.ANSWER,
                Kind.LOOKUP)  # fmt: skip
"""In the order in which they come."""

QUIET = (log.Heartbeat, log.HeartbeatReply)


def paxos_kind(message: Record) -> Kind | None:
    """None for what is not Paxos's."""
    if type(message) is log.PrePromise and not message.granted:
        return Kind.NO_VOTE
    return KINDS.get(type(message))


def is_quiet_paxos(message: Record) -> bool:
    """Whether it only says that a leader lives, or that it has been heard."""
    return type(message) in QUIET


def paxos_words(message: Record) -> str:
    """Empty for what is not Paxos's."""
    return _phase_words(message) or _other_words(message) or _synod_words(message)


def _phase_words(message: Record) -> str:
    match message:
        case log.Prepare(ballot=ballot, first_slot=first):
            return f"prepare {ballot} from {first}"
        case log.Promise(ballot=ballot, accepted=accepted):
            return f"promise {ballot}" + (f", has {counted(len(accepted), 'value')}" if accepted else "")
        case log.Refused(ballot=ballot, promised=promised):
            return f"refuses {ballot}: {promised}"
        case log.Accept(ballot=ballot, first_slot=first, values=values):
            return f"accept? {ballot} {_slots(first, first + len(values) - 1)}" + _value(values)
        case log.Accepted(ballot=ballot, first_slot=first, last_slot=last):
            return f"accepted {ballot} {_slots(first, last)}"
        case _:
            return ""


def _slots(first: int, last: int) -> str:
    return f"slot {first}" if first >= last else f"slots {first}-{last}"


def _value(values: tuple[log.Value, ...]) -> str:
    return f": {value_words(values[0])}" if len(values) == 1 else ""


def value_words(value: log.Value) -> str:
    """What a slot may hold, as a person reads it."""
    match value:
        case ClientCommand(command=command):
            return words(command)
        case log.Configuration(acceptors=acceptors):
            return f"acceptors {' '.join(acceptors)}"
        case Carried(record=record):
            return type(record).__name__
        case _:
            return "no-op"


def _other_words(message: Record) -> str:
    match message:
        case log.PrePrepare():
            return "is the leader gone?"
        case log.PrePromise(granted=granted):
            return "the leader is gone" if granted else "there is a leader"
        case log.Heartbeat(commit_index=commit):
            return f"heartbeat({commit})"
        case log.HeartbeatReply(commit_index=commit):
            return f"heard, at {commit}"
        case log.TakeOver():
            return "take over"
        case log.CatchUp(first_slot=first):
            return f"what is chosen from {first}?"
        case log.Chosen(proposals=proposals) if proposals:
            return f"chosen: {_slots(proposals[0].slot, proposals[-1].slot)}"
        case log.Chosen(commit_index=commit):
            return f"chosen up to {commit}"
        case log.InstallSnapshot(last_included_slot=slot, offset=offset):
            return f"snapshot({slot}) from {offset}"
        case _:
            return ""


def _synod_words(message: Record) -> str:
    match message:
        case synod.Prepare(ballot):
            return f"prepare {ballot}"
        case synod.Promise(ballot, accepted, value):
            return f"promise {ballot}" + (f", has {value} of {accepted}" if value is not None else "")
        case synod.Nack(ballot, promised):
            return f"refuses {ballot}: {promised}"
        case synod.Accept(ballot, value):
            return f"accept? {ballot} {value}"
        case synod.Accepted(ballot, value):
            return f"accepted {ballot} {value}"
        case synod.Inquire():
            return "what is accepted?"
        case synod.ProposeRequest(value=value):
            return f"propose {value}"
        case synod.LearnRequest():
            return "what is chosen?"
        case synod.SynodResponse(chosen=chosen):
            return f"{chosen} is chosen" if chosen is not None else "nothing is accepted"
        case _:
            return ""
