"""A server's boot: what the last life left on disk.

The law: the promise and the accepted proposals are as they were told; a record that is torn was never told of.
"""

from __future__ import annotations

from algorithms.machine import Append, Journal, Saved, Torn
from algorithms.paxos.learning import advance
from algorithms.paxos.messages import AcceptorState, Proposal, Snapshot
from algorithms.paxos.roles import see
from algorithms.paxos.snapshots import restore
from algorithms.paxos.state import State

DISK = "Paxos Made Simple 2.5"


def boot(state: State, saved: Saved) -> None:
    """Become what was saved, as a follower. What is in the log behind the commit index may be chosen or not."""
    cell, snapshot, journal = saved.cell("acceptor"), saved.cell("snapshot"), saved.journal("log")
    remembered = cell if isinstance(cell, AcceptorState) else AcceptorState()
    state.acceptor.promised = remembered.promised
    see(state, remembered.promised)
    if isinstance(snapshot, Snapshot):
        state.snapshot = snapshot
        restore(state, snapshot)
    if journal is not None:
        _replay(state, journal)
    state.acceptor.forget(state.snapshot_index)
    _learn_again(state, remembered.commit_index)
    if state.settings.reads == "lease":
        # We may have promised a leader to keep still, and have forgotten it.
        state.heard_at = state.now
    state.effects.append(state.election_timer)
    _note_boot(state)


def _replay(state: State, journal: Journal) -> None:
    """Accept again what was accepted, in the same order. The last record may be torn; the disk forgets that one."""
    records = journal.records
    if records and isinstance(records[-1], Torn):
        torn = journal.first + len(records) - 1
        state.note(f"the last record of its log, {torn}, is torn: drops it; nobody was told of it", DISK)
        state.effects.append(Append("log", torn, (), sync=False))
        records = records[:-1]
    proposals = tuple(record for record in records if isinstance(record, Proposal))
    assert len(proposals) == len(records), "only the last record of a log can be torn"
    state.acceptor.next_number = journal.first
    state.acceptor.take(proposals)


def _learn_again(state: State, commit_index: int) -> None:
    """So far the slots were known to be chosen, and then their values stood in the log."""
    slot = state.commit_index
    while slot < commit_index and slot + 1 in state.acceptor.accepted:
        slot += 1
    if slot > state.commit_index:
        advance(state, slot)


def _note_boot(state: State) -> None:
    last, snapshot = state.acceptor.last_slot, state.snapshot_index
    if state.promised.round:
        behind = f", a snapshot up to {snapshot}" if snapshot else ""
        state.note(f"boots: has promised {state.promised}, has accepted up to slot {last}{behind}", DISK)
