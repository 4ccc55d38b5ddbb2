"""What clients do of their own accord.

The law: a workload wraps the client machine of its node. It has dice of its own, and every value it writes is
written once only, in this life or another, so that a history can be judged.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate
from random import Random
from typing import Literal, Protocol

from msgspec import structs

from algorithms import kv
from algorithms.machine import (
    Answer,
    Asked,
    Effect,
    Event,
    Invoke,
    Machine,
    Microseconds,
    Record,
    Save,
    Saved,
    SetTimer,
    Started,
    TimerFired,
)
from nodes.node import Factory

SECOND = 1_000_000
MIX = (
    "get", "put", "cas", "append", "delete", "produce", "transact",
    "create", "set", "children", "exists", "sync", "multi", "lock",
)  # fmt: skip
"""The operations, each with its share in a workload's settings."""
NEXT = "workload"
"""The timer of an open loop; a closed loop number 3 has `workload 3`. Also the cell that counts the lives."""


class WorkloadSpec(Record, frozen=True):
    """What clients do. Times are microseconds; a share of 0 in the mix leaves an operation out.

    `closed`: each of `concurrency` loops waits for its answer, then thinks for `think` on average. `open`: `rate`
    operations a second, whatever comes back. `until` 0 is for ever.
    """

    service: str = ""
    """What is asked; none named means the spec's first."""
    kind: Literal["closed", "open"] = "open"
    clients: tuple[str, ...] = ()
    """Which client nodes work; none named means all."""
    concurrency: int = 1
    think: Microseconds = 50_000
    rate: int = 10
    keys: int = 5
    skew: float = 0.0
    """0: every key is as likely; 1: as often as Zipf's law has it, the first key most."""
    value_size: int = 0
    """Bytes that a written value has at least."""
    get: int = 4
    put: int = 3
    cas: int = 2
    append: int = 1
    delete: int = 0
    n: int = 0
    r: int = 0
    w: int = 0
    """How wide each request to a ring reaches; 0 is the store's own setting."""
    produce: int = 0
    transact: int = 0
    """Shares of what clients of brokers do: single records, and transactions."""
    topic: str = "orders"
    acks: Literal["", "0", "1", "all"] = ""
    """With what acks single records are produced; empty is the client's own setting."""
    transactors: tuple[str, ...] = ()
    """Clients that do nothing but transactions, whatever the mix is for the others."""
    records: int = 2
    """Records of a transaction."""
    aborted: int = 0
    """Of a hundred transactions so many are aborted."""
    poll: bool = False
    """A transaction takes in what its client has to read, and commits those offsets along with its records."""
    create: int = 0
    set: int = 0
    children: int = 0
    exists: int = 0
    sync: int = 0
    multi: int = 0
    lock: int = 0
    """Shares of what clients of a keeper do, besides `get` and `delete`. A lock is taken, written under and let go."""
    ephemeral: int = 0
    """Of a hundred znodes that are created so many are ephemeral."""
    watched: int = 0
    """Of a hundred reads of a keeper so many leave a watch."""
    lockers: tuple[str, ...] = ()
    """Clients that do nothing but take the lock, one step behind the other, whatever the others do."""
    start: Microseconds = 0
    until: Microseconds = 0

    def of(self, client: str) -> WorkloadSpec:
        """What this client does, which may be one that has a work of its own."""
        if client in self.transactors:
            return structs.replace(self, produce=0, transact=1)
        if client in self.lockers:
            return structs.replace(self, kind="closed", concurrency=1, lock=1, **dict.fromkeys(OF_OTHERS, 0))
        return self


OF_OTHERS = tuple(f for f in MIX if f != "lock")


class Life(Record, frozen=True):
    """Which life of the node this is, from 1 on."""

    number: int


class Operations(Protocol):
    """Makes operations, in one life of one client."""

    def operation(self, f: str, key: str, value: str) -> Record:
        """`f` is one of `MIX`; what it writes is `value`, which comes once only."""


class KvOperations:
    """Those of a store with one copy of the data."""

    def __init__(self) -> None:
        self._last: dict[str, kv.Value] = {}

    def operation(self, f: str, key: str, value: str) -> Record:
        """See `Operations`. A cas expects what this client has last written itself."""
        match f:
            case "get":
                return kv.Get(key)
            case "put":
                self._last[key] = value
                return kv.Put(key, value)
            case "cas":
                old, self._last[key] = self._last.get(key), value
                return kv.CompareAndSet(key, old, value)
            case "append":
                return kv.Append(f"a{key}", f"{value} ")
            case _:
                raise AssertionError(f"a store of keys and values knows no {f}")


