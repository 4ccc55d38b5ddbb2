"""Log compaction and InstallSnapshot (paper 7, Figure 13; dissertation 5)."""

from __future__ import annotations

import pytest
from raft_server_talk import (
    THREE,
    acknowledge,
    append_entries,
    fire,
    hear,
    is_behind,
    leader,
    notes,
    put,
    save_own_log,
    saved,
    sends,
    server,
    settled_leader,
    terms,
    told,
    writes,
)

from algorithms import kv
from algorithms.machine import Append, Save, Send, Started, Trim
from algorithms.raft.machine import RaftMachine
from algorithms.raft.messages import (
    AppendEntries,
    AppendEntriesResponse,
    Configuration,
    InstallSnapshot,
    InstallSnapshotResponse,
    Snapshot,
)
from algorithms.raft.snapshots import decode, encode
from algorithms.replicated.messages import SavedResult, Session
from algorithms.replicated.state_machine import Contents

PAIRS = kv.Pairs((kv.Pair("x", "grüße"), kv.Pair("y", None), kv.Pair("z", 1.0)))
SESSIONS = (Session("c1.1", 3, (SavedResult(3, True), SavedResult(4, 7)), 9),)
SNAPSHOT = Snapshot(9, 2, Configuration(THREE), Contents(PAIRS, SESSIONS, ("c0.1",)))
DATA = encode(SNAPSHOT)
HALF = len(DATA) // 2


def chunk(offset: int, data: str, done: bool, term: int = 3, leader_id: str = "n2") -> InstallSnapshot:
    return InstallSnapshot(term, leader_id, 9, 2, offset, data, done, 1)


WHOLE = chunk(0, DATA, True)
FIRST, SECOND = chunk(0, DATA[:HALF], False), chunk(HALF, DATA[HALF:], True)


def answer(next_offset: int, installed: bool = False, term: int = 3) -> InstallSnapshotResponse:
    return InstallSnapshotResponse(term, 9, next_offset, installed, 1)


def compacted(**settings: object) -> RaftMachine:
    """A leader of term 2 whose log begins behind a snapshot up to index 3."""
    machine = settled_leader((1, 1), snapshot_after=3, keep_entries=0, **settings)
    assert (machine.state.snapshot_index, machine.state.log.first_index) == (3, 4)
    return machine


# ---------------------------------------------------------------- taking one


def test_a_snapshot_is_taken_when_enough_entries_are_applied() -> None:
    machine = server((1, 1, 1), snapshot_after=2, keep_entries=0)
    effects = hear(machine, "n2", append_entries(1, (3, 1), commit=2))
    state = machine.state
    assert state.snapshot is not None
    assert (state.snapshot.last_included_index, state.snapshot.last_included_term) == (2, 1)
    assert Save("snapshot", state.snapshot, sync=False) in effects
    assert terms(machine) == (1,)


def test_the_log_is_cut_only_behind_the_snapshots_own_write() -> None:
    effects = hear(server((1, 1, 1), snapshot_after=2, keep_entries=0), "n2", append_entries(1, (3, 1), commit=2))
    kinds = [type(effect) for effect in effects]
    assert Trim("log", 3, sync=False) in effects
    assert kinds.index(Save) < kinds.index(Trim)


def test_some_entries_are_kept_for_followers_that_are_a_little_late() -> None:
    machine = server((1, 1, 1), snapshot_after=3, keep_entries=2)
    hear(machine, "n2", append_entries(1, (3, 1), commit=3))
    assert (machine.state.snapshot_index, machine.state.log.first_index) == (3, 2)


def test_with_snapshot_after_0_none_is_taken() -> None:
    machine = server((1,) * 50, snapshot_after=0)
    hear(machine, "n2", append_entries(1, (50, 1), commit=50))
    assert machine.state.snapshot is None


def test_a_server_boots_from_its_snapshot_and_the_log_behind_it() -> None:
    machine = server((2, 3), snapshot=SNAPSHOT, first=10)
    state = machine.state
    assert (state.commit_index, state.last_applied, state.log.last_index) == (9, 9, 11)
    assert state.store.snapshot() == PAIRS
    assert state.state_machine.sessions.snapshot() == SESSIONS


