"""What a client of the synod can be asked for."""

from __future__ import annotations

from algorithms.machine import Record


class Propose(Record, frozen=True):
    """Have `server` propose `value`; an empty server is any, and then another one if it keeps silent. It ends `Ok`
    with the value that was chosen, or `Unknown`."""

    value: str
    server: str = ""


class Learn(Record, frozen=True):
    """Ask `server` (or any) what has been chosen: `Ok`, with None if nothing has been accepted anywhere."""

    server: str = ""
