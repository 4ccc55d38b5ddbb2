"""The producer: how a record ends, and what its batches are called (KIP-98, KIP-360)."""

from __future__ import annotations

from broker_client_talk import Talk, partition, ready, record, sequences, values

from algorithms.broker.commands import Produced
from algorithms.broker.errors import Error
from algorithms.broker.messages import InitProducerIdRequest, MetadataRequest, ProduceRequest
from algorithms.machine import Failed, Unknown

# ---------------------------------------------------------------- the usual way


def test_a_record_waits_for_metadata_and_a_producer_id_and_ends_where_it_stands() -> None:
    talk = Talk()
    talk.ask(1, record("k", "v"))
    assert not talk.has(ProduceRequest)
    talk.metadata()
    assert not talk.has(ProduceRequest)
    talk.identity(producer_id=7)
    target, request = talk.take_from(ProduceRequest)
    assert (target, request.acks, sequences(request), values(request)) == ("n1", -1, [(7, 0, 0)], ["v"])
    talk.produced(request, offset=12)
    assert talk.answers[1] == Produced(partition(0), 12)


def test_sequences_count_records_partition_by_partition() -> None:
    talk = ready()
    talk.ask(2, record(value="a"))
    talk.ask(3, record(value="b", number=1))
    talk.ask(4, record(value="c"))
    assert [sequences(talk.take(ProduceRequest)) for _ in range(3)] == [[(7, 0, 1)], [(7, 0, 0)], [(7, 0, 2)]]


def test_batches_for_one_leader_leave_in_one_request() -> None:
    talk = Talk(enable_idempotence=False)
    talk.ask(1, record(value="a"))
    talk.ask(2, record(value="b", number=1))
    talk.metadata(leaders=("n1", "n1"))
    assert values(talk.take(ProduceRequest)) == ["a", "b"]


def test_with_linger_a_batch_waits_for_more_records() -> None:
    talk = Talk(linger=5_000, enable_idempotence=False)
    talk.ask(1, record(value="a"))
    talk.metadata()
    talk.ask(2, record(value="b"), wait=1_000)
    assert not talk.has(ProduceRequest)
    talk.fire("producer due")
    assert (talk.now, values(talk.take(ProduceRequest))) == (5_000, ["a", "b"])


def test_a_full_batch_does_not_wait() -> None:
    talk = Talk(linger=5_000, batch_size=100, enable_idempotence=False)
    talk.ask(1, record(value="a" * 30))
    talk.metadata()
    talk.ask(2, record(value="b" * 30))
    assert values(talk.take(ProduceRequest)) == ["a" * 30]
    assert not talk.has(ProduceRequest)


def test_without_acks_nobody_is_asked_to_say_where_the_record_stands() -> None:
    talk = Talk(acks="0")
    talk.ask(1, record())
    talk.metadata()
    request = talk.take(ProduceRequest)
    assert (request.acks, sequences(request)) == (0, [(-1, -1, -1)])
    assert talk.answers[1] == Produced(partition(0), -1)


def test_a_record_that_is_too_large_for_any_request_is_refused_at_once() -> None:
    talk = Talk(max_request_size=100)
    talk.ask(1, record(value="v" * 100))
    assert str(talk.answers[1]).startswith("Failed(reason='MESSAGE_TOO_LARGE: the record has 107 bytes")


def test_a_topic_that_stays_unknown_is_no_topic() -> None:
    talk = Talk()
    talk.ask(1, record())
    talk.metadata(leaders=())
    assert 1 not in talk.answers
    while 1 not in talk.answers:
        talk.fire("session refresh")
        talk.metadata(leaders=())
    assert talk.answers[1] == Failed("UNKNOWN_TOPIC_OR_PARTITION: there is no topic orders")
    assert talk.now <= 1_100_000


def test_a_record_of_which_no_broker_says_anything_fails_at_last() -> None:
    talk = Talk()
    talk.ask(1, record())
    talk.fire("producer due")
    assert talk.now == 6_000_000
    assert talk.answers[1] == Failed("REQUEST_TIMED_OUT: no broker has said anything of the topic orders")


