"""A learner's side of all phases: a follower's, and an observer's, who acknowledges like it and never counts.

The law: an epoch is on disk before it is promised, a history and then its epoch before NEWLEADER is acknowledged, and a
proposal before it is (Junqueira, Reed, Serafini 2011, section 4; ZOOKEEPER-4646).
"""

from __future__ import annotations

from algorithms.keeper.zab.delivering import deliver_up_to
from algorithms.keeper.zab.history import install, truncate
from algorithms.keeper.zab.looking import look
from algorithms.keeper.zab.messages import (
    Ack,
    AckEpoch,
    AckNewLeader,
    Commit,
    Diff,
    FollowerInfo,
    Forwarded,
    Inform,
    LeaderInfo,
    NewLeader,
    Ping,
    Pong,
    Propose,
    Snap,
    Trunc,
    UpToDate,
)
from algorithms.keeper.zab.reigns import Following
from algorithms.keeper.zab.state import State
from algorithms.keeper.zxid import ZERO
from algorithms.machine import Record

SOURCE = "Zab, phase 2"


def begin_following(state: State, leader: str) -> None:
    """Somebody else is elected: knock at its door. Who has knocked at ours hears that it was the wrong one."""
    settings = state.settings
    state.role = "following" if state.votes else "observing"
    state.phase, state.leader = "discovery", leader
    state.reigns += 1
    for name, (connection, _) in state.knocking.items():
        state.channels.close(name, connection)
    state.knocking.clear()
    state.cancel_timers("notification", "finalize")
    state.set_timer("limit", settings.init_limit * settings.tick_time)
    following = state.following = Following(leader, state.channels.connect(leader))
    state.note(f"follows {leader}, elected in round {state.electing.round}", "Zab, phase 1")
    hear(state)
    state.tell_leader(following, FollowerInfo(state.accepted_epoch, observes=not state.votes))


def hear(state: State) -> None:
    """The leader lives. While it sends a history, it may take longer for its next word."""
    settings = state.settings
    ticks = settings.init_limit if state.phase == "synchronisation" else settings.sync_limit
    state.set_timer("silence", ticks * settings.tick_time)


def learn(state: State, following: Following, message: Record) -> None:
    """The leader's next word."""
    hear(state)
    match message:
        case Propose(transaction):
            state.append((transaction,))
            state.tell_leader(following, Ack(transaction.zxid))
        case Commit(zxid):
            deliver_up_to(state, zxid)
        case Ping():
            state.channels.probe(following.leader, following.connection, Pong(state.last_committed))
        case Forwarded(inner):
            state.application.heard(following.leader, inner)
        case Inform(transaction):
            state.append((transaction,))
            deliver_up_to(state, transaction.zxid)
        case LeaderInfo(epoch):
            _leader_info(state, following, epoch)
        case _:
            _synchronise(state, following, message)


def _leader_info(state: State, following: Following, epoch: int) -> None:
    """NEWEPOCH: promise it, unless something newer was promised already. An observer's promise binds nobody."""
    if epoch < state.accepted_epoch and state.votes:
        look(state, f"it is of epoch {epoch}, and {state.accepted_epoch} is accepted", "Zab, phase 1")
        return
    counts = epoch > state.accepted_epoch
    if counts:
        state.accepted_epoch = epoch
        state.save_epochs()
    state.phase = "synchronisation"
    state.set_timer("limit", state.settings.init_limit * state.settings.tick_time)
    last = ZERO if state.needs_whole else state.last_logged
    state.tell_leader(following, AckEpoch(state.current_epoch, last, counts and state.votes, state.needs_whole))
    hear(state)


def _synchronise(state: State, following: Following, message: Record) -> None:
    match message:
        case Diff(transactions):
            if transactions:
                state.append(transactions)
        case Trunc(zxid):
            if not truncate(state, zxid):
                state.needs_whole = True
                look(state, f"its history cannot be cut at {zxid}: it needs all of the leader's", SOURCE)
        case Snap(zxid, contents):
            install(state, zxid, contents)
        case NewLeader(epoch):
            _new_leader(state, following, epoch)
        case UpToDate(zxid):
            state.phase = "broadcast"
            state.cancel_timers("limit")
            deliver_up_to(state, zxid)
            hear(state)
            state.note(f"is synchronised with {following.leader}, committed up to {state.last_committed}", SOURCE)
            state.application.following(following.leader)
        case _:
            raise AssertionError(f"{following.leader} sent a learner {message}")


def _new_leader(state: State, following: Following, epoch: int) -> None:
    """The history came first, so it is on disk before its epoch, and both before this is acknowledged."""
    state.current_epoch = epoch
    state.save_epochs()
    state.tell_leader(following, AckNewLeader(epoch))
