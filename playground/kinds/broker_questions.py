"""What conditions can ask about brokers. The law: looking changes nothing, and whoever is down has nothing to say."""

from __future__ import annotations

from algorithms.broker.groups.group import Group
from algorithms.broker.metadata import PartitionRecord
from algorithms.broker.replica import Replica
from algorithms.broker.topics import TopicPartition
from playground.commands.build_broker import read_partition
from playground.errors import BadInput
from playground.inquiry import Inquiry, Nodes, Value
from playground.kinds import broker_standing as standing
from playground.kinds.broker_ledger import BrokerLedger


def answer(inquiry: Inquiry, function: str, words: list[str]) -> Value:
    """The answer now, of the first broker service that there is."""
    found = standing.broker_services(inquiry.world)
    service = next(iter(found), None)
    first = words[0]
    match function:
        case "controller" | "topics":
            return _of_service(inquiry, function, inquiry.service(first))
        case _ if service is None:
            return None
        case "consumed" | "produced" | "fenced":
            return _of_node(inquiry, service, function, inquiry.node(first))
        case "generation" | "group-state" | "group-size" | "owned" | "committed" | "lag":
            return _of_group(inquiry, service, function, words)
        case "lost" | "doubled" | "stopped":
            return _of_ledger(inquiry, service, function, first)
        case "records":
            return _records(inquiry, service, first)
        case _:
            return _of_partition(inquiry, service, function, words)


def partition_named(inquiry_words: str) -> TopicPartition:
    """The partition of this name. Raises BadInput."""
    found = read_partition(inquiry_words)
    if found.partition < 0:
        raise BadInput(f'"{inquiry_words}" is no partition; write topic and number, like orders/0')
    return found


def _of_service(inquiry: Inquiry, function: str, service: str) -> Value:
    if function == "topics":
        return len(standing.topics(inquiry.world, service))
    return Nodes(standing.controllers(inquiry.world, service), True)


def _of_node(inquiry: Inquiry, service: str, function: str, node: str) -> Value:
    if function == "fenced":
        image = standing.newest_image(inquiry.world, service)
        known = image.brokers.get(node) if image is not None else None
        return known.is_fenced if known is not None else None
    machine = standing.clients(inquiry.world, service).get(node)
    if machine is None:
        return None
    return machine.consumer.consumed_records if function == "consumed" else machine.producer.produced


def _of_group(inquiry: Inquiry, service: str, function: str, words: list[str]) -> Value:
    found = standing.group_and_coordinator(inquiry.world, service, words[0])
    if found is None:
        return None
    group = found[0]
    match function:
        case "generation":
            return group.generation
        case "group-state":
            return group.state
        case "group-size":
            return len(group.members)
        case "lag":
            return standing.lag(inquiry.world, service, group)
        case "owned":
            return _owned(group, inquiry.node(words[1]))
        case _:
            committed = group.offsets.get(partition_named(words[1]))
            return committed.offset if committed is not None else None


def _owned(group: Group, client: str) -> int | None:
    """What the coordinator has given to this client; None if it is no member."""
    members = [each for each in group.members.values() if each.client == client]
    return sum(len(each.assignment) for each in members) if members else None


def _of_ledger(inquiry: Inquiry, service: str, function: str, name: str) -> Value:
    ledger = inquiry.session.ledgers.get(service) if inquiry.session is not None else None
    if not isinstance(ledger, BrokerLedger):
        return None
    match function:
        case "lost":
            lost = ledger.lost(name)
            return len(lost) if lost is not None else None
        case "doubled":
            return ledger.doubled(name)
        case _:
            stopped = ledger.stopped(name)
            return stopped // 1_000 if stopped is not None else None


def _records(inquiry: Inquiry, service: str, topic: str) -> int | None:
    replicas = standing.leading_replicas(inquiry.world, service, topic)
    return sum(_held(each) for each in replicas.values()) if replicas is not None else None


def _held(replica: Replica) -> int:
    """Records of applications below the high watermark."""
    batches = (each for each in replica.log.batches if not each.control and each.next_offset <= replica.high_watermark)
    return sum(len(each.records) for each in batches)


# ---------------------------------------------------------------- partitions


def _of_partition(inquiry: Inquiry, service: str, function: str, words: list[str]) -> Value:
    partition = partition_named(words[0])
    record = standing.record_of(inquiry.world, service, partition)
    if function in ("high-watermark", "log-end", "log-start"):
        return _of_replica(_replica(inquiry, service, partition, words[1:]), function)
    if record is None:
        return None
    return _of_record(record, function)


def _of_record(record: PartitionRecord, function: str) -> Value:
    match function:
        case "partition-leader":
            return Nodes((record.leader,) if record.leader else (), True)
        case "leader-epoch":
            return record.leader_epoch
        case "isr":
            return Nodes(record.in_sync_replicas)
        case "elr":
            return Nodes(record.eligible_leader_replicas)
        case "assigned":
            return Nodes(record.replicas)
        case _:
            raise AssertionError(f"There is no question {function} about a partition.")


def _replica(inquiry: Inquiry, service: str, partition: TopicPartition, node: list[str]) -> Replica | None:
    if not node:
        return standing.leading_replica(inquiry.world, service, partition)
    state = standing.brokers(inquiry.world, service).get(inquiry.node(node[0]))
    return state.replicas.get(partition) if state is not None else None


def _of_replica(replica: Replica | None, function: str) -> int | None:
    if replica is None:
        return None
    match function:
        case "high-watermark":
            return replica.high_watermark
        case "log-end":
            return replica.log.end_offset
        case _:
            return replica.log.start_offset
