"""A learner's history while it is brought in line with its leader's: TRUNC, SNAP and DIFF, and what a boot finds.

The law: everything is on disk in the order in which it was done, and the epoch comes last (see `following`), so that a
server never claims a newer epoch than its log is of (ZOOKEEPER-4643, ZOOKEEPER-4646).
"""

from __future__ import annotations

from algorithms.keeper.zab.messages import Epochs, Snapshot, Transaction
from algorithms.keeper.zab.state import EPOCHS, LOG, SNAPSHOT, State
from algorithms.keeper.zxid import ZERO, Zxid
from algorithms.machine import Append, Journal, Record, Save, Saved, Torn, Trim

SOURCE = "Medeiros 2012, 4.3"

# ---------------------------------------------------------------- brought in line


def truncate(state: State, zxid: Zxid) -> bool:
    """Drop what comes behind `zxid`; False if that cannot be done, because we do not have `zxid` or not any more."""
    if not state.log.knows(zxid) or zxid < state.snapshot_zxid:
        return False
    state.note(f"truncates its log behind {zxid}: the leader has nothing of that", SOURCE)
    state.effects.append(Append(LOG, state.log.truncate(zxid), ()))
    if state.last_committed > zxid:
        # Only disks that have lost what they had promised lead here.
        snapshot = state.snapshot
        state.last_committed = state.snapshot_zxid
        state.application.restore(state.last_committed, snapshot.contents if snapshot else None)
    return True


def install(state: State, zxid: Zxid, contents: Record) -> None:
    """Become what the leader was at `zxid`. On disk the snapshot comes first, and says that the old log is void."""
    last = state.log.next_index - 1
    state.log_first = last + 1
    state.snapshot = Snapshot(zxid, last, state.log_first, contents)
    state.log.reset(state.log_first, zxid)
    state.effects.append(Save(SNAPSHOT, state.snapshot))
    state.effects.append(Trim(LOG, state.log_first, sync=False))
    state.last_committed, state.needs_whole = zxid, False
    state.application.restore(zxid, contents)
    state.note(f"installs the leader's snapshot at {zxid}", SOURCE)


# ---------------------------------------------------------------- found at boot


def read(state: State, saved: Saved) -> None:
    """Become what was saved. What the log has behind the snapshot may be committed or not; a leader will tell."""
    epochs = saved.cell(EPOCHS)
    if isinstance(epochs, Epochs):
        state.accepted_epoch, state.current_epoch = epochs.accepted, epochs.current
    snapshot = saved.cell(SNAPSHOT)
    if isinstance(snapshot, Snapshot):
        state.snapshot, state.log_first, state.last_committed = snapshot, snapshot.log_first, snapshot.zxid
        state.log.reset(snapshot.index + 1, snapshot.zxid)
        state.application.restore(snapshot.zxid, snapshot.contents)
    journal = saved.journal(LOG)
    if journal is not None:
        _read_log(state, journal)


def _read_log(state: State, journal: Journal) -> None:
    transactions = _whole_records(state, journal)
    first = max(journal.first, state.log_first)
    if journal.first < first:
        # We went down between installing a snapshot and dropping the log that it made void.
        state.effects.append(Trim(LOG, first, sync=False))
        transactions = transactions[first - journal.first :]
    snapshot = state.snapshot
    if snapshot is None:
        state.log.reset(first, ZERO)
    elif first <= snapshot.index and transactions:
        # Nobody knows any more what stood before the first one, so we have all only behind that one.
        state.log.reset(first + 1, transactions[0].zxid)
        transactions = transactions[1:]
    else:
        state.log.reset(max(first, snapshot.index + 1), snapshot.zxid)
    state.log.append(transactions)


def _whole_records(state: State, journal: Journal) -> tuple[Transaction, ...]:
    """The transactions, without the last record if it is torn; the disk forgets that one too."""
    records = journal.records
    if records and isinstance(records[-1], Torn):
        torn = journal.first + len(records) - 1
        state.note(f"the last record of its log, number {torn}, is torn: drops it; nobody was told of it", SOURCE)
        state.effects.append(Append(LOG, torn, (), sync=False))
        records = records[:-1]
    transactions = tuple(each for each in records if isinstance(each, Transaction))
    assert len(transactions) == len(records), "only the last record of a log can be torn"
    return transactions
