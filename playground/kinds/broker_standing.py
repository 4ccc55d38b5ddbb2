"""How brokers stand: their metadata, who leads what, which groups there are.

The law: looking changes nothing. Of the images of brokers that are up the newest counts; a broker that is down holds
nothing that anybody could ask for.
"""

from __future__ import annotations

from algorithms.broker.client.machine import BrokerClient
from algorithms.broker.groups.group import Group
from algorithms.broker.image import Image
from algorithms.broker.machine import BrokerMachine
from algorithms.broker.metadata import PartitionRecord
from algorithms.broker.replica import Replica
from algorithms.broker.state import State
from algorithms.broker.topics import INTERNAL, TopicPartition
from algorithms.broker.transactions.transaction import Transaction
from nodes.world import World
from playground.workload import Workload


def brokers(world: World, service: str) -> dict[str, State]:
    """The state of each broker that is up, in the order of the world's nodes."""
    machines = ((name, world.machine(name, service)) for name in world.names)
    return {name: machine.state for name, machine in machines if isinstance(machine, BrokerMachine)}


def clients(world: World, service: str) -> dict[str, BrokerClient]:
    """Each client machine that is up."""
    found = ((name, client_of(world, name, service)) for name in world.names)
    return {name: client for name, client in found if client is not None}


def client_of(world: World, name: str, service: str) -> BrokerClient | None:
    """The client machine on this node, if there is one that is up, whether it works on its own or not."""
    machine = world.machine(name, service)
    inner = machine.client if isinstance(machine, Workload) else machine
    return inner if isinstance(inner, BrokerClient) else None


def broker_services(world: World) -> tuple[str, ...]:
    """The services of which a broker is up somewhere."""
    found = (
        service
        for name in world.names
        for service, machine in world.node(name).machines.items()
        if isinstance(machine, BrokerMachine)
    )
    return tuple(dict.fromkeys(found))


def newest_image(world: World, service: str) -> Image | None:
    """The image that is furthest; of several the first. None if no broker is up."""
    states = brokers(world, service).values()
    return max((state.image for state in states), key=lambda image: image.offset, default=None)


def record_of(world: World, service: str, partition: TopicPartition) -> PartitionRecord | None:
    """The partition as the newest metadata have it."""
    image = newest_image(world, service)
    return image.partitions.get(partition) if image is not None else None


def leading_replica(world: World, service: str, partition: TopicPartition) -> Replica | None:
    """The leader's replica, as the newest metadata have the leader; None if there is none that is up."""
    record = record_of(world, service, partition)
    state = brokers(world, service).get(record.leader) if record is not None else None
    return state.leading(partition) if state is not None else None


def leading_replicas(world: World, service: str, topic: str) -> dict[TopicPartition, Replica] | None:
    """The leader's replica of each partition; None if there is no such topic, or one of them cannot be asked."""
    image = newest_image(world, service)
    if image is None or topic not in image.topics:
        return None
    found: dict[TopicPartition, Replica] = {}
    for record in image.of_topic(topic):
        replica = leading_replica(world, service, record.partition)
        if replica is None:
            return None
        found[record.partition] = replica
    return found


def is_compacted(world: World, service: str, topic: str) -> bool:
    """Whether only the last record of each key must stay."""
    state = next(iter(brokers(world, service).values()), None)
    return state is not None and "compact" in str(state.topic_setting(topic, "cleanup_policy"))


def controllers(world: World, service: str) -> tuple[str, ...]:
    """Brokers that are the active controller, as far as they know, the newest epoch first."""
    active = {name: state.active.epoch for name, state in brokers(world, service).items() if state.active.epoch}
    return tuple(sorted(active, key=lambda name: -active[name]))


def group_and_coordinator(world: World, service: str, name: str) -> tuple[Group, str] | None:
    """The group as its coordinator has it, and who that is; of several who believe it the newest epoch."""
    found: list[tuple[int, Group, str]] = []
    for broker, state in brokers(world, service).items():
        for partition, groups in state.groups.coordinated.items():
            replica = state.leading(partition)
            if name in groups and replica is not None:
                found.append((replica.leader_epoch, groups[name], broker))
    newest = max(found, key=lambda each: each[0], default=None)
    return (newest[1], newest[2]) if newest is not None else None


def groups(world: World, service: str) -> dict[str, Group]:
    """Every group, by name, as its coordinator has it."""
    states = brokers(world, service).values()
    names = dict.fromkeys(name for state in states for each in state.groups.coordinated.values() for name in each)
    found = ((name, group_and_coordinator(world, service, name)) for name in sorted(names))
    return {name: each[0] for name, each in found if each is not None}


def transactions(world: World, service: str) -> dict[str, tuple[Transaction, str]]:
    """Every transactional id with its coordinator."""
    return {
        name: (transaction, broker)
        for broker, state in brokers(world, service).items()
        for coordinated in state.transactions.coordinated.values()
        for name, transaction in coordinated.transactions.items()
    }


def topics(world: World, service: str) -> tuple[str, ...]:
    """The topics of applications."""
    image = newest_image(world, service)
    return tuple(topic for topic in image.topics if topic not in INTERNAL) if image is not None else ()


def lag(world: World, service: str, group: Group) -> int | None:
    """Records that may be read and that the group has not committed, over the partitions that its members have or that
    it has committed; None while one of them has no leader that is up."""
    assigned = (partition for member in group.members.values() for partition in member.assignment)
    total = 0
    for partition in dict.fromkeys((*assigned, *group.offsets)):
        replica = leading_replica(world, service, partition)
        if replica is None:
            return None
        committed = group.offsets.get(partition)
        start = committed.offset if committed is not None else replica.log.start_offset
        total += max(0, replica.last_stable_offset - start)
    return total


def unrest(world: World, service: str) -> str:
    """What is not calm yet; empty if everything is."""
    image = newest_image(world, service)
    if image is None:
        return "no broker is up"
    if len(controllers(world, service)) != 1:
        return "there is no active controller, or more than one believes to be it"
    fenced = [name for name, broker in image.brokers.items() if not broker.is_active]
    if fenced:
        return f"{fenced[0]} is fenced"
    for record in image.partitions.values():
        if not record.leader:
            return f"{record.partition} has no leader"
        if len(record.in_sync_replicas) < len(record.replicas) or record.adding or record.removing:
            return f"{record.partition} has {len(record.in_sync_replicas)} of {len(record.replicas)} replicas in sync"
    unsettled = (f"group {each.name} is {each.state}" for each in groups(world, service).values() if _moves(each))
    return next(unsettled, "") or _apart(world, service, image)


def _moves(group: Group) -> bool:
    return group.state not in ("Stable", "Empty")


def _apart(world: World, service: str, image: Image) -> str:
    """Replicas that are not equal, or do not know yet that everything is committed."""
    states = brokers(world, service)
    for record in image.partitions.values():
        replicas: list[Replica] = []
        for name in record.replicas:
            if name not in states:
                return f"{name} is down"
            if record.partition not in states[name].replicas:
                return f"{name} has not heard of {record.partition} yet"
            replicas.append(states[name].replicas[record.partition])
        if len({each.log.end_offset for each in replicas}) > 1:
            return f"the replicas of {record.partition} are not equal yet"
    return ""
