"""What can be asked of brokers, and what makes no sense: said before anything is sent.

The law: what only a broker can know goes through, and is answered with Kafka's own error. A topic that is not known
here yet may be on its way, so nothing is refused for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from algorithms.broker import commands
from algorithms.broker.coordinators import TRANSACTION, partition_of
from algorithms.machine import Record
from nodes.world import World
from playground.commands.values import Ask, LeaveGroup, Named, Placed, Reach, Reassign, ShutDown, Who, verb_of
from playground.errors import BadInput, nearest
from playground.kinds import broker_standing as standing
from playground.kinds.broker_questions import partition_named

VERBS = (
    "topic create",
    "topic alter",
    "topic delete",
    "produce",
    "consume",
    "consume stop",
    "group commit",
    "group remove",
    "reassign",
    "elect",
    "shut down",
    "transaction begin",
    "transaction commit",
    "transaction abort",
)
PLACES = ("partition-leader", "partition-follower", "controller", "coordinator", "transaction-coordinator")


def refusal(ask: Ask, service: str) -> str:
    """See `Kind.refusal`."""
    verb = verb_of(ask.wish)
    if verb not in VERBS:
        return f'{service} does not know "{verb}"; it knows {", ".join(VERBS)}'
    if ask.reach != Reach():
        return f"{service} knows no --n, --r and --w; how many replicas must have a record, --acks and --min-isr say"
    return ""


def resolve(ask: Ask, service: str, world: World) -> Ask:
    """See `Kind.resolve`: a member that names no topics reads what its group reads."""
    match ask.wish:
        case LeaveGroup(group):
            _must_be_in(group, ask.client or "", service, world)
            return Ask(commands.StopConsuming(), ask.client, ask.service, ask.reach)
        case commands.Consume((), group):
            return Ask(commands.Consume(_topics_of(group, service, world), group), ask.client, ask.service, ask.reach)
        case Reassign(_, replicas) if any(_name(each) not in standing.brokers(world, service) for each in replicas):
            _must_be_brokers(replicas, service, world)
        case ShutDown(who):
            _must_be_brokers((who,), service, world)
    return ask


def _must_be_in(group: str, client: str, service: str, world: World) -> None:
    """A client that is down may be asked for anything; it does not hear it."""
    machine = standing.client_of(world, client, service)
    if machine is not None and machine.consumer.group != group:
        there = f"; it is in {machine.consumer.group}" if machine.consumer.group else ""
        raise BadInput(f"{client} is no member of group {group}{there}")


def _topics_of(group: str, service: str, world: World) -> tuple[str, ...]:
    found = standing.group_and_coordinator(world, service, group)
    members = found[0].members.values() if found is not None else ()
    topics = dict.fromkeys(
        topic for each in members for protocol in each.protocols for topic in protocol.subscription.topics
    )
    if topics:
        return tuple(topics)
    known = standing.topics(world, service)
    if len(known) == 1:
        return known
    hint = f": group {group} add CLIENT {known[0]}" if known else "; none was created yet"
    raise BadInput(f"group {group} reads nothing yet, so say which topics it shall read{hint}")


def _must_be_brokers(who: Sequence[Who], service: str, world: World) -> None:
    image = standing.newest_image(world, service)
    known = tuple(image.brokers) if image is not None else ()
    for each in who:
        name = _name(each)
        if name not in known:
            raise BadInput(f'"{name}" is no broker{nearest(name, known)}; brokers are {", ".join(known)}')


def _name(who: Who) -> str:
    assert isinstance(who, Named), f"{who} has not been resolved."
    return who.name


def request(ask: Ask) -> Record:
    """See `Kind.request`."""
    match ask.wish:
        case Reassign(partition, replicas, throttle):
            return commands.Reassign(partition, tuple(_name(each) for each in replicas), throttle)
        case ShutDown(who):
            return commands.ShutDown(_name(who))
        case wish:
            assert isinstance(wish, commands.BrokerCommand), f"{ask} has not been resolved for brokers."
            return wish


# ---------------------------------------------------------------- places


def place(placed: Placed, service: str, world: World, dice: Random, taken: Sequence[str]) -> str:
    """See `Kind.place`."""
    key = placed.key
    match placed.place:
        case "controller":
            return _found(next(iter(standing.controllers(world, service)), ""), "there is no active controller now")
        case "coordinator":
            found = standing.group_and_coordinator(world, service, key)
            return _found(found[1] if found is not None else "", f'nobody coordinates a group "{key}" now')
        case "transaction-coordinator":
            return _found(_transaction_coordinator(key, service, world), f'nobody coordinates "{key}" now')
        case "partition-leader":
            record = standing.record_of(world, service, partition_named(key))
            return _found(record.leader if record is not None else "", f"{key} has no leader now")
        case _:
            return _follower(key, service, world, dice, taken)


def _found(name: str, sentence: str) -> str:
    if not name:
        raise BadInput(sentence)
    return name


def _transaction_coordinator(key: str, service: str, world: World) -> str:
    state = next(iter(standing.brokers(world, service).values()), None)
    partition = partition_of(state, TRANSACTION, key) if state is not None else None
    record = standing.record_of(world, service, partition) if partition is not None else None
    return record.leader if record is not None else ""


def _follower(key: str, service: str, world: World, dice: Random, taken: Sequence[str]) -> str:
    """One that is in sync, if there is one; else any other replica."""
    record = standing.record_of(world, service, partition_named(key))
    replicas = [each for each in record.replicas if each != record.leader and each not in taken] if record else []
    in_sync = [each for each in replicas if record is not None and each in record.in_sync_replicas]
    among = in_sync or replicas
    if not among:
        raise BadInput(f"{key} has no other follower now")
    return among[int(dice.random() * len(among))]
