"""Every rule of brokers is broken on purpose, and the judge says so; a cluster that is left alone is well."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from algorithms.broker.client_settings import BrokerClientSettings
from algorithms.broker.commands import CommitOffsets, Consumed, Poll, Polled
from algorithms.broker.log.partition_log import PartitionLog
from algorithms.broker.messages.group import CommittedOffset
from algorithms.broker.records import KeyValue, RecordBatch
from algorithms.broker.replica import Replica
from algorithms.broker.settings import BrokerSettings
from algorithms.broker.topics import TopicPartition
from algorithms.machine import Answer, TimerFired
from nodes.observation import Turn
from nodes.world import World
from playground.checks.broker import NAMES, BrokerJudge
from playground.checks.broker.anomalies import NAMES as OF_HISTORIES
from playground.kinds.broker_standing import brokers, client_of, group_and_coordinator
from playground.session import Session
from playground.spec import ServiceSpec, Spec

SECOND = 1_000_000
ORDERS = TopicPartition("orders", 0)


class Watched:
    """A cluster with a topic, ten records and a group of two, and its judge."""

    def __init__(self) -> None:
        service = ServiceSpec("broker", "broker", BrokerSettings(), BrokerClientSettings())
        self.session = Session(Spec(clients=("c1", "c2", "c3"), services=(service,)), 1)
        self.world: World = self.session.world
        self.judge = BrokerJudge(self.world, "broker", BrokerSettings(), ("c1", "c2", "c3"))
        self.world.add_observer(self.judge.observe)
        self.session.run_until(SECOND)
        self.session.do("topic create orders --partitions 2 --replicas 3")
        self.session.run_until(2 * SECOND)
        for number in range(10):
            self.session.do(f"produce orders k{number} v{number}")
        self.session.do("group g add c2 orders")
        self.session.do("group g add c3 orders")
        self.session.run_until(6 * SECOND)
        self.judge.look(self.world)

    def replicas(self) -> list[Replica]:
        """Those of `orders-0`, the leader's first."""
        found = [each.replicas[ORDERS] for each in brokers(self.world, "broker").values() if ORDERS in each.replicas]
        return sorted(found, key=lambda replica: replica.leading is None)

    def turn(self, node: str, *effects: Answer) -> None:
        """Let the judge see a turn of this node in which nothing else happens."""
        self.judge.observe(Turn(self.world.now, node, "broker", TimerFired("nothing"), effects))

    def broken(self) -> list[str]:
        """The checks that fail, of those that are not about histories."""
        results = self.judge.results(self.world)
        return [each.name for each in results if each.verdict == "fail" and each.name not in OF_HISTORIES]


def holder(watched: Watched, replica: Replica) -> str:
    """The broker that has it."""
    states = brokers(watched.world, "broker").items()
    return next(name for name, state in states if state.replicas.get(ORDERS) is replica)


def two_leaders(watched: Watched) -> None:
    leader, follower = watched.replicas()[:2]
    follower.leading, follower.leader_epoch = leader.leading, leader.leader_epoch
    follower.high_watermark -= 1
    watched.turn(holder(watched, follower))


def two_controllers(watched: Watched) -> None:
    states = list(brokers(watched.world, "broker").values())
    active = next(each for each in states if each.active.epoch)
    other = next(each for each in states if not each.active.epoch)
    other.active.epoch = active.active.epoch
    watched.turn(active.name)
    watched.turn(other.name)


def a_high_watermark_that_goes_back(watched: Watched) -> None:
    leader = watched.replicas()[0]
    leader.high_watermark -= 1
    watched.turn(holder(watched, leader))


def a_high_watermark_behind_the_end(watched: Watched) -> None:
    leader = watched.replicas()[0]
    leader.high_watermark = leader.log.end_offset + 5
    watched.turn(holder(watched, leader))


