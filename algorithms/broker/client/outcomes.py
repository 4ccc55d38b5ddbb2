"""How requests end, and operations that the client begins by itself.

The law: every request ends once. Own operations have negative ids of their own, far below those of workloads.
"""

from __future__ import annotations

from algorithms.broker.client.session import Session
from algorithms.broker.client.words import words
from algorithms.broker.commands import CommitOffsets, Poll
from algorithms.broker.errors import Error
from algorithms.machine import Answer, Failed, Invoke, Record, Unknown

FIRST_OWN = -1_000_001


class Outcomes:
    """The books."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._next_own = FIRST_OWN
        self.done = self.failed = self.unknown = 0

    def answer(self, request_id: int, command: Record, outcome: Record) -> None:
        """The request ended so."""
        match outcome:
            case Failed(reason):
                self.failed += 1
                self._session.note(f"{words(command)} failed: {reason}")
            case Unknown(reason):
                self.unknown += 1
                self._session.note(f"{words(command)} may or may not be done: {reason}")
            case _:
                self.done += 0 if isinstance(command, Poll | CommitOffsets) else 1
        self._session.effects.append(Answer(request_id, outcome))

    def fail(self, request_id: int, command: Record, error: Error, what: str = "") -> None:
        """It was surely not done."""
        self.answer(request_id, command, Failed(error.words(what)))

    def own(self, command: Record) -> int:
        """An operation of the client's own accord begins; its id."""
        number = self._next_own
        self._next_own -= 1
        self._session.effects.append(Invoke(number, command))
        return number
