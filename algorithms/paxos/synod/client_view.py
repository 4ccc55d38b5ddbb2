"""A client of the synod as onlookers see it."""

from __future__ import annotations

from algorithms.machine import Record
from algorithms.paxos.synod.commands import Learn, Propose


class Waiting(Record, frozen=True):
    """One request that has not ended. `server` is whom the last try went to."""

    request_id: int
    command: Propose | Learn
    server: str
    tries: int


class SynodClientView(Record, frozen=True):
    """A client at one moment. `chosen` is what it was last told to be chosen; the counts are of requests that ended."""

    name: str
    client_id: str
    waiting: tuple[Waiting, ...]
    chosen: str | None
    done: int
    failed: int
    unknown: int
