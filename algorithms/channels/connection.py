"""One connection, seen from one end: what waits for an acknowledgement, and what came too early.

The law: payloads are handed out in the order of their sequence, each once. Nothing here sends.
"""

from __future__ import annotations

from algorithms.channels.segment import Segment
from algorithms.machine import Record


class Waiting:
    """A payload that is not acknowledged. It is sent again as it was sent first: `at_once` or behind the disk."""

    __slots__ = ("at_once", "payload", "sequence")

    def __init__(self, sequence: int, payload: Record, at_once: bool) -> None:
        self.sequence = sequence
        self.payload = payload
        self.at_once = at_once


class Connection:
    """`number` is the opener's; `opened` says whether that is us."""

    __slots__ = (
        "early", "expected", "heard", "number", "opened", "owes", "peer", "progress_at", "resend_at", "retry", "sent",
        "waiting",
    )  # fmt: skip

    def __init__(self, peer: str, number: int, opened: bool, retry: int) -> None:
        self.peer = peer
        self.number = number
        self.opened = opened
        self.heard = not opened
        self.sent = 0
        """The sequence of the last payload that was sent."""
        self.waiting: list[Waiting] = []
        self.expected = 1
        self.early: dict[int, Record] = {}
        self.owes = False
        """Whether something has arrived that no segment of ours has acknowledged."""
        self.retry = retry
        self.resend_at = 0
        self.progress_at = 0
        """When the other side last acknowledged something new, or when we began to wait for that."""

    @property
    def handle(self) -> int:
        """Its name on this side: negative if the other side opened it, so that both sides may count as they like."""
        return self.number if self.opened else -self.number

    def silence(self, now: int) -> int:
        """How long nothing new was acknowledged. A clock that was set back begins anew."""
        self.progress_at = min(self.progress_at, now)
        return now - self.progress_at

    def is_due(self, now: int, longest: int) -> bool:
        """Whether to send again; also if the clock was set back so far that it would never be time."""
        return now >= self.resend_at or self.resend_at - now > longest

    def put(self, payload: Record, at_once: bool) -> Waiting:
        """One more payload to be sent."""
        self.sent += 1
        self.waiting.append(Waiting(self.sent, payload, at_once))
        return self.waiting[-1]

    def segment(self, waiting: Waiting | None) -> Segment:
        """It as it goes out now; without one, an acknowledgement alone."""
        self.owes = False
        fresh, received = self.opened and not self.heard, self.expected - 1
        if waiting is None:
            return Segment(self.number, self.opened, 0, received, None, fresh)
        return Segment(self.number, self.opened, waiting.sequence, received, waiting.payload, fresh)

    def acknowledged(self, sequence: int, now: int, retry: int) -> None:
        """Everything up to `sequence` has arrived there."""
        before = len(self.waiting)
        while self.waiting and self.waiting[0].sequence <= sequence:
            del self.waiting[0]
        if len(self.waiting) < before:
            self.progress_at, self.retry = now, retry
            self.resend_at = now + retry

    def take(self, segment: Segment) -> list[Record]:
        """The payloads that are in order now that this segment has come."""
        self.heard = True
        if not segment.sequence or segment.carried is None:
            return []
        self.owes = True
        if segment.sequence >= self.expected:
            self.early[segment.sequence] = segment.carried
        found = []
        while self.expected in self.early:
            found.append(self.early.pop(self.expected))
            self.expected += 1
        return found
