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
        "acceptor", "early", "expected", "heard", "number", "opened", "owes", "peer", "progress_at", "resend_at",
        "retry", "sent", "waiting",
    )  # fmt: skip

    def __init__(self, peer: str, number: int, opened: bool, retry: int, acceptor: int = 0) -> None:
        self.peer = peer
        self.number = number
        self.opened = opened
        self.acceptor = acceptor
        """The life of the side that did not open it; 0 if that has not been heard yet."""
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
        if waiting is None:
            return self._segment(0, None)
        return self._segment(waiting.sequence, waiting.payload)

    def probe(self, payload: Record) -> Segment:
        """A payload that has no place in the order."""
        return self._segment(0, payload)

    def _segment(self, sequence: int, payload: Record | None) -> Segment:
        self.owes = False
        fresh = self.opened and not self.heard
        return Segment(self.number, self.opened, sequence, self.expected - 1, payload, fresh, self.acceptor)

    def is_of_another_life(self, segment: Segment) -> bool:
        """Whether another life of the accepting side has said this, or it was said to one."""
        if self.opened and not self.acceptor:
            self.acceptor = segment.acceptor
        return segment.acceptor not in (0, self.acceptor)

    def acknowledged(self, sequence: int, now: int, retry: int) -> bool:
        """Everything up to `sequence` has arrived there; whether that was the last that we waited for."""
        before = len(self.waiting)
        while self.waiting and self.waiting[0].sequence <= sequence:
            del self.waiting[0]
        if len(self.waiting) < before:
            self.progress_at, self.retry = now, retry
            self.resend_at = now + retry
        return before > 0 and not self.waiting

    def take(self, segment: Segment) -> list[Record]:
        """The payloads that are in order now that this segment has come."""
        self.heard = True
        if segment.carried is None:
            return []
        if not segment.sequence:
            return [segment.carried]
        self.owes = True
        if segment.sequence >= self.expected:
            self.early[segment.sequence] = segment.carried
        found = []
        while self.expected in self.early:
            found.append(self.early.pop(self.expected))
            self.expected += 1
        return found
