"""What brokers are asked for, as text and as values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from algorithms.broker import commands
from algorithms.broker.topics import TopicConfig, TopicPartition
from playground.commands import parse, write
from playground.commands.values import Ask, Do, LeaveGroup, Named, OnNodes, Placed, Reassign, ShutDown, Verb, Wish
from playground.errors import BadInput

NAMES = st.from_regex(r"[a-zA-Z0-9._-]{1,12}", fullmatch=True) | st.sampled_from(("create", "stop", "members", "a.b"))
GROUPS = st.from_regex(r"[a-z. ]{1,8}", fullmatch=True) | st.sampled_from(("all", "delete", "commit"))
PARTITIONS = st.builds(TopicPartition, NAMES, st.integers(0, 99))
COUNTS = st.integers(1, 99)
CONFIGS = st.builds(
    TopicConfig,
    min_insync_replicas=st.none() | COUNTS,
    cleanup_policy=st.none() | st.sampled_from(("delete", "compact", "compact,delete")),
    retention_time=st.none() | st.integers(0, 10**9),
    retention_bytes=st.none() | COUNTS,
    segment_bytes=st.none() | COUNTS,
    max_message_bytes=st.none() | COUNTS,
    unclean_leader_election_enable=st.none() | st.booleans(),
    flush_messages=st.none() | COUNTS,
)
NODES = st.lists(st.sampled_from((Named("n1"), Named("n2"), Named("n3"))), min_size=1, max_size=3, unique=True)
WISHES: st.SearchStrategy[Wish] = st.one_of(
    st.builds(commands.CreateTopic, NAMES, st.integers(0, 99), st.integers(0, 9), CONFIGS),
    st.builds(commands.AlterTopic, NAMES, CONFIGS, st.integers(0, 99)),
    st.builds(commands.DeleteTopic, NAMES),
    st.builds(
        commands.ProduceRecord,
        NAMES,
        st.text(max_size=5),
        st.text(max_size=5),
        st.none() | st.integers(0, 9),
        st.sampled_from(("", "0", "1", "all")),
    ),
    st.builds(commands.Consume, st.lists(NAMES, min_size=1, max_size=3).map(tuple), st.just("") | GROUPS),
    st.builds(commands.ReadPartition, PARTITIONS, st.integers(-1, 99)),
    st.builds(commands.StopConsuming),
    st.builds(commands.CommitOffsets, GROUPS),
    st.builds(commands.ElectLeader, PARTITIONS, st.booleans()),
    st.builds(Reassign, PARTITIONS, NODES.map(tuple), st.integers(0, 10**7)),
    st.builds(Reassign, PARTITIONS, st.just(())),
    st.builds(ShutDown, st.just(Named("n1")) | st.builds(Placed, st.just("partition-leader"), PARTITIONS.map(str))),
    st.sampled_from((commands.BeginTransaction(), commands.CommitTransaction(), commands.AbortTransaction())),
)


@given(WISHES, st.none() | st.just("c1"), st.none() | st.just("broker"))
def test_what_is_written_is_read_as_the_same(wish: Wish, client: str | None, service: str | None) -> None:
    ask = Ask(wish, client, service)
    assert parse(write(ask)) == ask


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        ("group g add c3 orders", Ask(commands.Consume(("orders",), "g"), "c3")),
        ("group g add c3", Ask(commands.Consume((), "g"), "c3")),
        ("group g remove c3", Ask(LeaveGroup("g"), "c3")),
        ("consume orders/0", Ask(commands.ReadPartition(TopicPartition("orders", 0)))),
        ("consume a b --group g on c2", Ask(commands.Consume(("a", "b"), "g"), "c2")),
        ("elect orders/0 --unclean", Ask(commands.ElectLeader(TopicPartition("orders", 0), True))),
        ('elect "0rders/0"', Ask(commands.ElectLeader(TopicPartition("0rders", 0)))),
        ("reassign a/1 n2 --throttle 10kB/s", Ask(Reassign(TopicPartition("a", 1), (Named("n2"),), 10_000))),
        ("topic create a --retention 1s", Ask(commands.CreateTopic("a", config=TopicConfig(retention_time=1_000_000)))),
        ('group "the readers" commit', Ask(commands.CommitOffsets("the readers"))),
        ("elect a/1 --unclean on c1", Ask(commands.ElectLeader(TopicPartition("a", 1), True), "c1")),
    ],
)
def test_sentences_and_what_they_mean(text: str, ask: Ask) -> None:
    assert parse(text) == ask
    assert parse(write(ask)) == ask


def test_a_partition_stands_unquoted_in_a_selector() -> None:
    command = OnNodes(Do(Verb.KILL), (Placed("partition-leader", "orders/0"),))
    assert parse("kill partition-leader(orders/0)") == command
    assert write(command) == "kill partition-leader(orders/0)"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("produce orders k v --acks 2", "--acks is 0, 1 or all, not 2"),
        ("produce orders k v --replicas 2", "--replicas means nothing for produce; there are --acks, --partition"),
        ("topic create orders --partitions 0", "--partitions must be a whole number, 1 or above, not 0"),
        ("topic create orders --partitions 1 --partitions 2", "--partitions is said twice"),
        ("topic create orders --cleanup burn", "--cleanup is delete, compact, compact-delete, not burn"),
        ("topic alter orders --unclean 1", "--unclean is true or false, not 1"),
        ("consume orders --offset 3", "--offset needs one partition, like orders/0"),
        ("consume orders/0 --group g", "a group reads topics, not one partition; leave out the /"),
        ("elect orders.x", "orders.x is no partition; write topic and number, like orders/0"),
        ("group g add c3 on c1", "a group's member is named already: c3"),
        ("kill replica(orders/0)", "replica is asked as replica(KEY, NUMBER), the owner being number 1"),
        ("kill leader(orders/0)", "leader is asked as leader(SERVICE)"),
        ("topic creat orders", 'did you mean "create"'),
    ],
)
def test_a_mistake_is_told_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse(text)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
