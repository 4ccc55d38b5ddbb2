"""Spec, seed and interventions are the whole run."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import trio

from algorithms.kv import Get, Put
from algorithms.machine import Effect, Event, Failed, Ok, Record
from nodes.host import SteppingClock, open_host
from nodes.world import MachineFailed
from playground.cluster import open_cluster, run
from playground.digest import Digest
from playground.errors import BadInput
from playground.session import Intervention, Session, load, replay, save
from playground.spec import DEFAULT_SPEC, Spec
from playground.workload import WorkloadSpec

SECOND = 1_000_000
WORKING = Spec(clients=("c1", "c2"), workload=WorkloadSpec(rate=20))
STORY = ((0.5, "kill leader(raft)"), (0.9, "cut n1 -> n2"), (1.1, "put x 1"), (1.4, "heal"), (1.6, "restart all"))


class Broken:
    """A machine with a bug."""

    def handle(self, event: Event, now: int) -> Sequence[Effect]:
        raise ValueError("it cannot boot")

    def view(self) -> Record:
        raise ValueError("it has no view")


def story(session: Session, until: float = 3.0) -> None:
    for at, line in STORY:
        session.run_until(int(at * SECOND))
        session.do(line)
    session.run_until(int(until * SECOND))


def digest_of(seed: int, **changes: bool) -> str:
    digest = Digest()
    session = Session(WORKING, seed, (digest.observe,))
    session.world.drop_notes = changes.get("drop_notes", False)
    if changes.get("onlookers"):
        session.world.add_observer(lambda observation: None)
    story(session)
    return digest.hexdigest()


def test_selectors_are_recorded_resolved() -> None:
    session = Session(DEFAULT_SPEC, 1)
    session.run_until(SECOND)
    leader = session.leader("raft")
    assert session.do("kill leader(raft)").text == f"kill {leader}"
    assert session.interventions == [Intervention(SECOND, f"kill {leader}")]


def test_a_request_ends_with_an_outcome_that_can_be_taken_once() -> None:
    session = Session(DEFAULT_SPEC, 1)
    done = session.do("put x 1")
    assert done.request_id is not None
    session.run_until(SECOND)
    assert session.outcome(done.request_id) == Ok(None)
    assert session.outcome(done.request_id) is None


def test_what_makes_no_sense_now_is_refused_and_not_recorded() -> None:
    session = Session(DEFAULT_SPEC, 1)
    with pytest.raises(BadInput):
        session.do("kill leader(raft)")
    assert session.interventions == []


def test_what_a_machine_of_ours_fails_over_is_in_the_recording() -> None:
    session = Session(DEFAULT_SPEC, 1)
    session.run_until(SECOND)
    session.do("kill n1")
    session.world.node("n1").factories["raft"] = Broken
    with pytest.raises(MachineFailed, match="cannot boot"):
        session.do("restart n1")
    assert session.interventions[-1] == Intervention(SECOND, "restart n1")


@pytest.mark.parametrize("seed", [1, 2])
def test_onlookers_and_dropped_notes_change_nothing(seed: int) -> None:
    expected = digest_of(seed)
    assert digest_of(seed, onlookers=True) == expected
    assert digest_of(seed, drop_notes=True) == expected


def test_another_seed_is_another_history() -> None:
    assert digest_of(1) != digest_of(2)


def test_a_saved_recording_replays_to_the_same_digest() -> None:
    first, second = Digest(), Digest()
    session = Session(WORKING, 5, (first.observe,))
    story(session)
    recording = load(save(session.recording()), "test")
    assert recording == session.recording()
    replay(recording, observers=(second.observe,))
    assert second.hexdigest() == first.hexdigest()


def test_deeds_of_one_instant_replay_in_their_order() -> None:
    """The question is put before its client dies: a replay that forgot this would hear that the client is down."""
    first, second = Digest(), Digest()
    session = Session(DEFAULT_SPEC, 1, (first.observe,))
    session.run_until(SECOND)
    session.do("put x 1")
    session.do("kill c1")
    session.do("restart c1")
    session.do("get x")
    session.run_until(2 * SECOND)
    replay(session.recording(), observers=(second.observe,))
    assert second.hexdigest() == first.hexdigest()


def test_a_deed_comes_behind_all_that_happens_in_its_instant() -> None:
    session = Session(DEFAULT_SPEC, 1)
    while session.world.next_at() != session.world.now:
        session.world.step()
    session.do("pause n1")
    next_at = session.world.next_at()
    assert next_at is not None
    assert next_at > session.world.now == session.interventions[0].at


def test_a_fork_has_another_future_and_leaves_the_first_alone() -> None:
    session = Session(WORKING, 5)
    session.run_until(SECOND)
    other = session.fork()
    other.do("kill leader(raft)")
    assert session.interventions == []
    assert session.world.node(other.interventions[0].text.split()[1]).up
    for each in (session, other):
        each.run_until(3 * SECOND)
    assert session.leader("raft") != other.leader("raft")


def test_a_recording_can_be_replayed_up_to_any_time() -> None:
    session = Session(WORKING, 5)
    story(session)
    earlier = replay(session.recording(), int(0.7 * SECOND))
    assert earlier.world.now == int(0.7 * SECOND)
    assert [each.at for each in earlier.interventions] == [SECOND // 2]


def test_a_file_that_is_no_recording_is_refused_in_a_sentence() -> None:
    with pytest.raises(BadInput, match=r"notes\.txt is not a recording of the playground"):
        load(b"hello", "notes.txt")


def test_a_pickled_world_goes_on_the_same() -> None:
    session = Session(WORKING, 3)
    session.run_until(SECOND)
    copy = pickle.loads(pickle.dumps(session.world))
    digests = []
    for world in (session.world, copy):
        digest = Digest()
        world.add_observer(digest.observe)
        world.run_until(2 * SECOND)
        digests.append(digest.hexdigest())
    assert digests[0] == digests[1]


def under_trio(seed: int) -> str:
    """The same story, told by a Trio task that sleeps between its deeds."""
    digest = Digest()

    async def main() -> None:
        session = Session(WORKING, seed, (digest.observe,))
        async with open_host(session.world) as host:
            for at, line in (*STORY, (3.0, "")):
                await host.sleep(int(at * SECOND) - host.now)
                if line:
                    session.do(line)

    trio.run(main, clock=SteppingClock())
    return digest.hexdigest()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_story_has_one_history_with_and_without_trio(seed: int) -> None:
    assert under_trio(seed) == digest_of(seed)


SCRIPT = "import sys; sys.path[:0] = {path!r}; from test_session import digest_of; print(digest_of(4))"


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_processes_and_hash_seeds_do_not_matter(hash_seed: str) -> None:
    here = Path(__file__).parent
    script = SCRIPT.format(path=[str(here), str(here.parents[1])])
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    found = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=True, text=True)
    assert found.stdout.strip() == digest_of(4)


# ---------------------------------------------------------------- the API for users' own tests


def test_a_users_test_kills_a_leader_and_goes_on() -> None:
    async def main() -> None:
        async with open_cluster(DEFAULT_SPEC, seed=7) as cluster:
            await cluster.until(lambda: cluster.leader("raft") is not None, within=2.0)
            assert await cluster.call("raft", Put("x", 1)) == Ok(None)
            first = cluster.leader("raft")
            assert first is not None
            await cluster.kill(first)
            await cluster.until(lambda: cluster.leader("raft") not in (None, first), within=2.0)
            assert await cluster.call("raft", Get("x")) == Ok(1)

    run(main)


def test_a_users_test_speaks_the_command_language() -> None:
    async def main() -> None:
        async with open_cluster(seed=7) as cluster:
            await cluster.sleep(1.0)
            assert await cluster.do("put x 5") == Ok(None)
            assert await cluster.do("partition n1 n2 | n3 n4 n5") is None
            assert cluster.world.network.blocked("n1", "n3")
            with pytest.raises(BadInput, match="n9"):
                await cluster.do("kill n9")

    run(main)


def test_a_users_test_can_be_saved_and_replayed() -> None:
    """Whatever it did through the cluster's verbs, and in the middle of whichever instant it was woken."""
    first, second = Digest(), Digest()

    async def main() -> Session:
        async with open_cluster(DEFAULT_SPEC, seed=7, observers=(first.observe,)) as cluster:
            await cluster.until(lambda: cluster.leader("raft") is not None, within=2.0)
            for number in range(5):
                leader = cluster.leader("raft")
                await cluster.call("raft", Put("x", number))
                if leader:
                    await cluster.kill(leader)
                    assert await cluster.call("raft", Put("y", number)) == Ok(None)
                    await cluster.restart(leader)
            await cluster.sleep(0.5)
            return cluster.session

    recording = run(main).recording()
    replay(recording, observers=(second.observe,))
    assert len(recording.interventions) > 10
    assert second.hexdigest() == first.hexdigest()


def test_a_call_for_a_client_that_does_not_exist_is_refused() -> None:
    async def main() -> None:
        async with open_cluster(seed=7) as cluster:
            with pytest.raises(BadInput, match="c9"):
                await cluster.call("raft", Get("x"), client="c9")
            with pytest.raises(BadInput, match="rafd"):
                await cluster.call("rafd", Get("x"))

    run(main)


def test_a_minority_never_answers_ok() -> None:
    async def main() -> None:
        async with open_cluster(seed=7) as cluster:
            await cluster.sleep(1.0)
            await cluster.kill("n1", "n2", "n3")
            result = await cluster.call("raft", Get("x"))
            assert isinstance(result, Failed)

    run(main)


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock()


@pytest.mark.trio
async def test_a_pytest_trio_test_needs_only_the_clock_fixture(clock: SteppingClock) -> None:
    async with open_cluster(seed=3) as cluster:
        await cluster.until(lambda: cluster.leader("raft") is not None, within=2.0)
        assert trio.current_time() == pytest.approx(cluster.now)
