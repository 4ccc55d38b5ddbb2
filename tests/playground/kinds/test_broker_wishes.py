"""What is asked of brokers: what it comes to, and what is refused before anything is sent."""

from __future__ import annotations

import pytest

from algorithms.broker.commands import Polled, Produced
from algorithms.broker.topics import TopicPartition
from algorithms.machine import Failed, Ok, Record
from playground.errors import BadInput
from playground.kinds.broker_ledger import BrokerLedger
from playground.session import Session, replay

SECOND = 1_000_000


def told(session: Session, text: str) -> str:
    before = len(session.interventions)
    with pytest.raises(BadInput) as caught:
        session.do(text)
    assert len(session.interventions) == before, "What is refused is not recorded."
    return str(caught.value)


def outcome(session: Session, text: str, seconds: float = 1) -> Record | None:
    done = session.do(text)
    session.run_until(session.world.now + int(seconds * SECOND))
    assert done.request_id is not None
    return session.outcome(done.request_id)


def test_what_was_produced_is_read(brokers: Session) -> None:
    assert outcome(brokers, "produce orders k v --partition 0 on c2") == Produced(TopicPartition("orders", 0), 0)
    polled = outcome(brokers, "consume orders/0 --offset 0 on c1")
    assert isinstance(polled, Polled)
    assert [(each.key, each.value) for each in polled.records] == [("k", "v")]


def test_a_broker_refuses_with_the_name_that_kafka_has_for_it(brokers: Session) -> None:
    failed = outcome(brokers, "topic create more --replicas 9")
    assert isinstance(failed, Failed)
    assert failed.reason.startswith("INVALID_REPLICATION_FACTOR")


def test_a_member_that_names_no_topics_reads_what_its_group_reads(brokers: Session) -> None:
    assert outcome(brokers, "topic create other") == Ok()
    assert "reads nothing yet" in told(brokers, "group g add c2")
    assert isinstance(outcome(brokers, "group g add c1 orders"), Ok)
    assert brokers.do("group g add c2").text == "broker: consume orders --group g on c2"


def test_only_a_member_leaves_a_group(brokers: Session) -> None:
    assert isinstance(outcome(brokers, "group g add c1 orders"), Ok)
    assert told(brokers, "group h remove c1") == "c1 is no member of group h; it is in g"
    assert told(brokers, "group g remove c2") == "c2 is no member of group g"
    assert brokers.do("group g remove c1").text == "broker: consume stop on c1"


def test_a_partition_moves_to_brokers_alone(brokers: Session) -> None:
    assert told(brokers, "reassign orders/0 n1 c1").startswith('"c1" is no broker')
    assert outcome(brokers, "reassign orders/0 n5 n1 n2", 3) == Ok()
    assert outcome(brokers, "elect orders/0") == Ok()
    assert brokers.do("pause partition-leader(orders/0)").text == "pause n5"


def test_the_order_of_replicas_is_kept(brokers: Session) -> None:
    assert brokers.do("reassign orders/0 n3 n1 n2").text == "broker: reassign orders/0 n3 n1 n2 on c1"
    assert brokers.do("reassign orders/0 cancel").text == "broker: reassign orders/0 cancel on c1"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("put x 1", 'broker does not know "put"; it knows topic create'),
        ("kill coordinator(nobody)", 'nobody coordinates a group "nobody" now'),
        ("kill partition-leader(orders/7)", "orders/7 has no leader now"),
        ("kill partition-follower(orders/7)", "orders/7 has no other follower now"),
        ("kill partition-leader(orders)", '"orders" is no partition; write topic and number, like orders/0'),
        ("kill owner(x)", "owner() is asked of a service of kind ring, and this cluster has none"),
        ("produce orders k v on c9", 'there is no client "c9"'),
    ],
)
def test_what_makes_no_sense_is_refused(brokers: Session, text: str, sentence: str) -> None:
    assert sentence in told(brokers, text)


def test_places_are_recorded_as_names(brokers: Session) -> None:
    outcome(brokers, "group g add c1 orders")
    for place in ("partition-leader(orders/0)", "coordinator(g)", "controller(broker)", "partition-follower(orders/1)"):
        verb, name = brokers.do(f"pause {place}").text.split()
        assert (verb, name in brokers.spec.nodes) == ("pause", True)
        brokers.do(f"resume {name}")


def test_a_recording_of_brokers_is_replayed_to_the_same_ledger(brokers: Session) -> None:
    for text in ("produce orders k v", "group g add c2 orders", "elect orders/0"):
        outcome(brokers, text)
    again = replay(brokers.recording()).ledgers["broker"]
    before = brokers.ledgers["broker"]
    assert isinstance(again, BrokerLedger)
    assert isinstance(before, BrokerLedger)
    assert again.acknowledged == before.acknowledged != []
