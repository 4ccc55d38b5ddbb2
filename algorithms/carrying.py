"""A machine that another one carries: its messages, timers and saves go out under a name.

The law: the inner machine does not know that it is carried. What it answers to its carrier stays inside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from algorithms.machine import (
    Answer,
    Append,
    Asked,
    CancelTimer,
    Cell,
    Effect,
    Erase,
    Journal,
    Machine,
    Received,
    Record,
    Save,
    Saved,
    Send,
    SetTimer,
    Started,
    TimerFired,
    Trim,
)


class Inner:
    """One carried machine. `wrap` makes its messages the carrier's own."""

    def __init__(self, name: str, machine: Machine, wrap: Callable[[Record], Record]) -> None:
        self.prefix = f"{name} "
        self.machine = machine
        self._wrap = wrap

    def owns(self, timer: str) -> bool:
        """Whether a timer of the carrier is this machine's."""
        return timer.startswith(self.prefix)

    def start(self, saved: Saved, now: int) -> list[Effect]:
        """Boot it with its own part of what the carrier has saved."""
        return self._out(self.machine.handle(Started(self._part(saved)), now))

    def receive(self, source: str, message: Record, now: int) -> list[Effect]:
        """Hand in a message of its own, unwrapped."""
        return self._out(self.machine.handle(Received(source, message), now))

    def ring(self, timer: str, now: int) -> list[Effect]:
        """One of its timers ran out."""
        return self._out(self.machine.handle(TimerFired(timer.removeprefix(self.prefix)), now))

    def ask(self, command: Record, now: int) -> tuple[list[Effect], Record | None]:
        """Ask it for something; the result is what it answers at once, if it does."""
        effects = self.machine.handle(Asked(0, command), now)
        answer = next((each.result for each in effects if isinstance(each, Answer)), None)
        return self._out(effects), answer

    def _part(self, saved: Saved) -> Saved:
        cells = tuple(Cell(self._own(each.name), each.value) for each in saved.cells if self.owns(each.name))
        journals = tuple(
            Journal(self._own(each.name), each.first, each.records) for each in saved.journals if self.owns(each.name)
        )
        return Saved(cells, journals)

    def _own(self, name: str) -> str:
        return name.removeprefix(self.prefix)

    def _out(self, effects: Sequence[Effect]) -> list[Effect]:
        return [self._named(each) for each in effects if not isinstance(each, Answer)]

    def _named(self, effect: Effect) -> Effect:
        match effect:
            case Send(target, message, at_once):
                return Send(target, self._wrap(message), at_once)
            case SetTimer(name, shortest, longest):
                return SetTimer(self.prefix + name, shortest, longest)
            case CancelTimer(name):
                return CancelTimer(self.prefix + name)
            case Save(cell) | Erase(cell):
                return msgspec.structs.replace(effect, cell=self.prefix + cell)
            case Append(journal) | Trim(journal):
                return msgspec.structs.replace(effect, journal=self.prefix + journal)
            case _:
                return effect
