"""A server's boot: what the last life left on disk (Figure 2's persistent state, Figure 13's snapshot).

The law: commit_index and last_applied begin at the snapshot, and a record that is torn was never acknowledged.
"""

from __future__ import annotations

from algorithms.machine import Append, Journal, Saved, Torn
from algorithms.raft.messages import Entry, HardState, Snapshot
from algorithms.raft.snapshots import discard_log_on_disk
from algorithms.raft.state import State


def boot(state: State, saved: Saved) -> None:
    """Become what was saved, as a follower."""
    hard_state = saved.cell("hard_state")
    if isinstance(hard_state, HardState):
        state.current_term, state.voted_for = hard_state.current_term, hard_state.voted_for
    snapshot = saved.cell("snapshot")
    if isinstance(snapshot, Snapshot):
        _restore_snapshot(state, snapshot)
    journal = saved.journal("log")
    if journal is not None:
        _restore_log(state, journal.first, _whole_records(state, journal))
    if state.settings.reads == "lease":
        # We may have promised a leader to keep still, and have forgotten it.
        state.heard_at = state.now
    state.effects.append(state.election_timer)
    _note_boot(state)


def _note_boot(state: State) -> None:
    last, snapshot = state.log.last_index, state.snapshot_index
    if state.current_term:
        behind = f", a snapshot up to {snapshot}" if snapshot else ""
        state.note(f"boots in term {state.current_term} with a log up to {last}{behind}", "Raft, Figure 2")


def _restore_snapshot(state: State, snapshot: Snapshot) -> None:
    index = snapshot.last_included_index
    state.snapshot = snapshot
    state.state_machine.restore(snapshot.contents)
    state.commit_index = state.last_applied = index
    state.log.reset(index, snapshot.last_included_term, snapshot.configuration)


def _whole_records(state: State, journal: Journal) -> tuple[Entry, ...]:
    """The entries, without the last record if it is torn; the disk forgets that one too."""
    records = journal.records
    if records and isinstance(records[-1], Torn):
        torn = journal.first + len(records) - 1
        state.note(f"its last log record, {torn}, is torn: drops it; nobody was told of it", "Raft, Figure 2")
        state.effects.append(Append("log", torn, (), sync=False))
        records = records[:-1]
    entries = tuple(record for record in records if isinstance(record, Entry))
    assert len(entries) == len(records), "only the last record of a log can be torn"
    return entries


def _restore_log(state: State, first: int, entries: tuple[Entry, ...]) -> None:
    """Take the entries if they agree with the snapshot, also those before its end.

    We may have crashed while a snapshot was installed: if its last entry is not ours, the log was to be discarded.
    """
    log, before = state.log, first - 1
    last = log.base_index
    assert before <= last, f"the log begins at {first}, the snapshot ends at {last}"
    if before == last:
        log.append(entries)
    elif len(entries) >= last - before and entries[last - before - 1].term == log.base_term:
        # Nobody knows the term of what stood before the first entry any more, so the log begins behind that one.
        log.reset(first, entries[0].term, log.configuration)
        log.append(entries[1:])
    else:
        discard_log_on_disk(state, before + len(entries), last)
