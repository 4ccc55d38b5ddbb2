"""What Paxos's messages are called: every message has a kind, and the two phases look the same in log and synod."""

from __future__ import annotations

import pytest

from algorithms import kv
from algorithms.machine import Record
from algorithms.paxos import messages as log
from algorithms.paxos.ballot import NO_BALLOT, Ballot
from algorithms.paxos.synod import messages as synod
from algorithms.replicated.messages import ClientCommand, NoOp
from tui.glyphs import UNICODE, Kind
from tui.kinds import is_quiet, kind_of, legend_of, words_of
from tui.paxos_kinds import KINDS, PAXOS_LEGEND, SYNOD_LEGEND

SEVEN = Ballot(7, "n3")
PUT = ClientCommand("c1.1", 4, 4, kv.Put("x", 1))


def test_every_message_of_the_log_and_the_synod_has_a_kind() -> None:
    own = {each for each in log.Message.__args__ if each.__module__ == log.__name__}
    told = {
        each
        for each in vars(synod).values()
        if isinstance(each, type) and issubclass(each, Record) and each.__module__ == synod.__name__
    }
    assert set(KINDS) == own | told


def test_every_kind_is_in_its_legend() -> None:
    for module, legend in ((log, PAXOS_LEGEND), (synod, SYNOD_LEGEND)):
        assert {kind for message, kind in KINDS.items() if message.__module__ == module.__name__} <= set(legend)
    assert legend_of(("synod",)) == tuple((kind,) for kind in SYNOD_LEGEND)


WORDS: list[tuple[Record, Kind, str]] = [
    (log.Prepare(SEVEN, 12), Kind.PREPARE, "prepare 7.n3 from 12"),
    (log.Promise(SEVEN, 12, (log.Proposal(12, SEVEN, NoOp()),), 0, 11), Kind.PROMISE, "promise 7.n3, has 1 value"),
    (log.PrePromise(1, False, SEVEN, 11), Kind.NO_VOTE, "there is a leader"),
    (log.Refused(SEVEN, Ballot(8, "n2")), Kind.REFUSAL, "refuses 7.n3: 8.n2"),
    (log.Accept(SEVEN, 12, (PUT,), 11), Kind.ACCEPT, "accept? 7.n3 slot 12: put x 1"),
    (log.Accept(SEVEN, 12, (PUT, NoOp()), 11), Kind.ACCEPT, "accept? 7.n3 slots 12-13"),
    (log.Accepted(SEVEN, 12, 12), Kind.ACCEPTED, "accepted 7.n3 slot 12"),
    (log.Heartbeat(SEVEN, 11, 1), Kind.BEAT, "heartbeat(11)"),
    (log.Chosen((), 11), Kind.COMMIT, "chosen up to 11"),
    (synod.Prepare(SEVEN), Kind.PREPARE, "prepare 7.n3"),
    (synod.Promise(SEVEN, NO_BALLOT, None), Kind.PROMISE, "promise 7.n3"),
    (synod.Promise(SEVEN, Ballot(5, "n1"), "blue"), Kind.PROMISE, "promise 7.n3, has blue of 5.n1"),
    (synod.Accept(SEVEN, "blue"), Kind.ACCEPT, "accept? 7.n3 blue"),
    (synod.Accepted(SEVEN, "blue"), Kind.ACCEPTED, "accepted 7.n3 blue"),
    (synod.SynodResponse("c1.1", 1, None), Kind.ANSWER, "nothing is accepted"),
]


@pytest.mark.parametrize(("message", "kind", "words"), WORDS, ids=[words for _, _, words in WORDS])
def test_a_message_of_paxos_has_a_kind_and_words(message: Record, kind: Kind, words: str) -> None:
    assert (kind_of(message), words_of(message)) == (kind, words)


def test_only_heartbeats_are_quiet() -> None:
    assert [kind for message, kind, _ in WORDS if is_quiet(message)] == [Kind.BEAT]


def test_requests_and_replies_of_the_phases_share_a_place_in_a_long_legend() -> None:
    groups = legend_of(("paxos", "raft"))
    assert (Kind.PREPARE, Kind.PROMISE) in groups
    assert (Kind.ACCEPT, Kind.ACCEPTED) in groups
    assert UNICODE.kinds[Kind.PREPARE] != UNICODE.kinds[Kind.PROMISE]
