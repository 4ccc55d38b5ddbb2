"""When brokers are calm, and what they lack until then."""

from __future__ import annotations

from playground.kinds.broker_ledger import BrokerLedger
from playground.kinds.broker_section import BrokerFacts, section_of
from playground.kinds.broker_settling import BrokerSettling
from playground.kinds.broker_standing import unrest
from playground.kinds.kind import Section
from playground.session import Session

SECOND = 1_000_000


def done(session: Session, *lines: str, seconds: float = 1) -> None:
    for line in lines:
        session.do(line)
        session.run_until(session.world.now + int(seconds * SECOND))


def settled(session: Session) -> str:
    """What it says in the end, looking every 50 ms for ten seconds."""
    settling, found, end = BrokerSettling(session, "broker"), None, session.world.now + 10 * SECOND
    while found is None and session.world.now < end:
        session.run_until(session.world.now + 50_000)
        found = settling.look()
    return found or settling.why_not()


def section(session: Session) -> Section | None:
    ledger = session.ledgers["broker"]
    assert isinstance(ledger, BrokerLedger)
    return section_of(session.world, "broker", ledger)


FINE = "every partition was led, all replicas were in sync, and everything was read"


def test_all_is_well(brokers: Session) -> None:
    assert unrest(brokers.world, "broker") == ""
    assert settled(brokers) == FINE


def test_a_broker_that_is_down_is_no_calm_and_back_again_it_is(brokers: Session) -> None:
    done(brokers, "kill n5", seconds=2)
    assert settled(brokers) == "n5 is fenced"
    done(brokers, "restart n5")
    assert settled(brokers) == FINE


def test_a_group_that_rebalances_is_no_calm(brokers: Session) -> None:
    done(brokers, "group g add c1 orders", seconds=0.1)
    assert unrest(brokers.world, "broker") == "group g is PreparingRebalance"
    assert settled(brokers) == FINE


def test_a_consumer_that_is_behind_is_no_calm(brokers: Session) -> None:
    done(brokers, "group g add c1 orders")
    brokers.do("pause c1")
    done(brokers, "produce orders k v on c2")
    assert "has not read all of orders-" in settled(brokers)


def test_a_cluster_that_is_down_says_so(brokers: Session) -> None:
    done(brokers, "kill all")
    assert unrest(brokers.world, "broker") == "no broker is up"
    assert section(brokers) is None


def test_a_report_tells_topics_and_groups(brokers: Session) -> None:
    done(brokers, "produce orders k v --partition 0", "group g add c1 orders")
    told = section(brokers)
    assert told is not None
    assert isinstance(told.facts, BrokerFacts)
    (topic,), (group,) = told.facts.topics, told.facts.groups
    assert (topic.partitions, topic.replicas, topic.offline, topic.under_replicated, topic.records) == (2, 3, 0, 0, 1)
    assert (group.state, group.generation, group.members) == ("Stable", 1, 1)
    assert "group g: Stable, generation 1, 1 member," in told.lines[-1]


def test_a_report_tells_how_long_a_partition_had_no_leader(brokers: Session) -> None:
    done(brokers, "topic create one --replicas 1", "kill partition-leader(one/0)", seconds=3)
    before = section(brokers)
    brokers.do("restart all")
    brokers.run_until(brokers.world.now + 3 * SECOND)
    after = section(brokers)
    assert before is not None
    assert after is not None
    assert isinstance(before.facts, BrokerFacts)
    assert isinstance(after.facts, BrokerFacts)
    (_, one), (_, then) = before.facts.topics, after.facts.topics
    assert (one.offline, then.offline) == (1, 0)
    assert SECOND < one.offline_time < 3 * SECOND <= then.offline_time + SECOND
    assert (one.leader_changes, then.leader_changes) == (0, 0)
