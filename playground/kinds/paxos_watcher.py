"""What must hold of a Paxos log at every moment, for who watches it live."""

from __future__ import annotations

from nodes.observation import Observation
from nodes.world import World
from playground.checks.paxos import NAMES, PaxosRules


class PaxosWatcher:
    """See `Watcher`."""

    rules = len(NAMES)

    def __init__(self, world: World, service: str) -> None:
        self._rules = PaxosRules(world, service)

    @property
    def violations(self) -> tuple[str, ...]:
        """A sentence for each rule that was broken."""
        return self._rules.findings.sentences()

    def observe(self, observation: Observation) -> None:
        """Take one observation."""
        self._rules.observe(observation)
