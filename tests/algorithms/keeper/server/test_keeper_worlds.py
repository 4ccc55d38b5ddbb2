"""Servers and clients in real worlds: stories of one fault each, and seeds of many."""

from __future__ import annotations

import pytest
from keeper_world import Keepers

from algorithms.keeper.client_settings import KeeperClientSettings
from algorithms.keeper.commands import AddWatch, Create, Exists, GetData, Mode, Reconnect, SetData, Sync
from algorithms.keeper.settings import KeeperSettings
from algorithms.keeper.zxid import Zxid
from algorithms.machine import Failed, Ok, Unknown
from nodes.faults import Heal, Kill, Partition, Pause, PowerLoss, Restart, Resume, Slow


def keepers(servers: int = 3, clients: int = 2, **wanted: object) -> Keepers:
    """A world in which everybody is connected, `c1` to `n1`, and so on."""
    found = Keepers(1, servers, clients, settings=KeeperSettings(), **wanted)  # type: ignore[arg-type]
    found.run(1.5)
    return found


def value(found: Keepers, client: str, path: str = "/a") -> object:
    outcome = found.do(client, GetData(path))
    return outcome.value if isinstance(outcome, Ok) else outcome


# ---------------------------------------------------------------- leaders come and go


def test_what_is_acknowledged_outlives_the_leader_and_sessions_go_on() -> None:
    found = keepers(clients=3)
    assert found.do("c1", Create("/a", "x")) == Ok("/a")
    assert found.do("c2", Create("/e", "", Mode.EPHEMERAL)) == Ok("/e")
    sessions = {name: found.client(name).session_id for name in found.clients}
    found.world.inject(Kill(found.leader()))
    found.run(2)
    for name in found.clients:
        assert found.client(name).session_id == sessions[name], name
        assert value(found, name) == "x"
        assert found.do(name, Exists("/e")) == Ok(True)


def test_a_new_leader_gives_out_other_session_ids() -> None:
    found = keepers(clients=1)
    first = found.client("c1").session_id
    found.world.inject(Kill(found.leader()))
    found.run(1)
    found.world.inject(Restart("c1"))
    found.run(1)
    assert found.client("c1").session_id >> 32 > first >> 32


def test_the_whole_ensemble_may_lose_power() -> None:
    found = keepers()
    assert found.do("c1", Create("/a", "x")) == Ok("/a")
    assert found.do("c1", Create("/e", "", Mode.EPHEMERAL)) == Ok("/e")
    for name in found.names:
        found.world.inject(PowerLoss(name))
    found.run(3)
    for name in found.names:
        found.world.inject(Restart(name))
    found.run(2)
    assert value(found, "c2") == "x"
    assert found.do("c2", Exists("/e")) == Ok(True)


# ---------------------------------------------------------------- without a quorum


def test_without_a_quorum_writes_are_refused_and_sessions_are_suspended_and_not_expired() -> None:
    found = keepers()
    assert found.do("c1", Create("/e", "", Mode.EPHEMERAL)) == Ok("/e")
    session_id = found.client("c1").session_id
    for name in ("n2", "n3"):
        found.world.inject(Kill(name))
    found.run(1)
    outcome = found.do("c1", Create("/a"))
    assert isinstance(outcome, Failed)
    assert "OPERATIONTIMEOUT" in outcome.reason
    found.run(10)
    assert found.client("c1").status == "suspended"
    found.world.inject(Restart("n2"))
    found.run(2)
    assert found.client("c1").session_id == session_id
    assert found.do("c1", Exists("/e")) == Ok(True)


def test_a_write_that_was_under_way_when_the_connection_broke_may_be_done() -> None:
    found = keepers()
    leader = found.leader()
    others = tuple(name for name in found.names if name != leader)
    found.world.inject(Partition(((leader,), others)))
    number = found.ask("c1", Create("/a"))
    found.run(2)
    assert isinstance(found.world.outcomes[number], Unknown)


def test_a_server_alone_reads_for_those_who_allow_it() -> None:
    found = Keepers(
        1,
        3,
        2,
        settings=KeeperSettings(read_only_mode=True),
        client_settings=KeeperClientSettings(can_be_read_only=True),
    )
    found.run(1.5)
    assert found.do("c1", Create("/a", "x")) == Ok("/a")
    found.run(0.5)
    session_id = found.client("c1").session_id
    for name in ("n2", "n3"):
        found.world.inject(Kill(name))
    found.run(2)
    assert found.client("c1").status == "read_only"
    assert found.server("n1").view().role == "read_only"
    assert value(found, "c1") == "x"
    refused = found.do("c1", SetData("/a", "y"))
    assert isinstance(refused, Failed)
    assert "NOTREADONLY" in refused.reason
    found.world.inject(Restart("n2"))
    found.run(2)
    assert (found.client("c1").status, found.client("c1").session_id) == ("connected", session_id)
    assert found.do("c1", SetData("/a", "y")) == Ok(1)


