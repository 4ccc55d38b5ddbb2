"""When a replicated log makes progress again: there is a leader, a fresh write commits, every voter has applied it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.machine import Ok
from playground.standing import in_role, log_views, voters_of

if TYPE_CHECKING:
    from playground.session import Session

RETRY = 250_000
"""Virtual time after which a fresh write is tried again, microseconds."""


class LogSettling:
    """See `Settling`."""

    def __init__(self, session: Session, service: str) -> None:
        self._session, self._service = session, service
        self._written, self._reached = False, 0
        self._request_id: int | None = None
        self._asked_at = -RETRY

    def look(self) -> str | None:
        """See `Settling`."""
        if not self._written:
            self._write()
        elif self._everybody_has_it():
            return "a fresh write was on every server"
        return None

    def _write(self) -> None:
        now = self._session.world.now
        if self._request_id is None and now >= self._asked_at + RETRY:
            done = self._session.do(f'{self._service}: put settled "{now}"', "the settle phase")
            self._request_id, self._asked_at = done.request_id, now
        outcome = self._session.outcome(self._request_id) if self._request_id is not None else None
        if outcome is not None:
            self._request_id = None
            self._written = isinstance(outcome, Ok)
            self._reached = self._commit_index()

    def _commit_index(self) -> int:
        return max((view.commit_index for view in log_views(self._session.world, self._service).values()), default=0)

    def _everybody_has_it(self) -> bool:
        views = log_views(self._session.world, self._service)
        leaders = in_role(self._session.world, self._service, "leader")
        voters = voters_of(views[leaders[0]]) if leaders else ()
        return bool(voters) and all(name in views and views[name].last_applied >= self._reached for name in voters)

    def why_not(self) -> str:
        """See `Settling`."""
        leaders = in_role(self._session.world, self._service, "leader")
        if not leaders:
            return "there is no leader"
        if not self._written:
            return f"no client has been told ok, though {leaders[0]} leads"
        return "not every server has the leader's log"