def test_entries_before_the_snapshot_are_kept_at_boot_too() -> None:
    machine = server((1, 2, 2, 3), snapshot=SNAPSHOT, first=7)
    assert (machine.state.log.first_index, terms(machine)) == (8, (2, 2, 3))


@pytest.mark.parametrize(("log", "first"), [((1, 1, 1), 1), ((1,) * 12, 1), ((), 4)], ids=["short", "other", "empty"])
def test_a_crash_while_a_snapshot_was_installed_is_made_good_at_boot(log: tuple[int, ...], first: int) -> None:
    machine = server()
    effects = machine.handle(Started(saved(log, 3, snapshot=SNAPSHOT, first=first)), 0)
    assert (machine.state.log.last_index, terms(machine)) == (9, ())
    assert Trim("log", 10, sync=False) in effects


# ---------------------------------------------------------------- Figure 13, receiver


def test_1_a_leader_of_an_old_term_is_refused() -> None:
    assert told(hear(server(term=5), "n2", FIRST), "n2") == answer(0, term=5)


def test_2_and_3_chunks_are_put_together_and_each_is_answered() -> None:
    machine = server(term=3)
    assert told(hear(machine, "n2", FIRST), "n2") == answer(HALF)
    assert told(hear(machine, "n2", SECOND), "n2") == answer(len(DATA), installed=True)
    assert machine.state.snapshot == SNAPSHOT


def test_3_a_chunk_that_does_not_fit_is_answered_with_where_to_go_on() -> None:
    machine = server(term=3)
    assert told(hear(machine, "n2", SECOND), "n2") == answer(0)
    hear(machine, "n2", FIRST)
    assert told(hear(machine, "n2", FIRST), "n2") == answer(HALF)


def test_5_the_snapshot_is_on_disk_before_that_is_told() -> None:
    effects = hear(server(term=3), "n2", WHOLE)
    assert writes(effects) == [Save("snapshot", SNAPSHOT)]
    assert is_behind(effects, Send, Save)


def test_6_a_log_that_has_its_last_entry_is_kept_behind_it() -> None:
    machine = server((1,) * 7 + (2, 2, 3, 3), term=3)
    effects = hear(machine, "n2", WHOLE)
    assert (machine.state.log.first_index, terms(machine)) == (10, (3, 3))
    assert "keeps its log" in notes(effects)


def test_7_another_log_is_discarded() -> None:
    machine = server((1,) * 12, term=3)
    effects = hear(machine, "n2", WHOLE)
    assert (machine.state.log.last_index, machine.state.log.last_term, terms(machine)) == (9, 2, ())
    assert [each for each in effects if isinstance(each, Append | Trim)] == [
        Append("log", 9, (), sync=False),
        Trim("log", 10, sync=False),
    ]


def test_8_the_state_machine_and_the_configuration_become_the_snapshots() -> None:
    machine = server((1,) * 3, term=3, voters=("n1", "n2"))
    hear(machine, "n2", WHOLE)
    assert machine.state.store.snapshot() == PAIRS
    assert machine.state.configuration == Configuration(THREE)
    assert (machine.state.commit_index, machine.state.last_applied) == (9, 9)


def test_a_snapshot_of_what_is_committed_here_already_changes_nothing() -> None:
    machine = server((2,) * 10, term=3)
    hear(machine, "n2", append_entries(3, (10, 2), commit=10))
    effects = hear(machine, "n2", WHOLE)
    assert told(effects, "n2") == answer(0, installed=True)
    assert (machine.state.last_applied, writes(effects)) == (10, [])


def test_another_leaders_snapshot_begins_anew() -> None:
    machine = server(term=3)
    hear(machine, "n2", FIRST)
    assert told(hear(machine, "n3", chunk(HALF, DATA[HALF:], True, 4, "n3")), "n3") == answer(0, term=4)
    hear(machine, "n3", chunk(0, DATA[:HALF], False, 4, "n3"))
    hear(machine, "n3", chunk(HALF, DATA[HALF:], True, 4, "n3"))
    assert machine.state.snapshot == SNAPSHOT


