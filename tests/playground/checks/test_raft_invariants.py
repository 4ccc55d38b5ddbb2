"""Raft's invariants: silent over honest servers whatever befalls them, and loud over every planted bug."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random

import msgspec
import pytest

from algorithms import kv
from algorithms.machine import Append, Effect, Event, Received, TimerFired
from algorithms.raft.machine import RaftMachine
from algorithms.raft.messages import AppendEntries, Configuration, Entry, RequestVote
from algorithms.raft.settings import RaftSettings
from algorithms.replicated.client import LogClient
from algorithms.replicated.client_settings import LogClientSettings
from algorithms.replicated.messages import NoOp
from nodes.faults import Calm, Fault, Heal, Kill, Lose, LyingDisk, Partition, Pause, PowerLoss, Restart, Resume
from nodes.world import World
from playground.checks.raft import RaftInvariants
from playground.checks.verdict import CheckResult, invariant_results, linearizability_result, rule_name
from playground.checks.violation import Rule, Violation
from playground.history import HistoryRecorder

SECOND = 1_000_000
NAMES = ("n1", "n2", "n3", "n4", "n5")
Server = Callable[[str, Configuration, RaftSettings], RaftMachine]


def cluster(seed: int, server: Server = RaftMachine, names: tuple[str, ...] = NAMES, **settings: object) -> World:
    """Raft servers of this kind, and a client; started."""
    world = World(seed)
    for name in names:
        world.add_node(name, {"raft": partial(server, name, Configuration(names), RaftSettings(**settings))})
    world.add_node("c1", {"raft": partial(LogClient, "c1", names, LogClientSettings())})
    world.start()
    return world


def watch(world: World) -> RaftInvariants:
    invariants = RaftInvariants(world)
    world.add_observer(invariants.observe)
    return invariants


def run(world: World, seconds: float, *, asking: bool = True) -> None:
    """Let time go on, with a put ten times a second."""
    end = world.now + int(seconds * SECOND)
    while world.now < end:
        if asking and world.node("c1").up:
            world.ask("c1", "raft", kv.Put(f"k{world.now % 3}", world.now))
        world.run_until(min(end, world.now + SECOND // 10))


def leader(world: World) -> str:
    leading = [name for name in NAMES if name in world.nodes and role(world, name) == "leader"]
    assert leading, "somebody leads"
    return max(leading, key=lambda name: world.machine(name, "raft").state.current_term)


def role(world: World, name: str) -> str:
    machine = world.machine(name, "raft")
    return machine.state.role if machine else "down"


def rules(invariants: RaftInvariants) -> set[Rule]:
    return {violation.rule for violation in invariants.violations}


# ---------------------------------------------------------------- honest servers


def misfortune(dice: Random) -> tuple[Fault, ...]:
    """Something bad, and what ends it."""
    name = NAMES[int(dice.random() * 5)]
    split = 1 + int(dice.random() * 3)
    order = sorted(NAMES, key=lambda _: dice.random())
    kinds: list[tuple[Fault, ...]] = [
        (Kill(name), Restart(name)),
        (PowerLoss(name), Restart(name)),
        (Pause(name), Resume(name)),
        (Partition((tuple(order[:split]), tuple(order[split:]))), Heal()),
        (*(Lose(name, other, 0.3) for other in NAMES if other != name), Heal()),
        (*(PowerLoss(each) for each in NAMES), Calm()),
    ]
    return kinds[int(dice.random() * len(kinds))]


@pytest.mark.parametrize("seed", range(6))
def test_honest_servers_break_no_rule_whatever_befalls_them(seed: int) -> None:
    world = cluster(seed, snapshot_after=8, keep_entries=2)
    invariants, dice = watch(world), Random(f"{seed}:misfortunes")
    recorder = HistoryRecorder("raft", ["c1"])
    world.add_observer(recorder.observe)
    for _ in range(12):
        *bad, good = misfortune(dice)
        for fault in bad:
            world.inject(fault)
        run(world, 0.2 + dice.random())
        world.inject(good)
        run(world, dice.random())
    run(world, 3)
    assert [str(each) for each in invariants.violations] == []
    assert all(each.verdict == "pass" for each in invariant_results(invariants.violations))
    assert linearizability_result(recorder.operations).verdict == "pass"
    assert world.machine(leader(world), "raft").state.commit_index > 50


def test_watching_changes_nothing() -> None:
    watched, alone = cluster(3), cluster(3)
    watch(watched)
    for world in (watched, alone):
        run(world, 2)
    assert (watched.turns, watched.messages) == (alone.turns, alone.messages)


def test_it_may_begin_to_watch_a_world_under_way() -> None:
    world = cluster(3, snapshot_after=8)
    run(world, 3)
    invariants = watch(world)
    world.inject(Kill(leader(world)))
    run(world, 3)
    assert invariants.violations == []


# ---------------------------------------------------------------- planted bugs


class Forgetful(RaftMachine):
    """Forgets whom it voted for."""

    def handle(self, event: Event, now: int) -> list[Effect]:
        if isinstance(event, Received) and isinstance(event.message, RequestVote):
            self.state.voted_for = None
        return super().handle(event, now)


def test_a_forgotten_vote_breaks_election_safety() -> None:
    broken = set()
    for seed in range(3):
        quick = {
            "election_timeout_shortest": 100_000,
            "election_timeout_longest": 101_000,
            "heartbeat_interval": 30_000,
        }
        world = cluster(seed, Forgetful, pre_vote=False, leader_stickiness=False, **quick)
        invariants = watch(world)
        run(world, 0.3, asking=False)
        broken |= rules(invariants)
        for violation in invariants.violations:
            if violation.rule is Rule.ELECTION_SAFETY:
                assert len(violation.nodes) == 2
                assert violation.at <= world.now
                assert "Raft 5.2, Figure 3" in str(violation)
    assert Rule.ELECTION_SAFETY in broken


class Shortening(RaftMachine):
    """As a leader, takes back the last entry of its log."""

    def handle(self, event: Event, now: int) -> list[Effect]:
        log = self.state.log
        effects = super().handle(event, now)
        if event == TimerFired("heartbeat") and log.last_index >= 4:
            effects.append(Append("log", log.last_index, ()))
            log.truncate(log.last_index)
        return effects


class Overwriting(RaftMachine):
    """As a leader, replaces the last entry of its log."""

    def handle(self, event: Event, now: int) -> list[Effect]:
        state = self.state
        effects = super().handle(event, now)
        if event == TimerFired("heartbeat") and state.log.last_index >= 4:
            index, entry = state.log.last_index, Entry(state.current_term, NoOp())
            state.log.truncate(index)
            state.log.append((entry,))
            effects.append(Append("log", index, (entry,)))
        return effects


@pytest.mark.parametrize("server", [Shortening, Overwriting])
def test_a_leader_that_changes_its_past_breaks_leader_append_only(server: Server) -> None:
    world = cluster(1, server)
    invariants = watch(world)
    run(world, 0.8)
    assert Rule.LEADER_APPEND_ONLY in rules(invariants)


class Garbling(RaftMachine):
    """As a follower, writes something else than what it is sent."""

    def handle(self, event: Event, now: int) -> list[Effect]:
        if self.state.name == "n2" and isinstance(event, Received) and isinstance(event.message, AppendEntries):
            entries = tuple(Entry(entry.term, NoOp()) for entry in event.message.entries)
            event = Received(event.source, msgspec.structs.replace(event.message, entries=entries))
        return super().handle(event, now)


def test_another_entry_under_the_same_index_and_term_breaks_log_matching() -> None:
    world = cluster(2, Garbling)
    invariants = watch(world)
    run(world, 1)
    assert {Rule.LOG_MATCHING, Rule.STATE_MACHINE_SAFETY} <= rules(invariants)
    assert all("n2" in each.nodes for each in invariants.violations if each.rule is Rule.LOG_MATCHING)


class Trusting(RaftMachine):
    """As a follower, takes entries without comparing the one in front of them."""

    def handle(self, event: Event, now: int) -> list[Effect]:
        log = self.state.log
        if isinstance(event, Received) and isinstance(event.message, AppendEntries):
            message = event.message
            known = log.term_at(message.prev_log_index)
            if message.prev_log_index <= log.last_index:
                event = Received(event.source, msgspec.structs.replace(message, prev_log_term=known))
        return super().handle(event, now)


def test_an_entry_behind_another_than_in_the_leaders_log_breaks_log_matching() -> None:
    """A deposed leader has entries that nobody else has. A leader elected later puts its own behind them."""
    broken = set()
    for seed in range(3):
        world = cluster(seed, Trusting, check_quorum=False)
        invariants = watch(world)
        run(world, 1)
        old = leader(world)
        world.inject(Partition(((old,), tuple(name for name in NAMES if name != old))))
        run(world, 1.5)
        world.inject(Kill(leader(world)))
        run(world, 1.5)
        world.inject(Heal())
        run(world, 1)
        broken |= rules(invariants)
    assert Rule.LOG_MATCHING in broken


class Gullible(RaftMachine):
    """Votes for anybody, however old the candidate's log is."""

    def handle(self, event: Event, now: int) -> list[Effect]:
        if isinstance(event, Received) and isinstance(event.message, RequestVote):
            vote = msgspec.structs.replace(event.message, last_log_index=1 << 40, last_log_term=1 << 40)
            event = Received(event.source, vote)
        return super().handle(event, now)


