"""The judges of a ring store. The law: each check is one promise of the paper, and its sentence names who broke it."""

from __future__ import annotations

from algorithms.ring.settings import RingSettings
from nodes.world import World
from playground.checks.ring.judge import NAMES, RingJudge

__all__ = ["NAMES", "RingJudge", "judges"]


def judges(world: World, service: str, settings: RingSettings, clients: tuple[str, ...]) -> tuple[RingJudge, ...]:
    """What judges `service` in this world from now on; `clients` are the nodes whose machines are clients."""
    return (RingJudge(world, service, settings, clients),)
