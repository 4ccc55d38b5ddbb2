"""Sessions: opened by a transaction, watched by the leader, taken elsewhere (programmer's guide, "Sessions")."""

from __future__ import annotations

import pytest
from keeper_talk import SECOND, Client, Talk

from algorithms.keeper.commands import CloseSession, Create, Exists, Mode
from algorithms.keeper.errors import Error
from algorithms.keeper.forwarding import ForwardedRequest, OpenSession, Revalidate, Touched
from algorithms.keeper.messages import ConnectResponse, Gone, Ping, Reply
from algorithms.keeper.sessions import NEVER, Tracker
from algorithms.keeper.settings import KeeperSettings
from algorithms.keeper.txns import CloseSessionTxn, CreateSessionTxn, ErrorTxn
from algorithms.machine import Record

EPHEMERAL = Create("/e", mode=Mode.EPHEMERAL)


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture
def client(talk: Talk) -> Client:
    return talk.connected("c1")


# ---------------------------------------------------------------- opening


@pytest.mark.parametrize(("wanted", "given"), [(1, 400_000), (SECOND, SECOND), (60 * SECOND, 4 * SECOND)])
def test_the_timeout_is_negotiated_within_the_servers_bounds(wanted: int, given: int) -> None:
    response = Talk().client("c1").connect(timeout=wanted)
    assert response is not None
    assert response.timeout == given


def test_a_session_is_a_transaction_with_an_id_and_a_password_of_its_own(talk: Talk) -> None:
    one, other = talk.connected("c1"), talk.connected("c2")
    first, second = talk.bodies()
    assert isinstance(first, CreateSessionTxn)
    assert isinstance(second, CreateSessionTxn)
    assert (first.client, second.client) == ("c1", "c2")
    assert one.session_id != other.session_id
    assert one.password != other.password


def test_no_epoch_gives_out_a_session_id_of_another() -> None:
    ids = [Tracker(epoch).new_id() for epoch in (1, 2, 3)]
    assert len(set(ids)) == 3


def test_an_answer_meant_for_an_earlier_life_opens_no_session_here(talk: Talk) -> None:
    """Attempts are numbered across lives: the leader may still have a request of our last life under way."""
    later = Talk(saved=talk.saved(), now=talk.now)
    assert later.state.attempts > talk.state.attempts


# ---------------------------------------------------------------- expiry


def test_a_session_that_is_not_heard_for_its_timeout_expires_with_its_ephemerals(client: Client) -> None:
    talk, other = client.talk, client.talk.connected("c2", timeout=4 * SECOND)
    client.done(EPHEMERAL)
    talk.wait(SECOND - 1)
    assert not other.done(Exists("/e")).is_missing
    talk.wait(1)
    assert talk.bodies()[-1] == CloseSessionTxn(("/e",), expired=True)
    assert other.done(Exists("/e")).is_missing
    assert client.heard[-1] == Gone("expired")


