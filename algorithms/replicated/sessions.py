"""Client sessions: what makes a retried command harmless (dissertation 6.3).

The law: this is part of the replicated state, so it changes only when entries are applied, and equally everywhere.
A session begins with the first command of a `client_id`. There is no RegisterClient, so a client that was forgotten
must be told from one that was never seen: of an expired session the name is kept.
"""

from __future__ import annotations

from algorithms import kv
from algorithms.replicated.messages import SavedResult, Session


class _Open:
    """One client's session."""

    __slots__ = ("first_unanswered", "last_used", "results")

    def __init__(self, first_unanswered: int, last_used: int) -> None:
        self.first_unanswered = first_unanswered
        self.last_used = last_used
        self.results: dict[int, kv.Value] = {}


class Sessions:
    """The table; its order is that of the last use, oldest first."""

    def __init__(self, most: int) -> None:
        assert most > 0, "without sessions no command could be told from its retry"
        self._most = most
        self._open: dict[str, _Open] = {}
        self._expired: dict[str, None] = {}

    def has_expired(self, client_id: str) -> bool:
        """Whether the client had a session that was forgotten."""
        return client_id in self._expired

    def use(self, client_id: str, first_unanswered: int, index: int) -> None:
        """The entry at `index` belongs to this session: open it if it is new, forget what the client has."""
        session = self._open.pop(client_id, None) or _Open(first_unanswered, index)
        self._open[client_id] = session
        session.last_used = index
        if first_unanswered > session.first_unanswered:
            session.first_unanswered = first_unanswered
            session.results = {seq: value for seq, value in session.results.items() if seq >= first_unanswered}
        self._expire()

    def _expire(self) -> None:
        while len(self._open) > self._most:
            oldest = next(iter(self._open))
            del self._open[oldest]
            self._expired[oldest] = None

    def is_over(self, client_id: str, sequence: int) -> bool:
        """Whether the client has said that it wants no answer to this command any more."""
        return sequence < self._open[client_id].first_unanswered

    def was_applied(self, client_id: str, sequence: int) -> bool:
        """Whether the result of this command is on record."""
        return sequence in self._open[client_id].results

    def result(self, client_id: str, sequence: int) -> kv.Value:
        """What the command returned when it was applied."""
        return self._open[client_id].results[sequence]

    def remember(self, client_id: str, sequence: int, value: kv.Value) -> None:
        """Put a result on record."""
        self._open[client_id].results[sequence] = value

    # ------------------------------------------------------------ snapshots

    def snapshot(self) -> tuple[Session, ...]:
        """The sessions as values, in the table's order."""
        return tuple(_as_record(client_id, session) for client_id, session in self._open.items())

    def expired(self) -> tuple[str, ...]:
        """The names of those that were forgotten, in the order in which that happened."""
        return tuple(self._expired)

    def restore(self, sessions: tuple[Session, ...], expired: tuple[str, ...]) -> None:
        """Become what `snapshot()` and `expired()` returned."""
        self._open = {}
        self._expired = dict.fromkeys(expired)
        for record in sessions:
            session = self._open[record.client_id] = _Open(record.first_unanswered, record.last_used)
            session.results = {saved.sequence: saved.value for saved in record.results}


def _as_record(client_id: str, session: _Open) -> Session:
    results = tuple(SavedResult(sequence, value) for sequence, value in session.results.items())
    return Session(client_id, session.first_unanswered, results, session.last_used)
