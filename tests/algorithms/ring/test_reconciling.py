"""Two nodes compare what they hold and exchange what differs (Dynamo 4.7)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ring_postman import EVERYWHERE, USUAL, Errand, Held, Postman, two
from ring_server_talk import booted, sent, timers, told
from ring_values import disk, replica_states, written

from algorithms.lives import Life
from algorithms.machine import Cell, Save, Saved, Send
from algorithms.placement.ring import Member
from algorithms.ring.messages import Compare, Differ, FetchKeys, KeysFetched, RingIs
from algorithms.ring.settings import RingSettings
from algorithms.ring.table import Ring, Span, first_ring, position_of
from algorithms.ring.versions import NOTHING, join

KEYS = [f"k{number}" for number in range(12)]
HELD = st.dictionaries(st.sampled_from(KEYS), replica_states().filter(lambda each: each != NOTHING), max_size=12)
SPANS = st.none() | st.builds(Span, st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
POSITION = position_of(USUAL)


def many(count: int, value: str = "x", actor: str = "c1.1") -> Held:
    return {f"k{number}": written(value, actor) for number in range(count)}


def joined(ours: Held, theirs: Held) -> Held:
    return {key: join(ours.get(key, NOTHING), theirs.get(key, NOTHING)) for key in {**ours, **theirs}}


def inside(held: Held, span: Span | None) -> Held:
    return {key: versions for key, versions in held.items() if span is None or span.has(POSITION(key))}


def compared(post: Postman, span: Span | None = EVERYWHERE, pull: bool = False, rate: int = 0) -> Errand:
    errand = Errand(pull, rate)
    post.begin("n1", "n2", span, errand)
    post.deliver_all()
    return errand


# ---------------------------------------------------------------- what comes of it


@settings(max_examples=60, deadline=None)
@given(HELD, HELD, SPANS)
def test_both_come_to_hold_the_join_of_what_is_in_the_span(ours: Held, theirs: Held, span: Span | None) -> None:
    post = two(ours, theirs)
    assert compared(post, span).said == ["done"]
    wanted = joined(inside(ours, span), inside(theirs, span))
    assert post.held("n1") == ours | wanted
    assert post.held("n2") == theirs | wanted


@settings(max_examples=60, deadline=None)
@given(HELD, HELD, SPANS)
def test_pull_only_takes(ours: Held, theirs: Held, span: Span | None) -> None:
    post = two(ours, theirs)
    assert compared(post, span, pull=True).said == ["done"]
    taken = inside(theirs, span)
    assert post.held("n1") == ours | {key: join(ours.get(key, NOTHING), taken[key]) for key in taken}
    assert post.held("n2") == theirs


@pytest.mark.parametrize("count", [1, 31, 32, 33, 600, 2_000])
def test_one_side_that_has_nothing_comes_to_hold_everything(count: int) -> None:
    for post in (two({}, many(count)), two(many(count), {})):
        assert compared(post).said == ["done"]
        assert post.held("n1") == post.held("n2") == many(count)


def test_branches_that_only_one_side_has_are_found_from_both_sides() -> None:
    """Where the other side has many keys, but none below this child of the root."""
    every = many(400)
    some = {key: versions for key, versions in every.items() if POSITION(key) % 16 != 3}
    assert 300 < len(some) < 400
    for post in (two(every, some), two(some, every)):
        compared(post)
        assert post.held("n1") == post.held("n2") == every


def test_a_second_comparison_finds_nothing() -> None:
    post = two(many(100), many(300, "y", "c2.1"))
    compared(post)
    post.begin("n1", "n2", EVERYWHERE, Errand())
    assert post.deliver_all() == {"Compare": 1, "Differ": 1}


# ---------------------------------------------------------------- what it costs


@pytest.mark.parametrize("count", [0, 1, 1_000])
def test_equal_contents_cost_two_messages(count: int) -> None:
    post = two(many(count), many(count))
    post.begin("n1", "n2", None, Errand())
    assert post.deliver_all() == {"Compare": 1, "Differ": 1}


def test_one_key_of_a_thousand_is_found_without_telling_the_others() -> None:
    theirs = many(1_000)
    theirs["k500"] = written("new", "c2.1")
    post = two(many(1_000), theirs)
    assert compared(post, pull=True).taken == [(1, 3)]
    told_keys = [key for _, _, each in post.carried if isinstance(each, Differ) for key in each.keys]
    assert "k500" in told_keys
    assert len(told_keys) < 100
    assert [each.wanted for _, _, each in post.carried if isinstance(each, FetchKeys)] == [("k500",)]


def test_one_message_carries_a_chunk_of_values_at_most() -> None:
    settings = RingSettings(virtual_nodes=8, transfer_chunk=1_000)
    post = two(many(20, "x" * 90), {f"l{number}": written("y" * 90) for number in range(30)}, settings)
    compared(post)
    values = [len(each.keys) for _, _, each in post.carried if isinstance(each, FetchKeys | KeysFetched)]
    assert max(values) == 11
    assert len(post.held("n1")) == len(post.held("n2")) == 50


def test_a_value_larger_than_a_chunk_goes_alone() -> None:
    settings = RingSettings(virtual_nodes=8, transfer_chunk=10)
    post = two({"a": written("x" * 50)}, {"b": written("y" * 50), "c": written("z" * 50)}, settings)
    assert compared(post).said == ["done"]
    assert sorted(post.held("n1")) == sorted(post.held("n2")) == ["a", "b", "c"]
    values = [len(each.keys) for _, _, each in post.carried if isinstance(each, FetchKeys | KeysFetched)]
    assert max(values) == 1


# ---------------------------------------------------------------- pace


def test_a_rate_lets_time_pass_for_what_has_come() -> None:
    post = two({}, many(30, "x" * 100), RingSettings(virtual_nodes=8, transfer_chunk=1_000))
    errand = compared(post, pull=True, rate=10_000)
    assert errand.said == []
    assert errand.taken == [(10, 1_000)]
    assert post.timer("exchange") is None
    for _ in range(3):
        assert post.timer("paced") == 100_000
        post.fire_one("paced")
        post.deliver_all()
    assert errand.said == ["done"]
    assert errand.taken == [(10, 1_000)] * 3


def test_what_was_known_already_takes_no_time() -> None:
    post = two(many(30), many(30) | {"new": written("x" * 500)})
    errand = compared(post, pull=True, rate=1_000)
    assert post.timer("paced") == 500_000
    post.fire_one("paced")
    assert (errand.said, errand.taken) == (["done"], [(1, 500)])


# ---------------------------------------------------------------- the fence: what is on disk when


def test_done_is_said_behind_the_last_write() -> None:
    """So a message that `done` sends waits until all of it is on disk."""

    class Tells(Errand):
        def done(self, state, exchange) -> None:
            state.send("n9", RingIs(state.ring))

    post = two({}, many(3))
    post.begin("n1", "n2", EVERYWHERE, Tells(pull=True))
    effects = []
    while packet := post.deliver():
        if packet[1] == "n1":
            effects = post.state("n1").effects
    kinds = [type(each).__name__ for each in effects if isinstance(each, Save | Send)]
    assert kinds == ["Save", "Save", "Save", "Send"]


def test_who_is_offered_keys_answers_behind_their_writes() -> None:
    machine = booted("n2", ("n1", "n2"))
    effects = told(machine, "n1", FetchKeys(1, 1, 1, (), ("k",), (written("x"),)))
    assert effects[0] == Save("key/k", written("x"), True)
    assert effects[-1] == Send("n1", KeysFetched(1, 1, (), ()))


def test_who_is_asked_keeps_nothing_in_mind() -> None:
    post = two(many(400, "y", "c2.1"), many(400))
    post.begin("n1", "n2", EVERYWHERE, Errand())
    while post.deliver():
        assert post.state("n2").exchanges == {}
    answered = booted("n2", ("n1", "n2"), disk(many(400)), USUAL)
    [compare, *_] = [each for _, to, each in post.carried if to == "n2"]
    first, again = told(answered, "n1", compare), told(answered, "n1", compare)
    assert first == again


# ---------------------------------------------------------------- what goes wrong


def test_a_peer_that_does_not_answer_fails_it() -> None:
    post = two({}, many(3))
    errand = Errand()
    post.begin("n1", "n2", EVERYWHERE, errand)
    assert post.timer("exchange") == USUAL.exchange_timeout
    post.fire_one("exchange")
    assert errand.said == ["n2 does not answer"]
    post.deliver_all()
    assert errand.said == ["n2 does not answer"]
    assert post.held("n1") == {}


@pytest.mark.parametrize("lost", range(6))
def test_each_question_has_a_time_to_be_answered(lost: int) -> None:
    post = two(many(100), many(200, "y", "c2.1"))
    errand = Errand()
    post.begin("n1", "n2", EVERYWHERE, errand)
    for _ in range(lost):
        post.deliver()
    post.under_way.clear()
    post.fire_one("exchange")
    assert errand.said == ["n2 does not answer"]
    assert post.state("n1").exchanges == {}


def test_each_question_begins_its_time_anew() -> None:
    post = two(many(100), many(200, "y", "c2.1"))
    post.begin("n1", "n2", EVERYWHERE, Errand())
    asked = 0
    while packet := post.deliver():
        effects = post.state("n1").effects
        if packet[1] == "n1" and sent(effects, Compare | FetchKeys):
            asked += 1
            assert list(timers(effects).values()) == [(USUAL.exchange_timeout, USUAL.exchange_timeout)]
    assert asked == 2


def test_a_second_copy_of_an_answer_is_not_taken_for_the_next_one() -> None:
    post = two(many(100), many(200, "y", "c2.1"), RingSettings(virtual_nodes=8, transfer_chunk=100))
    errand = Errand()
    post.begin("n1", "n2", EVERYWHERE, errand)
    while packet := post.deliver():
        if packet[1] == "n1":
            post.collect("n1", told(post.machines["n1"], "n2", packet[2]))
    assert errand.said == ["done"]
    assert post.held("n1") == post.held("n2") == joined(many(100), many(200, "y", "c2.1"))


def test_an_answer_of_somebody_else_is_not_taken() -> None:
    post = two({}, many(3))
    errand = Errand()
    post.begin("n1", "n2", EVERYWHERE, errand)
    [(_, _, compare)] = post.under_way
    assert isinstance(compare, Compare)
    told(post.machines["n1"], "n3", Differ(compare.exchange, compare.step, (), (), (), (), (), ()))
    assert errand.said == []


def test_a_new_ring_fails_what_was_begun_in_the_old_one() -> None:
    post = two({}, many(3))
    errand = Errand()
    post.begin("n1", "n2", EVERYWHERE, errand)
    members = first_ring(("n1", "n2"), USUAL).members
    told(post.machines["n1"], "n2", RingIs(Ring(2, members, (*members, Member("n3")), "n2")))
    assert errand.said == ["the ring changed"]
    assert post.state("n1").exchanges == {}


def test_keys_that_go_meanwhile_are_no_trouble() -> None:
    post = two({"mine": written("x")}, {"theirs": written("y")})
    errand = Errand()
    post.begin("n1", "n2", EVERYWHERE, errand)
    while packet := post.deliver():
        for name, key in (("n1", "mine"), ("n2", "theirs")):
            if isinstance(packet[2], Differ) and key in post.held(name):
                post.act(name, lambda state, key: state.storage.erase(state, key), key)
    assert errand.said == ["done"]


def test_an_answer_to_an_earlier_life_is_not_taken_for_one_to_this_life() -> None:
    """Who restarts at once finds answers under way; an "equal" to the old question would be a lie to the new one."""
    before = two({}, {})
    before.begin("n1", "n2", EVERYWHERE, Errand(pull=True))
    before.deliver()
    [(source, _, equal)] = before.under_way
    after = two({}, many(3))
    after.machines["n1"] = booted("n1", ("n1", "n2"), Saved((Cell("life", Life(1)),)), USUAL)
    errand = Errand(pull=True)
    after.begin("n1", "n2", EVERYWHERE, errand)
    told(after.machines["n1"], source, equal)
    assert errand.said == []
