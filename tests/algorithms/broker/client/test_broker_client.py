"""The client as a whole: its lives, its books, and what it has learnt of the brokers."""

from __future__ import annotations

import pickle

import pytest
from broker_client_talk import Talk, ready, record

from algorithms.broker.client.machine import BrokerClient, BrokerClientSettings
from algorithms.broker.commands import DeleteTopic, Poll, Transact
from algorithms.broker.messages import (
    DeleteTopicsRequest,
    FindCoordinatorRequest,
    FindCoordinatorResponse,
    MetadataRequest,
    ProduceRequest,
    ProduceResponse,
)
from algorithms.lives import Life
from algorithms.machine import Asked, Cell, Received, Save, Saved, Started


def test_a_life_is_on_disk_before_anything_leaves_under_its_name() -> None:
    machine = BrokerClient("c1", ("n1",), BrokerClientSettings())
    assert machine.handle(Started(Saved((Cell("life", Life(4)),))), 0) == [Save("life", Life(5))]
    assert machine.view().client_id == "c1.5"


def test_an_answer_to_an_earlier_life_is_not_taken_for_one_to_this() -> None:
    talk = ready()
    talk.ask(2, record())
    number = talk.take(ProduceRequest).correlation_id
    assert talk.turn(Received("n1", ProduceResponse("c1.0", number))) == []


def test_what_nobody_can_ask_for_is_our_own_mistake() -> None:
    with pytest.raises(AssertionError, match="a consumer polls by itself"):
        Talk().turn(Asked(1, Poll("g")))
    with pytest.raises(AssertionError, match="before it started"):
        BrokerClient("c1", ("n1",), BrokerClientSettings()).handle(Asked(1, DeleteTopic("t")), 0)


def test_it_can_be_stored_in_the_middle_of_everything_and_goes_on() -> None:
    talk = ready()
    talk.ask(2, record())
    talk.ask(3, DeleteTopic("old"))
    talk.machine = pickle.loads(pickle.dumps(talk.machine))
    talk.produced(talk.take(ProduceRequest), offset=1)
    assert 2 in talk.answers
    assert talk.has(DeleteTopicsRequest)


def test_its_view_counts_how_requests_ended_and_what_is_under_way() -> None:
    talk = ready()
    talk.ask(2, record(value="x" * 2_000_000))
    talk.ask(3, record())
    view = talk.machine.view()
    assert (view.producer_id, view.producer_epoch, view.transaction) == (7, 0, "")
    assert (view.done, view.failed, view.unknown) == (1, 1, 0)
    assert (view.in_flight, view.buffered, view.produced_records) == (1, 0, 1)


def test_metadata_grow_old() -> None:
    talk = ready()
    assert not talk.has(MetadataRequest)
    talk.fire("session age")
    assert (talk.now, talk.has(MetadataRequest)) == (30_000_000, True)


def test_a_silent_broker_is_not_the_one_that_is_asked_for_metadata_next() -> None:
    talk = Talk()
    talk.ask(1, record())
    first, request = talk.take_from(MetadataRequest)
    talk.silence(request)
    assert talk.take_from(MetadataRequest)[0] != first


def test_a_coordinator_that_does_not_exist_yet_is_sought_again_after_a_while() -> None:
    talk = Talk(transactional_id="app")
    talk.ask(1, Transact(()))
    talk.answer(talk.take(FindCoordinatorRequest), FindCoordinatorResponse)
    assert not talk.has(FindCoordinatorRequest)
    talk.fire("session coordinators")
    assert talk.has(FindCoordinatorRequest)