# ---------------------------------------------------------------- tries


def test_a_refused_batch_is_sent_again_under_its_name_to_the_new_leader() -> None:
    talk = ready()
    talk.ask(2, record())
    talk.produced(talk.take(ProduceRequest), Error.NOT_LEADER_OR_FOLLOWER)
    talk.metadata(leaders=("n3",))
    assert not talk.has(ProduceRequest), "the backoff is not over"
    talk.fire("producer due")
    target, request = talk.take_from(ProduceRequest)
    assert (target, sequences(request)) == ("n3", [(7, 0, 1)])
    talk.produced(request, offset=1)
    assert talk.answers[2] == Produced(partition(0), 1)


def test_a_batch_that_the_log_had_already_is_written() -> None:
    talk = ready()
    talk.ask(2, record())
    talk.silence(talk.take(ProduceRequest))
    talk.fire("producer due")
    talk.produced(talk.take(ProduceRequest), Error.DUPLICATE_SEQUENCE_NUMBER)
    assert talk.answers[2] == Produced(partition(0), -1)


def test_a_record_that_was_always_refused_has_failed() -> None:
    talk = ready(delivery_timeout=60_000)
    talk.ask(2, record())
    talk.produced(talk.take(ProduceRequest), Error.NOT_ENOUGH_REPLICAS)
    talk.fire("producer due")
    talk.produced(talk.take(ProduceRequest), Error.NOT_ENOUGH_REPLICAS)
    talk.fire("producer due")
    assert isinstance(talk.answers[2], Failed)
    assert "NOT_ENOUGH_REPLICAS" in talk.answers[2].reason


def test_a_record_of_which_one_try_was_silent_is_unknown() -> None:
    talk = ready(retries=1)
    talk.ask(2, record())
    talk.silence(talk.take(ProduceRequest))
    talk.fire("producer due")
    talk.produced(talk.take(ProduceRequest), Error.NOT_ENOUGH_REPLICAS)
    assert isinstance(talk.answers[2], Unknown)


def test_a_record_written_before_the_replicas_went_is_unknown() -> None:
    talk = ready(retries=0)
    talk.ask(2, record())
    talk.produced(talk.take(ProduceRequest), Error.NOT_ENOUGH_REPLICAS_AFTER_APPEND)
    assert isinstance(talk.answers[2], Unknown)


def test_a_record_that_is_under_way_when_its_time_is_over_is_unknown_and_a_late_answer_changes_nothing() -> None:
    talk = ready(delivery_timeout=500_000)
    talk.ask(2, record())
    talk.fire("producer due")
    assert isinstance(talk.answers[2], Unknown)
    talk.produced(talk.take(ProduceRequest), offset=1)


# ---------------------------------------------------------------- order


def test_at_most_max_in_flight_requests_go_to_one_broker() -> None:
    talk = ready(max_in_flight=2)
    for number in range(2, 6):
        talk.ask(number, record(value=f"v{number}"))
    first, _ = talk.take(ProduceRequest), talk.take(ProduceRequest)
    assert not talk.has(ProduceRequest)
    talk.produced(first)
    assert values(talk.take(ProduceRequest)) == ["v4", "v5"]


def test_a_batch_that_is_sent_again_goes_alone_and_before_the_later_ones() -> None:
    talk = ready()
    for number in (2, 3, 4):
        talk.ask(number, record(value=f"v{number}"))
    first, second, third = (talk.take(ProduceRequest) for _ in range(3))
    talk.produced(first, Error.NOT_ENOUGH_REPLICAS)
    talk.produced(second, Error.OUT_OF_ORDER_SEQUENCE_NUMBER)
    talk.produced(third, Error.OUT_OF_ORDER_SEQUENCE_NUMBER)
    order = []
    for offset in (1, 2, 3):
        if not talk.has(ProduceRequest):
            talk.fire("producer due")
        request = talk.take(ProduceRequest)
        assert not talk.has(ProduceRequest)
        order.append((values(request), sequences(request)))
        talk.produced(request, offset=offset)
    assert order == [(["v2"], [(7, 0, 1)]), (["v3"], [(7, 0, 2)]), (["v4"], [(7, 0, 3)])]
    assert [talk.answers[number] for number in (2, 3, 4)] == [Produced(partition(0), each) for each in (1, 2, 3)]


