"""The judges of a keeper. The law: each check is one promise of ZooKeeper or Zab, and says who broke it."""

from __future__ import annotations

from nodes.world import World
from playground.checks.keeper.judge import KeeperJudge
from playground.checks.keeper.names import NAMES

__all__ = ["NAMES", "KeeperJudge", "judges"]


def judges(world: World, service: str, clients: tuple[str, ...]) -> tuple[KeeperJudge, ...]:
    """What judges `service` in this world from now on; `clients` are the nodes whose machines are clients."""
    return (KeeperJudge(world, service, clients),)
