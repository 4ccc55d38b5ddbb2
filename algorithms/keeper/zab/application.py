"""What Zab delivers to: the small interface between the broadcast and the tree that it replicates.

The law (Junqueira, Reed, Serafini 2011, section 3): every server delivers a prefix of one sequence of transactions; of
two that the same primary broadcast, in the order in which it broadcast them; and a primary broadcasts only when it has
delivered all that earlier primaries had committed.
"""

from __future__ import annotations

from typing import Protocol

from algorithms.keeper.zxid import Zxid
from algorithms.machine import Record


class Application(Protocol):
    """The server that Zab works for. All of these are called within a turn; what they send goes out with it."""

    def deliver(self, zxid: Zxid, txn: Record) -> None:
        """`txn` is committed: apply it. Also called at boot for what the log has behind the snapshot up to what is
        known to be committed, and in synchronisation."""

    def snapshot(self) -> Record:
        """All that was delivered so far, as a value."""

    def restore(self, zxid: Zxid, contents: Record | None) -> None:
        """Become what `snapshot` returned after `zxid`; None is the beginning, before all transactions."""

    def established(self) -> None:
        """This server leads, and a quorum is synchronised: it may broadcast (Zab's phase 3 begins)."""

    def following(self, leader: str) -> None:
        """This server is synchronised with `leader` (also as an observer), and may serve clients."""

    def lost(self) -> None:
        """Neither any more: it is looking for a leader, and serves nobody."""

    def heard(self, source: str, message: Record) -> None:
        """`message` was sent by the application of `source` through `send_to_leader` or `send_to_follower`."""
