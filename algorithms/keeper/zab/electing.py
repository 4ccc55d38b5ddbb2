"""What a server knows of the election under way, and whom it has elected afterwards.

The law: it begins anew with each election, except for the round, which only grows within one life.
"""

from __future__ import annotations

from algorithms.keeper.zab.messages import Notification, Vote


class Electing:
    """`round` is the logical clock."""

    __slots__ = ("backoff", "finalizing", "heard", "received", "round", "settled", "vote")

    def __init__(self) -> None:
        self.round = 0
        self.vote: Vote | None = None
        self.received: dict[str, Vote] = {}
        """Votes of this round, by voter, our own included."""
        self.settled: dict[str, Notification] = {}
        """What those said who do not look (any more), of any round."""
        self.heard: dict[str, int] = {}
        """When each voter's vote was last heard (local time), also before this election."""
        self.backoff = 0
        """After so many us the vote is told again."""
        self.finalizing = False
        """A quorum agrees with our vote; only a better one that is still under way could change it."""

    def begin(self, vote: Vote | None, backoff: int) -> None:
        """A new round."""
        self.round += 1
        self.received.clear()
        self.settled.clear()
        self.vote, self.backoff, self.finalizing = vote, backoff, False
