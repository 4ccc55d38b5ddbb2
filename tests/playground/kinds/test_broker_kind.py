"""Brokers as a kind of service: questions, wishes, places, what is remembered, determinism."""

from __future__ import annotations

import pytest

from algorithms.broker.client_settings import BrokerClientSettings
from algorithms.broker.settings import BrokerSettings
from algorithms.broker.topics import TopicPartition
from algorithms.machine import Failed
from playground.commands import parse_condition
from playground.digest import Digest
from playground.errors import BadInput
from playground.kinds.broker_standing import client_of, leading_replica
from playground.predicates import evaluate
from playground.session import Session
from playground.spec import RING, ClientSpec, ServiceSpec, Spec

SECOND = 1_000_000


def spec(settings: BrokerSettings | None = None, special: tuple[ClientSpec, ...] = ()) -> Spec:
    """Five brokers and three clients."""
    service = ServiceSpec("broker", "broker", settings or BrokerSettings(), BrokerClientSettings(), special)
    return Spec(clients=("c1", "c2", "c3"), services=(service,))


def session(settings: BrokerSettings | None = None) -> Session:
    """With a topic of four partitions, and ten records of which one partition has most."""
    began = Session(spec(settings), 1)
    began.run_until(SECOND)
    began.do("topic create orders --partitions 4 --replicas 3 --min-isr 2")
    began.run_until(2 * SECOND)
    for number in range(10):
        began.do(f"produce orders k{number} v{number}")
    began.run_until(3 * SECOND)
    return began


def holds(where: Session, condition: str) -> bool:
    """Whether it is so now."""
    return evaluate(parse_condition(condition), where)


def test_what_can_be_asked_of_topics_and_partitions() -> None:
    asked = session()
    for condition in (
        "topics(broker) == 1",
        "records(orders) == 10",
        "count(isr(orders/0)) == 3 and count(assigned(orders/0)) == 3 and count(elr(orders/0)) == 0",
        "leader-epoch(orders/0) == 0 and log-start(orders/0) == 0",
        "high-watermark(orders/0) == log-end(orders/0)",
        "produced(c1) == 10 and lost(orders) == 0 and doubled(orders) == 0",
        "controller(broker) and not fenced(n1)",
        'answer() == "orders/2@2" or answer()',
    ):
        assert holds(asked, condition), condition


def test_what_is_not_there_has_no_answer() -> None:
    asked = session()
    for condition in ("leader-epoch(orders/9) == 0", "generation(nobody) == 0", "records(payments) == 0"):
        assert not holds(asked, condition), condition


def test_what_can_be_asked_of_groups() -> None:
    asked = session()
    asked.do("group g add c2 orders")
    asked.do("group g add c3 orders")
    asked.run_until(6 * SECOND)
    for condition in (
        "generation(g) >= 1 and group-state(g) == Stable and group-size(g) == 2",
        "owned(g, c2) == 2 and owned(g, c3) == 2",
        "lag(g) == 0 and stopped(g) >= 0",
    ):
        assert holds(asked, condition), condition
    consumed = [client_of(asked.world, each, "broker") for each in ("c2", "c3")]
    assert sum(each.consumer.consumed_records for each in consumed if each is not None) == 10


def test_places_are_named_when_the_command_is_carried_out() -> None:
    asked = session()
    replica = leading_replica(asked.world, "broker", TopicPartition("orders", 0))
    assert replica is not None
    assert asked.do("kill partition-leader(orders/0)").text == f"kill {replica.leader}"
    assert asked.do("pause controller(broker)").text.startswith("pause n")


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("kill partition-leader(orders/9)", "orders/9 has no leader now"),
        ("kill coordinator(nobody)", 'nobody coordinates a group "nobody" now'),
        ("kill partition-leader(orders)", '"orders" is no partition; write topic and number, like orders/0'),
        ("reassign orders/0 n1 c1", '"c1" is no broker'),
        ("put x 1", 'broker does not know "put"'),
        ("group g add c9 orders", 'there is no client "c9"'),
    ],
)
def test_what_makes_no_sense_is_one_sentence(command: str, sentence: str) -> None:
    asked = session()
    before = list(asked.interventions)
    with pytest.raises(BadInput) as caught:
        asked.do(command)
    assert sentence in str(caught.value)
    assert asked.interventions == before