def working(
    client: Factory,
    spec: WorkloadSpec,
    name: str,
    seed: int | str,
    operations: Callable[[], Operations] = KvOperations,
) -> Factory:
    """Makes a client machine that works, for the client node `name`; `operations` are made anew in each life."""
    return partial(_make, client, spec, name, seed, operations)


def _make(
    client: Factory, spec: WorkloadSpec, name: str, seed: int | str, operations: Callable[[], Operations]
) -> Machine:
    return Workload(client(), spec, name, seed, operations())


class Workload:
    """A client machine that is asked from inside as well. Its own requests have negative ids."""

    def __init__(
        self, client: Machine, spec: WorkloadSpec, name: str, seed: int | str, operations: Operations | None = None
    ) -> None:
        self.client = client
        self.operations = operations or KvOperations()
        self.spec = spec
        self._name = name
        self._seed = seed
        self._life = 0
        self._dice = Random(0)
        self._count = 0
        self._loops: dict[int, int] = {}
        shares = [1.0 / (rank + 1) ** spec.skew for rank in range(spec.keys)]
        self._weights = list(accumulate(shares))
        self._mix = list(accumulate(getattr(spec, f) for f in MIX))

    def view(self) -> Record:
        """The client's own."""
        return self.client.view()

    def handle(self, event: Event, now: int) -> Sequence[Effect]:
        """One turn: a timer of the workload's own begins an operation, all else is the client's."""
        match event:
            case Started(saved):
                return [*self.client.handle(event, now), self._begin_life(saved), *self._start(now)]
            case TimerFired(name) if name.startswith(NEXT):
                return self._next(name, now)
            case _:
                return self._answered(self.client.handle(event, now), now)

    def _begin_life(self, saved: Saved) -> Save:
        """Other dice and other values than in the last life. A fence, like every name that must not come twice."""
        last = saved.cell(NEXT)
        self._life = last.number + 1 if isinstance(last, Life) else 1
        self._dice = Random(f"{self._seed}:workload:{self._name}:{self._life}")
        return Save(NEXT, Life(self._life))

    def _start(self, now: int) -> list[Effect]:
        wait = max(0, self.spec.start - now)
        loops = [NEXT] if self.spec.kind == "open" else [f"{NEXT} {number}" for number in range(self.spec.concurrency)]
        gap = self._gap
        return [SetTimer(loop, wait, wait + gap) for loop in loops]

    @property
    def _gap(self) -> int:
        """The time between two operations on average, microseconds."""
        return SECOND // self.spec.rate if self.spec.kind == "open" else self.spec.think

    def _next(self, loop: str, now: int) -> Sequence[Effect]:
        if self.spec.until and now >= self.spec.until:
            return []
        self._count += 1
        request_id = -self._count
        command = self._draw()
        effects: list[Effect] = [Invoke(request_id, command)]
        if self.spec.kind == "open":
            effects.append(self._pause(loop))
        else:
            self._loops[request_id] = int(loop.removeprefix(NEXT))
        return [*effects, *self._answered(self.client.handle(Asked(request_id, command), now), now)]

    def _pause(self, loop: str) -> SetTimer:
        return SetTimer(loop, self._gap // 2, self._gap + self._gap // 2)

    def _answered(self, effects: Sequence[Effect], now: int) -> Sequence[Effect]:
        """What the client wishes for, and the next operation of each loop whose last one has ended."""
        more = []
        for effect in effects:
            if isinstance(effect, Answer) and effect.request_id in self._loops:
                more.append(self._pause(f"{NEXT} {self._loops.pop(effect.request_id)}"))
        return [*effects, *more] if more else effects

    # ------------------------------------------------------------ what to do next

    def _draw(self) -> Record:
        key = f"k{bisect(self._weights, self._dice.random() * self._weights[-1]) + 1}"
        kind = bisect(self._mix, self._dice.random() * self._mix[-1])
        value = f"{self._name}.{self._count}" if self._life == 1 else f"{self._name}.{self._life}.{self._count}"
        return self.operations.operation(MIX[kind], key, value.ljust(self.spec.value_size, "."))
