"""A client's session: connecting, staying, moving, expiring; and how its requests end."""

from __future__ import annotations

import pytest

from algorithms.channels.channels import Arrived, Channels
from algorithms.channels.segment import Segment
from algorithms.keeper.client.machine import KeeperClient
from algorithms.keeper.client_settings import KeeperClientSettings
from algorithms.keeper.commands import (
    AddAuth,
    CloseSession,
    Command,
    Create,
    Delete,
    Exists,
    GetChildren,
    GetData,
    Multi,
    Reconnect,
    SetData,
)
from algorithms.keeper.errors import Error
from algorithms.keeper.messages import (
    ChildrenAre,
    ClientRequest,
    ConnectRequest,
    ConnectResponse,
    Created,
    DataIs,
    EventType,
    Gone,
    MultiResult,
    Nothing,
    Ping,
    Pong,
    Reply,
    Result,
    SetWatch,
    SetWatches,
    StatIs,
    WatchEvent,
)
from algorithms.keeper.view import KeeperClientView, Stat
from algorithms.keeper.zxid import ZERO, Zxid
from algorithms.machine import (
    Answer,
    Asked,
    CancelTimer,
    Cell,
    Effect,
    Event,
    Failed,
    Ok,
    Outcome,
    Received,
    Record,
    Saved,
    Send,
    SetTimer,
    Started,
    TimerFired,
    Unknown,
)

SERVERS = ("n1", "n2", "n3")
SECOND = 1_000_000
USUAL = KeeperClientSettings()
TIMEOUT = USUAL.session_timeout
STAT = Stat(Zxid(1, 1), Zxid(1, 2), Zxid(1, 1), 0, 0, 4, 0, 0, 0, 1, 0)


class Hand:
    """The client c1, whose servers are played by hand."""

    def __init__(self, settings: KeeperClientSettings = USUAL) -> None:
        self.client = KeeperClient("c1", SERVERS, settings)
        self.now = 0
        self.timers: dict[str, int] = {}
        self.outcomes: dict[int, Outcome] = {}
        self.heard: dict[str, list[Record]] = {name: [] for name in SERVERS}
        """What each server was told."""
        self._ends = {name: Channels(name) for name in SERVERS}
        for end in self._ends.values():
            end.start(1)
        self._asked = 0
        self.turn(Started(Saved()))

    def turn(self, event: Event) -> list[Effect]:
        effects = self.client.handle(event, self.now)
        for each in effects:
            match each:
                case Send(server, Segment() as segment):
                    self._at(server, segment)
                case SetTimer(name, shortest):
                    self.timers[name] = self.now + shortest
                case CancelTimer(name):
                    self.timers.pop(name, None)
                case Answer(request_id, result):
                    assert isinstance(result, Ok | Failed | Unknown)
                    self.outcomes[request_id] = result
        return effects

    def _at(self, server: str, segment: Segment) -> None:
        end = self._ends[server]
        end.begin_turn(self.now, [])
        self.heard[server] += [each.payload for each in end.receive("c1", segment) if isinstance(each, Arrived)]

    def say(self, *messages: Record, server: str = "n1") -> list[Effect]:
        """The server tells the client, in order."""
        end, effects = self._ends[server], []
        for message in messages:
            wishes: list[Effect] = []
            end.begin_turn(self.now, wishes)
            end.send("c1", end.current("c1"), message)
            for each in wishes:
                if isinstance(each, Send):
                    effects += self.turn(Received(server, each.message))
        return effects

    def wait(self, duration: int) -> Hand:
        """Only the session's own timers are looked at; the channels are reliable here."""
        end = self.now + duration
        while True:
            due = {name: at for name, at in self.timers.items() if at <= end and not name.startswith("client ")}
            if not due:
                break
            name = min(due, key=lambda each: (due[each], each))
            self.now = max(self.now, self.timers.pop(name))
            self.turn(TimerFired(name))
        self.now = end
        return self

    def ask(self, command: Command) -> int:
        self._asked += 1
        self.turn(Asked(self._asked, command))
        return self._asked

    def let_in(self, session_id: int = 7, server: str = "n1") -> Hand:
        self.say(ConnectResponse(session_id, "secret", TIMEOUT), server=server)
        return self

    def requests(self, server: str = "n1") -> list[Record]:
        return [each.operation for each in self.heard[server] if isinstance(each, ClientRequest)]

    @property
    def view(self) -> KeeperClientView:
        return self.client.view()


# ---------------------------------------------------------------- connecting


def test_it_asks_for_a_session_at_its_first_server() -> None:
    hand = Hand()
    assert hand.heard["n1"] == [ConnectRequest("c1", 0, "", TIMEOUT, ZERO)]
    assert hand.view.state == "connecting"
    assert hand.let_in().view.state == "connected"
    assert (hand.view.session_id, hand.view.server) == (7, "n1")