def test_a_vote_for_an_old_log_breaks_leader_completeness() -> None:
    broken = set()
    for seed in range(5):
        world = cluster(seed, Gullible, pre_vote=False)
        invariants = watch(world)
        run(world, 1, asking=False)
        old = leader(world)
        late, *others = (name for name in NAMES if name != old)
        world.inject(Partition(((late,), (old, *others))))
        run(world, 1)
        world.inject(Kill(old))
        world.inject(Heal())
        run(world, 2)
        broken |= rules(invariants)
    assert Rule.LEADER_COMPLETENESS in broken


class Hasty(RaftMachine):
    """As a leader, commits what nobody else has."""

    def handle(self, event: Event, now: int) -> list[Effect]:
        effects = super().handle(event, now)
        state = self.state
        if state.role == "leader" and state.commit_index < state.log.last_index:
            state.commit_index = state.log.last_index
        return effects


def test_a_commit_without_a_majority_is_not_durable_and_breaks_state_machine_safety() -> None:
    world = cluster(4, Hasty, check_quorum=False)
    invariants = watch(world)
    run(world, 1)
    first = invariants.violations[0]
    assert first.rule is Rule.COMMITTED_IS_DURABLE
    assert len(first.nodes) >= 3
    old = leader(world)
    world.inject(Partition(((old,), tuple(name for name in NAMES if name != old))))
    run(world, 3)
    assert Rule.STATE_MACHINE_SAFETY in rules(invariants)


