"""From brokers' views to a frame: the newest metadata count, offsets are the leader's, and news age."""

from __future__ import annotations

from algorithms.broker.errors import Error
from algorithms.broker.messages import SyncGroupResponse
from algorithms.broker.metadata import MetadataRecords, PartitionRecord
from algorithms.broker.topics import OFFSETS_TOPIC, TopicPartition
from algorithms.broker.view import (
    BrokerClientView,
    BrokerStanding,
    BrokerView,
    ConsumedPartition,
    GroupOffset,
    GroupView,
    MemberView,
    PartitionStanding,
    ReplicaView,
    TransactionView,
)
from algorithms.machine import Append, Record
from algorithms.raft.messages import Entry
from algorithms.replicated.messages import Carried
from playground.spec import DEFAULT_SPEC, build_world
from tui.broker_details import broker_client_facts, broker_facts, broker_replicas
from tui.broker_frame import BrokerFace, BrokerFrame, Standing
from tui.broker_framing import Cluster, broker_frame, broker_in_words, role_of
from tui.broker_log import BrokerLog
from tui.glyphs import Role

ORDERS, OFFSETS = TopicPartition("orders", 0), TopicPartition(OFFSETS_TOPIC, 0)
PERIOD = 1_000_000


def standing(partition: TopicPartition, leader: str, epoch: int = 1, **more: object) -> PartitionStanding:
    return PartitionStanding(partition, ("n1", "n2", "n3"), ("n1", "n2"), (), leader, epoch, 1, **more)  # type: ignore[arg-type]


def replica(partition: TopicPartition, role: str, end: int) -> ReplicaView:
    return ReplicaView(partition, role, 1, 0, end - 2, end - 1, end, 10 * end, 1)


def broker(name: str, offset: int, partitions: tuple[PartitionStanding, ...], **more: object) -> BrokerView:
    base = {
        "replicas": (replica(ORDERS, "leader" if name == "n1" else "follower", 40 if name == "n1" else 38),),
        "groups": (),
        "transactions": (),
    }
    brokers = tuple(BrokerStanding(each, 4, each == "n3", False, "") for each in ("n1", "n2", "n3"))
    return BrokerView(name, "follower", "n2", 3, offset, 4, False, False, brokers, partitions, **(base | more))  # type: ignore[arg-type]


def frame(views: dict[str, Record | None], log: BrokerLog | None = None, now: int = 0, chosen: str = "") -> BrokerFrame:
    servers = ("n1", "n2", "n3")
    cluster = Cluster(now, servers, ("c1",), log or BrokerLog(), PERIOD)
    return broker_frame(build_world(DEFAULT_SPEC, 1), cluster, views, chosen)


NOW = {"n1": broker("n1", 9, (standing(OFFSETS, "n2"), standing(ORDERS, "n1"))), "n2": broker("n2", 8, ()), "n3": None}


def test_the_newest_metadata_count_and_internal_topics_come_last() -> None:
    shown = frame(NOW)
    assert [topic.topic for topic in shown.topics] == ["orders", OFFSETS_TOPIC]
    assert (shown.controller, shown.controller_epoch, shown.known) == ("n2", 3, True)


def test_offsets_are_those_of_the_leader_s_log() -> None:
    face = frame(NOW).topics[0].partitions[0]
    assert (face.high_watermark, face.end, face.stable) == (39, 40, 38)
    assert [each.standing for each in face.replicas] == [Standing.LEADER, Standing.IN_SYNC, Standing.BEHIND]
    assert [each.end for each in face.replicas] == [40, 38, -1]
    assert [each.up for each in face.replicas] == [True, True, False]


def test_with_the_leader_down_the_longest_log_is_shown() -> None:
    views = {"n1": None, "n2": broker("n2", 9, (standing(ORDERS, "n1"),))}
    face = frame(views).topics[0].partitions[0]
    assert (face.end, face.stranded, face.offline) == (38, True, False)


def test_a_controller_that_is_down_is_none() -> None:
    shown = frame({"n1": NOW["n1"], "n2": None})
    assert (shown.controller, broker_in_words("broker", shown).words) == ("", "no controller")


def test_nobody_up_is_no_cluster_that_is_known() -> None:
    shown = frame({"n1": None, "n2": None})
    assert (shown.known, shown.topics, shown.ails) == (False, (), False)


def test_brokers_count_what_they_lead_and_hold() -> None:
    first, second, third = (row.broker for row in frame(NOW).brokers)
    assert (first.led, first.hosted, first.behind) == (1, 2, 0)
    assert (second.led, second.controller) == (1, True)
    assert (third.behind, third.fenced) == (2, True)


def test_a_broker_s_role_is_the_worst_that_is_true_of_it() -> None:
    assert role_of(False, BrokerFace(controller=True)) is Role.DOWN
    assert role_of(True, BrokerFace(controller=True)) is Role.CONTROLLER
    assert role_of(True, BrokerFace(fenced=True)) is Role.FENCED
    assert role_of(True, BrokerFace(leaving=True)) is Role.STOPPING
    assert role_of(True, BrokerFace(fenced=True, stopped=True)) is Role.STOPPED


