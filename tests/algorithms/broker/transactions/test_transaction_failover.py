"""A transaction coordinator takes over from another, and what it may say meanwhile (KIP-98)."""

from __future__ import annotations

import pickle

from broker_talk import SECOND
from transaction_talk import (
    APP,
    PAYMENTS,
    STATE,
    Coordinator,
    errors,
    given_ids,
    markers,
)

from algorithms.broker.errors import Error
from algorithms.broker.transactions.coordinator import views
from algorithms.broker.view import TransactionView

# ---------------------------------------------------------------- a new coordinator


def test_a_new_coordinator_goes_on_with_what_was_decided() -> None:
    talk = Coordinator().begun()
    talk.end()
    talk.stands(STATE, "n2", 1)
    [asked] = markers(talk.stands(STATE, "n1", 2, isr=("n1",)))
    assert (asked.committed, asked.producer_epoch, asked.coordinator_epoch) == (True, 1, 2)
    talk.mark(asked)
    assert talk.standing == (1_000, 1, "CompleteCommit")


def test_a_new_coordinator_knows_the_transactions_under_way() -> None:
    talk = Coordinator().begun()
    talk.stands(STATE, "n2", 1)
    talk.stands(STATE, "n1", 2, isr=("n1",))
    assert errors(talk.end()) == [Error.NONE]


def test_a_new_coordinator_serves_nobody_before_what_it_has_read_is_committed() -> None:
    """A decision that only it has may be lost with it; so neither markers nor answers may come of it yet."""
    talk = Coordinator(isr=("n1", "n2"))
    talk.init()
    talk.replicate()
    talk.add(PAYMENTS)
    talk.replicate()
    talk.end()
    talk.stands(STATE, "n2", 1)
    assert markers(talk.stands(STATE, "n1", 2, isr=("n1", "n2"))) == []
    assert errors(talk.end()) == [Error.COORDINATOR_LOAD_IN_PROGRESS]
    assert markers(talk.at(SECOND).ring("transaction markers")) == []
    assert len(markers(talk.replicate(epoch=2))) == 1
    assert given_ids(talk.end()) == [(1_000, 1)]


def test_a_deposed_coordinator_does_not_say_that_its_last_decision_counts() -> None:
    talk = Coordinator(isr=("n1", "n2"))
    talk.init()
    talk.replicate()
    talk.add(PAYMENTS)
    talk.replicate()
    talk.end()
    assert errors(talk.stands(STATE, "n2", 1)) == [Error.NOT_COORDINATOR]


def test_when_the_last_marker_cannot_be_put_on_record_it_is_tried_again() -> None:
    talk = Coordinator(isr=("n1", "n2"), min_isr=2)
    talk.init()
    talk.replicate()
    talk.add(PAYMENTS)
    talk.replicate()
    talk.end()
    [asked] = markers(talk.replicate())
    talk.stands(STATE, "n1", 0, isr=("n1",), partition_epoch=1)
    talk.mark(asked)
    assert talk.standing[2] == "PrepareCommit"
    talk.stands(STATE, "n1", 0, isr=("n1", "n2"), partition_epoch=2)
    talk.at(SECOND).ring("transaction markers")
    talk.replicate()
    assert talk.standing[2] == "CompleteCommit"
    assert talk.state.transactions.markers_out == {}


def test_onlookers_see_every_transactional_id() -> None:
    talk = Coordinator().begun()
    assert views(talk.state) == (TransactionView(APP, 1_000, 0, "Ongoing", (PAYMENTS,)),)


def test_the_machine_can_be_pickled_in_the_middle_of_a_transaction() -> None:
    talk = Coordinator().begun()
    [asked] = markers(talk.end())
    talk.machine = pickle.loads(pickle.dumps(talk.machine))
    talk.state = talk.machine.state
    talk.mark(asked)
    assert talk.standing == (1_000, 1, "CompleteCommit")
