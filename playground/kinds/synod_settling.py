"""When the synod is calm: something is chosen, and every server has learned it.

The law: nothing is forced on proposers that still try. Only where all are idle is somebody asked to find out, and only
where nothing has ever been accepted is a value proposed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.machine import Ok
from playground.kinds.synod_standing import views

if TYPE_CHECKING:
    from playground.session import Session

LOOK = 50_000
"""Virtual time between two looks (us)."""
PATIENCE = 700_000
"""So long do learners have to find out by themselves before one of them is asked (us)."""


class SynodSettling:
    """See `Settling`."""

    def __init__(self, session: Session, service: str) -> None:
        self._session, self._service = session, service
        self._looked_at = -LOOK
        self._ask_at = session.world.now + PATIENCE
        self._request_id: int | None = None
        self._why = "nobody has looked"

    def look(self) -> str | None:
        """See `Settling`."""
        now = self._session.world.now
        if now < self._looked_at + LOOK:
            return None
        self._looked_at = now
        there = views(self._session.world, self._service)
        learned = dict.fromkeys(view.chosen for view in there.values() if view.chosen is not None)
        lacking = [name for name, view in there.items() if view.chosen is None]
        if there and not lacking:
            return f"every server had learned {' or '.join(learned)}"
        trying = [name for name, view in there.items() if view.phase != "idle"]
        self._why = _why(lacking, trying, max((view.ballot.round for view in there.values()), default=0))
        if lacking and not trying and now >= self._ask_at:
            self._ask(lacking[0])
        return None

    def _ask(self, server: str) -> None:
        """Let this server find out; if it has found that nothing was accepted anywhere, let it propose something."""
        outcome = self._session.outcome(self._request_id) if self._request_id is not None else None
        if self._request_id is not None and outcome is None:
            return
        wish = 'propose "settled"' if outcome == Ok(None) else "learn"
        done = self._session.do(f"{self._service}: {wish} at {server}", "the settle phase")
        self._request_id = done.request_id

    def why_not(self) -> str:
        """See `Settling`."""
        return self._why


def _why(lacking: list[str], trying: list[str], round: int) -> str:
    if len(trying) > 1:
        return f"{' and '.join(trying)} still overtake each other, in ballots up to round {round:,}"
    if trying:
        return f"{trying[0]} still proposes, in ballots up to round {round:,}"
    return f"{', '.join(lacking)} had learned nothing"
