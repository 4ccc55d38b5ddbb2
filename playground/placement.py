"""The ring and its rivals under the same keys: what moves when nodes come and go, how even the load is, what it costs.

The law: everything but the lookups a second is a function of the question. The clock is whoever asks brings along.
"""

from __future__ import annotations

import tracemalloc
from collections import Counter
from collections.abc import Callable, Sequence
from statistics import pstdev

import msgspec

from algorithms.placement.jump import Jump
from algorithms.placement.ketama import KetamaRing
from algorithms.placement.maglev import Maglev
from algorithms.placement.members import Member
from algorithms.placement.modulo import Modulo
from algorithms.placement.rendezvous import Rendezvous
from algorithms.placement.ring import HashRing
from algorithms.placement.strategy import Placement
from playground.errors import BadInput, nearest

Clock = Callable[[], float]
"""Seconds since whenever."""


class Question(msgspec.Struct, frozen=True):
    """What is asked: `nodes` nodes n1, n2 ... hold `keys` keys; then the first `remove` go and `add` new ones come."""

    nodes: int = 10
    add: int = 1
    remove: int = 0
    keys: int = 100_000
    virtual_nodes: int = 64
    hash: str = "blake2b"
    load_bound: float = 1.25

    @property
    def before(self) -> tuple[str, ...]:
        """The nodes at first."""
        return tuple(f"n{number}" for number in range(1, self.nodes + 1))

    @property
    def gone(self) -> tuple[str, ...]:
        """Those that leave."""
        return self.before[: self.remove]

    @property
    def new(self) -> tuple[str, ...]:
        """Those that come."""
        return tuple(f"n{number}" for number in range(self.nodes + 1, self.nodes + self.add + 1))

    @property
    def least(self) -> int:
        """The fewest keys that can move when loads are even before and after: what new shares exceed old ones by."""
        left, after = self.nodes - self.remove, self.nodes - self.remove + self.add
        old, new = self.keys / self.nodes, self.keys / after
        return round(self.add * new + left * max(0.0, new - old))


class Answer(msgspec.Struct, frozen=True):
    """What one strategy does. Loads are keys a node after the change, also of nodes that have none."""

    strategy: str
    moved: int
    moved_share: float
    max_over_mean: float
    standard_deviation: float
    lookups_per_second: float
    memory_bytes: int
    loads: dict[str, int]


Make = Callable[[Question, tuple[str, ...]], Placement]


def _members(nodes: tuple[str, ...]) -> tuple[Member, ...]:
    return tuple(map(Member, nodes))


STRATEGIES: dict[str, Make] = {
    "modulo": lambda asked, nodes: Modulo(nodes, asked.hash),
    "ring": lambda asked, nodes: HashRing(_members(nodes), asked.virtual_nodes, asked.hash),
    "bounded-ring": lambda asked, nodes: HashRing(_members(nodes), asked.virtual_nodes, asked.hash, asked.load_bound),
    "ketama": lambda asked, nodes: KetamaRing(_members(nodes)),
    "rendezvous": lambda asked, nodes: Rendezvous(_members(nodes), asked.hash),
    "jump": lambda asked, nodes: Jump(nodes, asked.hash),
    "maglev": lambda asked, nodes: Maglev(nodes, hash=asked.hash),
}
"""Every strategy by its name."""


def chosen(names: Sequence[str]) -> tuple[str, ...]:
    """The strategies of these names, in the order of the table; all of them if there are no names."""
    for name in names:
        if name not in STRATEGIES:
            hint = nearest(name, STRATEGIES) or f"; there are {', '.join(STRATEGIES)}"
            raise BadInput(f'there is no strategy "{name}"{hint}')
    return tuple(name for name in STRATEGIES if name in names or not names)


def answer(strategy: str, asked: Question, clock: Clock) -> Answer:
    """Place every key before and after the change. Raises BadInput for a question that makes no sense."""
    if asked.remove >= asked.nodes:
        raise BadInput(f"removing {asked.remove} of {asked.nodes} nodes leaves none; at least one must stay")
    try:
        return _answer(strategy, asked, clock)
    except ValueError as error:
        raise BadInput(str(error)) from None


def _answer(strategy: str, asked: Question, clock: Clock) -> Answer:
    make, keys = STRATEGIES[strategy], [f"key-{number}" for number in range(asked.keys)]
    before = make(asked, asked.before)
    after = _changed(before, asked)
    began = clock()
    old, new = owners(before, keys), owners(after, keys)
    took = clock() - began
    counted = Counter(new)
    loads = {node: counted[node] for node in (*asked.before[asked.remove :], *asked.new)}
    moved = sum(here != there for here, there in zip(old, new, strict=True))
    return Answer(
        strategy,
        moved,
        moved / asked.keys,
        max(loads.values()) * len(loads) / asked.keys,
        pstdev(loads.values()),
        2 * asked.keys / took if took > 0 else 0.0,
        memory(lambda: make(asked, asked.before)),
        loads,
    )


def _changed(placement: Placement, asked: Question) -> Placement:
    for node in asked.gone:
        placement = placement.without_node(node)
    for node in asked.new:
        placement = placement.with_node(node)
    return placement


def owners(placement: Placement, keys: Sequence[str]) -> Sequence[str]:
    """The owner of each key. A ring with bounded loads decides for all keys together."""
    if isinstance(placement, HashRing) and placement.load_bound is not None:
        return placement.assign(keys)
    find = placement.owner
    return [find(key) for key in keys]


def memory(make: Callable[[], object]) -> int:
    """Bytes that are allocated and still held when the value has been made, as tracemalloc counts them."""
    running = tracemalloc.is_tracing()
    if not running:
        tracemalloc.start()
    held = tracemalloc.get_traced_memory()[0]
    value = make()
    held = tracemalloc.get_traced_memory()[0] - held
    del value
    if not running:
        tracemalloc.stop()
    return held
