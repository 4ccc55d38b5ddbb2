"""Phase 2 of a leader: bring everybody's history in line with ours, and be acknowledged by a quorum.

The law: our history has all that was ever committed, because a quorum's newest is not newer; so what a learner has and
we have not was never committed (Junqueira, Reed, Serafini 2011, section 4, phase 2; Medeiros 2012, 4.3).
"""

from __future__ import annotations

from algorithms.keeper.zab.broadcast import commit
from algorithms.keeper.zab.delivering import deliver_up_to
from algorithms.keeper.zab.messages import AckEpoch, AckNewLeader, Diff, Durable, NewLeader, Snap, Trunc, UpToDate
from algorithms.keeper.zab.reigns import Leading, Learner
from algorithms.keeper.zab.state import State
from algorithms.keeper.zab.votes import is_quorum
from algorithms.keeper.zxid import Zxid
from algorithms.machine import Record

SOURCE = "Zab, phase 2"

PIECE = 100
"""Transactions in one DIFF."""


def begin(state: State, leading: Leading) -> None:
    """The history is settled. Our own disk has to have it, and the epoch behind it, like everybody's."""
    settings = state.settings
    state.phase, leading.initial = "synchronisation", state.last_logged
    state.current_epoch = leading.epoch
    state.save_epochs()
    state.tell_self(Durable(leading.number, "current epoch", leading.initial))
    state.set_timer("limit", settings.init_limit * settings.tick_time)
    state.note(f"epoch {leading.epoch} is promised by a quorum: it begins with {leading.initial}", SOURCE)
    for name, learner in tuple(leading.learners.items()):
        synchronise(state, leading, name, learner)


def synchronise(state: State, leading: Leading, name: str, learner: Learner) -> None:
    """Send what makes this learner's history ours, and NEWLEADER. From here on it gets what we broadcast.

    An observer waits until the history is committed, for it takes only what is.
    """
    epoch, established = learner.epoch, state.phase == "broadcast"
    if epoch is None or learner.sent is not None or (learner.info.observes and not established):
        return
    last = state.last_committed if learner.info.observes else state.last_logged
    learner.sent = last
    for message in (*_plan(state, name, epoch, last), NewLeader(leading.epoch)):
        state.channels.send(name, learner.connection, message, at_once=True)


def _plan(state: State, name: str, theirs: AckEpoch, last: Zxid) -> list[Record]:
    """DIFF, TRUNC and DIFF, or SNAP and DIFF."""
    log, settings = state.log, state.settings
    common = log.at_or_before(theirs.zxid)
    way: list[Record] = []
    if theirs.whole or theirs.zxid < log.floor:
        common = state.last_committed
        way.append(Snap(common, state.application.snapshot()))
        state.note(f"{name} is at {theirs.zxid}, our log begins behind {log.floor}: SNAP at {common}", SOURCE)
    elif common != theirs.zxid and settings.truncate_on_sync:
        way.append(Trunc(common))
        state.note(f"{name} is at {theirs.zxid}, which is not in our history: TRUNC to {common}", SOURCE)
    missing = log.between(common, last)
    pieces = [missing[place : place + PIECE] for place in range(0, len(missing), PIECE)]
    state.note(f"{name} gets DIFF behind {common}: {len(missing)} transactions", SOURCE)
    return way + [Diff(piece) for piece in pieces or [()]]


def ack_new_leader(state: State, leading: Leading, name: str, learner: Learner, message: AckNewLeader) -> None:
    """The learner's disk has our history, and our epoch; with that also what we have proposed and nobody had."""
    assert message.epoch == leading.epoch, f"{name} acknowledges epoch {message.epoch}, ours is {leading.epoch}"
    learner.acked = learner.sent
    if state.phase == "broadcast":
        state.channels.send(name, learner.connection, UpToDate(state.last_committed), at_once=True)
        state.note(f"{name} is synchronised: UPTODATE", SOURCE)
        commit(state, leading)
    else:
        count_acknowledgements(state, leading)


def count_acknowledgements(state: State, leading: Leading) -> None:
    """With a quorum's disks, the history is committed as a whole, and the reign is established."""
    acked = leading.voters_acked(state.name, state.voters)
    if state.phase != "synchronisation" or leading.acked is None or not is_quorum(acked, state.voters):
        return
    state.phase = "broadcast"
    state.cancel_timers("limit")
    state.note(f"is established: epoch {leading.epoch} begins, committed up to {leading.initial}", SOURCE)
    deliver_up_to(state, leading.initial)
    for name, learner in tuple(leading.learners.items()):
        if learner.acked is not None:
            state.channels.send(name, learner.connection, UpToDate(leading.initial), at_once=True)
        synchronise(state, leading, name, learner)
    state.application.established()
