"""What must hold of a keeper's servers at every moment, for who watches them live."""

from __future__ import annotations

from nodes.observation import Observation
from nodes.world import World
from playground.checks.findings import Findings
from playground.checks.keeper.names import OF_SERVERS
from playground.checks.keeper.servers import ServerRules

LOOK = 500_000
"""Virtual time between two looks at trees (us)."""


class KeeperWatcher:
    """Watches one keeper."""

    rules = len(OF_SERVERS)

    def __init__(self, world: World, service: str) -> None:
        self._findings = Findings()
        self._servers = ServerRules(world, service, self._findings, histories=False)
        self._world = world
        self._looked_at = -LOOK

    @property
    def violations(self) -> tuple[str, ...]:
        """A sentence for each rule that was broken."""
        return self._findings.sentences()

    def observe(self, observation: Observation) -> None:
        """Take one observation."""
        self._servers.observe(observation)
        if self._world.now >= self._looked_at + LOOK:
            self._looked_at = self._world.now
            self._servers.look()
