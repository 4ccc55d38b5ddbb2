"""What all judges of one ring look at together.

The law: it is gathered once, turn by turn, and nobody who looks at it changes it or the world.
"""

from __future__ import annotations

from collections.abc import Iterable

from algorithms.ring.settings import RingSettings
from algorithms.ring.versions import Version, Versions
from nodes.world import World
from playground.checks.ring.dots import knows, together
from playground.checks.ring.holdings import Holdings
from playground.checks.ring.ledger import Ledger, Written
from playground.checks.ring.tables import Tables


class Evidence:
    """The world, and what was learned of it so far."""

    def __init__(self, world: World, service: str, settings: RingSettings, clients: Iterable[str]) -> None:
        self.world = world
        self.service = service
        self.settings = settings
        self.clients = frozenset(clients)
        self.holdings = Holdings(service)
        self.ledger = Ledger(settings)
        self.tables = Tables(settings)
        self.calm_since: int | None = world.now
        """Since when all is well (us); None while it is not."""
        self.last_write: dict[str, int] = {}
        """By key: when any node last wrote or erased a cell about it."""

    @property
    def last_write_wins(self) -> bool:
        """The store drops all but one of the versions that did not know of each other."""
        return self.settings.conflicts == "last_write_wins"

    def at_home(self, key: str) -> dict[str, Versions]:
        """What the key's homes hold of it, by node; who has nothing is left out."""
        copies = self.holdings.copies.get(key, {})
        return {node: copies[node] for node in self.tables.homes(key) if node in copies}

    def held(self, key: str) -> tuple[Version, ...]:
        """The siblings that the homes hold together."""
        return together(self.at_home(key).values(), self.last_write_wins)

    def forgettable(self, versions: Iterable[Version]) -> bool:
        """Whether these are tombstones only, and older than the grace time by the clock of somebody."""
        found = list(versions)
        if not all(each.deleted for each in found):
            return False
        nodes = self.world.nodes.items()
        latest = max(node.clock.read(self.world.now) for name, node in nodes if name not in self.clients)
        return all(latest - each.written_at >= self.settings.tombstone_grace for each in found)

    def covered(self, written: Written, siblings: Iterable[Version]) -> bool:
        """Whether these are the write itself, or something that replaced it; or it is a delete (or was deleted) so long
        ago that nothing need remember it."""
        known = self.ledger.writes[written.key]
        for version in siblings:
            there = known.get(version.dot)
            if there is written or (there is not None and knows(there.clock, written.dot)):
                return True
        return any(
            (each is written or knows(each.clock, written.dot)) and self.forgettable((each.version,))
            for each in known.values()
            if each.version.deleted
        )
