"""Eligible leader replicas: who may lead when nobody is in sync any more (KIP-966)."""

from __future__ import annotations

from controller_talk import ORDERS, alteration, cluster, draft, orders, stands

from algorithms.broker.controller import brokers, partitions
from algorithms.broker.messages import BrokerHeartbeatRequest, BrokerRegistrationRequest

ELR = {"eligible_leader_replicas_enable": True, "min_insync_replicas": 2}


def test_who_leaves_while_too_few_stay_is_eligible() -> None:
    plan = draft(cluster(orders(isr=("n1", "n2"))), **ELR)
    brokers.fence(plan, "n2")
    record = plan.image.partitions[ORDERS]
    assert (record.in_sync_replicas, record.eligible_leader_replicas) == (("n1",), ("n2",))


def test_who_leaves_while_enough_stay_is_not() -> None:
    plan = draft(cluster(orders()), **ELR)
    brokers.fence(plan, "n3")
    assert plan.image.partitions[ORDERS].eligible_leader_replicas == ()


def test_the_last_one_down_leaves_the_isr_too_and_an_eligible_replica_leads() -> None:
    plan = draft(cluster(orders(isr=("n1", "n2"))), **ELR)
    brokers.fence(plan, "n2")
    brokers.fence(plan, "n1")
    assert stands(plan)[:2] == ("", ())
    brokers.heartbeat(plan, BrokerHeartbeatRequest("n2.1", 1, "n2", 2, 100))
    assert stands(plan)[:2] == ("n2", ("n2",))


def test_a_replica_that_may_have_lost_its_end_is_not_eligible_any_more() -> None:
    plan = draft(cluster(orders(isr=("n1", "n2"))), **ELR)
    brokers.fence(plan, "n2")
    brokers.fence(plan, "n1")
    brokers.register(plan, BrokerRegistrationRequest("n1.2", 1, "n1", 2, ""))
    assert plan.image.partitions[ORDERS].eligible_leader_replicas == ("n2",)


def test_after_a_clean_shutdown_it_still_is() -> None:
    plan = draft(cluster(orders(isr=("n1", "n2"))), **ELR)
    brokers.fence(plan, "n2")
    brokers.fence(plan, "n1")
    brokers.register(plan, BrokerRegistrationRequest("n1.2", 1, "n1", 2, "", is_clean=True))
    assert plan.image.partitions[ORDERS].eligible_leader_replicas == ("n2", "n1")


def test_when_all_that_knew_it_may_lack_something_the_last_leader_leads() -> None:
    plan = draft(cluster(orders(isr=("n1",))), **ELR)
    brokers.register(plan, BrokerRegistrationRequest("n1.2", 1, "n1", 2, ""))
    assert plan.image.partitions[ORDERS].last_known_leader == "n1"
    brokers.heartbeat(plan, BrokerHeartbeatRequest("n1.2", 2, "n1", 100, 100))
    assert stands(plan)[:2] == ("n1", ("n1",))


def test_nobody_is_eligible_when_enough_are_in_sync_again() -> None:
    plan = draft(cluster(orders(isr=("n1",), eligible_leader_replicas=("n2",))), **ELR)
    partitions.alter_partition(plan, alteration("n1", ("n1", "n3")))
    assert plan.image.partitions[ORDERS].eligible_leader_replicas == ()
