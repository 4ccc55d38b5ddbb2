"""What clients asked for and what they were told: the history that a checker judges.

The law: positions (`began`, `ended`) order invocations and completions totally and begin at 1; instants are only
for people to read. A recorder changes nothing in the world it watches.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from algorithms import kv
from algorithms.machine import Answer, Asked, Failed, Invoke, Ok, Record, Unknown
from nodes.faults import Kill, PowerLoss, Restart
from nodes.observation import Booted, Crashed, Injected, Observation, Turn


class Compound(Record, frozen=True):
    """A JSON array or object as one value: its canonical text (keys sorted, whole numbers without a point)."""

    text: str


Process = str | int | float
Key = str | int | float
Value = str | int | float | bool | Compound | None


class Operation(Record, frozen=True):
    """One operation of one client on one key.

    `f` is `get`, `put`, `cas` or `append`; `argument` is what is put or appended, for a cas (old, new), for a get
    None. `outcome` is `ok`; `fail` (it surely did nothing); `refused` (a cas that surely found another value than
    its old one); or `info` (perhaps done, perhaps not, perhaps yet to be done). `result` is what a get read.
    `ended` is None while nothing is known of the end; instants are true time in microseconds, None if not told.
    """

    process: Process
    f: str
    key: Key
    argument: Value | tuple[Value, Value]
    outcome: str
    result: Value
    began: int
    ended: int | None
    invoked_at: int | None = None
    ended_at: int | None = None


Argument = Value | tuple[Value, Value]


class Reading(Protocol):
    """How a history tells of one kind of service."""

    def call(self, command: Record) -> tuple[str, Key, Argument] | None:
        """The operation's `f`, its key and its argument; None if it is none that belongs into a history."""

    def outcome(self, command: Record, result: Record) -> tuple[str, Value]:
        """The operation's `outcome` and `result`."""


class KvReading:
    """Of a store with one copy of the data."""

    def call(self, command: Record) -> tuple[str, Key, Argument] | None:
        """See `Reading`."""
        match command:
            case kv.Get(key):
                return "get", key, None
            case kv.Put(key, value):
                return "put", key, value
            case kv.CompareAndSet(key, old, new):
                return "cas", key, (old, new)
            case kv.Append(key, value):
                return "append", key, value
            case _:
                return None

    def outcome(self, command: Record, result: Record) -> tuple[str, Value]:
        """See `Reading`. A compare-and-set that was answered `Ok(False)` is `refused`."""
        match result:
            case Ok(value):
                if isinstance(command, kv.CompareAndSet):
                    return ("ok" if value else "refused"), None
                return "ok", value if isinstance(command, kv.Get) else None
            case _:
                return without_result(result), None


def without_result(result: Record) -> str:
    """The outcome of a request that has not ended well."""
    match result:
        case Failed():
            return "fail"
        case Unknown():
            return "info"
        case _:
            raise AssertionError(f"A client's request ends Ok, Failed or Unknown, not {result}.")


class _Open:
    """An operation under way: the request, its process and where it stands in the history."""

    __slots__ = ("command", "place", "slot")

    def __init__(self, command: Record, slot: int, place: int) -> None:
        self.command = command
        self.slot = slot
        self.place = place


class HistoryRecorder:
    """Records the operations that the `clients` do with `service`; `World.add_observer(recorder.observe)`.

    Operations of one client that overlap get processes of their own: `c1/0`, `c1/1`. A client that goes down
    leaves what it had begun unknown.
    """

    def __init__(self, service: str, clients: Iterable[str], reading: Reading | None = None) -> None:
        self.service = service
        self._reading = reading or KvReading()
        self.clients = frozenset(clients)
        self._operations: list[Operation] = []
        self._open: dict[str, dict[int, _Open]] = {client: {} for client in sorted(self.clients)}
        self._position = 0

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The history so far, by invocation; what has not ended is `info`."""
        return tuple(self._operations)

    def observe(self, observation: Observation) -> None:
        """Take one observation."""
        if observation.__class__ is Turn:
            if observation.node in self.clients and observation.service == self.service:
                self._turn(observation)
            return
        match observation:
            case Injected(_, Kill(node) | PowerLoss(node) | Restart(node)) | Crashed(_, node) | Booted(_, node):
                if node in self.clients:
                    self._open[node].clear()

    def _turn(self, turn: Turn) -> None:
        event = turn.event
        if isinstance(event, Asked):
            self._begin(turn, event.request_id, event.command)
        for effect in turn.effects:
            if isinstance(effect, Invoke):
                self._begin(turn, effect.request_id, effect.command)
            elif isinstance(effect, Answer):
                self._end(turn, effect.request_id, effect.result)

    def _begin(self, turn: Turn, request_id: int, command: Record) -> None:
        call = self._reading.call(command)
        if call is None:
            return
        under_way = self._open[turn.node]
        taken = {each.slot for each in under_way.values()}
        slot = next(number for number in range(len(taken) + 1) if number not in taken)
        under_way[request_id] = _Open(command, slot, len(self._operations))
        self._position += 1
        f, key, argument = call
        process = f"{turn.node}/{slot}"
        self._operations.append(Operation(process, f, key, argument, "info", None, self._position, None, turn.at))

    def _end(self, turn: Turn, request_id: int, result: Record) -> None:
        opened = self._open[turn.node].pop(request_id, None)
        if opened is None:
            return
        self._position += 1
        begun = self._operations[opened.place]
        outcome, value = self._reading.outcome(opened.command, result)
        self._operations[opened.place] = Operation(
            begun.process,
            begun.f,
            begun.key,
            begun.argument,
            outcome,
            value,
            begun.began,
            self._position,
            begun.invoked_at,
            turn.at,
        )
