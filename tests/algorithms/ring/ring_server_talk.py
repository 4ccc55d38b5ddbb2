"""How tests talk to one ring server: boot it, hand it an event, look at what it wishes for."""

from __future__ import annotations

from typing import TypeVar

from algorithms.machine import Effect, Note, Received, Record, Save, Saved, Send, SetTimer, Started, TimerFired
from algorithms.ring.machine import RingMachine
from algorithms.ring.settings import RingSettings

NODES = ("n1", "n2", "n3", "n4", "n5")
NOTHING = Saved()
USUAL = RingSettings()
Kind = TypeVar("Kind")


def booted(
    name: str = "n1", nodes: tuple[str, ...] = NODES, saved: Saved = NOTHING, settings: RingSettings = USUAL
) -> RingMachine:
    """A server that has had its first turn."""
    machine = RingMachine(name, nodes, settings)
    machine.handle(Started(saved), 0)
    return machine


def told(machine: RingMachine, source: str, message: Record, now: int = 0) -> list[Effect]:
    """What it wishes for when `source` sends this."""
    return machine.handle(Received(source, message), now)


def fired(machine: RingMachine, timer: str, now: int = 0) -> list[Effect]:
    """What it wishes for when this timer runs out."""
    return machine.handle(TimerFired(timer), now)


def sent(effects: list[Effect], kind: type[Kind]) -> list[tuple[str, Kind]]:
    """The messages of this type, with whom they go to."""
    sends = [each for each in effects if isinstance(each, Send)]
    return [(each.target, each.message) for each in sends if isinstance(each.message, kind)]


def saves(effects: list[Effect]) -> dict[str, Record]:
    """The cells that are saved."""
    return {each.cell: each.value for each in effects if isinstance(each, Save)}


def timers(effects: list[Effect]) -> dict[str, tuple[int, int]]:
    """The timers that are set, with their ranges."""
    return {each.name: (each.shortest, each.longest) for each in effects if isinstance(each, SetTimer)}


def notes(effects: list[Effect]) -> list[str]:
    """What it says about itself."""
    return [each.text for each in effects if isinstance(each, Note)]
