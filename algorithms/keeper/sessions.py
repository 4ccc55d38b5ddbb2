"""The leader's watch over sessions: who was heard when, and where.

The law: only the leader lets a session expire, and only by its own clock; a new leader gives each a whole timeout anew,
because it cannot know what the last one had heard (ZooKeeper's SessionTracker). Without a quorum nobody expires.
"""

from __future__ import annotations

NEVER = 1 << 62


class Tracker:
    """One reign's. Times in us."""

    def __init__(self, epoch: int) -> None:
        self._epoch = epoch
        self._given = 0
        self._timeouts: dict[int, int] = {}
        self.expires_at: dict[int, int] = {}
        self.owner: dict[int, str] = {}
        """The server where the session's client is connected."""

    def new_id(self) -> int:
        """A session id that no reign has given out before."""
        self._given += 1
        return (self._epoch << 32) | self._given

    def begin(self, session_id: int, timeout: int, now: int, owner: str = "") -> None:
        """From now on it is watched."""
        self._timeouts[session_id] = timeout
        self.expires_at[session_id] = now + timeout
        if owner:
            self.owner[session_id] = owner

    def touch(self, session_id: int, now: int) -> None:
        """It was heard."""
        timeout = self._timeouts.get(session_id)
        if timeout is not None:
            self.expires_at[session_id] = now + timeout

    def end(self, session_id: int) -> None:
        """It is watched no more."""
        for table in (self._timeouts, self.expires_at, self.owner):
            table.pop(session_id, None)

    def due(self, now: int) -> tuple[int, ...]:
        """Those whose time is over, in the order of their ids. A clock that was set back gives nobody more than his
        timeout."""
        for session_id, timeout in self._timeouts.items():
            if self.expires_at[session_id] - now > timeout:
                self.expires_at[session_id] = now + timeout
        return tuple(sorted(each for each, at in self.expires_at.items() if at <= now))

    def next_expiry(self) -> int:
        """When to look again."""
        return min(self.expires_at.values(), default=NEVER)
