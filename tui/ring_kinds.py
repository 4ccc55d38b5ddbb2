"""What a message of the ring store is to a person."""

from __future__ import annotations

from algorithms.machine import Record
from algorithms.ring.messages import (
    Accept,
    Accepted,
    Ack,
    ChangeRequest,
    Compare,
    Differ,
    Fetch,
    Fetched,
    FetchKeys,
    KeysFetched,
    Ping,
    PingRequest,
    Prepare,
    Promise,
    RangesHeld,
    ReadRequest,
    RingIs,
    RingResponse,
    Store,
    Stored,
    WhichRing,
    WriteRequest,
)
from tui.glyphs import Kind
from tui.ring_words import command_words, counted

KINDS: dict[type[Record], Kind] = {
    ReadRequest: Kind.CLIENT, WriteRequest: Kind.CLIENT, ChangeRequest: Kind.CLIENT, RingResponse: Kind.ANSWER,
    Store: Kind.STORE, Stored: Kind.STORED, Fetch: Kind.FETCH, Fetched: Kind.FETCHED,
    Compare: Kind.COMPARE, Differ: Kind.COMPARE, FetchKeys: Kind.KEYS, KeysFetched: Kind.KEYS,
    RingIs: Kind.TABLE, WhichRing: Kind.TABLE, RangesHeld: Kind.TABLE,
    Prepare: Kind.PROPOSAL, Accept: Kind.PROPOSAL, Promise: Kind.AGREEMENT, Accepted: Kind.AGREEMENT,
    Ping: Kind.PING, PingRequest: Kind.PING, Ack: Kind.PING,
}  # fmt: skip

LEGEND = (Kind.STORE, Kind.STORED, Kind.FETCH, Kind.FETCHED, Kind.CLIENT, Kind.ANSWER, Kind.KEYS, Kind.COMPARE,
          Kind.HINT, Kind.PING, Kind.TABLE, Kind.PROPOSAL, Kind.AGREEMENT, Kind.REFUSAL)  # fmt: skip
"""The kinds that it has, the commonest first."""


def ring_kind(message: Record) -> Kind | None:
    """None for what is not the ring's."""
    kind = KINDS.get(type(message))
    if kind is Kind.STORE and isinstance(message, Store) and message.hint_for:
        return Kind.HINT
    refused = isinstance(message, Promise | Accepted) and not message.granted
    return Kind.REFUSAL if refused else kind


def ring_words(message: Record) -> str:
    """Empty for what is not the ring's."""
    match message:
        case ReadRequest(key=key):
            return f"get {key}"
        case WriteRequest(key=key, version=version):
            return f"delete {key}" if version.deleted else f"put {key}"
        case ChangeRequest(change=change):
            return command_words(change)
        case RingResponse(status=status, sequence=sequence):
            return f"{status} {sequence}"
        case Store(key=key, hint_for=hint_for):
            return f"store {key} for {hint_for}" if hint_for else f"store {key}"
        case Stored(key=key):
            return f"stored {key}"
        case Fetch(key=key):
            return f"fetch {key}"
        case Fetched(key=key, versions=versions):
            return f"{key}: {counted(len(versions.siblings), 'version')}"
        case _:
            return _range_words(message) or _ring_words(message)


def _range_words(message: Record) -> str:
    """Two nodes compare what they hold."""
    match message:
        case Compare(paths=paths):
            return f"compare {counted(len(paths), 'digest')}"
        case Differ(paths=paths, keys=keys):
            differs = counted(len(keys), "key") if keys else counted(len(paths), "digest")
            return f"{differs} differ" if paths or keys else "all equal"
        case FetchKeys(wanted=wanted, keys=keys):
            return f"wants {counted(len(wanted), 'key')}" + (f", brings {len(keys)}" if keys else "")
        case KeysFetched(keys=keys):
            return counted(len(keys), "key")
        case _:
            return ""


def _ring_words(message: Record) -> str:
    """Who is alive, and which ring it is."""
    match message:
        case Ping():
            return "ping"
        case PingRequest(target=target):
            return f"ping {target} for me"
        case Ack(node=node):
            return f"{node} lives"
        case RingIs(ring=ring):
            return f"epoch {ring.epoch}"
        case WhichRing(epoch=epoch):
            return f"newer than {epoch}?"
        case RangesHeld(epoch=epoch):
            return f"holds all of epoch {epoch}"
        case Prepare(epoch=epoch, ballot=ballot):
            return f"prepare epoch {epoch}, {ballot.round}.{ballot.proposer}"
        case Promise(epoch=epoch, granted=granted):
            return f"{'promises' if granted else 'refuses'} epoch {epoch}"
        case Accept(ring=ring):
            return f"accept epoch {ring.epoch}"
        case Accepted(epoch=epoch, granted=granted):
            return f"{'accepts' if granted else 'refuses'} epoch {epoch}"
        case _:
            return ""
