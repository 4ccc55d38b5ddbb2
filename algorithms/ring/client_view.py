"""A ring client as onlookers see it."""

from __future__ import annotations

from algorithms.machine import Record
from algorithms.ring.commands import RingCommand


class Asking(Record, frozen=True):
    """One request that has not ended. `asked_at` is the client's own clock (us)."""

    request_id: int
    command: RingCommand
    asked_at: int
    tries: int
    server: str


class RingClientView(Record, frozen=True):
    """A client at one moment. `done`, `failed` and `unknown` count the requests that ended so."""

    name: str
    client_id: str
    outstanding: tuple[Asking, ...]
    done: int
    failed: int
    unknown: int
