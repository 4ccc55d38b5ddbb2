"""What the keeper's messages are called: a segment looks like what it carries, and what only keeps alive is quiet."""

from __future__ import annotations

import pytest

from algorithms.channels.segment import Segment
from algorithms.keeper import forwarding
from algorithms.keeper import messages as keeper
from algorithms.keeper.commands import Create, GetData
from algorithms.keeper.errors import Error
from algorithms.keeper.messages import EventType
from algorithms.keeper.txns import CloseSessionTxn, CreateTxn, Txn
from algorithms.keeper.zab import messages as zab
from algorithms.keeper.zxid import Zxid
from algorithms.machine import Record
from tui.glyphs import Kind
from tui.keeper_kinds import KINDS, LEGEND
from tui.kinds import is_quiet, kind_of, legend_of, words_of

AT = Zxid(5, 0x2A)
TXN = Txn(3, 1, 0, "n1", CreateTxn("/locks/a", "", (), "persistent", 0, 1))


def segment(carried: Record | None) -> Segment:
    return Segment(1, True, 4, 3, carried)


def peer(carried: Record | None) -> zab.PeerSegment:
    return zab.PeerSegment(segment(carried))


def test_every_message_of_the_keeper_has_a_kind() -> None:
    parts = {zab.Epochs, zab.Transaction, zab.Snapshot, zab.Vote, zab.PeerSegment, keeper.SetWatch}
    results = {*keeper.Result.__args__}
    own = {
        each
        for module in (zab, keeper)
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Record) and each.__module__ == module.__name__
    }
    assert own - parts - results <= set(KINDS)


def test_every_kind_is_in_its_legend() -> None:
    assert {*KINDS.values(), Kind.SEGMENT, Kind.REFUSAL} == set(LEGEND)
    assert legend_of(("keeper",)) == tuple((kind,) for kind in LEGEND)


WORDS: list[tuple[Record, Kind, str]] = [
    (zab.Notification(3, "looking", zab.Vote("n2", 4, AT)), Kind.NOTIFICATION, "votes: n2 at 5_2a, round 3"),
    (zab.Notification(3, "looking", None), Kind.NOTIFICATION, "who leads?"),
    (peer(zab.LeaderInfo(6)), Kind.EPOCH, "new epoch 6?"),
    (peer(zab.Trunc(AT)), Kind.SYNC, "TRUNC to 5_2a"),
    (peer(zab.Propose(zab.Transaction(AT, TXN))), Kind.TRANSACTION_PROPOSAL, "proposal 5_2a: create /locks/a"),
    (peer(zab.Ack(AT)), Kind.ACK, "ack 5_2a"),
    (peer(zab.Commit(AT)), Kind.COMMIT, "commit 5_2a"),
    (peer(zab.Ping(AT)), Kind.BEAT, "ping(5_2a)"),
    (peer(zab.Forwarded(forwarding.MovedAway(3))), Kind.OTHER, "session 0x3 has moved away"),
    (peer(zab.Forwarded(forwarding.Touched((3, 5)))), Kind.BEAT, "2 sessions live"),
    (peer(zab.Forwarded(forwarding.ForwardedRequest(3, 1, Create("/a")))), Kind.CLIENT, "forwards create /a"),
    (segment(None), Kind.SEGMENT, "channel: acknowledged"),
    (segment(keeper.ConnectRequest("c1", 0, "", 1_000_000, AT)), Kind.SESSION, "a new session?"),
    (segment(keeper.ClientRequest(1, GetData("/config", watch=True))), Kind.CLIENT, "get -w /config"),
    (segment(keeper.Reply(1, AT)), Kind.ANSWER, "reply 1"),
    (segment(keeper.Reply(1, AT, Error.NONODE)), Kind.REFUSAL, "reply 1: NONODE"),
    (segment(keeper.WatchEvent(EventType.NODE_DELETED, "/locks/a/lock-0000000007", AT)), Kind.WATCH_EVENT,
     "watch: /locks/a/lock-0007 deleted"),
    (segment(keeper.Ping()), Kind.BEAT, "ping"),
    (segment(keeper.Gone("expired")), Kind.REFUSAL, "session expired"),
    (keeper.ResourceResponse("c1.1", 1, True, "", 0x30), Kind.REFUSAL, "rejected: has seen 30"),
]  # fmt: skip


@pytest.mark.parametrize(("message", "kind", "words"), WORDS, ids=[words for _, _, words in WORDS])
def test_a_message_of_the_keeper_has_a_kind_and_words(message: Record, kind: Kind, words: str) -> None:
    assert (kind_of(message), words_of(message)) == (kind, words)


def test_pings_and_acknowledgements_of_channels_are_quiet() -> None:
    quiet = [words for message, _, words in WORDS if is_quiet(message)]
    assert quiet == ["ping(5_2a)", "2 sessions live", "channel: acknowledged", "ping"]


def test_an_expiry_is_told_as_one() -> None:
    expired = zab.Propose(zab.Transaction(AT, Txn(3, 0, 0, "", CloseSessionTxn(("/a",), True))))
    assert words_of(peer(expired)) == "proposal 5_2a: session expires"
