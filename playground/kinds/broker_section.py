"""What a report says of brokers: topics, who leads, what groups have read. Counts are those of the end."""

from __future__ import annotations

from algorithms.broker.groups.group import Group
from algorithms.machine import Record
from nodes.world import World
from playground.commands.amounts import write_bytes, write_duration
from playground.kinds import broker_standing as standing
from playground.kinds.broker_ledger import BrokerLedger
from playground.kinds.kind import Section

MOST = 6
"""So many topics, or groups, are told in words."""


class TopicFacts(Record, frozen=True):
    """One topic. `records` stand below the high watermarks, `bytes` in its leaders' logs."""

    topic: str
    partitions: int
    replicas: int
    offline: int
    under_replicated: int
    highest_leader_epoch: int
    records: int
    bytes: int
    acknowledged: int
    """Records of which clients were told that they stand there."""
    leader_changes: int
    offline_time: int
    """How long its partitions had no leader, summed, as the metadata say (us)."""


class GroupFacts(Record, frozen=True):
    """One group."""

    group: str
    state: str
    generation: int
    members: int
    lag: int | None
    """None: a partition has no leader that could say."""
    stopped_time: int
    """How long members that had partitions had none while the group rebalanced, summed (us)."""


class BrokerFacts(Record, frozen=True):
    """All brokers of a service."""

    controller: str
    controller_epoch: int
    brokers: int
    fenced: int
    consumed: int
    """Records that clients which are up were given."""
    topics: tuple[TopicFacts, ...]
    groups: tuple[GroupFacts, ...]
    leading: tuple[int, ...]
    """How many partitions each broker leads that is up, in the order of the nodes."""


def section_of(world: World, service: str, ledger: BrokerLedger) -> Section | None:
    """None if no broker is up."""
    image = standing.newest_image(world, service)
    if image is None:
        return None
    states = standing.brokers(world, service)
    active = standing.controllers(world, service)
    facts = BrokerFacts(
        active[0] if active else "",
        states[active[0]].active.epoch if active else 0,
        len(image.brokers),
        sum(each.is_fenced for each in image.brokers.values()),
        sum(each.consumer.consumed_records for each in standing.clients(world, service).values()),
        tuple(_topic(world, service, topic, ledger) for topic in standing.topics(world, service)),
        tuple(_group(world, service, each, ledger) for each in standing.groups(world, service).values()),
        tuple(sum(r.leading is not None for r in state.replicas.values()) for state in states.values()),
    )
    return Section(service, _lines(facts, tuple(states), world.now), facts)


def _group(world: World, service: str, group: Group, ledger: BrokerLedger) -> GroupFacts:
    lag, stopped = standing.lag(world, service, group), ledger.stopped(group.name) or 0
    return GroupFacts(group.name, group.state, group.generation, len(group.members), lag, stopped)


def _topic(world: World, service: str, topic: str, ledger: BrokerLedger) -> TopicFacts:
    image = standing.newest_image(world, service)
    assert image is not None, "somebody has just said that there is such a topic"
    records = image.of_topic(topic)
    replicas = [standing.leading_replica(world, service, each.partition) for each in records]
    led = [each for each in replicas if each is not None]
    return TopicFacts(
        topic,
        len(records),
        max(len(each.replicas) for each in records),
        sum(not each.leader for each in records),
        sum(len(each.in_sync_replicas) < len(each.replicas) for each in records),
        max(each.leader_epoch for each in records),
        sum(len(batch.records) for each in led for batch in each.log.batches if not batch.control),
        sum(each.log.size for each in led),
        sum(each.partition.topic == topic for each in ledger.acknowledged),
        ledger.offline.changes(topic),
        ledger.offline.time(topic),
    )


def _lines(facts: BrokerFacts, names: tuple[str, ...], now: int) -> tuple[str, ...]:
    who = f"controller {facts.controller} of epoch {facts.controller_epoch}" if facts.controller else "no controller"
    led = ", ".join(f"{name} {count}" for name, count in zip(names, facts.leading, strict=True))
    return (
        f"{facts.brokers} brokers, {facts.fenced} of them fenced, {who}; partitions led: {led}; "
        f"{facts.consumed:,} records consumed",
        *(_of_topic(each, now) for each in facts.topics[:MOST]),
        *(_of_group(each) for each in facts.groups[:MOST]),
    )


def _of_topic(topic: TopicFacts, now: int) -> str:
    rate = topic.acknowledged * 1_000_000 / max(1, now)
    return (
        f"{topic.topic}: {_count(topic.partitions, 'partition')} of {_count(topic.replicas, 'replica')}, "
        f"{topic.offline} offline, "
        f"{topic.under_replicated} not fully in sync; {topic.leader_changes} changes of leaders, leader epochs up to "
        f"{topic.highest_leader_epoch}, {write_duration(topic.offline_time)} without a leader; "
        f"{topic.records:,} records, {write_bytes(topic.bytes)}; {topic.acknowledged:,} acknowledged, "
        f"{rate:,.1f} a second"
    )


def _of_group(group: GroupFacts) -> str:
    lag = "an unknown number of" if group.lag is None else f"{group.lag:,}"
    return (
        f"group {group.group}: {group.state}, generation {group.generation}, {_count(group.members, 'member')}, "
        f"{lag} records not committed; members stood still for {write_duration(group.stopped_time)} in all"
    )


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
