"""What one turn of a server wishes for, in order.

The law: `broadcast` goes to every acceptor, this server's own one included: no agent is closer to another than a
message, so each can be read alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from algorithms.machine import CancelTimer, Effect, Note, Record, Save, Send, SetTimer

PAPER = "Paxos Made Simple"


class Outbox:
    """The effects of the turn under way."""

    def __init__(self, acceptors: tuple[str, ...]) -> None:
        self.acceptors = acceptors
        self.effects: list[Effect] = []

    def begin_turn(self) -> list[Effect]:
        """A fresh list, which this turn fills."""
        self.effects = []
        return self.effects

    def send(self, target: str, message: Record) -> None:
        """To one server or client."""
        self.effects.append(Send(target, message))

    def broadcast(self, message: Record, besides: Iterable[str] = ()) -> None:
        """To every acceptor but these; as every node plays all roles, to every learner, too."""
        left_out = dict.fromkeys(besides)
        self.effects += [Send(each, message) for each in self.acceptors if each not in left_out]

    def save(self, cell: str, value: Record) -> None:
        """On disk before anything that is sent behind it."""
        self.effects.append(Save(cell, value))

    def set_timer(self, name: str, shortest: int, longest: int = 0) -> None:
        """In microseconds; one number is no range."""
        self.effects.append(SetTimer(name, shortest, max(shortest, longest)))

    def cancel_timer(self, name: str) -> None:
        """If it is set."""
        self.effects.append(CancelTimer(name))

    def note(self, text: str, section: str) -> None:
        """A sentence about this turn, with the paper's section."""
        self.effects.append(Note(text, f"{PAPER} {section}"))
