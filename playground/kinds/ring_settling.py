"""When a ring is calm again: a fresh write can be read, nobody is doubted, nothing moves, and replicas are equal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.machine import Ok, Record
from algorithms.ring.commands import Found
from playground.kinds.ring_standing import unrest

if TYPE_CHECKING:
    from playground.session import Session

RETRY = 250_000
"""Virtual time after which a fresh request is tried again, microseconds."""
LOOK = 100_000
"""Virtual time between two looks at everybody's keys, microseconds."""


class RingSettling:
    """See `Settling`."""

    def __init__(self, session: Session, service: str) -> None:
        self._session, self._service = session, service
        self._value = ""
        self._written = self._read = False
        self._request_id: int | None = None
        self._asked_at = -RETRY
        self._looked_at = -LOOK
        self._unrest = ""

    def look(self) -> str | None:
        """See `Settling`."""
        if not (self._written and self._read):
            self._request()
            return None
        now = self._session.world.now
        if now < self._looked_at + LOOK:
            return None
        self._looked_at = now
        self._unrest = unrest(self._session.world, self._service)
        return None if self._unrest else "a fresh write could be read, and all replicas were equal and nothing moved"

    def _request(self) -> None:
        """A write, and then a read that must find it."""
        now = self._session.world.now
        if self._request_id is None and now >= self._asked_at + RETRY:
            self._request_id, self._asked_at = self._ask(now), now
        outcome = self._session.outcome(self._request_id) if self._request_id is not None else None
        if outcome is not None:
            self._request_id = None
            self._take(outcome)

    def _ask(self, now: int) -> int | None:
        if not self._written:
            self._value = str(now)
        wish = "get settled" if self._written else f'put settled "{self._value}"'
        return self._session.do(f"{self._service}: {wish}", "the settle phase").request_id

    def _take(self, outcome: Record) -> None:
        if not self._written:
            self._written = isinstance(outcome, Ok)
            self._asked_at = -RETRY if self._written else self._asked_at
        else:
            self._read = isinstance(outcome, Found) and self._value in outcome.values

    def why_not(self) -> str:
        """See `Settling`."""
        if not self._written:
            return "no client has been told ok for a write"
        if not self._read:
            return "no client has read what was freshly written"
        return self._unrest or "nobody has looked"
