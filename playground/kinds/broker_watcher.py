"""What must hold of brokers at every moment, for who watches them live.

The law: only what is wrong for good counts at once. That a record is lost can be said only at the end of a run.
"""

from __future__ import annotations

from nodes.observation import Observation
from nodes.world import World
from playground.checks.broker import groups, replication
from playground.checks.broker.groups import GroupRules
from playground.checks.broker.replication import Replication
from playground.checks.findings import Findings
from playground.kinds.broker_standing import client_of

LOOK = 500_000
"""Virtual time between two looks at logs and groups (us)."""


class BrokerWatcher:
    """Watches one broker service."""

    def __init__(self, world: World, service: str) -> None:
        clients = tuple(name for name in world.names if client_of(world, name, service))
        self._findings = Findings()
        self._replication = Replication(world, service, self._findings)
        self._groups = GroupRules(world, service, clients, self._replication, self._findings)
        self._world = world
        self._looked_at = -LOOK
        self.rules = len(groups.NAMES) + len(replication.NAMES)

    @property
    def violations(self) -> tuple[str, ...]:
        """A sentence for each rule that was broken."""
        return self._findings.sentences()

    def observe(self, observation: Observation) -> None:
        """Take one observation."""
        self._replication.observe(observation)
        self._groups.observe(observation)
        if self._world.now >= self._looked_at + LOOK:
            self._looked_at = self._world.now
            self._replication.look()
            self._groups.look()
