"""How long members of a group had to do without partitions."""

from __future__ import annotations

from playground.kinds.broker_ledger import BrokerLedger
from playground.session import Session

SECOND = 1_000_000


def ledger(session: Session) -> BrokerLedger:
    found = session.ledgers["broker"]
    assert isinstance(found, BrokerLedger)
    return found


def done(session: Session, *lines: str) -> None:
    for line in lines:
        session.do(line)
        session.run_until(session.world.now + 2 * SECOND)


def test_a_group_that_nobody_is_in_has_nothing_to_tell(brokers: Session) -> None:
    assert ledger(brokers).stopped("g") is None
    done(brokers, "group g add c1 orders")
    assert ledger(brokers).stopped("g") == 0


def test_a_rebalance_stops_a_member_that_had_partitions(brokers: Session) -> None:
    done(brokers, "group g add c1 orders", "group g add c2")
    stopped = ledger(brokers).stopped("g")
    assert stopped is not None
    assert 0 < stopped < SECOND


def test_one_member_too_many_has_none_and_does_not_count(brokers: Session) -> None:
    done(brokers, "group g add c1 orders", "group g add c2", "group g add c3")
    before = ledger(brokers).stopped("g")
    brokers.run_until(brokers.world.now + 5 * SECOND)
    assert ledger(brokers).stopped("g") == before


def test_who_is_dead_or_has_left_wants_nothing(brokers: Session) -> None:
    done(brokers, "group g add c1 orders", "group g add c2")
    done(brokers, "kill c1", "group g remove c2")
    before = ledger(brokers).stopped("g")
    brokers.run_until(brokers.world.now + 5 * SECOND)
    assert ledger(brokers).stopped("g") == before
