"""What clients do of their own accord."""

from __future__ import annotations

import pickle
from collections import Counter

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from algorithms import kv
from algorithms.machine import Answer, Cell, Invoke, Ok, Saved, Started, TimerFired
from algorithms.replicated.client import LogClient
from algorithms.replicated.client_settings import LogClientSettings
from playground.history import HistoryRecorder
from playground.session import Session
from playground.spec import DEFAULT_SPEC
from playground.workload import NEXT, Life, Workload, WorkloadSpec

SECOND = 1_000_000


def workload(spec: WorkloadSpec, seed: int | str = 1, lives: int = 0) -> Workload:
    made = Workload(LogClient("c1", ("n1",), LogClientSettings()), spec, "c1", seed)
    made.handle(Started(Saved((Cell(NEXT, Life(lives)),) if lives else ())), 0)
    return made


def commands(spec: WorkloadSpec, count: int, seed: int | str = 1, lives: int = 0) -> list[kv.Command]:
    made = workload(spec, seed, lives)
    found = []
    for _ in range(count):
        for effect in made.handle(TimerFired(NEXT), 0):
            if isinstance(effect, Invoke):
                assert isinstance(effect.command, kv.Command)
                found.append(effect.command)
    return found


def history(spec: WorkloadSpec, seconds: int = 5) -> HistoryRecorder:
    recorder = HistoryRecorder("raft", ("c1",))
    session = Session(msgspec.structs.replace(DEFAULT_SPEC, workload=spec), 1, (recorder.observe,))
    session.run_until(seconds * SECOND)
    return recorder


def test_an_open_loop_asks_so_many_times_a_second_whatever_comes_back() -> None:
    assert 90 <= len(history(WorkloadSpec(rate=20)).operations) <= 110


def test_a_closed_loop_waits_for_its_answer() -> None:
    operations = history(WorkloadSpec(kind="closed", concurrency=2, think=10_000)).operations
    assert len(operations) > 50
    assert {each.process for each in operations} <= {"c1/0", "c1/1"}


def test_a_workload_ends_at_its_time() -> None:
    operations = history(WorkloadSpec(rate=50, until=2 * SECOND)).operations
    assert max(each.invoked_at or 0 for each in operations) < 2 * SECOND


@given(st.text(max_size=5), st.integers(1, 9))
def test_every_value_is_written_once(seed: str, keys: int) -> None:
    written = values(commands(WorkloadSpec(keys=keys), 60, seed))
    assert len(written) == len(set(written))


def values(commands: list[kv.Command]) -> list[kv.Value]:
    writes = [each for each in commands if not isinstance(each, kv.Get)]
    return [each.new if isinstance(each, kv.CompareAndSet) else each.value for each in writes]


def test_no_life_of_a_client_writes_the_values_of_another() -> None:
    written = [value for lives in range(12) for value in values(commands(WorkloadSpec(get=0), 60, 1, lives))]
    assert len(written) == 12 * 60 == len({str(value).strip() for value in written})


def test_a_client_that_lost_its_power_goes_on_with_new_values() -> None:
    recorder = HistoryRecorder("raft", ("c1",))
    session = Session(msgspec.structs.replace(DEFAULT_SPEC, workload=WorkloadSpec(rate=50)), 1, (recorder.observe,))
    for second in (1, 2, 3):
        session.run_until(second * SECOND)
        session.do("power-loss c1")
        session.do("restart c1")
    session.run_until(4 * SECOND)
    written = [each.argument for each in recorder.operations if each.f in ("put", "append")]
    assert len(written) > 40
    assert len(written) == len(set(written))


def test_a_share_of_nothing_leaves_an_operation_out() -> None:
    kinds = Counter(type(each) for each in commands(WorkloadSpec(get=0, cas=0, append=0), 50))
    assert kinds == {kv.Put: 50}


def test_skew_makes_the_first_key_hot() -> None:
    even = Counter(each.key for each in commands(WorkloadSpec(append=0, keys=10), 500))
    skewed = Counter(each.key for each in commands(WorkloadSpec(append=0, keys=10, skew=1.0), 500))
    assert even["k1"] < 80 < 130 < skewed["k1"]


def test_a_question_from_outside_goes_to_the_client_as_it_is() -> None:
    session = Session(msgspec.structs.replace(DEFAULT_SPEC, workload=WorkloadSpec(rate=5)), 1)
    session.run_until(SECOND)
    done = session.do("put mine 1")
    session.run_until(2 * SECOND)
    assert done.request_id is not None
    assert session.outcome(done.request_id) == Ok(None)


def test_its_own_requests_cannot_be_mistaken_for_somebody_elses() -> None:
    made = workload(WorkloadSpec())
    ids = [each.request_id for each in made.handle(TimerFired(NEXT), 0) if isinstance(each, Invoke | Answer)]
    assert ids == [-1]


def test_a_workload_can_be_pickled_in_the_middle() -> None:
    made = workload(WorkloadSpec())
    made.handle(TimerFired(NEXT), 0)
    copy = pickle.loads(pickle.dumps(made))
    assert made.handle(TimerFired(NEXT), 0) == copy.handle(TimerFired(NEXT), 0)
