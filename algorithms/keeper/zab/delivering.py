"""Delivery to the application, and the snapshots that shorten the log.

The law: delivered is what is committed, in the order of zxids, each once in a life behind the snapshot it began with.
"""

from __future__ import annotations

from algorithms.keeper.zab.messages import Snapshot, Transaction
from algorithms.keeper.zab.state import LOG, SNAPSHOT, State
from algorithms.keeper.zxid import Zxid
from algorithms.machine import Save, Trim


def deliver_up_to(state: State, zxid: Zxid) -> tuple[Transaction, ...]:
    """Everything in the log up to `zxid` is committed; returns what was new in that."""
    new = state.log.between(state.last_committed, zxid)
    for each in new:
        state.last_committed = each.zxid
        state.application.deliver(each.zxid, each.txn)
    if new:
        _take_snapshot_if_due(state)
    return new


def _take_snapshot_if_due(state: State) -> None:
    """Nothing waits for the disk here: the log is cut behind the snapshot's own write, and writes are kept in order."""
    log, index = state.log, state.log.index_of(state.last_committed)
    last = state.snapshot.index if state.snapshot else 0
    if index - last < state.settings.snap_count:
        return
    log.compact(state.last_committed, state.settings.keep_transactions)
    state.snapshot = Snapshot(state.last_committed, index, state.log_first, state.application.snapshot())
    state.effects.append(Save(SNAPSHOT, state.snapshot, sync=False))
    state.effects.append(Trim(LOG, log.first_index, sync=False))
    state.note(f"takes a snapshot at {state.last_committed}; its log begins at {log.first_zxid} now", "snapCount")
