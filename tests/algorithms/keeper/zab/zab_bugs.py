"""Bugs to plant: each takes one rule away, and the laws must notice within a few seeds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from algorithms.keeper.zab import broadcast, discovery, election, following, machine, synchronisation, votes
from algorithms.keeper.zab.delivering import deliver_up_to
from algorithms.keeper.zab.messages import Ack, AckEpoch, AckNewLeader, Durable, NewLeader, Transaction, Vote
from algorithms.keeper.zab.reigns import Following, Leading, Learner
from algorithms.keeper.zab.state import State
from algorithms.keeper.zxid import Zxid
from algorithms.machine import Record


def diff_instead_of_trunc(patch: pytest.MonkeyPatch) -> None:
    """ZOOKEEPER-1154: a learner keeps what the leader has never seen."""
    original = synchronisation._plan

    def plan(state: State, *rest: Any) -> list[Record]:
        return [each for each in original(state, *rest) if type(each).__name__ != "Trunc"]

    patch.setattr(synchronisation, "_plan", plan)


def new_leader_is_acknowledged_before_the_log_is_on_disk(patch: pytest.MonkeyPatch) -> None:
    """ZOOKEEPER-4646: the acknowledgement does not wait."""

    def new_leader(state: State, followed: Following, epoch: int) -> None:
        state.tell_leader(followed, AckNewLeader(epoch), at_once=True)
        state.current_epoch = epoch
        state.save_epochs()

    patch.setattr(following, "_new_leader", new_leader)


def the_epoch_is_saved_before_the_log(patch: pytest.MonkeyPatch) -> None:
    """ZOOKEEPER-4643: NEWLEADER comes before the history, so a server may claim an epoch whose history it has not."""

    def synchronise(state: State, leading: Leading, name: str, learner: Learner) -> None:
        if learner.epoch is not None and learner.sent is None:
            learner.sent = state.last_logged
            way = synchronisation._plan(state, name, learner.epoch, learner.sent)
            for message in (NewLeader(leading.epoch), *way):
                state.channels.send(name, learner.connection, message, at_once=True)

    patch.setattr(synchronisation, "synchronise", synchronise)


def a_proposal_is_acknowledged_before_it_is_on_disk(patch: pytest.MonkeyPatch) -> None:
    original = State.tell_leader

    def tell(state: State, followed: Following, message: Record, at_once: bool = False) -> None:
        original(state, followed, message, at_once or isinstance(message, Ack))

    patch.setattr(State, "tell_leader", tell)


def the_leader_counts_its_disk_before_it_has_answered(patch: pytest.MonkeyPatch) -> None:
    def tell_self(state: State, message: Durable) -> None:
        if message.what == "log" and state.leading is not None:
            state.leading.acked = message.zxid
        else:
            original(state, message)

    original = State.tell_self
    patch.setattr(State, "tell_self", tell_self)


def commits_come_out_of_order(patch: pytest.MonkeyPatch) -> None:
    """The leader commits what was just acknowledged, and what came before it afterwards."""

    def deliver(state: State, zxid: Zxid) -> tuple[Transaction, ...]:
        new = state.log.between(state.last_committed, zxid)
        for each in reversed(new):
            state.application.deliver(each.zxid, each.txn)
        state.last_committed = max(state.last_committed, zxid)
        return new

    for module in (synchronisation, following):
        patch.setattr(module, "deliver_up_to", deliver)


def a_minority_commits(patch: pytest.MonkeyPatch) -> None:
    def commit(state: State, leading: Leading) -> None:
        if state.phase == "broadcast":
            reached = max(leading.voters_acked(state.name, state.voters).values())
            for transaction in state.log.between(state.last_committed, reached):
                broadcast._tell(leading, state, transaction)
                deliver_up_to(state, transaction.zxid)

    patch.setattr(broadcast, "commit", commit)


def an_old_epoch_is_promised_again(patch: pytest.MonkeyPatch) -> None:
    """A follower acknowledges an epoch that it has promised to somebody else, or one that is older."""

    def leader_info(state: State, followed: Following, epoch: int) -> None:
        state.accepted_epoch = max(epoch, state.accepted_epoch)
        state.save_epochs()
        state.phase = "synchronisation"
        state.tell_leader(followed, AckEpoch(state.current_epoch, state.last_logged))

    patch.setattr(following, "_leader_info", leader_info)


def the_promise_is_not_saved(patch: pytest.MonkeyPatch) -> None:
    """Nor is it told from one that counts: a server may promise one epoch to two leaders."""

    def leader_info(state: State, followed: Following, epoch: int) -> None:
        state.phase = "synchronisation"
        state.tell_leader(followed, AckEpoch(state.current_epoch, state.last_logged))

    patch.setattr(following, "_leader_info", leader_info)


def the_shortest_history_wins(patch: pytest.MonkeyPatch) -> None:
    """The election prefers the server that knows least, and nobody looks at what the quorum knows."""

    def is_better(vote: Vote, than: Vote, voters: tuple[str, ...]) -> bool:
        return votes._rank(vote, voters) < votes._rank(than, voters)

    def ack_epoch(state: State, leading: Leading, name: str, learner: Learner, message: AckEpoch) -> None:
        learner.epoch = message
        if state.phase != "discovery":
            synchronisation.synchronise(state, leading, name, learner)
        else:
            discovery.count_promises(state, leading)

    patch.setattr(election, "is_better", is_better)
    patch.setattr(machine, "ack_epoch", ack_epoch)


Bug = Callable[[pytest.MonkeyPatch], None]

BUGS: tuple[Bug, ...] = (
    diff_instead_of_trunc,
    new_leader_is_acknowledged_before_the_log_is_on_disk,
    the_epoch_is_saved_before_the_log,
    a_proposal_is_acknowledged_before_it_is_on_disk,
    the_leader_counts_its_disk_before_it_has_answered,
    commits_come_out_of_order,
    a_minority_commits,
    the_promise_is_not_saved,
    the_shortest_history_wins,
)