def test_a_late_chunk_of_an_older_snapshot_does_not_begin_anew() -> None:
    machine = server(term=3)
    hear(machine, "n2", FIRST)
    hear(machine, "n2", InstallSnapshot(3, "n2", 7, 2, 0, "{", False, 1))
    assert told(hear(machine, "n2", SECOND), "n2") == answer(len(DATA), installed=True)


def test_bytes_travel_unchanged() -> None:
    assert decode(DATA) == SNAPSHOT


# ---------------------------------------------------------------- the leader's side


def test_a_follower_that_lacks_compacted_entries_gets_the_snapshot() -> None:
    machine = compacted()
    effects = hear(machine, "n3", AppendEntriesResponse(2, False, 3, 9, 0, 1))
    sent = told(effects, "n3")
    assert sent == InstallSnapshot(2, "n1", 3, 2, 0, encode(machine.state.snapshot), True, 1)  # type: ignore[arg-type]


def test_a_chunk_goes_out_when_the_one_before_has_arrived() -> None:
    machine = compacted(snapshot_chunk=50)
    hear(machine, "n3", AppendEntriesResponse(2, False, 3, 9, 0, 1))
    sent = told(hear(machine, "n3", InstallSnapshotResponse(2, 3, 50, False, 1)), "n3")
    assert isinstance(sent, InstallSnapshot)
    assert (sent.offset, len(sent.data), sent.done) == (50, 50, False)


def test_an_answer_that_comes_twice_does_not_set_off_two_streams() -> None:
    machine = compacted(snapshot_chunk=50)
    hear(machine, "n3", AppendEntriesResponse(2, False, 3, 9, 0, 1))
    hear(machine, "n3", InstallSnapshotResponse(2, 3, 50, False, 1))
    assert sends(hear(machine, "n3", InstallSnapshotResponse(2, 3, 50, False, 1))) == []


def test_a_lost_chunk_is_sent_again_in_place_of_a_heartbeat() -> None:
    machine = compacted(snapshot_chunk=50)
    hear(machine, "n3", AppendEntriesResponse(2, False, 3, 9, 0, 1))
    (again,) = [message for target, message in sends(fire(machine, "heartbeat")) if target == "n3"]
    assert isinstance(again, InstallSnapshot)
    assert again.offset == 0


def test_who_has_lost_what_it_had_gets_it_from_there() -> None:
    machine = compacted(snapshot_chunk=50)
    hear(machine, "n3", AppendEntriesResponse(2, False, 3, 9, 0, 1))
    hear(machine, "n3", InstallSnapshotResponse(2, 3, 50, False, 1))
    hear(machine, "n3", InstallSnapshotResponse(2, 3, 0, False, 1))
    (again,) = [message for target, message in sends(fire(machine, "heartbeat")) if target == "n3"]
    assert isinstance(again, InstallSnapshot)
    assert again.offset == 0


def test_behind_the_snapshot_comes_the_log() -> None:
    machine = compacted()
    hear(machine, "n3", AppendEntriesResponse(2, False, 3, 9, 0, 1))
    hear(machine, "c1", put("a"))
    sent = told(hear(machine, "n3", InstallSnapshotResponse(2, 3, 0, True, 1)), "n3")
    assert isinstance(sent, AppendEntries)
    assert (sent.prev_log_index, sent.prev_log_term, len(sent.entries)) == (3, 2, 1)


def test_an_installed_snapshot_counts_as_a_copy() -> None:
    machine = compacted()
    hear(machine, "n2", AppendEntriesResponse(2, False, 3, 9, 0, 1))
    hear(machine, "n2", InstallSnapshotResponse(2, 3, 0, True, 1))
    assert machine.state.leading.progress["n2"].match_index == 3  # type: ignore[union-attr]


def test_what_a_snapshot_holds_outlives_the_log() -> None:
    machine = leader(snapshot_after=2, keep_entries=0)
    hear(machine, "c1", put("a"))
    save_own_log(machine)
    acknowledge(machine, "n2")
    snapshot = machine.state.snapshot
    assert snapshot is not None
    again = server(snapshot=snapshot, first=3)
    assert again.state.store.apply(kv.Get("x")) == "a"
    assert again.state.state_machine.sessions.was_applied("c1.1", 1)
