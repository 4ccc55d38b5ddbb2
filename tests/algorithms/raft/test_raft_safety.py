"""Figure 3: the five properties hold whatever messages, timers, disks and crashes do. And each check bites: with a
rule taken away, some schedule breaks a property.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from raft_schedule import NAMES, Broken, World, maker

from algorithms.machine import Append, Saved, Send
from algorithms.raft import acknowledging, booting, following, machine, majorities, voting
from algorithms.raft.machine import RaftMachine
from algorithms.raft.messages import AppendEntries, Configuration, RequestVote
from algorithms.raft.state import State

PLAIN: dict[str, Any] = {"pre_vote": False, "leader_stickiness": False, "check_quorum": False}
"""Nothing that keeps the peace: the more elections, the better for finding faults."""

SMALL: dict[str, Any] = {
    "snapshot_after": 5,
    "keep_entries": 1,
    "snapshot_chunk": 100,
    "max_in_flight": 2,
    "max_batch": 2,
}

SCHEDULES = st.binary(min_size=200, max_size=1_200)


@given(SCHEDULES)
@settings(max_examples=60, deadline=None)
def test_safe_with_nothing_that_keeps_the_peace(schedule: bytes) -> None:
    World(maker(NAMES[:3], **PLAIN)).run(schedule)


@given(SCHEDULES)
@settings(max_examples=60, deadline=None)
def test_safe_with_everything_on_and_much_compaction(schedule: bytes) -> None:
    World(maker(**SMALL)).run(schedule)


@pytest.mark.parametrize("seed", range(40))
def test_safe_in_long_schedules(seed: int) -> None:
    World(maker(NAMES[: 3 + seed % 3], **PLAIN, **(SMALL if seed % 2 else {}))).run(schedule_of(seed))


def schedule_of(seed: int) -> bytes:
    dice = Random(f"{seed}:schedule")
    return bytes(int(dice.random() * 256) for _ in range(3_000))


# ---------------------------------------------------------------- planted bugs
#
# Figure 8 needs too rare a schedule to be found by chance; the transcript `figure_8_without_the_rule` has it.


def breaks(make: Callable[[str], RaftMachine], tries: int = 100) -> str:
    """Which law some schedule breaks; empty if none of so many does."""
    for seed in range(tries):
        try:
            World(make).run(schedule_of(seed))
        except Broken as broken:
            return str(broken).partition(":")[0]
    return ""


def test_a_vote_that_is_forgotten_in_a_crash_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    boot = booting.boot
    monkeypatch.setattr(machine, "boot", lambda state, saved: boot(state, Saved(saved.cells[1:], saved.journals)))
    assert breaks(maker(NAMES[:3], **PLAIN))


def test_a_vote_for_anybody_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voting, "_why_not_its_log", lambda state, message: None)
    assert breaks(maker(NAMES[:3], **PLAIN))


def test_two_votes_in_a_term_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def only_its_log(state: State, message: RequestVote) -> tuple[str, str] | None:
        return ("", "") if message.term < state.current_term else voting._why_not_its_log(state, message)

    monkeypatch.setattr(voting, "_why_not", only_its_log)
    assert breaks(maker(NAMES[:3], **PLAIN)) == "Election Safety"


def test_truncating_what_does_not_conflict_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(state: State, source: str, message: AppendEntries) -> None:
        following.append_entries(state, source, message)
        last, log = message.prev_log_index + len(message.entries), state.log
        if message.term == state.current_term and log.base_index <= last < log.last_index:
            log.truncate(last + 1)
            state.effects.append(Append("log", last + 1, ()))

    monkeypatch.setattr(machine, "append_entries", careless)
    assert breaks(maker(NAMES[:3], **PLAIN))


def test_a_minority_that_commits_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acknowledging, "agreed", lambda configuration, values: sorted(values.values())[-2])
    assert breaks(maker(NAMES[:5], **PLAIN))


def test_a_joint_configuration_that_counts_as_the_new_one_alone_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    agreed = majorities.agreed

    def new_alone(configuration: Configuration, values: Mapping[str, int]) -> int:
        return agreed(Configuration(configuration.voters), values)

    monkeypatch.setattr(acknowledging, "agreed", new_alone)
    monkeypatch.setattr(majorities, "agreed", new_alone)
    assert breaks(maker(NAMES[:3], **PLAIN))


def test_an_acknowledgement_that_does_not_wait_for_the_disk_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "Send", lambda target, message: Send(target, message, True))
    assert breaks(maker(NAMES[:3], **PLAIN))
