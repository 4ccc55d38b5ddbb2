"""Phase 1 of a leader: find an epoch that is newer than all that a quorum has accepted, and be promised it.

The law: the epoch is on our own disk before anybody hears of it, and a promise counts only from one who made it to us,
so no two servers can have a quorum's promises for the same epoch (Junqueira, Reed, Serafini 2011, section 4, phase 1).
"""

from __future__ import annotations

from algorithms.keeper.zab import synchronisation
from algorithms.keeper.zab.looking import look
from algorithms.keeper.zab.messages import AckEpoch, Durable, FollowerInfo, LeaderInfo
from algorithms.keeper.zab.reigns import Leading, Learner
from algorithms.keeper.zab.state import State
from algorithms.keeper.zab.votes import is_quorum

SOURCE = "Zab, phase 1"


def begin_leading(state: State) -> None:
    """A quorum wants us to lead. Those who were quicker than we have knocked already."""
    settings = state.settings
    state.role, state.phase, state.leader = "leading", "discovery", state.name
    state.reigns += 1
    leading = state.leading = Leading(state.reigns)
    state.cancel_timers("notification", "finalize")
    state.set_timer("limit", settings.init_limit * settings.tick_time)
    state.set_timer("ping", settings.tick_time // 2)
    state.note(f"is elected in round {state.electing.round}: asks a quorum for its epochs", SOURCE)
    for name, (connection, info) in state.knocking.items():
        leading.learners[name] = Learner(connection, info, leading.half_tick)
    state.knocking.clear()
    _choose_epoch(state, leading)


def follower_info(state: State, leading: Leading, name: str, connection: int, info: FollowerInfo) -> None:
    """CEPOCH: somebody wants to follow, at any time of the reign."""
    if leading.epoch and info.accepted_epoch > leading.epoch and not info.observes:
        # It has promised not to follow us. Nobody can take it in but a leader of a newer epoch.
        why = f"{name} has accepted epoch {info.accepted_epoch}, which is newer than ours"
        state.channels.close(name, connection)
        look(state, why, SOURCE)
        return
    leading.learners[name] = Learner(connection, info, leading.half_tick)
    if leading.epoch:
        state.channels.send(name, connection, LeaderInfo(leading.epoch))
    else:
        _choose_epoch(state, leading)


def _choose_epoch(state: State, leading: Leading) -> None:
    """NEWEPOCH, once a quorum has told what it had accepted."""
    infos = {name: each.info for name, each in leading.learners.items()}
    if leading.epoch or not is_quorum((*infos, state.name), state.voters):
        return
    newest = max([state.accepted_epoch, *(each.accepted_epoch for each in infos.values())])
    leading.epoch = state.accepted_epoch = newest + 1
    state.save_epochs()
    state.tell_self(Durable(leading.number, "accepted epoch", state.last_logged))
    for name, learner in leading.learners.items():
        state.channels.send(name, learner.connection, LeaderInfo(leading.epoch))
    state.note(f"proposes epoch {leading.epoch}", SOURCE)


def ack_epoch(state: State, leading: Leading, name: str, learner: Learner, message: AckEpoch) -> None:
    """ACKEPOCH: nobody of the quorum may have a newer history than ours, for ours is the one to begin with."""
    learner.epoch = message
    if state.phase != "discovery":
        synchronisation.synchronise(state, leading, name, learner)
        return
    ours = (state.current_epoch, state.last_logged)
    if name in state.voters and message.counts and (message.current_epoch, message.zxid) > ours:
        look(state, f"{name} is ahead, at {message.zxid} of epoch {message.current_epoch}", SOURCE)
        return
    count_promises(state, leading)


def count_promises(state: State, leading: Leading) -> None:
    """Once a quorum has promised, our own disk included, our history is the one with which the epoch begins."""
    if state.phase != "discovery" or not leading.accepted:
        return
    promised = [name for name, each in leading.learners.items() if each.epoch is not None and each.epoch.counts]
    if is_quorum((*promised, state.name), state.voters):
        synchronisation.begin(state, leading)
