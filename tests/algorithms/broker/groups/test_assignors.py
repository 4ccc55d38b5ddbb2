"""The assignors give what KIP-54, KIP-429 and Kafka's own descriptions of them print."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from algorithms.broker.groups.assignors import ASSIGNORS, TopicCount, assign
from algorithms.broker.messages.group import JoinedMember, MemberAssignment, Subscription
from algorithms.broker.topics import TopicPartition


def partitions(text: str) -> tuple[TopicPartition, ...]:
    """`t0p0 t0p1`."""
    return tuple(TopicPartition(each[:2], int(each[3:])) for each in text.split())


def member(name: str, topics: str, owned: str = "", generation: int = -1, instance: str = "") -> JoinedMember:
    """A member that wants these topics and had these partitions."""
    return JoinedMember(name, instance, Subscription(tuple(topics.split()), partitions(owned), generation))


def topics(**counts: int) -> tuple[TopicCount, ...]:
    """So many partitions each."""
    return tuple(TopicCount(name, count) for name, count in counts.items())


def alike(count: int) -> tuple[JoinedMember, ...]:
    """So many members that want the same topic."""
    return tuple(member(name, "t0") for name in NAMES[:count])


def given_out(assignments: tuple[MemberAssignment, ...]) -> dict[str, str]:
    """Who has what, in words."""
    return {
        each.member_id: " ".join(f"{part.topic}p{part.partition}" for part in each.partitions) for each in assignments
    }


TWO_OF_FOUR = topics(t0=2, t1=2, t2=2, t3=2)
ONE_TWO_THREE = topics(t0=1, t1=2, t2=3)


# ---------------------------------------------------------------- Kafka's descriptions


def test_range_divides_each_topic_by_itself() -> None:
    members = (member("C0", "t0 t1"), member("C1", "t0 t1"))
    assert given_out(assign("range", members, topics(t0=3, t1=3))) == {
        "C0": "t0p0 t0p1 t1p0 t1p1",
        "C1": "t0p2 t1p2",
    }


def test_round_robin_deals_out_all_partitions_of_all_topics() -> None:
    members = (member("C0", "t0 t1"), member("C1", "t0 t1"))
    assert given_out(assign("round_robin", members, topics(t0=3, t1=3))) == {
        "C0": "t0p0 t0p2 t1p1",
        "C1": "t0p1 t1p0 t1p2",
    }


def test_round_robin_skips_who_does_not_want_the_topic() -> None:
    members = (member("C0", "t0"), member("C1", "t0 t1"), member("C2", "t0 t1 t2"))
    assert given_out(assign("round_robin", members, ONE_TWO_THREE)) == {
        "C0": "t0p0",
        "C1": "t1p0",
        "C2": "t1p1 t2p0 t2p1 t2p2",
    }


# ---------------------------------------------------------------- KIP-54


def test_kip_54_first_example_before() -> None:
    members = tuple(member(name, "t0 t1 t2 t3") for name in ("C0", "C1", "C2"))
    assert given_out(assign("sticky", members, TWO_OF_FOUR)) == {
        "C0": "t0p0 t1p1 t3p0",
        "C1": "t0p1 t2p0 t3p1",
        "C2": "t1p0 t2p1",
    }


def test_kip_54_first_example_when_c1_is_gone() -> None:
    members = (
        member("C0", "t0 t1 t2 t3", "t0p0 t1p1 t3p0", 1),
        member("C2", "t0 t1 t2 t3", "t1p0 t2p1", 1),
    )
    assert given_out(assign("sticky", members, TWO_OF_FOUR)) == {
        "C0": "t0p0 t1p1 t2p0 t3p0",
        "C2": "t0p1 t1p0 t2p1 t3p1",
    }


def test_kip_54_second_example_before() -> None:
    members = (member("C0", "t0"), member("C1", "t0 t1"), member("C2", "t0 t1 t2"))
    assert given_out(assign("sticky", members, ONE_TWO_THREE)) == {
        "C0": "t0p0",
        "C1": "t1p0 t1p1",
        "C2": "t2p0 t2p1 t2p2",
    }


def test_kip_54_second_example_when_c0_is_gone() -> None:
    members = (member("C1", "t0 t1", "t1p0 t1p1", 1), member("C2", "t0 t1 t2", "t2p0 t2p1 t2p2", 1))
    assert given_out(assign("sticky", members, ONE_TWO_THREE)) == {
        "C1": "t0p0 t1p0 t1p1",
        "C2": "t2p0 t2p1 t2p2",
    }


# ---------------------------------------------------------------- KIP-429


def test_kip_429_a_third_member_gets_nothing_before_the_others_have_given_up() -> None:
    members = (
        member("A", "t1", "t1p1 t1p2 t1p3", 1),
        member("B", "t1", "t1p4 t1p5 t1p0", 1),
        member("C", "t1"),
    )
    assert given_out(assign("cooperative_sticky", members, topics(t1=6))) == {
        "A": "t1p1 t1p2",
        "B": "t1p0 t1p4",
        "C": "",
    }


def test_kip_429_in_the_next_rebalance_it_does() -> None:
    members = (
        member("A", "t1", "t1p1 t1p2", 2),
        member("B", "t1", "t1p0 t1p4", 2),
        member("C", "t1", "", 2),
    )
    assert given_out(assign("cooperative_sticky", members, topics(t1=6))) == {
        "A": "t1p1 t1p2",
        "B": "t1p0 t1p4",
        "C": "t1p3 t1p5",
    }


def test_what_a_member_that_left_had_is_given_out_at_once() -> None:
    members = (member("A", "t1", "t1p0 t1p1", 3), member("B", "t1", "t1p2 t1p3", 3))
    assert given_out(assign("cooperative_sticky", members, topics(t1=6))) == {
        "A": "t1p0 t1p1 t1p4",
        "B": "t1p2 t1p3 t1p5",
    }


def test_of_two_who_say_they_had_it_the_newer_generation_is_believed() -> None:
    """KIP-341: a zombie comes back with what it had long ago."""
    members = (member("A", "t1", "t1p0 t1p1", 1), member("B", "t1", "t1p0", 4))
    assert given_out(assign("sticky", members, topics(t1=2))) == {"A": "t1p1", "B": "t1p0"}


def test_what_a_zombie_says_to_own_does_not_keep_its_owner_from_it() -> None:
    members = (member("A", "t1", "t1p0", 1), member("B", "t1", "t1p0", 4))
    assert given_out(assign("cooperative_sticky", members, topics(t1=2))) == {"A": "t1p1", "B": "t1p0"}


def test_of_two_who_say_they_had_it_in_the_same_generation_neither_is_believed() -> None:
    members = (member("A", "t1", "t1p3", 1), member("B", "t1", "t1p3", 1))
    assert given_out(assign("sticky", members, topics(t1=4))) == {"A": "t1p0 t1p2", "B": "t1p1 t1p3"}


def test_a_static_member_has_the_place_of_its_instance() -> None:
    """KIP-345: a new member id after a restart moves nothing."""
    before = (member("x1", "t0", instance="i1"), member("x2", "t0", instance="i2"))
    after = (member("x9", "t0", instance="i1"), member("x2", "t0", instance="i2"))
    assert given_out(assign("range", before, topics(t0=3)))["x1"] == "t0p0 t0p1"
    assert given_out(assign("range", after, topics(t0=3)))["x9"] == "t0p0 t0p1"


# ---------------------------------------------------------------- what holds of all

NAMES = ("a", "b", "c", "d", "e")
TOPICS = ("t0", "t1", "t2")
GROUPS = st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from(TOPICS), min_size=1, unique=True), min_size=1)
COUNTS = st.fixed_dictionaries({name: st.integers(0, 6) for name in TOPICS})


def group(wanted: dict[str, list[str]]) -> tuple[JoinedMember, ...]:
    """New members."""
    return tuple(member(name, " ".join(topics)) for name, topics in wanted.items())


@pytest.mark.parametrize("protocol", ASSIGNORS)
@given(wanted=GROUPS, counts=COUNTS)
def test_every_partition_has_one_owner_who_wants_it(
    protocol: str, wanted: dict[str, list[str]], counts: dict[str, int]
) -> None:
    assignments = assign(protocol, group(wanted), topics(**counts))
    owners = Counter(part for each in assignments for part in each.partitions)
    readers = {topic for names in wanted.values() for topic in names}
    assert owners == Counter(TopicPartition(t, n) for t, count in counts.items() if t in readers for n in range(count))
    assert all(part.topic in wanted[each.member_id] for each in assignments for part in each.partitions)


@pytest.mark.parametrize("protocol", ASSIGNORS)
@given(wanted=GROUPS, counts=COUNTS, data=st.data())
def test_the_order_of_the_members_makes_no_difference(
    protocol: str, wanted: dict[str, list[str]], counts: dict[str, int], data: st.DataObject
) -> None:
    members = group(wanted)
    shuffled = tuple(data.draw(st.permutations(members)))
    assert assign(protocol, shuffled, topics(**counts)) == assign(protocol, members, topics(**counts))


@given(st.integers(1, 5), st.integers(0, 20))
def test_where_all_want_the_same_sticky_is_even(count: int, size: int) -> None:
    sizes = [len(each.partitions) for each in assign("sticky", alike(count), topics(t0=size))]
    assert max(sizes) - min(sizes) <= 1


@given(st.integers(2, 5), st.integers(1, 20))
def test_when_a_member_leaves_nobody_else_loses_anything(count: int, size: int) -> None:
    first = assign("sticky", alike(count), topics(t0=size))
    stayed = tuple(JoinedMember(each.member_id, "", Subscription(("t0",), each.partitions, 1)) for each in first[:-1])
    second = {each.member_id: each.partitions for each in assign("sticky", stayed, topics(t0=size))}
    assert all(set(each.partitions) <= set(second[each.member_id]) for each in first[:-1])


@given(st.integers(1, 4), st.integers(1, 20))
def test_a_new_member_takes_no_more_than_its_share_and_the_cooperative_one_nothing_that_is_owned(
    count: int, size: int
) -> None:
    first = assign("sticky", alike(count), topics(t0=size))
    members = (
        *(JoinedMember(each.member_id, "", Subscription(("t0",), each.partitions, 1)) for each in first),
        member("z", "t0"),
    )
    target = {each.member_id: set(each.partitions) for each in assign("sticky", members, topics(t0=size))}
    assert len(target["z"]) == size // (count + 1)
    cooperative = {
        each.member_id: set(each.partitions) for each in assign("cooperative_sticky", members, topics(t0=size))
    }
    assert cooperative["z"] == set()
    assert all(cooperative[each.member_id] == target[each.member_id] & set(each.partitions) for each in first)


# ---------------------------------------------------------------- sticky, whoever had what before


def before(
    wanted: dict[str, list[str]], counts: dict[str, int], data: st.DataObject
) -> tuple[tuple[JoinedMember, ...], dict[TopicPartition, str]]:
    """Members that had some of what they want, never two the same."""
    owners = {}
    for topic, count in counts.items():
        readers = [name for name, names in wanted.items() if topic in names]
        for number in range(count):
            owner = data.draw(st.sampled_from(["", *readers]))
            if owner:
                owners[TopicPartition(topic, number)] = owner
    had = {name: tuple(part for part, owner in owners.items() if owner == name) for name in wanted}
    members = tuple(JoinedMember(name, "", Subscription(tuple(names), had[name], 1)) for name, names in wanted.items())
    return members, owners


@given(wanted=GROUPS, counts=COUNTS, data=st.data())
def test_nobody_could_take_from_one_who_has_two_more(
    wanted: dict[str, list[str]], counts: dict[str, int], data: st.DataObject
) -> None:
    members, _ = before(wanted, counts, data)
    given = {each.member_id: each.partitions for each in assign("sticky", members, topics(**counts))}
    for name, names in wanted.items():
        for other in given.values():
            assert len(other) - len(given[name]) < 2 or not any(part.topic in names for part in other)


@pytest.mark.parametrize("protocol", ["sticky", "cooperative_sticky"])
@given(wanted=GROUPS, counts=COUNTS, data=st.data())
def test_what_is_even_stays_as_it_is(
    protocol: str, wanted: dict[str, list[str]], counts: dict[str, int], data: st.DataObject
) -> None:
    members, _ = before(wanted, counts, data)
    given = assign("sticky", members, topics(**counts))
    again = tuple(
        JoinedMember(each.member_id, "", Subscription(tuple(wanted[each.member_id]), each.partitions, 2))
        for each in given
    )
    assert assign(protocol, again, topics(**counts)) == given


def rounds(members: tuple[JoinedMember, ...], counts: dict[str, int]) -> int:
    """How many cooperative rebalances it takes until nobody has to give anything up."""
    wanted = {each.member_id: each.subscription.topics for each in members}
    total = sum(counts[topic] for topic in {topic for names in wanted.values() for topic in names})
    for number in range(1, 10):
        given = assign("cooperative_sticky", members, topics(**counts))
        if sum(len(each.partitions) for each in given) == total:
            return number
        members = tuple(
            JoinedMember(each.member_id, "", Subscription(wanted[each.member_id], each.partitions, number + 1))
            for each in given
        )
    raise AssertionError("it never ends")


@given(wanted=GROUPS, counts=COUNTS, data=st.data())
def test_the_cooperative_one_never_gives_out_what_another_has_and_comes_to_an_end(
    wanted: dict[str, list[str]], counts: dict[str, int], data: st.DataObject
) -> None:
    """Where members want different topics, a second move may follow from the first."""
    members, owners = before(wanted, counts, data)
    first = assign("cooperative_sticky", members, topics(**counts))
    assert all(owners.get(part, each.member_id) == each.member_id for each in first for part in each.partitions)
    rounds(members, counts)


@given(names=st.lists(st.sampled_from(NAMES), min_size=1, unique=True), counts=COUNTS, data=st.data())
def test_where_all_want_the_same_it_takes_two_rebalances_at_most(
    names: list[str], counts: dict[str, int], data: st.DataObject
) -> None:
    members, _ = before({key: list(TOPICS) for key in names}, counts, data)
    assert rounds(members, counts) <= 2