@pytest.mark.parametrize(
    ("command", "error"),
    [
        ("topic create orders", "TOPIC_ALREADY_EXISTS"),
        (
            "topic create big --replicas 9",
            "INVALID_REPLICATION_FACTOR: 9 replicas were asked for, and 5 brokers are up",
        ),
        ("topic create __consumer_offsets", "INVALID_TOPIC_EXCEPTION"),
        ("topic delete payments", "UNKNOWN_TOPIC_OR_PARTITION"),
        ("topic alter orders --partitions 2", "INVALID_PARTITIONS"),
        ("produce payments k v", "UNKNOWN_TOPIC_OR_PARTITION: there is no topic payments"),
        ("produce orders k v --partition 7", "UNKNOWN_TOPIC_OR_PARTITION: orders has the partitions 0 to 3, not 7"),
        ("consume orders/0 --offset 99", "OFFSET_OUT_OF_RANGE"),
        ("elect orders/0", "ELECTION_NOT_NEEDED"),
        ("reassign orders/0 cancel", "NO_REASSIGNMENT_IN_PROGRESS"),
        ("transaction begin", "INVALID_TXN_STATE"),
        ("group g commit", "UNKNOWN_MEMBER_ID"),
    ],
)
def test_kafkas_own_error_is_in_the_clients_outcome(command: str, error: str) -> None:
    asked = session()
    request = asked.do(command).request_id
    assert request is not None
    asked.run_until(asked.world.now + 8 * SECOND)
    outcome = asked.outcome(request)
    assert isinstance(outcome, Failed)
    assert outcome.reason.startswith(error)


def test_a_large_record_is_refused_by_name() -> None:
    asked = session(BrokerSettings(max_message_bytes=100))
    request = asked.do(f'produce orders k "{"x" * 200}"').request_id
    assert request is not None
    asked.run_until(asked.world.now + SECOND)
    outcome = asked.outcome(request)
    assert isinstance(outcome, Failed)
    assert outcome.reason.startswith("MESSAGE_TOO_LARGE")


def test_a_controlled_shutdown_hands_over_before_it_stops() -> None:
    asked = session()
    replica = leading_replica(asked.world, "broker", TopicPartition("orders", 0))
    assert replica is not None
    leader = replica.leader
    asked.do(f"shut down {leader}")
    asked.run_until(asked.world.now + 2 * SECOND)
    assert holds(asked, f"partition-leader(orders/0) and not partition-leader(orders/0) == {leader}")
    assert holds(asked, "answer() == done")


def test_a_node_that_is_new_is_a_broker_soon() -> None:
    asked = Session(Spec(services=(*spec().services, RING)), 1)
    asked.run_until(SECOND)
    asked.do("add node n6")
    asked.run_until(4 * SECOND)
    assert holds(asked, "fenced(n6) == false")


def test_one_client_can_be_set_otherwise() -> None:
    own = BrokerClientSettings(acks="1")
    asked = Session(spec(special=(ClientSpec("c2", own),)), 1)
    first, second = (client_of(asked.world, each, "broker") for each in ("c1", "c2"))
    assert first is not None
    assert second is not None
    assert (first.session.settings.acks, second.session.settings.acks) == ("all", "1")


def test_the_same_seed_and_deeds_give_the_same_history() -> None:
    def digest() -> str:
        watching = Digest()
        began = Session(spec(), 7, (watching.observe,))
        began.run_until(SECOND)
        began.do("topic create orders --partitions 6")
        began.do("group g add c2 orders")
        began.run_until(3 * SECOND)
        began.do("produce orders k v")
        began.do("kill random")
        began.run_until(8 * SECOND)
        return watching.hexdigest()

    assert digest() == digest()


def test_a_fork_goes_on_like_its_original() -> None:
    began = session()
    began.do("group g add c2 orders")
    began.run_until(4 * SECOND)
    fork = began.fork()
    for each in (began, fork):
        each.do("kill n1")
        each.run_until(8 * SECOND)
    assert holds(fork, "lost(orders) == 0")
    ours, theirs = (each.world.view("n2", "broker") for each in (began, fork))
    assert ours == theirs
