"""What happens by itself on the screen: a scenario's steps, or a lesson.

The law: it names the instant at which it wants to act, and time goes no further without it.
"""

from __future__ import annotations

from typing import Protocol

from playground.script import Script
from playground.session import Intervention, Session


class Story(Protocol):
    """What a live run asks of it."""

    def due(self) -> int | None:
        """The instant (true time) at which `play` is to be called; None while it wants nothing."""

    def play(self) -> None:
        """Do what is due."""

    def holds(self) -> bool:
        """Time must stand still, because somebody reads or is asked."""

    def after_deed(self) -> Story | None:
        """A person has done something; the result is how the story goes on."""

    def can_go_back(self) -> bool:
        """Whether one can look at an earlier moment without losing what is still to come."""


class Scripted:
    """A scenario's steps."""

    def __init__(self, script: Script) -> None:
        self._script = script

    def due(self) -> int | None:
        """See `Story`."""
        return self._script.next_at()

    def play(self) -> None:
        """See `Story`."""
        self._script.advance()

    def holds(self) -> bool:
        """A scenario never waits for a person."""
        return False

    def after_deed(self) -> Story:
        """The scenario goes on."""
        return self

    def can_go_back(self) -> bool:
        """Its steps would be lost."""
        return False


class Remembered:
    """What a person did in a run that has been gone back in: it happens again, until the person does something else."""

    def __init__(self, session: Session, interventions: tuple[Intervention, ...]) -> None:
        self._session = session
        self._left = interventions

    @property
    def left(self) -> tuple[Intervention, ...]:
        """What is still to happen."""
        return self._left

    def due(self) -> int | None:
        """See `Story`."""
        return self._left[0].at if self._left else None

    def play(self) -> None:
        """See `Story`."""
        while self._left and self._left[0].at <= self._session.world.now:
            text, self._left = self._left[0].text, self._left[1:]
            self._session.do(text, "replay")

    def holds(self) -> bool:
        """It waits for nobody."""
        return False

    def after_deed(self) -> None:
        """From here on there is another future."""

    def can_go_back(self) -> bool:
        """As often as one likes."""
        return True