def test_without_idempotence_one_request_in_flight_keeps_the_order() -> None:
    talk = ready(enable_idempotence=False, max_in_flight=1)
    talk.ask(2, record(value="a"))
    talk.ask(3, record(value="b"))
    talk.produced(talk.take(ProduceRequest), Error.NOT_LEADER_OR_FOLLOWER)
    assert not talk.has(ProduceRequest), "b waits behind a"
    talk.fire("producer due")
    assert values(talk.take(ProduceRequest)) == ["a"]


def test_without_idempotence_more_in_flight_may_change_places() -> None:
    talk = ready(enable_idempotence=False)
    talk.ask(2, record(value="a"))
    talk.ask(3, record(value="b"))
    first, second = talk.take(ProduceRequest), talk.take(ProduceRequest)
    talk.produced(first, Error.NOT_ENOUGH_REPLICAS)
    talk.produced(second, offset=1)
    talk.fire("producer due")
    talk.produced(talk.take(ProduceRequest), offset=2)
    assert (talk.answers[2], talk.answers[3]) == (Produced(partition(0), 2), Produced(partition(0), 1))


def test_more_than_five_in_flight_have_no_idempotence() -> None:
    talk = Talk(max_in_flight=6)
    talk.ask(1, record())
    talk.metadata()
    assert not talk.has(InitProducerIdRequest)
    assert sequences(talk.take(ProduceRequest)) == [(-1, -1, -1)]


# ---------------------------------------------------------------- names


def test_a_broken_sequence_begins_a_new_epoch_and_what_was_surely_not_written_gets_a_new_name() -> None:
    talk = ready()
    talk.ask(2, record(value="a"))
    talk.produced(talk.take(ProduceRequest), Error.UNKNOWN_PRODUCER_ID)
    talk.fire("producer due")
    request = talk.take(ProduceRequest)
    assert (values(request), sequences(request)) == (["a"], [(7, 1, 0)])
    assert not talk.has(InitProducerIdRequest)


def test_what_may_have_been_written_never_gets_a_new_name() -> None:
    talk = ready()
    talk.ask(2, record(value="a"))
    talk.silence(talk.take(ProduceRequest))
    talk.fire("producer due")
    talk.produced(talk.take(ProduceRequest), Error.UNKNOWN_PRODUCER_ID)
    assert isinstance(talk.answers[2], Unknown)
    talk.ask(3, record(value="b"))
    assert sequences(talk.take(ProduceRequest)) == [(7, 1, 0)]


def test_batches_behind_one_whose_time_is_over_are_named_anew_in_their_order() -> None:
    talk = ready(delivery_timeout=900_000)
    talk.ask(2, record(value="v2"))
    talk.ask(3, record(value="v3"), wait=600_000)
    talk.ask(4, record(value="v4"))
    _, second, third = (talk.take(ProduceRequest) for _ in range(3))
    talk.fire("producer due")
    assert isinstance(talk.answers[2], Unknown)
    talk.produced(third, Error.OUT_OF_ORDER_SEQUENCE_NUMBER)
    talk.produced(second, Error.OUT_OF_ORDER_SEQUENCE_NUMBER)
    sent = []
    while len(talk.answers) < 4:
        if not talk.has(ProduceRequest):
            talk.fire("producer due")
        request = talk.take(ProduceRequest)
        sent.append((values(request), sequences(request)))
        talk.produced(request)
    assert sent == [(["v3"], [(7, 1, 0)]), (["v4"], [(7, 1, 1)])]


def test_metadata_are_asked_for_again_however_often_something_happens_meanwhile() -> None:
    talk = Talk()
    talk.ask(1, record())
    talk.metadata(leaders=())
    due = talk.timers["session refresh"]
    talk.ask(2, record(), wait=30_000)
    assert talk.timers["session refresh"] == due
    talk.fire("session refresh")
    assert talk.has(MetadataRequest)
