"""A live run: it stands at its horizon between slices, so that what is done replays, and overload slows it, not us."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from algorithms.machine import Ok, Save, TimerFired
from algorithms.ring.machine import RingMachine
from nodes.observation import Turn
from playground.errors import BadInput
from playground.session import Session
from playground.spec import DEFAULT_SPEC, PLAY_SPEC
from playground.standing import in_role
from tui.live import LiveRun
from tui.opening import earlier, fresh
from tui.pace import UNLIMITED, Pace

SECOND = 1_000_000


@pytest.fixture
def run() -> Iterator[LiveRun]:
    made = fresh(DEFAULT_SPEC, 7, Pace(1.0, hurry=1.0))
    yield made
    made.close()


def leaders(run: LiveRun) -> tuple[str, ...]:
    return in_role(run.session.world, "raft", "leader")


def test_a_frame_goes_as_far_as_the_pace_says(run: LiveRun) -> None:
    run.advance(0.5)
    assert run.work(10.0)
    assert run.now == 500_000


def test_paused_means_that_frames_change_nothing(run: LiveRun) -> None:
    run.paused = True
    run.advance(0.5)
    assert run.work(10.0)
    assert run.now == 0


def test_a_step_is_the_next_thing_that_anybody_can_see(run: LiveRun) -> None:
    before = run.session.world.turns
    assert run.step()
    assert run.session.world.turns > before
    assert run.paused


def test_what_is_not_reached_in_a_frame_is_not_made_up_for(run: LiveRun) -> None:
    run.advance(3600.0)
    assert not run.work(0.01)
    run.advance(0.01)
    assert run.behind
    stood = run.horizon
    assert run.work(10.0)
    assert run.now == stood + 10_000


def test_unlimited_goes_on_until_the_slice_ends(run: LiveRun) -> None:
    run.pace = Pace(UNLIMITED)
    run.advance(0.03)
    assert not run.work(0.02)
    assert run.now > 0
    run.settle()
    assert run.now == run.horizon


def test_what_is_done_between_slices_replays_the_same(run: LiveRun) -> None:
    for _ in range(60):
        run.advance(0.033)
        run.work(10.0)
    run.do("kill leader(raft)")
    run.advance(2.0)
    run.work(10.0)
    again = Session(DEFAULT_SPEC, 7)
    for each in run.session.interventions:
        again.run_until(each.at)
        again.do(each.text)
    again.run_until(run.now)
    assert again.world.turns == run.session.world.turns
    assert in_role(again.world, "raft", "leader") == leaders(run)


def test_results_come_when_they_arrive(run: LiveRun) -> None:
    run.run_to(2 * SECOND)
    run.do("put x 41")
    assert run.answers() == []
    run.run_to(3 * SECOND)
    assert [outcome for _, outcome in run.answers()] == [Ok(None)]
    assert run.answers() == []


def test_a_mistake_changes_nothing(run: LiveRun) -> None:
    with pytest.raises(BadInput, match="kil"):
        run.do("kil n1")
    assert run.session.interventions == []


def test_going_back_is_the_same_run_again_up_to_then(run: LiveRun) -> None:
    run.run_to(1 * SECOND)
    run.do("kill n1")
    run.run_to(2 * SECOND)
    turns = run.session.world.turns
    past = earlier(run, 500_000)
    assert past.now == 500_000
    assert past.session.world.node("n1").up
    past.run_to(2 * SECOND)
    assert not past.session.world.node("n1").up
    assert past.session.world.turns == turns
    past.close()


def test_whoever_acts_in_the_past_gets_another_future(run: LiveRun) -> None:
    run.run_to(1 * SECOND)
    run.do("kill n1")
    past = earlier(run, 500_000)
    past.do("kill n2")
    past.run_to(2 * SECOND)
    assert past.session.world.node("n1").up
    assert [each.text for each in past.session.interventions] == ["kill n2"]
    past.close()


def test_time_hurries_until_something_is_under_way(run: LiveRun) -> None:
    run.pace = Pace(0.01, hurry=20.0)
    while run.waiting:
        run.advance(1.0)
        run.work(10.0)
        assert run.now <= 300_000
    assert {packet.sent for _, packet in run.session.world.in_flight()} == {run.now}
    departed = run.now
    run.advance(0.1)
    run.work(10.0)
    assert run.now == departed + 1_000


# ---------------------------------------------------------------- several services


@pytest.fixture
def both() -> Iterator[LiveRun]:
    made = fresh(PLAY_SPEC, 7, Pace(1.0, hurry=1.0))
    yield made
    made.close()


def test_a_file_that_was_read_back_is_told_with_its_bytes_compared(both: LiveRun, tmp_path: Path) -> None:
    (tmp_path / "note").write_bytes(b"wind tunnel" * 1_000)
    both.run_to(SECOND)
    both.do(f'file put "{tmp_path / "note"}" as note')
    both.run_to(2 * SECOND)
    assert [outcome for _, outcome in both.answers()] == [Ok("note")]
    both.do("file get note")
    both.run_to(3 * SECOND)
    [(told, _)] = both.answers()
    assert told.startswith("note: 3 chunks, 11.0 kB, came back whole, SHA-256 ")
    assert both.answers() == []


def test_every_service_is_watched(both: LiveRun) -> None:
    both.run_to(SECOND)
    assert both.verdict.watched == 30
    assert both.verdict.violation == ""
    machine = both.session.world.machine("n1", "ring")
    assert isinstance(machine, RingMachine)
    forged = msgspec.structs.replace(machine.state.ring, proposer="n1", members=machine.state.ring.members[:4])
    tell = both.judges[1].observe
    tell(Turn(both.now, "n1", "ring", TimerFired("settle"), (Save("ring", forged),)))
    assert both.verdict.violation.startswith("one-owner: epoch 1 has two tables")
