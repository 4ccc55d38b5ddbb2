"""When a keeper is calm again: a leader broadcasts, a fresh write is on every server, and no client seeks a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.keeper.zxid import ZERO
from algorithms.machine import Ok
from playground.kinds import keeper_standing as standing

if TYPE_CHECKING:
    from playground.session import Session

RETRY = 500_000
"""Virtual time after which a fresh write is tried again, microseconds."""
LOOK = 50_000
"""Virtual time between two looks, microseconds."""


class KeeperSettling:
    """See `Settling`."""

    def __init__(self, session: Session, service: str) -> None:
        self._session, self._service = session, service
        self._written, self._reached = False, ZERO
        self._request_id: int | None = None
        self._asked_at = -RETRY
        self._looked_at = -LOOK
        self._unrest = ""

    def look(self) -> str | None:
        """See `Settling`."""
        world = self._session.world
        if world.now < self._looked_at + LOOK:
            return None
        self._looked_at = world.now
        if not self._written:
            self._write()
            return None
        self._unrest = self._missing() or standing.unrest(world, self._service)
        return None if self._unrest else "a leader was broadcasting, and a fresh write was on every server"

    def _write(self) -> None:
        now = self._session.world.now
        if self._request_id is None and now >= self._asked_at + RETRY:
            done = self._session.do(f"{self._service}: create /settled-{now}", "the settle phase")
            self._request_id, self._asked_at = done.request_id, now
        outcome = self._session.outcome(self._request_id) if self._request_id is not None else None
        if outcome is not None:
            self._request_id = None
            self._written = isinstance(outcome, Ok)
            state = standing.furthest(self._session.world, self._service)
            self._reached = state.tree.last_zxid if state is not None else ZERO

    def _missing(self) -> str:
        states = standing.servers(self._session.world, self._service)
        behind = (name for name, state in states.items() if state.tree.last_zxid < self._reached)
        return next((f"{name} does not have the fresh write" for name in behind), "")

    def why_not(self) -> str:
        """See `Settling`."""
        unrest = standing.unrest(self._session.world, self._service)
        if not self._written:
            return f"no client has been told ok{f': {unrest}' if unrest else ''}"
        return self._unrest or "nobody has looked"