def test_clients_begin_with_different_servers() -> None:
    assert KeeperClient("c2", SERVERS, USUAL).handle(Started(Saved()), 0)
    client = KeeperClient("c2", SERVERS, USUAL)
    client.handle(Started(Saved()), 0)
    assert client.view().server == "n2"
    chosen = KeeperClient("c2", SERVERS, KeeperClientSettings(server="n3"))
    chosen.handle(Started(Saved()), 0)
    assert chosen.view().server == "n3"


def test_who_does_not_answer_is_left_for_the_next_one() -> None:
    hand = Hand().wait(USUAL.connect_timeout + USUAL.backoff_longest)
    assert [type(each) for each in hand.heard["n2"]] == [ConnectRequest]
    hand.let_in(server="n2")
    assert hand.view.server == "n2"


def test_who_refuses_is_left_for_the_next_one() -> None:
    hand = Hand()
    hand.say(ConnectResponse(0, refused="n1 has no leader"))
    assert hand.wait(USUAL.backoff_longest).view.server == "n2"


def test_every_life_is_another_one() -> None:
    client = KeeperClient("c1", SERVERS, USUAL)
    effects = client.handle(Started(Saved((Cell("life", client.handle(Started(Saved()), 5_000)[0].value),))), 5_000)  # type: ignore[union-attr]
    assert client.life > 5
    assert any(isinstance(each, Send) for each in effects)


# ---------------------------------------------------------------- requests


def test_requests_wait_for_a_connection_and_leave_in_order() -> None:
    hand = Hand()
    hand.ask(Create("/a"))
    hand.ask(GetData("/a"))
    assert hand.requests() == []
    hand.let_in()
    assert hand.requests() == [Create("/a"), GetData("/a")]
    assert [each.xid for each in hand.heard["n1"] if isinstance(each, ClientRequest)] == [1, 2]


@pytest.mark.parametrize(
    ("command", "result", "value"),
    [
        (Create("/a"), Created("/a0000000001", STAT), "/a0000000001"),
        (GetData("/a"), DataIs("x", STAT), "x"),
        (SetData("/a", "y"), StatIs(STAT), 4),
        (GetChildren("/"), ChildrenAre(("a", "b"), STAT), "a b"),
        (Delete("/a"), Nothing(), None),
        (Exists("/a"), StatIs(STAT), True),
        (Multi((Create("/a"), Delete("/b"))), MultiResult((Created("/a", STAT), Nothing())), "/a ok"),
    ],
)
def test_an_answer_is_what_the_command_promises(command: Command, result: Result, value: object) -> None:
    hand = Hand().let_in()
    asked = hand.ask(command)
    hand.say(Reply(1, Zxid(1, 3), result=result))
    assert hand.outcomes == {asked: Ok(value)}  # type: ignore[arg-type]
    assert hand.view.last_zxid == Zxid(1, 3)


def test_a_refusal_is_zookeepers_name_and_a_sentence() -> None:
    hand = Hand().let_in()
    asked = hand.ask(SetData("/a", "y", 3))
    hand.say(Reply(1, Zxid(1, 3), Error.BADVERSION))
    assert hand.outcomes == {asked: Failed("BADVERSION: the znode has another version by now")}


def test_of_a_failed_multi_it_says_which_part() -> None:
    hand = Hand().let_in()
    asked = hand.ask(Multi((Create("/a"), Delete("/b"))))
    errors = MultiResult(errors=(Error.OK, Error.NONODE))
    hand.say(Reply(1, Zxid(1, 3), Error.NONODE, errors))
    outcome = hand.outcomes[asked]
    assert isinstance(outcome, Failed)
    assert "operation 2 of the multi; none was done" in outcome.reason


def test_what_found_nothing_is_no_error() -> None:
    hand = Hand().let_in()
    asked = hand.ask(Exists("/a"))
    hand.say(Reply(1, Zxid(1, 3), is_missing=True))
    assert hand.outcomes == {asked: Ok(False)}


def test_without_any_server_a_request_fails_in_time() -> None:
    hand = Hand()
    asked = hand.ask(Create("/a"))
    hand.wait(USUAL.request_timeout)
    assert hand.outcomes == {asked: Failed("OPERATIONTIMEOUT: no server could be reached in time")}


# ---------------------------------------------------------------- lost connections


def test_a_write_under_way_may_be_done_and_a_read_is_asked_again() -> None:
    hand = Hand().let_in()
    write, read = hand.ask(Create("/a")), hand.ask(GetData("/b"))
    hand.say(Gone("quorum"))
    outcome = hand.outcomes[write]
    assert isinstance(outcome, Unknown)
    assert outcome.reason.startswith("CONNECTIONLOSS")
    assert hand.view.state == "suspended"
    hand.wait(USUAL.backoff_longest).let_in(server="n2")
    assert hand.requests("n2") == [GetData("/b")]
    hand.say(Reply(3, Zxid(1, 9), result=DataIs("x", STAT)), server="n2")
    assert hand.outcomes[read] == Ok("x")


