"""What a message is to a person, whichever service it belongs to: its kind on the map and a few words."""

from __future__ import annotations

from itertools import zip_longest

from algorithms.machine import Record
from algorithms.ring.messages import Ack, Ping, PingRequest
from tui.broker_kinds import LEGEND as BROKER_LEGEND
from tui.broker_kinds import broker_kind, is_quiet_broker
from tui.broker_words import broker_words
from tui.glyphs import Kind
from tui.keeper_kinds import LEGEND as KEEPER_LEGEND
from tui.keeper_kinds import is_quiet_keeper, keeper_kind
from tui.keeper_words import keeper_words
from tui.paxos_kinds import PAXOS_LEGEND, SYNOD_LEGEND, is_quiet_paxos, paxos_kind, paxos_words
from tui.raft_kinds import LEGEND as RAFT_LEGEND
from tui.raft_kinds import raft_kind, raft_words
from tui.ring_kinds import LEGEND as RING_LEGEND
from tui.ring_kinds import ring_kind, ring_words

QUIET = (Kind.BEAT, Kind.PING, Kind.PULL, Kind.SEGMENT)
"""What is said all the time only to be heard: its trace on the map is short."""

NEVER_STILL = (Ping, PingRequest, Ack)

LEGENDS = {
    "raft": RAFT_LEGEND, "ring": RING_LEGEND, "broker": BROKER_LEGEND, "paxos": PAXOS_LEGEND, "synod": SYNOD_LEGEND,
    "keeper": KEEPER_LEGEND,
}  # fmt: skip
"""What a kind of service sends, the commonest first."""

PAIRS = (
    (Kind.STORE, Kind.STORED), (Kind.FETCH, Kind.FETCHED), (Kind.CLIENT, Kind.ANSWER), (Kind.APPEND, Kind.ACK),
    (Kind.VOTE_REQUEST, Kind.VOTE), (Kind.PROPOSAL, Kind.AGREEMENT), (Kind.PRODUCE, Kind.PRODUCED),
    (Kind.PREPARE, Kind.PROMISE), (Kind.ACCEPT, Kind.ACCEPTED), (Kind.TRANSACTION_PROPOSAL, Kind.ACK),
)  # fmt: skip
"""Requests and their replies: the same shape, full and hollow."""

Legend = tuple[tuple[Kind, ...], ...]
"""Kinds that are explained by one word, that of the first."""


def kind_of(message: Record) -> Kind:
    """Messages of services that are not known here are of the kind `OTHER`."""
    return (
        ring_kind(message)
        or raft_kind(message)
        or broker_kind(message)
        or paxos_kind(message)
        or keeper_kind(message)
        or Kind.OTHER
    )


def words_of(message: Record) -> str:
    """`append(15)`, `vote? T5`, `store k3`: what stands behind the glyph."""
    found = ring_words(message) or raft_words(message) or broker_words(message) or paxos_words(message)
    return found or keeper_words(message) or type(message).__name__


def is_quiet(message: Record) -> bool:
    """Whether it is one of those that never cease, so that nobody wants to wait for it: a probe of who is alive,
    or a fetch that finds nothing new."""
    if type(message) in NEVER_STILL or is_quiet_broker(message):
        return True
    return is_quiet_paxos(message) or is_quiet_keeper(message)


def legend_of(kinds: tuple[str, ...]) -> Legend:
    """What packets can look like where services of these kinds run, the most telling first.

    With one service each kind stands alone; with several, request and reply share a place, and services take turns.
    """
    if len(kinds) == 1:
        return tuple((kind,) for kind in LEGENDS.get(kinds[0], ()))
    turns = zip_longest(*(_paired(LEGENDS.get(each, ())) for each in kinds))
    return tuple(dict.fromkeys(group for turn in turns for group in turn if group))


def _paired(legend: tuple[Kind, ...]) -> Legend:
    replies = [reply for request, reply in PAIRS if request in legend]
    alone = {request: (request, reply) for request, reply in PAIRS}
    return tuple(alone.get(kind, (kind,)) for kind in legend if kind not in replies)
