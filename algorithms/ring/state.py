"""What one ring server knows, with the few verbs by which it acts on the world.

The law: everything the rules read or write is reached from here. On disk are: the cells `ring`, `acceptor`, `life`,
`moving`, `key/KEY` for each key and `hint/TARGET/KEY` for each hint. All else begins anew at each boot. `effects` holds
the wishes of the turn under way.
"""

from __future__ import annotations

from collections.abc import Iterator

from algorithms.machine import CancelTimer, Effect, Erase, Note, Record, Save, Send, SetTimer
from algorithms.placement.ring import HashRing
from algorithms.ring.agreement import Acceptor, Proposal
from algorithms.ring.belongings import Belongings
from algorithms.ring.changing_state import Changing
from algorithms.ring.hints import Hints
from algorithms.ring.load import Load
from algorithms.ring.moving import Moving
from algorithms.ring.operation import Operation
from algorithms.ring.reconciling import Exchange
from algorithms.ring.settings import RingSettings
from algorithms.ring.storage import Storage
from algorithms.ring.strays import Handing
from algorithms.ring.swim import Membership
from algorithms.ring.table import Ring, placement


class State:
    """One server."""

    __slots__ = (
        "acceptor", "belongings", "bytes_taken", "changing", "coming_hash_ring", "coordinated", "effects", "everyone",
        "exchange_count", "exchanges", "exchanges_done", "handing", "hash_ring", "hints", "load", "membership",
        "moving", "name", "now", "operation_count", "operations", "proposal", "read_repairs", "repaired", "ring",
        "rotation", "settings", "storage",
    )  # fmt: skip

    def __init__(self, name: str, ring: Ring, settings: RingSettings) -> None:
        self.name = name
        self.settings = settings
        # On disk.
        self.storage = Storage(settings)
        self.belongings = Belongings()
        self.hints = Hints()
        self.acceptor = Acceptor()
        self.moving: Moving | None = None
        """The ranges that this node is taking over, while there are some."""
        self.set_ring(ring)
        # Forgotten at each boot.
        self.membership = Membership()
        self.load = Load()
        self.operations: dict[int, Operation] = {}
        self.operation_count = 0
        self.exchanges: dict[int, Exchange] = {}
        self.exchange_count = 0
        self.proposal: Proposal | None = None
        self.changing = Changing()
        self.handing = Handing()
        self.rotation = 0
        """Which comparison of anti-entropy is next."""
        self.coordinated = self.read_repairs = self.exchanges_done = self.repaired = self.bytes_taken = 0
        # The turn under way.
        self.now = 0
        self.effects: list[Effect] = []

    # ------------------------------------------------------------ the ring

    def set_ring(self, ring: Ring) -> None:
        """Believe in this table from now on; saving it and what follows from it is the caller's."""
        self.ring = ring
        self.everyone: dict[str, None] = dict.fromkeys(ring.everyone)
        """Who owns ranges or will, in the order of the table."""
        self.hash_ring: HashRing = placement(ring.members, self.settings)
        self.coming_hash_ring: HashRing | None = placement(ring.coming, self.settings) if ring.coming else None

    def preference_list(self, key: str, n: int | None = None) -> tuple[str, ...]:
        """The `n` (the settings' N if None) nodes that own the key, the first coordinates best (Dynamo 4.3)."""
        return _list(self.hash_ring, key, n or self.settings.n)

    def coming_list(self, key: str, n: int | None = None) -> tuple[str, ...]:
        """Who will own it; () while nothing moves."""
        return _list(self.coming_hash_ring, key, n or self.settings.n) if self.coming_hash_ring else ()

    def homes(self, key: str) -> tuple[str, ...]:
        """Who owns the key or will."""
        owners, coming = self.preference_list(key), self.coming_list(key)
        return tuple(dict.fromkeys((*owners, *coming))) if coming else owners

    def walk(self, key: str) -> Iterator[str]:
        """All members, clockwise from the key on."""
        return self.hash_ring.walk(self.hash_ring.range_of(self.hash_ring.position(key)))

    def is_alive(self, node: str) -> bool:
        """Neither suspected nor dead, as far as we know; oneself always."""
        return node == self.name or self.membership.is_alive(node)

    @property
    def last_write_wins(self) -> bool:
        """Only the later of two versions stays."""
        return self.settings.conflicts == "last_write_wins"

    # ------------------------------------------------------------ acting

    def note(self, text: str, source: str = "") -> None:
        """Explain a decision."""
        self.effects.append(Note(text, source))

    def send(self, target: str, message: Record) -> None:
        """Send as soon as everything saved so far is durable."""
        self.effects.append(Send(target, message))

    def send_at_once(self, target: str, message: Record) -> None:
        """Send without waiting for our disk: only what stays true if that loses its last writes."""
        self.effects.append(Send(target, message, True))

    def save(self, cell: str, value: Record) -> None:
        """Put a cell on disk; what is sent behind it waits for it."""
        self.effects.append(Save(cell, value))

    def erase(self, cell: str) -> None:
        """Forget a cell; nothing waits for that."""
        self.effects.append(Erase(cell, False))

    def set_timer(self, name: str, shortest: int, longest: int | None = None) -> None:
        """Let the timer run out after a random time of the range (us)."""
        self.effects.append(SetTimer(name, shortest, shortest if longest is None else longest))

    def cancel_timer(self, name: str) -> None:
        """Forget the timer."""
        self.effects.append(CancelTimer(name))


def _list(ring: HashRing, key: str, n: int) -> tuple[str, ...]:
    return ring.preference_list_at(ring.range_of(ring.position(key)), n)
