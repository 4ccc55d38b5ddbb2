"""The judges of brokers. The law: each check is one promise of Kafka, and its sentence names who broke it."""

from __future__ import annotations

from algorithms.broker.settings import BrokerSettings
from nodes.world import World
from playground.checks.broker.judge import NAMES, BrokerJudge

__all__ = ["NAMES", "BrokerJudge", "judges"]


def judges(world: World, service: str, settings: BrokerSettings, clients: tuple[str, ...]) -> tuple[BrokerJudge, ...]:
    """What judges `service` in this world from now on; `clients` are the nodes whose machines are clients."""
    return (BrokerJudge(world, service, settings, clients),)