def test_it_comes_back_with_its_session_and_what_it_has_seen() -> None:
    hand = Hand().let_in()
    hand.say(Pong(Zxid(2, 5)), Gone("quorum"))
    hand.wait(USUAL.backoff_longest)
    assert hand.heard["n2"] == [ConnectRequest("c1", 7, "secret", TIMEOUT, Zxid(2, 5))]


def test_it_pings_in_silence_and_leaves_who_is_silent() -> None:
    hand = Hand().let_in().wait(TIMEOUT // 3)
    assert hand.heard["n1"][-1] == Ping()
    hand.say(Pong(Zxid(1, 1)))
    hand.wait(TIMEOUT // 3)
    assert hand.view.state == "connected"
    hand.wait(TIMEOUT // 3)
    assert hand.view.state == "suspended"


def test_it_can_be_asked_to_go_elsewhere() -> None:
    hand = Hand().let_in()
    asked = hand.ask(Reconnect("n3"))
    assert hand.outcomes == {asked: Ok("n3")}
    assert hand.heard["n3"][0] == ConnectRequest("c1", 7, "secret", TIMEOUT, ZERO)


def test_what_it_has_told_of_itself_is_told_again() -> None:
    hand = Hand().let_in()
    hand.ask(AddAuth("digest", "ann:pw"))
    hand.say(Reply(1, ZERO))
    hand.ask(Reconnect("n2"))
    hand.ask(GetData("/a"))
    hand.let_in(server="n2")
    assert hand.requests("n2") == [AddAuth("digest", "ann:pw"), GetData("/a")]


# ---------------------------------------------------------------- watches


def watching() -> Hand:
    hand = Hand().let_in()
    hand.ask(GetData("/a", watch=True))
    hand.say(Reply(1, Zxid(1, 3), result=DataIs("x", STAT)))
    return hand


def test_a_watch_fires_once() -> None:
    hand = watching()
    event = WatchEvent(EventType.NODE_DATA_CHANGED, "/a", Zxid(1, 4))
    hand.say(event, event)
    assert hand.view.notifications == 1
    assert hand.view.watches == ()


def test_another_server_takes_its_watches_over() -> None:
    hand = watching()
    hand.ask(Reconnect("n2"))
    hand.let_in(server="n2")
    assert hand.heard["n2"][1] == SetWatches(Zxid(1, 3), (SetWatch("data", "/a"),))


def test_an_event_does_not_vouch_for_others_of_the_same_transaction() -> None:
    """A multi changes /a and /b; the connection breaks between the two events."""
    hand = watching()
    hand.ask(GetData("/b", watch=True))
    hand.say(Reply(2, Zxid(1, 3), result=DataIs("x", STAT)))
    hand.say(WatchEvent(EventType.NODE_DATA_CHANGED, "/a", Zxid(1, 4)))
    hand.ask(Reconnect("n2"))
    hand.let_in(server="n2")
    request, again = hand.heard["n2"]
    assert isinstance(request, ConnectRequest)
    assert request.last_zxid_seen == Zxid(1, 4)
    assert again == SetWatches(Zxid(1, 3), (SetWatch("data", "/b"),))


def test_a_watch_for_what_is_not_there_waits_for_it() -> None:
    hand = Hand().let_in()
    hand.ask(Exists("/a", watch=True))
    hand.say(Reply(1, Zxid(1, 3), is_missing=True))
    assert hand.view.watches == ("/a (exists)",)
    hand.say(WatchEvent(EventType.NODE_CREATED, "/a", Zxid(1, 4)))
    assert hand.view.notifications == 1


# ---------------------------------------------------------------- the end of a session


@pytest.mark.parametrize("word", [Gone("expired"), ConnectResponse(0)])
def test_only_a_server_can_say_that_a_session_is_over(word: Record) -> None:
    hand = watching()
    if isinstance(word, ConnectResponse):
        hand.ask(Reconnect("n1"))
    hand.say(word)
    assert (hand.view.session_id, hand.view.watches) == (0, ())
    assert [each for each in hand.heard["n2"] if isinstance(each, ConnectRequest)][-1].session_id == 0


def test_a_session_that_is_closed_is_not_opened_again_unasked() -> None:
    hand = Hand().let_in()
    asked = hand.ask(CloseSession())
    hand.say(Reply(1, Zxid(1, 3)))
    assert hand.outcomes == {asked: Ok(None)}
    assert hand.wait(SECOND).view.state == "closed"
    hand.ask(Create("/a"))
    assert hand.view.state == "connecting"


def test_a_read_only_server_will_do_for_who_says_so() -> None:
    hand = Hand(KeeperClientSettings(can_be_read_only=True))
    request = hand.heard["n1"][0]
    assert isinstance(request, ConnectRequest)
    assert request.can_be_read_only
    hand.say(ConnectResponse(-1, "", TIMEOUT, read_only=True))
    assert hand.view.state == "read_only"
    hand.ask(Reconnect("n2"))
    again = hand.heard["n2"][0]
    assert isinstance(again, ConnectRequest)
    assert again.session_id == 0
