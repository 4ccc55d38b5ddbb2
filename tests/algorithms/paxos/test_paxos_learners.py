"""Learners that were away: catching up, snapshots and compaction ("Paxos Made Simple" 2.3, "Paxos Made Live" 5.5)."""

from __future__ import annotations

from paxos_server_talk import (
    accept,
    ballot,
    choose,
    fire,
    hear,
    is_behind,
    leader,
    log,
    preparing,
    promise,
    proposal,
    put,
    sends,
    server,
    told,
    value,
    writes,
)

from algorithms.machine import Append, Effect, Save, Trim
from algorithms.paxos.ballot import Ballot
from algorithms.paxos.machine import PaxosMachine
from algorithms.paxos.messages import (
    CatchUp,
    Chosen,
    Configuration,
    Heartbeat,
    HeartbeatReply,
    InstallSnapshot,
    Prepare,
    Snapshot,
)
from algorithms.paxos.snapshots import decode, encode

TWO = ballot(1)
"""The ballot of n2, who leads in most of these."""


def follower(*texts: str, commit: int = 0) -> PaxosMachine:
    """A server that follows n2 and has accepted these, in the slots from 1 on."""
    machine = server(promised=TWO)
    hear(machine, "n2", Heartbeat(TWO, 0, 1))
    hear(machine, "n2", accept(TWO, 1, *texts, commit=commit))
    return machine


def knowing(count: int, **settings: object) -> PaxosMachine:
    """A leader that knows so many slots to be chosen."""
    machine = leader(**settings)
    for number in range(1, count + 1):
        hear(machine, "c1", put(str(number), f"c{number}.1"))
        choose(machine, "n2")
    assert machine.state.commit_index == count
    return machine


# ---------------------------------------------------------------- catching up


def test_who_is_behind_at_two_heartbeats_asks() -> None:
    machine = follower()
    hear(machine, "n2", accept(TWO, 2, "b"))
    assert not sends(hear(machine, "n2", Heartbeat(TWO, 2, 2)), CatchUp), "the rest may be on its way"
    assert told(hear(machine, "n2", Heartbeat(TWO, 2, 3)), "n2", CatchUp) == CatchUp(1)


def test_who_knows_teaches() -> None:
    machine = knowing(5, max_batch=2)
    found = told(hear(machine, "n3", CatchUp(2)), "n3")
    assert isinstance(found, Chosen)
    assert ([each.slot for each in found.proposals], found.commit_index) == ([2, 3], 5)


def test_who_does_not_know_says_nothing() -> None:
    assert not sends(hear(follower("a"), "n3", CatchUp(1)))


def test_what_is_learned_is_applied_and_goes_to_disk() -> None:
    machine = follower()
    effects = hear(machine, "n2", Chosen((proposal(1, TWO, "a"), proposal(2, TWO, "b")), 2))
    assert machine.state.last_applied == 2
    assert Append("log", 1, (proposal(1, TWO, "a"), proposal(2, TWO, "b"))) in effects


def test_what_is_accepted_already_needs_no_writing() -> None:
    machine = follower("a")
    effects = hear(machine, "n3", Chosen((proposal(1, ballot(2, "n3"), "a"),), 1))
    assert (machine.state.commit_index, writes(effects)) == (1, [])
    assert machine.state.accepted[1].ballot == TWO, "what it has accepted later than that stays so"


def test_what_another_ballot_left_is_replaced_by_what_was_chosen() -> None:
    machine = follower("wrong")
    hear(machine, "n3", Chosen((proposal(1, ballot(2, "n3"), "right"),), 1))
    assert log(machine) == {1: value("right")}


def test_it_asks_on_until_it_knows_as_much() -> None:
    machine = follower()
    effects = hear(machine, "n2", Chosen((proposal(1, TWO, "a"),), 3))
    assert told(effects, "n2", CatchUp) == CatchUp(2)
    assert not sends(hear(machine, "n2", Chosen((proposal(1, TWO, "a"),), 3))), "a second copy is no news"
    assert not sends(hear(machine, "n2", Chosen((proposal(2, TWO, "b"), proposal(3, TWO, "c")), 3)))


def test_a_leader_learns_from_its_own_ballot_alone() -> None:
    machine = leader()
    hear(machine, "n2", Chosen((proposal(1, TWO, "a"),), 1))
    assert machine.state.commit_index == 0


# ---------------------------------------------------------------- snapshots


def test_a_snapshot_is_taken_when_enough_was_applied_and_the_log_is_cut_behind_it() -> None:
    machine = knowing(6, snapshot_after=5, keep_slots=2)
    assert machine.state.snapshot_index == 5
    assert list(machine.state.accepted) == [4, 5, 6]
    view = machine.view()
    assert (view.first_slot, view.snapshot_slot) == (4, 5)


def test_the_log_is_cut_no_further_than_to_the_oldest_record_that_is_needed() -> None:
    machine = follower()
    hear(machine, "n2", accept(TWO, 9, "i"))
    for slot in range(1, 6):
        effects = hear(machine, "n2", accept(TWO, slot, str(slot), commit=slot - 1))
    machine.state.settings = machine.state.settings.__class__(snapshot_after=5, keep_slots=0)
    effects = hear(machine, "n2", Heartbeat(TWO, 5, 2))
    assert Trim("log", 1, sync=False) in effects, "the first record is of slot 9"


