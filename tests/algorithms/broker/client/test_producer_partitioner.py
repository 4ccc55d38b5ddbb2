"""Which partition a record goes to."""

from __future__ import annotations

import pytest
from broker_client_talk import Talk, partition, record, values
from hypothesis import given
from hypothesis import strategies as st

from algorithms.broker.client.partitioner import Sticky, murmur2, partition_of_key
from algorithms.broker.commands import ProduceRecord
from algorithms.broker.messages import ProduceRequest

PUBLISHED = {
    "21": -973932308,
    "foobar": -790332482,
    "a-little-bit-long-string": -985981536,
    "a-little-bit-longer-string": -1486304829,
    "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
    "abc": 479470107,
}


@pytest.mark.parametrize("text", PUBLISHED)
def test_the_hash_of_keys_is_kafkas(text: str) -> None:
    assert murmur2(text.encode()) == PUBLISHED[text]


@given(st.text(), st.integers(1, 100))
def test_a_key_always_has_a_partition(key: str, count: int) -> None:
    assert 0 <= partition_of_key(key, count) < count


def test_records_without_a_key_stay_with_a_partition_until_a_batch_of_it_has_left() -> None:
    sticky = Sticky()
    assert [sticky.partition("orders", (0, 1, 2)) for _ in range(3)] == [0, 0, 0]
    sticky.batch_left(partition(0))
    assert [sticky.partition("orders", (0, 1, 2)) for _ in range(2)] == [1, 1]
    sticky.batch_left(partition(2))
    assert sticky.partition("orders", (0, 1, 2)) == 1


def test_records_without_a_key_avoid_a_partition_without_a_leader_and_begin_anew_behind_the_last() -> None:
    sticky = Sticky()
    assert sticky.partition("orders", (1, 2)) == 1
    sticky.batch_left(partition(1))
    assert sticky.partition("orders", (1, 2)) == 2
    sticky.batch_left(partition(2))
    assert sticky.partition("orders", (1, 2)) == 1


def test_records_of_one_key_go_to_one_leader_in_one_batch() -> None:
    talk = Talk(enable_idempotence=False)
    talk.ask(1, ProduceRecord("orders", "k", "a"))
    talk.ask(2, ProduceRecord("orders", "k", "b"))
    talk.metadata()
    target, request = talk.take_from(ProduceRequest)
    number = partition_of_key("k", 3)
    assert (target, values(request)) == (f"n{number + 1}", ["a", "b"])
    assert [each.partition for each in request.batches] == [partition(number)]


def test_a_partition_that_the_topic_does_not_have_is_refused() -> None:
    talk = Talk()
    talk.ask(1, record(number=3))
    talk.metadata()
    assert "orders has the partitions 0 to 2, not 3" in str(talk.answers[1])
