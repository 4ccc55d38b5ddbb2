"""The vocabulary every algorithm speaks: events come in, effects go out.

The law: a machine is a value with one door, `handle(event, now) -> list[Effect]`. It has no clock, no dice,
no log and no I/O of its own; the world in `nodes/` performs what it wishes for. Durations and instants are
integer microseconds everywhere; `now` is the node's own clock, which may be wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Protocol

import msgspec


class Record(msgspec.Struct, frozen=True, tag=True, gc=False):
    """A value that nodes may share: messages, entries, settings, views.

    Fields are str, int, float, bool, None, Enum, tuple or Record; never list, dict or set, so that order is
    never an accident. `gc=False` is safe because such values cannot form a cycle.
    """


Microseconds = Annotated[int, "us"]
"""A time. In settings it tells a time from a count, so that a file may not name one without its unit."""


# ---------------------------------------------------------------- what a disk holds


class Torn(Record, frozen=True):
    """Stands where a journal's last record should be: its checksum does not match (a write cut by power loss)."""


class Cell(Record, frozen=True):
    """One named value on disk, always replaced as a whole."""

    name: str
    value: Record


class Journal(Record, frozen=True):
    """One named, numbered sequence of records on disk.

    `first` is the number of `records[0]`, so record `i` stands at `records[i - first]`. The last one may be `Torn`.
    """

    name: str
    first: int
    records: tuple[Record, ...]


class Saved(Record, frozen=True):
    """What a machine finds on its part of the disk when it starts."""

    cells: tuple[Cell, ...] = ()
    journals: tuple[Journal, ...] = ()

    def cell(self, name: str) -> Record | None:
        """The value of the cell `name`, or None if it was never saved."""
        return next((cell.value for cell in self.cells if cell.name == name), None)

    def journal(self, name: str) -> Journal | None:
        """The journal `name`, or None if nothing was ever appended to it."""
        return next((journal for journal in self.journals if journal.name == name), None)


# ---------------------------------------------------------------- events: facts that come in


class Started(Record, frozen=True):
    """The node has booted; `saved` is all that the last life left behind."""

    saved: Saved = Saved()


class Received(Record, frozen=True):
    """A message from the machine of the same service on the node `source`."""

    source: str
    message: Record


class TimerFired(Record, frozen=True):
    """The timer `name` ran out. It is no longer set."""

    name: str


class Asked(Record, frozen=True):
    """Somebody on this very node asks for `command`; the answer is an `Answer` with the same `request_id`."""

    request_id: int
    command: Record


Event = Started | Received | TimerFired | Asked


# ---------------------------------------------------------------- effects: wishes that go out


class Send(Record, frozen=True):
    """Send `message` to the same service on node `target` (a node may send to itself; that is never lost).

    It waits until everything this machine wished to save before it is durable, unless `at_once` is set:
    then it leaves immediately, which is right only for what is true whatever the disk does (a Raft leader's
    AppendEntries, dissertation 10.2.1).
    """

    target: str
    message: Record
    at_once: bool = False


class SetTimer(Record, frozen=True):
    """Set (or set anew) the timer `name` to run out after a random time in [shortest, longest] microseconds."""

    name: str
    shortest: int
    longest: int


class CancelTimer(Record, frozen=True):
    """Forget the timer `name`, if it is set."""

    name: str


class Save(Record, frozen=True):
    """Replace the cell `cell`. What must change together belongs into one record.

    With `sync`, later `Send`s and `Answer`s of this machine wait until it is durable. Without, nothing waits,
    and a power loss before the next sync takes it away.
    """

    cell: str
    value: Record
    sync: bool = True


class Append(Record, frozen=True):
    """Write `records` to `journal` from number `index` on, dropping whatever stood at `index` or behind it.

    A new journal begins at `index`. `sync` as in `Save`.
    """

    journal: str
    index: int
    records: tuple[Record, ...]
    sync: bool = True


class Trim(Record, frozen=True):
    """Forget the records of `journal` before number `first`; if it ends before that, it is empty and begins there."""

    journal: str
    first: int
    sync: bool = True


class Erase(Record, frozen=True):
    """Forget the cell `cell`, if there is one. `sync` as in `Save`."""

    cell: str
    sync: bool = True


class Invoke(Record, frozen=True):
    """A client machine begins an operation of its own accord: an observation for histories, nothing is done.

    Its end is an `Answer` with the same `request_id`.
    """

    request_id: int
    command: Record


class Answer(Record, frozen=True):
    """The end of the request `request_id`: a client machine's result is `Ok`, `Failed` or `Unknown`."""

    request_id: int
    result: Record


class Note(Record, frozen=True):
    """The machine explains itself in one sentence; `source` is the paper and section. Changes nothing."""

    text: str
    source: str = ""


Effect = Send | SetTimer | CancelTimer | Save | Append | Trim | Erase | Invoke | Answer | Note


# ---------------------------------------------------------------- how a client's request ends


class Ok(Record, frozen=True):
    """Surely done, exactly once; `value` is what it returned."""

    value: str | int | float | bool | None = None


class Failed(Record, frozen=True):
    """Surely not done."""

    reason: str


class Unknown(Record, frozen=True):
    """Perhaps done, perhaps not, perhaps yet to be done."""

    reason: str


Outcome = Ok | Failed | Unknown


class Machine(Protocol):
    """What the world can host."""

    def handle(self, event: Event, now: int) -> Sequence[Effect]:
        """One turn: take `event` at local time `now` (microseconds), return wishes in order."""

    def view(self) -> Record:
        """A frozen picture of the machine for onlookers; asking for it changes nothing."""