def test_a_boot_begins_at_the_snapshot() -> None:
    old = knowing(6, snapshot_after=5, keep_slots=2)
    records = [old.state.accepted[slot] for slot in (4, 5, 6)]
    machine = server(*records, promised=Ballot(1, "n1"), snapshot=old.state.snapshot)
    assert (machine.state.commit_index, list(machine.state.accepted)) == (5, [6])
    assert machine.state.store.snapshot().pairs[0].value == "5"


def test_a_boot_knows_again_what_it_knew_with_its_last_promise() -> None:
    machine = server(proposal(1, TWO, "a"), proposal(2, TWO, "b"), promised=TWO, commit=1)
    assert (machine.state.commit_index, machine.state.last_applied) == (1, 1)


def test_what_is_compacted_away_is_taught_by_the_snapshot_in_parts() -> None:
    teacher, learner = knowing(6, snapshot_after=5, keep_slots=0, snapshot_chunk=100), follower()
    question, parts = CatchUp(1), 0
    while learner.state.commit_index < 6:
        answer = told(hear(teacher, "n3", question), "n3")
        parts += isinstance(answer, InstallSnapshot)
        effects = hear(learner, "n2", answer)
        asked = [message for _, message in sends(effects, CatchUp)]
        question = asked[0] if asked else CatchUp(learner.state.commit_index + 1)  # type: ignore[assignment]
    assert parts > 2
    assert learner.state.store.snapshot() == teacher.state.store.snapshot()
    assert learner.state.snapshot_index == 5


def whole(snapshot: Snapshot, source: str, machine: PaxosMachine) -> list[Effect]:
    return hear(machine, source, InstallSnapshot(snapshot.last_included_slot, 0, encode(snapshot), True))


def test_a_snapshot_is_on_disk_before_anything_is_said_that_follows_from_it() -> None:
    snapshot = knowing(6, snapshot_after=5).state.snapshot
    assert snapshot is not None
    machine = follower("other")
    effects = whole(snapshot, "n2", machine)
    assert Save("snapshot", snapshot) in effects
    assert (machine.state.commit_index, log(machine)) == (5, {})
    effects = [*effects, *hear(machine, "n2", Heartbeat(TWO, 5, 9))]
    assert is_behind(effects, HeartbeatReply, Save)


def test_what_is_accepted_behind_a_snapshot_stays() -> None:
    snapshot = knowing(5, snapshot_after=5).state.snapshot
    assert snapshot is not None
    machine = follower("a", "b", "c", "d", "e", "f")
    whole(snapshot, "n2", machine)
    assert log(machine) == {6: value("f")}


def test_an_old_snapshot_changes_nothing() -> None:
    snapshot = knowing(5, snapshot_after=5).state.snapshot
    assert snapshot is not None
    machine = follower("a", "b", "c", "d", "e", "f", commit=6)
    assert not writes(whole(snapshot, "n2", machine))
    assert machine.state.commit_index == 6


def test_a_part_that_does_not_fit_is_left_alone() -> None:
    machine = follower()
    assert not sends(hear(machine, "n2", InstallSnapshot(5, 100, "...", False)))
    hear(machine, "n2", InstallSnapshot(5, 0, "abc", False))
    assert not sends(hear(machine, "n2", InstallSnapshot(5, 0, "abc", False))), "it came twice"
    assert told(hear(machine, "n2", InstallSnapshot(5, 3, "def", False)), "n2") == CatchUp(1, 5, 6)


def test_the_parts_of_two_servers_are_not_mixed() -> None:
    machine = follower()
    hear(machine, "n2", InstallSnapshot(5, 0, "abc", False))
    assert not sends(hear(machine, "n3", InstallSnapshot(5, 3, "def", False)))
    assert told(hear(machine, "n3", InstallSnapshot(5, 0, "xyz", False)), "n3") == CatchUp(1, 5, 3)


def test_a_snapshot_knows_which_configurations_count_behind_it() -> None:
    machine = leader(alpha=3, snapshot_after=2)
    hear(machine, "c1", put("1"))
    choose(machine, "n2")
    machine.state.configurations.add(4, Configuration(("n1", "n2")))
    hear(machine, "c1", put("2", "c2.1"))
    choose(machine, "n2")
    snapshot = machine.state.snapshot
    assert snapshot is not None
    assert [(each.slot, len(each.configuration.acceptors)) for each in snapshot.configurations] == [(1, 3), (4, 2)]
    assert decode(encode(snapshot)) == snapshot


# ---------------------------------------------------------------- a proposer that was away


def test_a_proposer_catches_up_before_it_leads() -> None:
    machine = preparing(promised=TWO)
    effects = promise(machine, "n2", proposal(6, TWO, "f"), commit=5)
    assert machine.state.role == "preparing"
    assert told(effects, "n2", CatchUp) == CatchUp(1)
    assert told(fire(machine, "prepare"), "n2", CatchUp) == CatchUp(1), "the question may be lost"
    snapshot = knowing(5, snapshot_after=5).state.snapshot
    assert snapshot is not None
    effects = whole(snapshot, "n2", machine)
    assert machine.state.role == "leader"
    assert machine.state.leading is not None
    assert list(machine.state.leading.values) == [6]
    assert not sends(effects, Prepare)