# ---------------------------------------------------------------- sessions


def test_a_client_that_stands_still_for_too_long_loses_its_session_and_hears_of_it() -> None:
    found = keepers()
    assert found.do("c1", Create("/e", "", Mode.EPHEMERAL)) == Ok("/e")
    first = found.client("c1").session_id
    assert found.do("c2", AddWatch("/e")) == Ok(None)
    found.world.inject(Pause("c1"))
    found.run(2)
    assert found.do("c2", Exists("/e")) == Ok(False)
    assert found.client("c2").notifications == 1
    found.world.inject(Resume("c1"))
    found.run(1)
    assert found.client("c1").session_id not in (0, first)


def test_a_session_moves_with_its_client() -> None:
    found = keepers()
    assert found.do("c1", Create("/e", "", Mode.EPHEMERAL)) == Ok("/e")
    session_id = found.client("c1").session_id
    for server in ("n3", "n2", "n3", "n1"):
        found.do("c1", Reconnect(server))
        found.run(0.2)
        assert (found.client("c1").status, found.client("c1").server) == ("connected", server)
        assert found.client("c1").session_id == session_id
        here = [name for name in found.names if session_id in found.server(name).state.by_session]
        assert here == [server]
    found.run(5)
    assert found.do("c2", Exists("/e")) == Ok(True)


def test_a_client_does_not_go_back_in_time_to_a_server_that_lags() -> None:
    found = keepers()
    leader = found.leader()
    late, ahead = [name for name in found.names if name != leader]
    found.do("c1", Reconnect(ahead))
    assert found.do("c1", Create("/a", "x")) == Ok("/a")
    found.world.inject(Slow(leader, late, 300_000))
    assert found.do("c1", SetData("/a", "y")) == Ok(1)
    found.do("c1", Reconnect(late))
    found.run(0.02)
    assert found.client("c1").server != late or found.client("c1").status != "connected"
    assert value(found, "c1") == "y"


def test_a_read_may_be_stale_and_a_sync_cures_it() -> None:
    found = keepers()
    leader = found.leader()
    late = next(name for name in found.names if name != leader)
    found.do("c2", Reconnect(leader))
    found.do("c1", Reconnect(late))
    assert found.do("c2", Create("/a", "old")) == Ok("/a")
    found.run(0.2)
    found.world.inject(Slow(leader, late, 200_000))
    assert found.do("c2", SetData("/a", "new")) == Ok(1)
    assert value(found, "c1") == "old"
    assert found.do("c1", Sync("/a")) == Ok(None)
    assert value(found, "c1") == "new"


# ---------------------------------------------------------------- observers


def test_an_observer_serves_like_a_follower_and_does_not_count() -> None:
    found = keepers(servers=3, clients=4, observers=1)
    found.do("c4", Reconnect("n4"))
    assert found.server("n4").view().role == "observing"
    assert found.do("c4", Create("/a", "x")) == Ok("/a")
    assert value(found, "c4") == "x"
    found.world.inject(Kill("n4"))
    assert found.do("c1", SetData("/a", "y")) == Ok(1)
    found.world.inject(Restart("n4"))
    found.run(1)
    for name in ("n1", "n2"):
        found.world.inject(Kill(name))
    found.run(1)
    assert not found.server("n4").state.zab.serves


# ---------------------------------------------------------------- seeds


def test_nothing_expires_while_all_is_well() -> None:
    found = keepers(servers=5, clients=5)
    sessions = {found.client(name).session_id for name in found.clients}
    found.run(30)
    assert {found.client(name).session_id for name in found.clients} == sessions


def test_an_idle_ensemble_commits_nothing() -> None:
    found = keepers()
    before = found.server("n1").state.tree.last_zxid
    found.run(10)
    assert found.server("n1").state.tree.last_zxid == before > Zxid(1, 0)


@pytest.mark.parametrize("seed", range(8))
def test_the_laws_hold_whatever_goes_wrong(seed: int) -> None:
    found = Keepers(seed, (3, 5, 3, 4)[seed % 4], 3, observers=seed % 3 == 0)
    found.prepare()
    found.work(8)
    found.world.inject(Heal())
    found.calm_down()


def test_the_same_seed_gives_the_same_history() -> None:
    ends = []
    for _ in range(2):
        found = Keepers(3, 3, 3)
        found.prepare()
        found.work(4)
        ends.append((found.world.turns, found.world.now, found.world.outcomes))
    assert ends[0] == ends[1]
