"""What the world tells its onlookers. The law: an observation is a value, and looking changes nothing."""

from __future__ import annotations

from collections.abc import Callable

from algorithms.machine import Effect, Event, Record
from nodes.faults import Fault


class Turn(Record, frozen=True):
    """The machine of `service` on `node` took `event` and wished for `effects`, at true time `at`."""

    at: int
    node: str
    service: str
    event: Event
    effects: tuple[Effect, ...]


class Lost(Record, frozen=True):
    """A packet that was sent at `sent` will not arrive (or found nobody), as of `at`; `reason` is a short phrase."""

    at: int
    sent: int
    source: str
    target: str
    service: str
    message: Record
    reason: str


class Injected(Record, frozen=True):
    """A fault was carried out."""

    at: int
    fault: Fault


class Crashed(Record, frozen=True):
    """A node went down of itself, for `reason` (a failed disk write)."""

    at: int
    node: str
    reason: str


class Booted(Record, frozen=True):
    """A node began life number `life` (1-based)."""

    at: int
    node: str
    life: int


Observation = Turn | Lost | Injected | Crashed | Booted

Observer = Callable[[Observation], None]
