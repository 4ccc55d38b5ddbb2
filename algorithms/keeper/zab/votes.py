"""Which vote is better, and what a quorum of voters is.

The law: the server with the newest current epoch wins, then the one with the longest history, then the one that comes
last in the ensemble (FastLeaderElection.totalOrderPredicate).
"""

from __future__ import annotations

from collections.abc import Collection

from algorithms.keeper.zab.messages import Vote


def is_better(vote: Vote, than: Vote, voters: tuple[str, ...]) -> bool:
    """Whether `vote` takes the place of `than`."""
    return _rank(vote, voters) > _rank(than, voters)


def _rank(vote: Vote, voters: tuple[str, ...]) -> tuple[int, int, int, int]:
    return (vote.current_epoch, vote.zxid.epoch, vote.zxid.counter, voters.index(vote.leader))


def is_quorum(names: Collection[str], voters: tuple[str, ...]) -> bool:
    """Whether more than half of the voters are among `names`."""
    return 2 * sum(name in names for name in voters) > len(voters)
