"""A cluster of five brokers as the controller sees it, and drafts about it."""

from __future__ import annotations

from algorithms.broker.controller.draft import Draft
from algorithms.broker.image import Image
from algorithms.broker.messages import AlterPartitionRequest
from algorithms.broker.messages.administration import PartitionAlteration
from algorithms.broker.metadata import (
    BrokerRegistrationChangeRecord,
    PartitionRecord,
    RegisterBrokerRecord,
    TopicRecord,
)
from algorithms.broker.settings import BrokerSettings
from algorithms.broker.topics import TopicPartition

NODES = ("n1", "n2", "n3", "n4", "n5")
ORDERS = TopicPartition("orders", 0)


def cluster(record: PartitionRecord | None = None, racks: tuple[str, ...] = ("",) * 5) -> Image:
    """Five brokers, and perhaps a partition."""
    image = Image()
    for offset, (name, rack) in enumerate(zip(NODES, racks, strict=True), 1):
        image.apply(RegisterBrokerRecord(name, 1, rack), offset)
        image.apply(BrokerRegistrationChangeRecord(name, offset, False, False), offset)
        # A registration's epoch is its own offset; the change behind it does not move it.
    if record is not None:
        image.apply(TopicRecord("orders"), 9)
        image.apply(record, 10)
    return image


def orders(isr: tuple[str, ...] = ("n1", "n2", "n3"), leader: str = "n1", **fields: object) -> PartitionRecord:
    """`orders-0` on n1, n2, n3."""
    return PartitionRecord(ORDERS, ("n1", "n2", "n3"), isr, leader, 5, 7, **fields)  # type: ignore[arg-type]


def draft(image: Image, **settings: object) -> Draft:
    """A draft under these settings."""
    return Draft(image, 100, BrokerSettings(**settings), NODES)  # type: ignore[arg-type]


def stands(plan: Draft) -> tuple[str, tuple[str, ...], int, int]:
    """Leader, in-sync replicas, leader epoch and partition epoch of `orders-0`."""
    record = plan.image.partitions[ORDERS]
    return record.leader, record.in_sync_replicas, record.leader_epoch, record.partition_epoch


def alteration(
    broker: str, isr: tuple[str, ...], epoch: int = 5, partition_epoch: int = 7, broker_epoch: int | None = None
) -> AlterPartitionRequest:
    """A leader's wish."""
    number = NODES.index(broker) + 1 if broker_epoch is None else broker_epoch
    return AlterPartitionRequest(
        f"{broker}.1", 1, broker, number, (PartitionAlteration(ORDERS, epoch, partition_epoch, isr),)
    )
