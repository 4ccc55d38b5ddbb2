"""What one session was told: each way to break a promise to it is found, and nothing else."""

from __future__ import annotations

import pytest

from algorithms.keeper.commands import AddWatch, Create, Delete, Exists, GetChildren, GetData, SetData, WatchMode
from algorithms.keeper.errors import Error
from algorithms.keeper.messages import (
    ChildrenAre,
    ClientRequest,
    DataIs,
    EventType,
    Reply,
    StatIs,
    WatchEvent,
)
from algorithms.keeper.txns import CreateSessionTxn, CreateTxn, DeleteTxn, ErrorTxn, MultiTxn, SetDataTxn, Txn
from algorithms.keeper.zxid import Zxid
from algorithms.machine import Record
from playground.checks.findings import Findings
from playground.checks.keeper.names import (
    ACKNOWLEDGED,
    FIFO,
    LINEARIZABLE,
    MONOTONE,
    NAMES,
    PRIMARY_ORDER,
    READS,
    WATCHES,
)
from playground.checks.keeper.sequence import Sequence
from playground.checks.keeper.sessions import SessionRules
from playground.checks.keeper.watches import WatchRules

S = 7
"""A session."""


def at(counter: int) -> Zxid:
    """The zxid of this number in epoch 1."""
    return Zxid(1, counter)


class Told:
    """A tree in which /a is created at 2 and changed at 3, 4 and 5 (by request 5 of the session), and its rules."""

    def __init__(self) -> None:
        self.findings = Findings()
        self.sequence = Sequence(self.findings)
        self.sessions = SessionRules(self.sequence, self.findings)
        self.watches = WatchRules(self.sequence, self.findings)
        self.txn(1, CreateSessionTxn(1_000, "c1", ""), 0)
        self.txn(2, CreateTxn("/a", "v0", (), "persistent", 0, 1), 1)
        for version in (1, 2, 3):
            self.txn(2 + version, SetDataTxn("/a", f"v{version}", version), 1 + version + (version == 3))

    def txn(self, counter: int, body: object, xid: int) -> None:
        """The next transaction."""
        self.sequence.append(at(counter).number, Txn(S, xid, 0, "n1", body))  # type: ignore[arg-type]

    def ask(self, xid: int, operation: Record) -> None:
        """The client sends a request."""
        self.sessions.sent("c1", S, ClientRequest(xid, operation))  # type: ignore[arg-type]

    def reply(self, xid: int, counter: int, result: Record | None = None, **more: object) -> None:
        """It is answered."""
        given = {} if result is None else {"result": result}
        reply = Reply(xid, at(counter), **given, **more)  # type: ignore[arg-type]
        request = self.sessions.answered("c1", reply)
        if request is not None:
            self.watches.reply("c1", request.operation, reply)

    def data(self, counter: int, value: str | None = None) -> DataIs:
        """What /a held then, or something else."""
        held = self.sequence.held("/a", at(counter).number)
        assert held is not None
        return DataIs(held.data if value is None else value, held.stat)

    def read(self, xid: int, counter: int, value: str | None = None, watch: bool = False) -> None:
        """Read /a."""
        self.ask(xid, GetData("/a", watch))
        self.reply(xid, counter, self.data(counter, value))

    def event(self, counter: int, event: EventType = EventType.NODE_DATA_CHANGED, path: str = "/a") -> None:
        """The client is told of it."""
        self.watches.event("c1", WatchEvent(event, path, at(counter)))

    def broken(self) -> list[str]:
        """The checks that fail."""
        return [name for name in NAMES if self.findings.count(name)]


@pytest.fixture
def told() -> Told:
    """See `Told`."""
    return Told()


# ---------------------------------------------------------------- replies


def test_what_is_right_breaks_nothing(told: Told) -> None:
    told.ask(4, GetData("/a"))
    told.ask(5, SetData("/a", "v3"))
    told.reply(4, 3, told.data(3))
    told.reply(5, 5, StatIs(told.data(5).stat))
    told.read(6, 5)
    assert told.broken() == []
    assert (told.sessions.replies, told.sessions.acknowledged) == (3, 1)


