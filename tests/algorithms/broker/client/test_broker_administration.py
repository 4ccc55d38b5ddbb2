"""Administration: whom it asks, and how its requests end (KIP-4)."""

from __future__ import annotations

import pytest
from broker_client_talk import Talk, partition, ready

from algorithms.broker.client.administration import request_for
from algorithms.broker.client.words import words
from algorithms.broker.commands import (
    AlterTopic,
    Consume,
    CreateTopic,
    DeleteTopic,
    ElectLeader,
    ProduceRecord,
    ReadPartition,
    Reassign,
    ShutDown,
    Transact,
)
from algorithms.broker.errors import Error
from algorithms.broker.messages import AdministrationResponse, CreateTopicsRequest, Request, ShutDownRequest
from algorithms.machine import Failed, Ok, Record, Unknown

CREATE = CreateTopic("orders", 6, 3)


def test_it_follows_the_hint_to_the_active_controller() -> None:
    talk = Talk()
    talk.ask(1, CREATE)
    talk.answer(talk.take(CreateTopicsRequest), AdministrationResponse, error=Error.NOT_CONTROLLER, hint="n3")
    talk.fire("administration 1")
    target, request = talk.take_from(CreateTopicsRequest)
    assert (target, request.topic, request.partitions, request.replication_factor) == ("n3", "orders", 6, 3)
    talk.answer(request, AdministrationResponse)
    assert talk.answers[1] == Ok()


def test_it_asks_the_controller_that_the_metadata_name() -> None:
    talk = ready()
    talk.ask(2, CREATE)
    assert talk.take_from(CreateTopicsRequest)[0] == "n1"


def test_after_a_silent_controller_it_asks_somebody_else() -> None:
    talk = ready()
    talk.ask(2, CREATE)
    talk.silence(talk.take(CreateTopicsRequest))
    talk.fire("administration 2")
    assert talk.take_from(CreateTopicsRequest)[0] != "n1"


def test_a_refusal_is_final() -> None:
    talk = Talk()
    talk.ask(1, CREATE)
    talk.answer(talk.take(CreateTopicsRequest), AdministrationResponse, error=Error.TOPIC_ALREADY_EXISTS)
    assert talk.answers[1] == Failed(Error.TOPIC_ALREADY_EXISTS.words())


def test_a_refusal_after_a_silent_try_may_be_due_to_that_try() -> None:
    talk = Talk()
    talk.ask(1, CREATE)
    talk.silence(talk.take(CreateTopicsRequest))
    talk.fire("administration 1")
    talk.answer(talk.take(CreateTopicsRequest), AdministrationResponse, error=Error.TOPIC_ALREADY_EXISTS)
    assert talk.answers[1] == Unknown(Error.TOPIC_ALREADY_EXISTS.words())


def test_without_any_answer_it_ends_as_unknown() -> None:
    talk = Talk()
    talk.ask(1, CREATE)
    while 1 not in talk.answers:
        talk.silence(talk.take(CreateTopicsRequest))
        if "administration 1" in talk.timers:
            talk.fire("administration 1")
    assert isinstance(talk.answers[1], Unknown)
    assert 6_000_000 <= talk.now <= 7_000_000


def test_a_broker_itself_is_asked_to_shut_down() -> None:
    talk = Talk()
    talk.ask(1, ShutDown("n2"))
    target, request = talk.take_from(ShutDownRequest)
    assert target == "n2"
    talk.answer(request, AdministrationResponse, "n2")
    assert talk.answers[1] == Ok()


@pytest.mark.parametrize(
    "command",
    [
        CREATE,
        DeleteTopic("t"),
        AlterTopic("t"),
        Reassign(partition(0), ("n1",)),
        ElectLeader(partition(0)),
        ShutDown("n1"),
    ],
)
def test_every_command_has_its_request(command: Record) -> None:
    assert isinstance(request_for(command), Request)


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (ProduceRecord("orders", "k", "v", None, "all"), "produce orders k v --acks all"),
        (ProduceRecord("orders", None, "v", 2), "produce orders v --partition 2"),
        (Consume(("orders",), "g"), "consume orders --group g"),
        (ReadPartition(partition(0), 5), "consume orders/0 --offset 5"),
        (CREATE, "topic create orders --partitions 6 --replicas 3"),
        (Reassign(partition(0), ("n1", "n4")), "reassign orders/0 n1 n4"),
        (Reassign(partition(0), ()), "reassign orders/0 cancel"),
        (ElectLeader(partition(0), True), "elect orders/0 --unclean"),
        (Transact((), abort=True), "aborted transaction of 0 records"),
    ],
)
def test_a_command_in_words_is_what_one_would_type(command: Record, text: str) -> None:
    assert words(command) == text