def test_a_ping_keeps_a_session_alive(client: Client) -> None:
    for _ in range(10):
        client.talk.wait(SECOND // 2)
        client.say(Ping())
    assert client.session_id in client.talk.state.tree.sessions


def test_the_end_of_a_session_takes_ephemerals_that_are_still_being_created(client: Client) -> None:
    client.talk.slow = True
    client.ask(EPHEMERAL)
    client.talk.wait(SECOND)
    assert client.talk.bodies()[-1] == CloseSessionTxn(("/e",), expired=True)
    client.talk.drain()
    assert client.talk.state.tree.get("/e") is None


def test_nothing_is_created_for_a_session_whose_end_is_proposed(client: Client) -> None:
    client.talk.slow = True
    client.talk.wait(SECOND)
    client.ask(EPHEMERAL)
    assert client.talk.bodies()[-1] == ErrorTxn(Error.SESSIONEXPIRED)
    client.talk.drain()
    assert client.talk.state.tree.get("/e") is None


def test_a_session_that_was_committed_late_is_watched_from_then_on(talk: Talk) -> None:
    talk.slow = True
    client = talk.client("c1")
    client.connect(timeout=SECOND)
    talk.wait(3 * SECOND)
    talk.slow = False
    talk.drain()
    assert client.all_of(ConnectResponse)
    talk.wait(SECOND)
    assert not talk.state.tree.sessions


def test_a_new_leader_gives_each_session_a_whole_timeout_anew(client: Client) -> None:
    client.done(EPHEMERAL)
    client.talk.wait(SECOND - 1)
    later = Talk(saved=client.talk.saved(), now=client.talk.now)
    began = later.now
    assert list(later.state.tree.sessions) == [client.session_id]
    later.wait(began + SECOND - 1 - later.now)
    assert later.state.tree.sessions
    later.wait(1)
    assert later.bodies() == [CloseSessionTxn(("/e",), expired=True)]


def test_who_has_no_session_keeps_no_timer() -> None:
    tracker = Tracker(1)
    assert tracker.next_expiry() == NEVER
    tracker.touch(5, 0)
    assert tracker.next_expiry() == NEVER


def test_a_clock_that_is_set_back_gives_nobody_more_than_his_timeout(client: Client) -> None:
    client.talk.wait(SECOND // 2)
    for timer in client.talk.timers:
        client.talk.timers[timer] -= 60 * SECOND
    client.talk.now -= 60 * SECOND
    client.talk.wait(2 * SECOND)
    assert not client.talk.state.tree.sessions


# ---------------------------------------------------------------- coming back


def test_a_session_goes_on_with_another_connection(client: Client) -> None:
    client.done(EPHEMERAL)
    response = client.connect_again(last=client.talk.zxid)
    assert response == ConnectResponse(client.session_id, client.password, SECOND)
    assert not client.done(Exists("/e")).is_missing


def test_a_session_has_one_connection_the_newest(client: Client) -> None:
    other = client.talk.client("c2")
    assert other.connect(client.session_id, client.password)
    assert client.broken
    assert other.done(Exists("/")).error is Error.OK
    client.talk.wait(SECOND // 2)
    assert len(client.talk.machine.view().connections) == 1


def test_a_wrong_password_is_answered_like_an_expired_session(client: Client) -> None:
    assert client.connect(client.session_id, "guessed") == ConnectResponse(0)


def test_an_expired_session_does_not_come_back(client: Client) -> None:
    session_id, password = client.session_id, client.password
    client.talk.wait(2 * SECOND)
    assert client.connect(session_id, password) == ConnectResponse(0)


def test_a_session_whose_end_is_proposed_does_not_come_back_either(client: Client) -> None:
    client.talk.slow = True
    client.talk.wait(SECOND)
    assert client.connect_again() == ConnectResponse(0)


def test_the_answer_to_a_request_of_the_last_connection_does_not_come_on_the_new_one(client: Client) -> None:
    client.talk.slow = True
    client.ask(Create("/a"))
    client.connect_again()
    client.talk.drain()
    assert client.all_of(Reply) == []
    assert not client.done(Exists("/a")).is_missing


def test_who_comes_back_before_the_end_that_he_has_asked_for_is_told_of_it(client: Client) -> None:
    client.talk.slow = True
    client.ask(CloseSession())
    client.talk.slow = False
    other = client.talk.client("c2")
    assert other.connect(client.session_id, client.password) == ConnectResponse(0)


# ---------------------------------------------------------------- what followers report


class Led:
    """A leader as its followers see it."""

    def __init__(self) -> None:
        self.talk = Talk()
        self.client = self.talk.connected("c1")
        reign = self.talk.state.reign
        assert reign is not None
        self.reign = reign

    def hear(self, source: str, message: Record) -> None:
        self.talk.within(lambda application: application.heard(source, message))


def test_sessions_that_a_follower_has_heard_live_on() -> None:
    led = Led()
    session_id = led.client.session_id
    led.hear("n2", Revalidate(1, session_id, led.client.password))
    led.talk.wait(SECOND // 2)
    before = led.reign.tracker.expires_at[session_id]
    led.hear("n2", Touched((session_id,)))
    assert led.reign.tracker.expires_at[session_id] == led.talk.now + SECOND > before


def test_a_session_that_has_moved_is_not_kept_alive_by_its_old_server() -> None:
    led = Led()
    session_id = led.client.session_id
    led.hear("n2", Revalidate(1, session_id, led.client.password))
    led.talk.wait(SECOND // 2)
    before = led.reign.tracker.expires_at[session_id]
    led.hear("n3", Touched((session_id,)))
    assert led.reign.tracker.expires_at[session_id] == before


def test_the_old_server_sends_the_client_away_when_its_session_has_moved() -> None:
    led = Led()
    led.hear("n2", Revalidate(1, led.client.session_id, led.client.password))
    assert led.client.heard[-1] == Gone("moved")


def test_a_late_request_through_the_old_server_is_refused() -> None:
    led = Led()
    session_id = led.client.session_id
    led.hear("n2", Revalidate(1, session_id, led.client.password))
    led.hear("n1", ForwardedRequest(session_id, 1, Create("/a")))
    assert led.talk.bodies()[-1] == ErrorTxn(Error.SESSIONMOVED)
    led.hear("n2", ForwardedRequest(session_id, 1, Create("/a")))
    assert led.talk.state.tree.get("/a") is not None


def test_the_first_server_that_a_new_leader_hears_a_session_through_is_its_own() -> None:
    led = Led()
    led.hear("n2", OpenSession(1, "c9", SECOND))
    session_id = max(led.talk.state.tree.sessions)
    assert led.reign.tracker.owner[session_id] == "n2"


# ---------------------------------------------------------------- read-only mode


def alone(settings: KeeperSettings) -> Talk:
    """A server that has lost its quorum a while ago."""
    talk = Talk(settings)
    talk.connected("c1").done(Create("/a", "x"))
    talk.within(lambda application: application.lost())
    zab = talk.state.zab.state
    zab.phase, zab.role, zab.leading = "election", "looking", None
    talk.timers.clear()
    talk.now += settings.tick_time
    return talk


def test_without_a_quorum_nobody_is_let_in() -> None:
    talk = alone(KeeperSettings())
    response = talk.client("c2").connect(read_only=True)
    assert response is not None
    assert response.refused == "n1 has no quorum"


def test_a_read_only_server_reads_for_those_who_allow_it() -> None:
    talk = alone(KeeperSettings(read_only_mode=True))
    refused = talk.client("c2").connect()
    assert refused is not None
    assert refused.refused
    client = talk.client("c3")
    response = client.connect(read_only=True)
    assert response is not None
    assert response.read_only
    assert response.session_id < 0
    assert client.done(Exists("/a")).error is Error.OK
    assert client.done(Create("/b")).error is Error.NOTREADONLY
    assert talk.machine.view().role == "read_only"


def test_a_read_only_server_takes_a_session_that_it_knows_and_no_other() -> None:
    talk = alone(KeeperSettings(read_only_mode=True))
    client = talk.clients["c1"]
    known = client.connect(client.session_id, client.password, read_only=True)
    assert known is not None
    assert (known.session_id, known.read_only) == (client.session_id, True)
    wrong = talk.client("c4").connect(client.session_id, "guessed", read_only=True)
    assert wrong is not None
    assert wrong.refused


def test_an_election_alone_makes_nobody_read_only() -> None:
    talk = alone(KeeperSettings(read_only_mode=True))
    talk.now -= 1
    response = talk.client("c2").connect(read_only=True)
    assert response is not None
    assert response.refused


def test_when_there_is_a_quorum_again_read_only_clients_are_sent_to_it() -> None:
    talk = alone(KeeperSettings(read_only_mode=True))
    client = talk.client("c3")
    client.connect(read_only=True)
    talk.within(lambda application: application.following("n2"))
    assert isinstance(client.heard[-1], Gone)


def test_when_the_leader_is_lost_clients_are_sent_away_and_sessions_stay() -> None:
    talk = Talk()
    client = talk.connected("c1")
    talk.within(lambda application: application.lost())
    assert client.heard[-1] == Gone("quorum")
    assert talk.state.tree.sessions
    talk.wait(10 * SECOND)
    assert talk.state.tree.sessions