def test_replies_come_in_the_order_of_requests(told: Told) -> None:
    told.ask(4, GetData("/a"))
    told.ask(5, GetData("/a"))
    told.reply(5, 3, told.data(3))
    assert told.broken() == [FIFO]


def test_nobody_goes_back_in_time(told: Told) -> None:
    told.read(4, 5)
    told.read(5, 4)
    assert told.broken() == [MONOTONE]


def test_a_new_session_may_begin_behind(told: Told) -> None:
    told.read(4, 5)
    told.sessions.sent("c1", S + 1, ClientRequest(1, GetData("/a")))
    told.reply(1, 4, told.data(4))
    assert told.broken() == []


@pytest.mark.parametrize("counter", [3, 6])
def test_a_write_that_was_answered_ok_must_be_there(told: Told, counter: int) -> None:
    """At another place, or at none."""
    told.ask(5, SetData("/a", "v3"))
    told.reply(5, counter)
    assert ACKNOWLEDGED in told.broken()


def test_a_write_that_was_refused_was_not_acknowledged(told: Told) -> None:
    told.txn(6, ErrorTxn(Error.BADVERSION), 6)
    told.ask(6, SetData("/a", "v4", 0))
    told.reply(6, 6, error=Error.BADVERSION)
    assert told.broken() == []


def test_a_refused_write_that_is_told_ok_is_found(told: Told) -> None:
    told.txn(6, ErrorTxn(Error.BADVERSION), 6)
    told.ask(6, SetData("/a", "v4", 0))
    told.reply(6, 6)
    assert told.broken() == [ACKNOWLEDGED]


def test_writes_take_effect_in_the_order_of_requests(told: Told) -> None:
    told.txn(6, SetDataTxn("/a", "v4", 4), 3)
    assert told.broken() == [FIFO]


def test_a_read_says_what_the_tree_held(told: Told) -> None:
    told.read(6, 4, "v1")
    assert told.broken() == [READS]


def test_what_is_there_is_not_missing(told: Told) -> None:
    told.ask(6, GetData("/a"))
    told.reply(6, 4, error=Error.NONODE)
    assert told.broken() == [READS]


def test_children_are_those_of_that_zxid(told: Told) -> None:
    held = told.sequence.held("/", at(4).number)
    assert held is not None
    told.ask(6, GetChildren("/"))
    told.reply(6, 4, ChildrenAre(("a",), held.stat))
    assert told.broken() == []
    told.ask(7, GetChildren("/"))
    told.reply(7, 4, ChildrenAre(("a", "b"), held.stat))
    assert told.broken() == [READS]


def test_a_write_that_is_begun_behind_another_comes_behind_it(told: Told) -> None:
    told.ask(4, SetData("/a", "v2"))
    told.ask(5, SetData("/a", "v3"))
    told.txn(6, SetDataTxn("/a", "v4", 4), 6)
    told.sessions.sent("c2", S, ClientRequest(6, SetData("/a", "v4")))
    told.sessions.answered("c2", Reply(6, at(6), result=StatIs(told.data(6).stat)))
    told.sessions.sent("c3", S, ClientRequest(5, SetData("/a", "v3")))
    assert told.broken() == []
    told.sessions.answered("c3", Reply(5, at(5), result=StatIs(told.data(5).stat)))
    assert told.broken() == [LINEARIZABLE]


@pytest.mark.parametrize(
    ("operation", "error"),
    [
        (SetData("/a", "x", 3), Error.BADVERSION),
        (SetData("/a", "x"), Error.NONODE),
        (Create("/a/b"), Error.NONODE),
        (Create("/b"), Error.NODEEXISTS),
        (Delete("/a"), Error.NOTEMPTY),
        (Create("/a/b"), Error.NOCHILDRENFOREPHEMERALS),
    ],
)
def test_a_refusal_must_be_right(told: Told, operation: Record, error: Error) -> None:
    told.txn(6, ErrorTxn(error), 6)
    told.ask(6, operation)
    told.reply(6, 6, error=error)
    assert told.broken() == [READS]


