"""What must hold of the synod at every moment, for who watches it live."""

from __future__ import annotations

from nodes.observation import Booted, Observation
from nodes.world import World
from playground.checks.synod import NAMES, SynodRules
from playground.kinds.synod_standing import views


class SynodWatcher:
    """Watches one service; it begins once a server is up that says how many make a quorum."""

    rules = len(NAMES)

    def __init__(self, world: World, service: str) -> None:
        self._world, self._service = world, service
        self._rules: SynodRules | None = None
        self._begin()

    def _begin(self) -> None:
        there = next(iter(views(self._world, self._service).values()), None)
        if there is not None:
            self._rules = SynodRules(self._world, self._service, there.quorums)

    @property
    def violations(self) -> tuple[str, ...]:
        """A sentence for each rule that was broken."""
        return self._rules.findings.sentences() if self._rules is not None else ()

    def observe(self, observation: Observation) -> None:
        """Take one observation. Disks are looked at when a node begins a life: then it shows what they have lost."""
        if self._rules is None:
            self._begin()
        if self._rules is not None:
            self._rules.observe(observation)
            if isinstance(observation, Booted):
                self._rules.look()
