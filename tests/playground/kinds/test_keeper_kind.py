"""A keeper as a kind of service: whom selectors mean, what conditions ask, what reports say, when it is calm."""

from __future__ import annotations

import pytest

from algorithms.keeper import commands
from algorithms.keeper.client_settings import KeeperClientSettings
from algorithms.machine import Failed, Ok, Unknown
from nodes.world import World
from playground.commands import parse_condition
from playground.errors import BadInput
from playground.kinds.keeper import KeeperKind
from playground.kinds.keeper_ledger import KeeperLedger
from playground.kinds.keeper_reading import KeeperReading
from playground.kinds.keeper_section import KeeperFacts, section_of
from playground.kinds.keeper_settling import KeeperSettling
from playground.kinds.keeper_standing import in_role, servers, unrest
from playground.kinds.keeper_watcher import KeeperWatcher
from playground.predicates import evaluate, look_up
from playground.session import Session
from playground.spec import KEEPER, RING, ServiceSpec, Spec

SECOND = 1_000_000


@pytest.fixture
def keeper() -> Session:
    """Five servers and three clients, half a second after their boot."""
    session = Session(Spec(clients=("c1", "c2", "c3"), services=(KEEPER,)), 1)
    session.run_until(SECOND // 2)
    return session


def done(session: Session, *lines: str, seconds: float = 0.2) -> None:
    for line in lines:
        session.do(line)
        session.run_until(session.world.now + int(seconds * SECOND))


def holds(session: Session, text: str) -> bool:
    return evaluate(parse_condition(text), session)


def told(session: Session, line: str) -> str:
    with pytest.raises(BadInput) as caught:
        session.do(line)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# ---------------------------------------------------------------- who is what


def test_the_leader_is_the_one_that_may_broadcast(keeper: Session) -> None:
    (leader,) = in_role(keeper.world, "keeper", "leader")
    assert servers(keeper.world, "keeper")[leader].zab.leads
    assert holds(keeper, f"leader(keeper) == {leader} and role({leader}) == leading")
    assert holds(keeper, "count(following(keeper)) == 4 and count(follower(keeper)) == 4")
    assert keeper.do("kill leader(keeper)").text == f"kill {leader}"
    assert holds(keeper, f"not leader(keeper) and not role({leader}) == leading")


def test_places_are_clients_and_servers(keeper: Session) -> None:
    done(keeper, "lock /l on c2", "create /e --ephemeral on c3")
    assert keeper.do("pause lock-holder(/l)").text == "pause c2"
    assert keeper.do("pause znode-owner(/e)").text == "pause c3"
    server = look_up(parse_condition("server-of(c1)"), keeper)  # type: ignore[arg-type]
    assert keeper.do("kill server-of(c1)").text == f"kill {server}"


def test_what_is_nowhere_is_told(keeper: Session) -> None:
    assert told(keeper, "pause lock-holder(/l)") == "nobody holds the lock at /l now"
    assert told(keeper, "pause znode-owner(/e)") == "nobody owns an ephemeral znode at /e now"
    assert told(keeper, "kill server-of(c9)") == '"c9" is no client that is up; there are c1, c2, c3'
    assert told(keeper, 'pause lock-holder("l")') == '"l" is no path: a path begins with "/"'
    assert "there is no server" in told(keeper, "reconnect c2 on c1")
    assert 'keeper does not know "put"; it knows create' in told(keeper, "put x 1")
    why = "keeper has znodes, whose paths begin with / and are not quoted"
    assert told(keeper, "get x") == f"{why}: get /a"
    assert told(keeper, "elect orders/0") == f"{why}: elect /a"
    assert "keeper has no candidate; its roles are leader, follower, leading" in told(keeper, "kill candidate(keeper)")


def test_a_path_goes_to_the_keeper_and_a_key_to_the_ring() -> None:
    session = Session(Spec(clients=("c1",), services=(RING, KEEPER)), 1)
    session.run_until(SECOND)
    assert session.do("get x").text == "ring: get x on c1"
    assert session.do("get /x").text == "keeper: get /x on c1"
    assert session.do('delete "/x"').text == 'ring: delete "/x" on c1'


def test_a_node_that_comes_later_observes_and_serves() -> None:
    session = Session(Spec(clients=("c1",), services=(RING, KEEPER)), 1)
    session.run_until(SECOND)
    done(session, "add node n6", "create /a 1", "reconnect n6", "get /a", seconds=1)
    assert holds(session, 'role(n6, keeper) == observing and server-of(c1) == n6 and answer() == "1"')
    assert KeeperKind().names(session.world, "keeper", "znodes")
    assert unrest(session.world, "keeper") == ""


# ---------------------------------------------------------------- questions


def test_questions_about_znodes(keeper: Session) -> None:
    done(keeper, "create /a 1", "create /a/b two", "set /a 7")
    for text in (
        "znode(/a)", "not znode(/b)", "data(/a) == 7", "data(/a/b) == two", "version(/a) == 1", "children(/a) == 1",
        "not data(/b) == 1", "data(/a, n3) == 7", "zxid(n1) == zxid(keeper)", "logged(n2) == zxid(n2)",
    ):  # fmt: skip
        assert holds(keeper, text), text


def test_questions_about_sessions_and_locks(keeper: Session) -> None:
    done(keeper, "lock /l on c1", "lock /l on c2", "get / --watch on c3", "ls / --watch on c3")
    for text in (
        "sessions(keeper) == 3", "session(c1) == connected", "expired(keeper) == 0", "reign(keeper) == 1",
        "lock-holder(/l) == c1", "believers(/l) == c1", "watches(keeper) == 3", "notified(keeper) == 0",
    ):  # fmt: skip
        assert holds(keeper, text), text
    done(keeper, "unlock /l on c1", "create /a")
    assert holds(keeper, "lock-holder(/l) == c2 and notified(c2) == 1 and notified(c3) == 1 and notified(keeper) == 2")


def test_questions_about_the_resource(keeper: Session) -> None:
    done(keeper, "lock /l on c1", "guarded /l ledger x on c1")
    assert holds(keeper, "resource(ledger) == x and rejected(keeper) == 0 and overwritten(keeper) == 0")
    assert holds(keeper, "not resource(other) == x")


def test_the_newest_answer_is_a_value_or_done(keeper: Session) -> None:
    done(keeper, "create /a 1")
    assert holds(keeper, 'answer() == "/a"')
    done(keeper, "get /a")
    assert holds(keeper, 'answer() == "1"')
    done(keeper, "delete /a")
    assert holds(keeper, "answer() == done")
    done(keeper, "delete /a")
    assert holds(keeper, "answer() == failed")


def test_what_is_no_path_is_told(keeper: Session) -> None:
    with pytest.raises(BadInput, match='"a" is no path'):
        holds(keeper, "znode(a)")


def test_nobody_that_is_up_says_nothing(keeper: Session) -> None:
    done(keeper, "kill n1 n2 n3 n4 n5")
    for text in ("znode(/a)", "zxid(keeper) == 0", "lock-holder(/l)", "believers(/l)", "reign(n1) == 1"):
        assert not holds(keeper, text), text


# ---------------------------------------------------------------- what is told


def section(session: Session) -> tuple[tuple[str, ...], KeeperFacts]:
    ledger = session.ledgers["keeper"]
    assert isinstance(ledger, KeeperLedger)
    found = section_of(session.world, "keeper", ledger)
    assert found is not None
    assert isinstance(found.facts, KeeperFacts)
    return found.lines, found.facts


def test_a_report_counts_reigns_sessions_and_guarded_writes(keeper: Session) -> None:
    done(keeper, "lock /l on c1", "guarded /l ledger x on c1", "kill leader(keeper)", seconds=1)
    lines, facts = section(keeper)
    assert (facts.epoch, facts.reigns, facts.sessions, facts.guarded_accepted) == (2, 2, 3, 1)
    assert 50_000 < facts.without_leader < SECOND
    assert any(line.startswith("1 guarded write: 0 rejected by their token") for line in lines)


def test_a_report_of_a_dead_keeper_says_nothing(keeper: Session) -> None:
    done(keeper, "kill n1 n2 n3 n4 n5")
    ledger = keeper.ledgers["keeper"]
    assert KeeperKind().section(keeper.world, "keeper", ledger) is None


def test_each_server_stands_somewhere(keeper: Session) -> None:
    done(keeper, "kill n1")
    lines = KeeperKind().standing(keeper.world, "keeper")
    assert len(lines) == 4
    assert any("leading, epoch 1, applied 0x1_" in line for line in lines)


def test_histories_tell_of_paths_and_resources() -> None:
    reading = KeeperReading()
    assert reading.call(commands.SetData("/a", "1")) == ("set", "/a", "1")
    assert reading.call(commands.GetData("/a", True)) == ("get", "/a", None)
    assert reading.call(commands.Guarded("/l", "ledger", "x")) == ("guarded", "ledger", "x")
    assert reading.call(commands.Multi((commands.Delete("/a"), commands.Check("/b")))) == ("multi", "/a /b", None)
    assert reading.call(commands.Reconnect("n1")) is None
    assert reading.outcome(commands.GetData("/a"), Ok("1")) == ("ok", "1")
    assert reading.outcome(commands.GetData("/a"), Failed("NONODE")) == ("fail", None)
    assert reading.outcome(commands.Delete("/a"), Unknown("CONNECTIONLOSS")) == ("info", None)


# ---------------------------------------------------------------- whether it is calm


def settled(session: Session) -> str:
    """What it says in the end, looking every 50 ms for three seconds."""
    settling, found, end = KeeperSettling(session, "keeper"), None, session.world.now + 3 * SECOND
    while found is None and session.world.now < end:
        session.run_until(session.world.now + 50_000)
        found = settling.look()
    return found or settling.why_not()


def test_a_keeper_with_a_leader_and_a_fresh_write_is_calm(keeper: Session) -> None:
    assert unrest(keeper.world, "keeper") == ""
    assert settled(keeper) == "a leader was broadcasting, and a fresh write was on every server"


def test_without_a_quorum_nothing_is_calm(keeper: Session) -> None:
    done(keeper, "kill n1 n2 n3")
    assert settled(keeper) == "no client has been told ok: there is no leader with a quorum"


def test_a_server_that_is_cut_off_is_not_calm(keeper: Session) -> None:
    done(keeper, "isolate n1", seconds=2)
    assert unrest(keeper.world, "keeper") == "n1 is looking"


def test_a_live_watcher_finds_nothing_in_a_healthy_keeper_and_a_planted_leader() -> None:
    session = Session(Spec(clients=("c1",), services=(KEEPER,)), 1)
    watcher = KeeperWatcher(session.world, "keeper")
    session.world.add_observer(watcher.observe)
    session.run_until(SECOND)
    assert (watcher.rules, watcher.violations) == (7, ())
    state = next(state for state in servers(session.world, "keeper").values() if not state.zab.leads)
    state.zab.state.role, state.zab.state.phase = "leading", "broadcast"
    session.run_until(SECOND + SECOND // 5)
    assert any("both led epoch 1" in each for each in watcher.violations)


def test_the_resource_lives_where_the_clients_say() -> None:
    client = KeeperClientSettings(resource_node="n3")
    session = Session(Spec(clients=("c1",), services=(ServiceSpec("keeper", "keeper", KEEPER.settings, client),)), 1)
    session.run_until(SECOND // 2)
    done(session, "lock /l", "guarded /l ledger x")
    world: World = session.world
    assert [name for name, state in servers(world, "keeper").items() if state.resources.held] == ["n3"]
