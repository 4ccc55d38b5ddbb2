"""A ring server as onlookers see it."""

from __future__ import annotations

from algorithms.machine import Record
from algorithms.ring.table import Ring


class Neighbour(Record, frozen=True):
    """What this node believes of another one: `alive`, `suspected` or `dead` (SWIM 4.2)."""

    name: str
    status: str


class HintsFor(Record, frozen=True):
    """Hints that this node keeps for `target`."""

    target: str
    count: int


class HotKey(Record, frozen=True):
    """A key with the requests that this node's replica has had for it."""

    key: str
    requests: int


class Progress(Record, frozen=True):
    """How far this node has come in taking over ranges for the ring that comes next. A unit is a range."""

    epoch: int
    units: int
    units_done: int
    keys: int
    bytes: int
    """Keys and bytes of values taken over so far."""


class RingView(Record, frozen=True):
    """A server at one moment. Counts are of this life."""

    name: str
    ring: Ring
    keys: int
    """Keys that it holds, tombstones and strays included."""
    bytes: int
    """Bytes of their values."""
    strays: int
    """Keys that it holds and that are not (or no longer) its own; it hands them on."""
    hints: tuple[HintsFor, ...]
    neighbours: tuple[Neighbour, ...]
    coordinating: int
    """Requests it coordinates just now."""
    coordinated: int
    """Requests it has coordinated."""
    reads: int
    writes: int
    """Fetches and stores of single keys that it has served as a replica."""
    requests_per_second: int
    """Fetches and stores in the last whole second of its clock."""
    hottest: tuple[HotKey, ...]
    """At most five, the hottest first."""
    read_repairs: int
    exchanges: int
    """Ranges compared with a peer."""
    repaired: int
    """Keys that came from a peer by that."""
    bytes_taken: int
    """Bytes of values that came from peers because ranges moved."""
    moving: Progress | None
