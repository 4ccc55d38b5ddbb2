"""What must hold of a ring at every moment, for who watches it live.

The law: only what is wrong for good counts at once. That a write is lost, or that replicas stay apart, can be said only
at the end of a run; that one epoch has two tables, or that nobody has an acknowledged write on disk, at any time.
"""

from __future__ import annotations

from algorithms.ring.client import RingClient
from algorithms.ring.machine import RingMachine
from nodes.observation import Observation
from nodes.world import World
from playground.checks.ring.judge import RingJudge


class RingWatcher:
    """Watches one ring; nothing while no server of it is up when it begins."""

    def __init__(self, world: World, service: str) -> None:
        machines = {name: world.machine(name, service) for name in world.names}
        servers = [each for each in machines.values() if isinstance(each, RingMachine)]
        clients = tuple(name for name, each in machines.items() if isinstance(each, RingClient))
        self._judge = RingJudge(world, service, servers[0].state.settings, clients) if servers else None
        self.rules = 2 if self._judge else 0

    @property
    def violations(self) -> tuple[str, ...]:
        """A sentence for each rule that was broken."""
        if self._judge is None:
            return ()
        results = (self._judge.evidence.tables.result(), self._judge.durable.result())
        return tuple(f"{each.name}: {each.detail}" for each in results if each.verdict == "fail")

    def observe(self, observation: Observation) -> None:
        """Take one observation."""
        if self._judge is not None:
            self._judge.observe(observation)
