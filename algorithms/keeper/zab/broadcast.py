"""Phase 3 of a leader: propose, collect acknowledgements, commit; and stay in office.

The law: proposals are committed in the order in which they were made, when a quorum has them on disk; our own disk
counts when it has said so. There is no abort (Junqueira, Reed, Serafini 2011, section 4, phase 3).
"""

from __future__ import annotations

from algorithms.keeper.zab.delivering import deliver_up_to
from algorithms.keeper.zab.looking import look
from algorithms.keeper.zab.messages import Ack, Commit, Durable, Inform, Ping, Propose, Transaction
from algorithms.keeper.zab.reigns import Leading, Learner
from algorithms.keeper.zab.state import State
from algorithms.keeper.zab.votes import is_quorum
from algorithms.keeper.zxid import ZERO, Zxid
from algorithms.machine import Record

SOURCE = "Zab, phase 3"


def propose(state: State, leading: Leading, txn: Record) -> Zxid:
    """Append `txn` to our own log and send it to everybody, in parallel with our own write."""
    leading.counter += 1
    transaction = Transaction(Zxid(leading.epoch, leading.counter), txn)
    state.append((transaction,))
    state.tell_self(Durable(leading.number, "log", transaction.zxid))
    for name, learner in leading.learners.items():
        if learner.sent is not None and not learner.info.observes:
            state.channels.send(name, learner.connection, Propose(transaction), at_once=True)
    return transaction.zxid


def ack(state: State, leading: Leading, name: str, learner: Learner, message: Ack) -> None:
    """A follower has everything up to there on disk."""
    assert learner.acked is not None, f"{name} acknowledges {message.zxid} before NEWLEADER"
    learner.acked = max(learner.acked, message.zxid)
    commit(state, leading)


def commit(state: State, leading: Leading) -> None:
    """Whatever a quorum has on disk is committed, in order."""
    if state.phase != "broadcast":
        return
    acked = leading.voters_acked(state.name, state.voters)
    reached = sorted([acked.get(name, ZERO) for name in state.voters])[(len(state.voters) - 1) // 2]
    if reached <= state.last_committed:
        return
    for transaction in state.log.between(state.last_committed, reached):
        _tell(leading, state, transaction)
        deliver_up_to(state, transaction.zxid)


def _tell(leading: Leading, state: State, transaction: Transaction) -> None:
    """COMMIT to the followers, INFORM to the observers."""
    for name, learner in leading.learners.items():
        if learner.sent is not None:
            message = Inform(transaction) if learner.info.observes else Commit(transaction.zxid)
            state.channels.send(name, learner.connection, message, at_once=True)


# ---------------------------------------------------------------- staying in office


def ping(state: State, leading: Leading) -> None:
    """Each half tick: tell the learners that we live, and see who still does."""
    settings = state.settings
    leading.half_tick += 1
    state.set_timer("ping", settings.tick_time // 2)
    _drop_silent(state, leading)
    if state.phase == "broadcast" and not is_quorum((*_synced(leading), state.name), state.voters):
        look(state, f"no quorum was heard within {settings.sync_limit} ticks", "Medeiros 2012, 4.2")
        return
    for name, learner in leading.learners.items():
        state.channels.probe(name, learner.connection, Ping(state.last_committed))


def _drop_silent(state: State, leading: Leading) -> None:
    """A learner that is silent for too long has to begin anew; while it synchronises it has longer."""
    settings = state.settings
    for name, learner in tuple(leading.learners.items()):
        ticks = settings.init_limit if learner.acked is None else settings.sync_limit
        if leading.half_tick - learner.heard_at > 2 * ticks:
            state.note(f"has not heard {name} for {ticks} ticks: drops it", "Medeiros 2012, 4.2")
            state.channels.close(name, learner.connection)
            del leading.learners[name]


def _synced(leading: Leading) -> list[str]:
    return [name for name, learner in leading.learners.items() if learner.acked is not None]