def a_gap_in_the_offsets(watched: Watched) -> None:
    for replica in watched.replicas():
        log = replica.log
        log.append(RecordBatch((KeyValue("k", "gap"),), log.end_offset + 3, 0), False)
        replica.high_watermark = log.end_offset


def a_record_that_is_another_one_elsewhere(watched: Watched) -> None:
    leader, follower = watched.replicas()[:2]
    for replica, value in ((leader, "one"), (follower, "another")):
        replica.log.append(RecordBatch((KeyValue("k", value),), replica.log.end_offset, 0), False)
        replica.high_watermark = replica.log.end_offset


def two_owners(watched: Watched) -> None:
    one, other = (client_of(watched.world, name, "broker") for name in ("c2", "c3"))
    assert one is not None
    assert other is not None
    other.consumer._fetcher.positions.update(one.consumer._fetcher.positions)


def an_offset_that_goes_back(watched: Watched) -> None:
    found = group_and_coordinator(watched.world, "broker", "g")
    assert found is not None
    group, coordinator = found
    partition = next(iter(group.offsets))
    group.offsets[partition] = CommittedOffset(partition, group.offsets[partition].offset - 1)
    watched.turn(coordinator)


def a_record_from_above_the_high_watermark(watched: Watched) -> None:
    polled = Polled((Consumed(ORDERS, 99, "k", "ghost"),), 1, (ORDERS,), (ORDERS,))
    watched.turn("c2", Answer(-5, polled))


BUGS: dict[str, list[Callable[[Watched], None]]] = {
    "one-leader-an-epoch": [two_leaders],
    "one-controller-an-epoch": [two_controllers],
    "high-watermark": [a_high_watermark_that_goes_back, a_high_watermark_behind_the_end],
    "contiguous-offsets": [a_gap_in_the_offsets],
    "equal-replicas": [a_record_that_is_another_one_elsewhere],
    "one-owner-a-generation": [two_owners],
    "committed-offsets": [an_offset_that_goes_back],
    "committed-reads": [a_record_from_above_the_high_watermark],
}


def test_a_cluster_that_is_left_alone_is_well() -> None:
    watched = Watched()
    assert [(each.name, each.detail) for each in watched.judge.results(watched.world) if each.verdict != "pass"] == []


@pytest.mark.parametrize(("name", "bug"), [(name, bug) for name, bugs in BUGS.items() for bug in bugs])
def test_a_planted_bug_is_found(name: str, bug: Callable[[Watched], None]) -> None:
    watched = Watched()
    bug(watched)
    assert name in watched.broken()


def test_every_check_has_a_bug_that_it_finds() -> None:
    """Those of histories have theirs beside them, in test_broker_anomalies."""
    assert set(NAMES) == {*BUGS, *OF_HISTORIES}


def test_a_record_that_vanishes_from_every_log_is_a_lost_write() -> None:
    watched = Watched()
    for replica in watched.replicas():
        replica.log.truncate(replica.log.end_offset - 1)
        replica.high_watermark = replica.log.end_offset
    results = {each.name: each for each in watched.judge.results(watched.world)}
    assert results["lost-write"].verdict == "fail"
    assert "and it is not there" in results["lost-write"].detail


def test_a_record_that_stands_in_a_log_twice_is_a_duplicate() -> None:
    watched = Watched()
    for replica in watched.replicas():
        log: PartitionLog = replica.log
        again = msgspec.structs.replace(log.batches[0], base_offset=log.end_offset)
        log.append(again, False)
        replica.high_watermark = log.end_offset
    results = {each.name: each.verdict for each in watched.judge.results(watched.world)}
    assert results["duplicate"] == "fail"


def test_commands_that_the_collector_does_not_know_are_no_operations() -> None:
    watched = Watched()
    before = watched.judge.collector.count
    watched.turn("c2", Answer(-6, Polled((), 1)))
    assert watched.judge.collector.count == before
    assert CommitOffsets("g") != Poll("g")