class Unsynced(RaftMachine):
    """Acknowledges entries before they are on disk."""

    def handle(self, event: Event, now: int) -> list[Effect]:
        effects = super().handle(event, now)
        return [msgspec.structs.replace(each, sync=False) if isinstance(each, Append) else each for each in effects]


def test_an_acknowledgement_before_the_disk_has_it_breaks_durability() -> None:
    world = cluster(5, Unsynced)
    invariants = watch(world)
    run(world, 1)
    assert rules(invariants) == {Rule.COMMITTED_IS_DURABLE}


def test_a_lying_disk_is_taken_at_its_word() -> None:
    world = cluster(5)
    invariants = watch(world)
    for name in NAMES[:3]:
        world.inject(LyingDisk(name))
    run(world, 1)
    assert invariants.violations == []


class Backsliding(RaftMachine):
    """Now and then forgets how far it has committed."""

    def handle(self, event: Event, now: int) -> list[Effect]:
        effects = super().handle(event, now)
        if self.state.name == "n3" and self.state.commit_index == 5:
            self.state.commit_index = 2
        return effects


def test_a_commit_index_that_goes_back_is_told() -> None:
    world = cluster(6, Backsliding)
    invariants = watch(world)
    run(world, 2)
    assert Rule.COMMIT_INDEX_MONOTONE in rules(invariants)
    assert invariants.violations[0].nodes == ("n3",)


class Inventive(RaftMachine):
    """Has a store of its own."""

    def handle(self, event: Event, now: int) -> list[Effect]:
        if self.state.name == "n4":
            self.state.store.apply(kv.Put("k", "n4's own"))
        return super().handle(event, now)


def test_another_store_behind_the_same_entry_breaks_state_machine_safety() -> None:
    world = cluster(7, Inventive, snapshot_after=5)
    invariants = watch(world)
    run(world, 2)
    assert rules(invariants) == {Rule.STATE_MACHINE_SAFETY}


# ---------------------------------------------------------------- verdicts


def test_a_report_has_one_line_for_each_rule_and_tells_the_first_violation() -> None:
    one = Violation(1_500_000, 77, Rule.LOG_MATCHING, ("n1", "n2"), "They differ.")
    results = invariant_results([one, one])
    assert [each.name for each in results] == [rule_name(rule) for rule in Rule]
    failed = [each for each in results if each.verdict == "fail"]
    assert failed == [
        CheckResult(
            "log-matching",
            "fail",
            "Log Matching (1.500000s, turn 77, n1, n2): They differ. "
            "[Raft 5.3, Figure 3: two logs that have an entry of one index and term agree up to it] (1 more)",
        )
    ]