@pytest.mark.parametrize(
    ("operation", "error"),
    [
        (SetData("/a", "x", 1), Error.BADVERSION),
        (SetData("/b", "x"), Error.NONODE),
        (Create("/b/c"), Error.NONODE),
        (Create("/a"), Error.NODEEXISTS),
        (Delete("/"), Error.NOTEMPTY),
        (SetData("/a", "x"), Error.NOAUTH),
    ],
)
def test_a_refusal_that_is_right_breaks_nothing(told: Told, operation: Record, error: Error) -> None:
    told.txn(6, ErrorTxn(error), 6)
    told.ask(6, operation)
    told.reply(6, 6, error=error)
    assert told.broken() == []


@pytest.mark.parametrize(
    ("parts", "fits"),
    [
        ((SetDataTxn("/a", "x", 4), SetDataTxn("/a", "y", 5)), True),
        ((SetDataTxn("/a", "x", 4), SetDataTxn("/a", "y", 4)), False),
        ((CreateTxn("/b", "", (), "persistent", 0, 2), DeleteTxn("/b")), True),
        ((DeleteTxn("/a"), SetDataTxn("/a", "x", 4)), False),
        ((SetDataTxn("/a", "x", 4), CreateTxn("/a", "", (), "persistent", 0, 2)), False),
    ],
)
def test_each_part_of_a_multi_meets_what_those_before_it_have_left(
    told: Told, parts: tuple[CreateTxn | DeleteTxn | SetDataTxn, ...], fits: bool
) -> None:
    told.txn(6, MultiTxn(parts), 6)
    assert told.broken() == ([] if fits else [PRIMARY_ORDER])


# ---------------------------------------------------------------- watches


def test_a_change_is_told_before_anything_newer_is_read(told: Told) -> None:
    told.read(6, 3, watch=True)
    told.event(4)
    told.read(7, 4)
    assert told.broken() == []


def test_a_newer_read_without_the_event_is_found(told: Told) -> None:
    told.read(6, 3, watch=True)
    told.read(7, 4)
    assert told.broken() == [WATCHES]


def test_a_watch_fires_once(told: Told) -> None:
    told.read(6, 3, watch=True)
    told.event(4)
    told.read(7, 5)
    assert told.broken() == []


def test_an_event_without_a_change_is_found(told: Told) -> None:
    told.read(6, 5, watch=True)
    told.event(5)
    assert told.broken() == [WATCHES]


def test_a_watch_waits_for_what_is_not_there_yet(told: Told) -> None:
    told.ask(6, Exists("/b", True))
    told.reply(6, 5, is_missing=True)
    told.txn(6, CreateTxn("/b", "", (), "persistent", 0, 2), 7)
    told.read(8, 6)
    assert told.broken() == [WATCHES]


def test_what_came_and_went_while_a_client_was_away_need_not_be_told(told: Told) -> None:
    told.ask(6, Exists("/b", True))
    told.reply(6, 5, is_missing=True)
    told.watches.begun("c1")
    told.txn(6, CreateTxn("/b", "", (), "persistent", 0, 2), 7)
    told.txn(7, DeleteTxn("/b"), 8)
    told.read(9, 7)
    assert told.broken() == []


def test_what_changed_while_a_client_was_away_is_told_on_its_return(told: Told) -> None:
    told.read(6, 3, watch=True)
    told.watches.begun("c1")
    told.read(7, 5)
    assert told.broken() == [WATCHES]


def test_a_watch_that_stays_tells_of_each_change(told: Told) -> None:
    told.ask(6, AddWatch("/a", WatchMode.PERSISTENT))
    told.reply(6, 3)
    told.watches.event("c1", WatchEvent(EventType.NODE_DATA_CHANGED, "/a", at(4), WatchMode.PERSISTENT))
    told.read(7, 4)
    assert told.broken() == []
    told.read(8, 5)
    assert told.broken() == [WATCHES]


def test_a_recursive_watch_tells_of_what_is_below(told: Told) -> None:
    told.ask(6, AddWatch("/", WatchMode.PERSISTENT_RECURSIVE))
    told.reply(6, 4)
    told.read(7, 5)
    assert told.broken() == [WATCHES]


def test_what_a_new_session_does_not_watch_it_is_not_told(told: Told) -> None:
    told.read(6, 3, watch=True)
    told.watches.forget("c1")
    told.read(7, 5)
    assert told.broken() == []
