"""What conditions can ask of brokers is answered by the newest metadata, by leaders and by coordinators."""

from __future__ import annotations

import pytest

from algorithms.broker.machine import BrokerMachine
from playground.commands import parse_condition
from playground.errors import BadInput
from playground.kinds.broker_ledger import BrokerLedger
from playground.predicates import evaluate, explain
from playground.session import Session

SECOND = 1_000_000


def holds(session: Session, text: str) -> bool:
    return evaluate(parse_condition(text), session)


def done(session: Session, *lines: str, seconds: float = 1) -> None:
    for line in lines:
        session.do(line)
        session.run_until(session.world.now + int(seconds * SECOND))


def test_a_partition_tells_its_leader_its_replicas_and_its_offsets(brokers: Session) -> None:
    done(brokers, "produce orders a 1 --partition 0", "produce orders b 2 --partition 0")
    assert holds(brokers, "topics(broker) == 1 and count(isr(orders/0)) == 3 and count(assigned(orders/0)) == 3")
    assert holds(brokers, "log-end(orders/0) == 2 and high-watermark(orders/0) == 2 and log-start(orders/0) == 0")
    assert holds(brokers, "records(orders) == 2 and produced(c1) == 2 and lost(orders) == 0 and doubled(orders) == 0")
    leader = explain(parse_condition("partition-leader(orders/0) == n1"), brokers).split()[-1]
    assert holds(brokers, f"log-end(orders/0, {leader}) == 2 and not fenced({leader}) and leader-epoch(orders/0) == 0")
    done(brokers, f"kill {leader}", seconds=3)
    assert holds(
        brokers, f"partition-leader(orders/0) != {leader} and leader-epoch(orders/0) == 1 and fenced({leader})"
    )
    assert holds(brokers, f"count(isr(orders/0)) == 2 and not log-end(orders/0, {leader}) >= 0")


def test_a_group_tells_its_members_its_generation_and_what_it_has_read(brokers: Session) -> None:
    assert not holds(brokers, "lag(g) >= 0 or generation(g) >= 0 or stopped(g) >= 0")
    done(brokers, "produce orders a 1 --partition 0", "group g add c2 orders", "group g add c3", seconds=3)
    assert holds(brokers, "group-size(g) == 2 and group-state(g) == Stable and generation(g) == 2")
    assert holds(brokers, "owned(g, c2) == 1 and owned(g, c3) == 1 and not owned(g, c1) >= 0")
    assert holds(brokers, "consumed(c2) == 1 and committed(g, orders/0) == 1 and lag(g) == 0")
    assert not holds(brokers, "committed(g, orders/7) >= 0")


def test_nobody_can_say_what_is_lost_while_a_partition_has_no_leader(brokers: Session) -> None:
    done(brokers, "produce orders a 1", "group g add c2 orders", "kill all")
    assert not holds(brokers, "lost(orders) >= 0 or records(orders) >= 0 or lag(g) >= 0 or doubled(orders) >= 0")
    done(brokers, "restart all", seconds=5)
    assert holds(brokers, "lost(orders) == 0 and records(orders) == 1")
    assert not holds(brokers, "lost(nothing) >= 0")


def test_what_only_a_dead_leader_had_is_lost(brokers: Session) -> None:
    session = brokers
    leader = explain(parse_condition("partition-leader(orders/0) == n1"), session).split()[-1]
    done(session, f"isolate {leader}", seconds=0.01)
    done(session, f"heal {leader} -- c1", "produce orders k gone --partition 0 --acks 1", seconds=0.3)
    assert holds(session, "lost(orders) == 0")
    done(session, f"kill {leader}", "heal", seconds=3)
    assert holds(session, "lost(orders) == 1")
    ledger = session.ledgers["broker"]
    assert isinstance(ledger, BrokerLedger)
    assert [each.value for each in ledger.lost("orders") or ()] == ["gone"]


def test_a_value_that_was_sent_twice_stands_there_twice(brokers: Session) -> None:
    done(brokers, "produce orders k same", "produce orders k same")
    assert holds(brokers, "doubled(orders) == 0 and lost(orders) == 0 and records(orders) == 2")


def test_a_compacted_topic_owes_only_the_last_record_of_a_key(brokers: Session) -> None:
    done(brokers, "topic create table --cleanup compact", "produce table k old", "produce table k new")
    ledger = brokers.ledgers["broker"]
    assert isinstance(ledger, BrokerLedger)
    for name in brokers.spec.nodes:
        machine = brokers.world.machine(name, "broker")
        assert isinstance(machine, BrokerMachine)
        for partition, replica in machine.state.replicas.items():
            if partition.topic == "table":
                del replica.log.batches[0]
    assert ledger.lost("table") == ()


@pytest.mark.parametrize("text", ["isr(orders) == 1", "log-end(orders/x) == 1", "produced(c9) == 1", "topics(x) == 1"])
def test_a_question_about_nothing_is_bad_input(brokers: Session, text: str) -> None:
    with pytest.raises(BadInput):
        holds(brokers, text)


def test_a_branch_of_a_session_keeps_a_ledger_of_its_own(brokers: Session) -> None:
    done(brokers, "produce orders k v")
    other = brokers.fork()
    done(other, "produce orders k w")
    mine, its = brokers.ledgers["broker"], other.ledgers["broker"]
    assert isinstance(mine, BrokerLedger)
    assert isinstance(its, BrokerLedger)
    assert (len(mine.acknowledged), len(its.acknowledged)) == (1, 2)
