"""A broker or broker client for the inspector. The law: facts in the order of their weight."""

from __future__ import annotations

from collections.abc import Iterator

from algorithms.broker.view import BrokerClientView, BrokerView, ReplicaView
from tui.broker_words import offset_words, place

MOST_REPLICAS = 40

Facts = tuple[tuple[str, str], ...]


def broker_facts(view: BrokerView) -> Facts:
    """What a broker is, and what it coordinates."""
    return tuple(_broker_facts(view))


def _broker_facts(view: BrokerView) -> Iterator[tuple[str, str]]:
    led = sum(each.role == "leader" for each in view.replicas)
    yield "leads", f"{led}/{len(view.replicas)}"
    yield "broker epoch", offset_words(view.broker_epoch)
    if view.is_fenced:
        yield "fenced", "yes"
    yield "controller", f"{view.controller or 'unknown'} in epoch {view.controller_epoch}"
    yield "quorum", view.metadata_role.replace("_", " ")
    yield "metadata", f"up to {view.metadata_offset}"
    if view.groups:
        yield "coordinates", "  ".join(f"{each.group} {each.state}" for each in view.groups)
    for each in view.transactions:
        yield "transaction", f"{each.transactional_id} {each.state}"


def broker_replicas(view: BrokerView) -> Facts:
    """Each replica here: role, epoch and offsets; the led ones first, internal ones last."""
    replicas = sorted(view.replicas, key=_weight)
    return tuple((place(each.partition), _replica(each)) for each in replicas[:MOST_REPLICAS])


def _weight(replica: ReplicaView) -> tuple[bool, bool, str, int]:
    partition = replica.partition
    return partition.topic.startswith("__"), replica.role != "leader", partition.topic, partition.partition


def _replica(replica: ReplicaView) -> str:
    held = replica.last_stable_offset < replica.high_watermark and replica.role == "leader"
    stable = f" stable {replica.last_stable_offset:,}" if held else ""
    begins = f"{replica.log_start_offset:,}.." if replica.log_start_offset else ""
    in_sync = f"  ISR {' '.join(replica.in_sync_replicas)}" if replica.in_sync_replicas else ""
    ends = f"hw {replica.high_watermark:,}{stable} end {begins}{replica.log_end_offset:,}"
    return f"{replica.role} e{replica.leader_epoch}  {ends}{in_sync}"


def broker_client_facts(view: BrokerClientView) -> Facts:
    """Producer and consumer."""
    return tuple(_client_facts(view))


def _client_facts(view: BrokerClientView) -> Iterator[tuple[str, str]]:
    yield "done", f"{view.done:,}"
    yield "failed", f"{view.failed:,}"
    yield "unknown", f"{view.unknown:,}"
    yield "produced", f"{view.produced_records:,}"
    yield "in flight", str(view.in_flight)
    yield "buffered", str(view.buffered)
    if view.producer_id >= 0:
        yield "producer", f"{view.producer_id} epoch {view.producer_epoch}"
    if view.transaction:
        yield "transaction", view.transaction
    yield "consumed", f"{view.consumed_records:,}"
    if view.consumer_state:
        who = f"{view.group} generation {view.generation}, " if view.group else ""
        yield "consumer", f"{who}{view.consumer_state}"


def broker_client_positions(view: BrokerClientView) -> Facts:
    """Each partition that it reads."""
    return tuple(
        (
            place(each.partition),
            f"position {offset_words(each.position)} committed {offset_words(each.committed)} "
            f"of {offset_words(each.high_watermark)}",
        )
        for each in view.consumed
    )
