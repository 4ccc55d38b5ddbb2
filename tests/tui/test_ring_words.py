"""What ring messages, values and outcomes are called: every message has a shape and words, and probes are quiet."""

from __future__ import annotations

import msgspec
import pytest

from algorithms.machine import Record
from algorithms.placement.ring import Member
from algorithms.ring import messages
from algorithms.ring.commands import AddNode, Found, GetFile, PutFile, Quorum, RemoveNode, SetWeight
from algorithms.ring.messages import (
    Accepted,
    Ack,
    Ballot,
    ChangeRequest,
    Compare,
    Differ,
    Fetched,
    FetchKeys,
    Ping,
    PingRequest,
    Promise,
    RingIs,
    Store,
    WriteRequest,
)
from algorithms.ring.table import Ring, Span
from algorithms.ring.versions import Chunk, Dot, Manifest, VectorClock, Version, Versions
from tui.glyphs import Kind
from tui.kinds import is_quiet, kind_of, legend_of, words_of
from tui.ring_kinds import KINDS, LEGEND
from tui.ring_words import command_words, result_words, sibling_words, size_words, value_words

NONE = VectorClock()
TWO = Versions(NONE, (Version(Dot("n1.1", 1), "a", 0), Version(Dot("n2.1", 1), None, 0, deleted=True)))
PARTS = (Ballot, messages.Status)
"""Records that only stand in messages."""


def test_every_message_of_the_ring_has_a_kind() -> None:
    sent = {each for each in vars(messages).values() if isinstance(each, type) and each.__module__ == messages.__name__}
    assert sent - set(PARTS) == set(KINDS)
    assert all(issubclass(each, Record) and issubclass(each, msgspec.Struct) for each in sent)


def test_every_kind_of_the_ring_is_in_its_legend() -> None:
    assert {*KINDS.values(), Kind.HINT, Kind.REFUSAL} == set(LEGEND)


WORDS = [
    (Store(1, 7, "k3", TWO), Kind.STORE, "store k3"),
    (Store(1, 7, "k3", TWO, "n5"), Kind.HINT, "store k3 for n5"),
    (Fetched(7, "k3", TWO), Kind.FETCHED, "k3: 2 versions"),
    (WriteRequest("c1.1", 4, "k3", Version(Dot("c1.1", 2), None, 0, True), NONE, Quorum()), Kind.CLIENT, "delete k3"),
    (ChangeRequest("c1.1", 4, AddNode("n6", 2.0)), Kind.CLIENT, "add node n6 --weight 2"),
    (Compare(1, 2, 1, Span(0, 1), (1,), (9,)), Kind.COMPARE, "compare 1 digest"),
    (Differ(2, 1, (), (), (), (), (), ()), Kind.COMPARE, "all equal"),
    (Differ(2, 1, (), (), (), (1,), ("k1", "k2"), (1, 2)), Kind.COMPARE, "2 keys differ"),
    (FetchKeys(1, 2, 3, ("k1",), ("k2", "k3"), (TWO, TWO)), Kind.KEYS, "wants 1 key, brings 2"),
    (RingIs(Ring(3, (Member("n1"),))), Kind.TABLE, "epoch 3"),
    (Promise(2, Ballot(1, "n1"), True, Ballot(1, "n1"), None, None), Kind.AGREEMENT, "promises epoch 2"),
    (Accepted(2, Ballot(1, "n1"), False, Ballot(2, "n2")), Kind.REFUSAL, "refuses epoch 2"),
    (PingRequest(1, "n2", ()), Kind.PING, "ping n2 for me"),
]


@pytest.mark.parametrize(
    ("message", "kind", "words"), WORDS, ids=lambda each: str(each) if isinstance(each, str) else ""
)
def test_a_message_is_told_by_its_kind_and_a_few_words(message: Record, kind: Kind, words: str) -> None:
    assert (kind_of(message), words_of(message)) == (kind, words)


def test_only_probes_are_quiet() -> None:
    probes = (Ping(1, 1, "", ()), PingRequest(1, "n2", ()), Ack(1, "n2", 1, "", ()))
    assert all(map(is_quiet, probes))
    assert not any(is_quiet(message) for message, kind, _ in WORDS if kind is not Kind.PING)


def test_with_one_service_the_legend_has_each_kind_alone_and_with_several_they_take_turns() -> None:
    assert legend_of(("raft",))[:2] == ((Kind.APPEND,), (Kind.ACK,))
    both = legend_of(("ring", "raft"))
    assert both[:3] == ((Kind.STORE, Kind.STORED), (Kind.APPEND, Kind.ACK), (Kind.FETCH, Kind.FETCHED))
    assert {kind for group in both for kind in group} == {
        kind for each in ("raft", "ring") for group in legend_of((each,)) for kind in group
    }


# ---------------------------------------------------------------- values and outcomes


def test_sizes_have_two_digits_and_a_unit() -> None:
    sizes = {0: "0 B", 312: "312 B", 1_024: "1.0 kB", 12_600: "12 kB", 3_250_000: "3.1 MB", 1 << 30: "1.0 GB"}
    assert {size: size_words(size) for size in sizes} == sizes


def test_values_are_told_as_one_types_them() -> None:
    chunk = Chunk("abcdef0123456789", 65_536)
    assert value_words("a") == '"a"'
    assert value_words(41) == "41"
    assert value_words(None) == "null"
    assert value_words("x" * 100) == f'"{"x" * 24}…" (100 B)'
    assert value_words(chunk) == "chunk abcdef01 of 64 kB"
    assert value_words(Manifest(65_536, "ff", (chunk,))) == "file of 64 kB in 1 chunk"


def test_a_tombstone_is_told_as_such() -> None:
    assert sibling_words(TWO) == ('"a"', "deleted")


def test_a_read_tells_what_it_found() -> None:
    assert result_words(Found()) == "nothing found"
    assert result_words(Found(("1",))) == 'found "1"'
    assert result_words(Found(("a", "b"))) == 'found 2 siblings: "a" | "b"'


def test_wishes_are_told_as_one_types_them() -> None:
    wishes = (RemoveNode("n2"), SetWeight("n3", 0.5), PutFile("x", Manifest(0, "", ())), GetFile("x"), AddNode("n6"))
    assert [command_words(wish) for wish in wishes] == [
        "remove node n2", "weight n3 0.5", "file put x", "file get x", "add node n6",
    ]  # fmt: skip