def test_a_partition_that_nobody_leads_is_told_at_the_top() -> None:
    shown = frame({"n1": broker("n1", 9, (standing(ORDERS, ""),)), "n2": NOW["n2"]})
    assert broker_in_words("broker", shown) == broker_in_words("broker", shown).__class__(
        "broker", "broker", "1 offline", False
    )


def test_an_unknown_choice_is_none() -> None:
    assert [frame(NOW, chosen=name).chosen for name in ("orders/0", "orders/7")] == ["orders/0", ""]


# ---------------------------------------------------------------- news


def written(leader: str, epoch: int) -> Append:
    record = PartitionRecord(ORDERS, ("n1", "n2"), ("n1", "n2"), leader, epoch)
    return Append("metadata log", 1, (Entry(3, Carried(MetadataRecords((record,)))),))


def test_a_new_leader_is_news_for_a_while() -> None:
    log = BrokerLog()
    log.appended(0, written("n2", 0))
    log.appended(2_000_000, written("n1", 1))
    log.appended(2_400_000, written("n1", 1))
    ages = [frame(NOW, log, now).topics[0].partitions[0].age for now in (2_000_000, 2_500_000, 9_000_000)]
    assert ages == [0.0, 0.5, 1.0]


def test_the_first_leader_of_a_partition_is_no_news() -> None:
    log = BrokerLog()
    log.appended(2_000_000, written("n1", 0))
    views = {"n1": broker("n1", 9, (standing(ORDERS, "n1", 0),))}
    assert frame(views, log, 2_000_000).topics[0].partitions[0].age == 1.0


def test_what_a_member_already_had_is_not_gained_again() -> None:
    log = BrokerLog()
    log.assigned(1_000_000, "c1", SyncGroupResponse("c1.1", 1, partitions=(ORDERS,)))
    log.assigned(2_000_000, "c1", SyncGroupResponse("c1.1", 2, partitions=(ORDERS, OFFSETS)))
    log.assigned(3_000_000, "c1", SyncGroupResponse("c1.1", 3, Error.REBALANCE_IN_PROGRESS))
    assert log.gained == {("c1", ORDERS): 1_000_000, ("c1", OFFSETS): 2_000_000}


# ---------------------------------------------------------------- readers


def member(client: str, *partitions: TopicPartition) -> MemberView:
    return MemberView(f"{client}-1", client, "", partitions)


def test_of_two_coordinators_the_one_with_the_newer_generation_counts() -> None:
    old = GroupView("g", "Stable", 3, "range", "c1-1", (member("c1", ORDERS),), ())
    new = GroupView("g", "Stable", 4, "range", "c1-1", (member("c1", ORDERS),), (GroupOffset(ORDERS, 30),))
    partitions = (standing(ORDERS, "n1"),)
    shown = frame({
        "n1": broker("n1", 9, partitions, groups=(old,)),
        "n2": broker("n2", 9, partitions, groups=(new,)),
    })  # fmt: skip
    assert [(each.generation, each.coordinator, each.lag) for each in shown.groups] == [(4, "n2", 9)]
    assert [each.leader for each in shown.groups[0].members] == [True]


def test_a_group_without_members_still_lags() -> None:
    group = GroupView("g", "Empty", 5, "", "", (), (GroupOffset(ORDERS, 30),))
    shown = frame({"n1": broker("n1", 9, (standing(ORDERS, "n1"),), groups=(group,))})
    assert (shown.groups[0].lag, shown.groups[0].orphans[0].name) == (9, "orders/0")


def test_open_transactions_come_first() -> None:
    transactions = (
        TransactionView("a", 1, 0, "CompleteCommit", ()),
        TransactionView("b", 2, 0, "Ongoing", (ORDERS,)),
    )
    shown = frame({"n1": broker("n1", 9, (), transactions=transactions)})
    assert [(each.name, each.open, each.partitions) for each in shown.transactions] == [
        ("b", True, ("orders/0",)),
        ("a", False, ()),
    ]


CLIENT = BrokerClientView("c1", "c1.1", 7, 1, "ongoing", 3, 1, "g", "c1-1", 4, "stable",
                          (ConsumedPartition(ORDERS, 33, 30, 35),), 12, 34, 50, 1, 2)  # fmt: skip


def test_a_client_s_lag_counts_up_to_the_newest_end_that_anybody_knows() -> None:
    (client,) = frame({**NOW, "c1": CLIENT}).clients
    assert (client.lag, client.unsure, client.in_flight, client.buffered) == (6, 3, 1, 3)


def test_a_client_that_is_down_has_only_its_name() -> None:
    (client,) = frame(NOW).clients
    assert (client.node, client.up) == ("c1", False)


# ---------------------------------------------------------------- the inspector


def test_the_inspector_tells_each_replica_with_its_offsets() -> None:
    view = broker("n1", 9, ())
    assert broker_replicas(view) == (("orders/0", "leader e1  hw 39 stable 38 end 40"),)
    assert broker_facts(view)[0] == ("leads", "1/1")


def test_the_inspector_tells_producer_and_consumer() -> None:
    facts = dict(broker_client_facts(CLIENT))
    assert (facts["producer"], facts["transaction"], facts["consumer"]) == (
        "7 epoch 1",
        "ongoing",
        "g generation 4, stable",
    )
