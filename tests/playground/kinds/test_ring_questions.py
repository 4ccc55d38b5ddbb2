"""What conditions can ask of a ring is answered by what its servers hold and believe."""

from __future__ import annotations

from typing import Any

import pytest

from algorithms.ring.machine import RingMachine
from playground.commands import parse_condition
from playground.errors import BadInput
from playground.predicates import evaluate, explain
from playground.session import Session

SECOND = 1_000_000


def holds(session: Session, text: str) -> bool:
    return evaluate(parse_condition(text), session)


def done(session: Session, *lines: str, seconds: float = 1) -> None:
    for line in lines:
        session.do(line)
        session.run_until(session.world.now + int(seconds * SECOND))


def replicas(session: Session, key: str) -> tuple[str, ...]:
    machine = session.world.machine("n1", "ring")
    assert isinstance(machine, RingMachine)
    return machine.state.preference_list(key)


def test_a_key_is_on_its_replicas_and_nowhere_else(ring: Session) -> None:
    done(ring, "put x 1")
    first, *others = replicas(ring, "x")
    outside = next(name for name in ring.spec.nodes if name not in (first, *others))
    assert holds(ring, f"owner(x) == {first} and replicas(x) == 3 and siblings(x) == 1")
    assert holds(ring, f"holds({first}, x) and not holds({outside}, x) and keys({first}) == 1 and keys({outside}) == 0")
    assert holds(ring, f"value(x) == 1 and value(x, {first}) == 1 and value(x, ring) == 1 and not value(x, {outside})")


def test_a_key_that_was_deleted_has_no_value_and_its_tombstone_is_a_key_still(ring: Session) -> None:
    done(ring, "put x 1", "delete x")
    assert holds(
        ring, f"not value(x) and replicas(x) == 0 and siblings(x) == 0 and keys({replicas(ring, 'x')[0]}) == 1"
    )


def test_values_side_by_side_are_joined(ring: Session) -> None:
    ring.do("put x a on c1")
    ring.do("put x b on c2")
    ring.run_until(ring.world.now + SECOND)
    assert holds(ring, 'siblings(x) == 2 and (value(x) == "a|b" or value(x) == "b|a")')


def test_who_is_a_member_and_in_which_epoch(ring: Session) -> None:
    assert holds(ring, "member(n5) and epoch(ring) == 1 and not moving(ring)")
    ring.do("add node n6")
    assert holds(ring, "not member(n6)")
    done(ring, "put x 1", seconds=3)
    assert holds(ring, "member(n6) and epoch(ring) == 3 and epoch(n6) == 3 and not moving(ring)")


def test_who_believes_whom_to_be_alive(ring: Session) -> None:
    assert holds(ring, "alive(n3, n1)")
    done(ring, "kill n3", seconds=4)
    assert holds(ring, "not alive(n3, n1) and alive(n2, n1)")


def test_hints_are_counted_where_they_are_kept(ring: Session) -> None:
    owner = replicas(ring, "x")[0]
    done(ring, f"kill {owner}", seconds=4)
    done(ring, "put x 1")
    assert holds(ring, "hints(ring) == 1 and not converged(ring)")
    assert sum(holds(ring, f"hints({name}) == 1") for name in ring.spec.nodes if name != owner) == 1
    done(ring, f"restart {owner}", seconds=4)
    assert holds(ring, "hints(ring) == 0 and strays(ring) == 0 and converged(ring) and strays(n1) == 0")


def test_who_is_down_has_nothing_to_say(ring: Session) -> None:
    done(ring, "put x 1", "kill all")
    for text in (
        "keys(n1) == 0",
        "holds(n1, x)",
        "value(x) != 2",
        "epoch(ring) == 1",
        "hints(n1) == 0",
        "alive(n1, n2)",
    ):
        assert not holds(ring, text), text
    assert not holds(ring, "moving(ring) == true or converged(ring)")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("keys(n9)", 'there is no node "n9"; did you mean "n5"?'),
        ("epoch(rong)", 'there is no service or node "rong"; did you mean "ring"?'),
        ("converged(rong)", 'there is no service "rong"; did you mean "ring"?'),
        ("alive(n1, n9)", 'there is no node "n9"; did you mean "n5"?'),
        ("value(x, n9)", 'there is no service or node "n9"; did you mean "n5"?'),
    ],
)
def test_a_question_about_what_there_is_not_is_bad_input(ring: Session, text: str, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        holds(ring, text)
    assert str(caught.value) == sentence


def test_an_explanation_says_what_everything_is(ring: Session) -> None:
    done(ring, "put x 1")
    condition = parse_condition("replicas(x) == 5 and moving(ring) and not owner(x) == n9 and value(y) == 1")
    owner = replicas(ring, "x")[0]
    assert explain(condition, ring) == (
        f"replicas(x) is 3, moving(ring) is false, owner(x) is {owner}, value(y) is nothing"
    )


# ---------------------------------------------------------------- beside Raft


def test_a_value_is_that_of_the_first_service_that_knows_the_key(both: Session) -> None:
    done(both, "raft: put x 1", "ring: put x 2", "ring: put y 3")
    assert holds(both, "value(x) == 1 and value(x, ring) == 2 and value(x, raft) == 1 and value(y) == 3")


def test_questions_of_raft_are_answered_beside_a_ring(both: Session) -> None:
    assert holds(both, "leader(raft) and count(follower(raft)) == 4 and voter(n1) and term(raft) >= 1")
    assert holds(both, "role(n1) == follower or role(n1) == leader")
    assert not holds(both, "leader(ring)")


def test_raft_alone_has_no_answer_to_what_rings_are_asked(stage: Any) -> None:
    for text in ("keys(n1)", "epoch(raft)", "moving(raft)", "owner(x)", "replicas(x)", "member(n1)", "converged(raft)"):
        assert not evaluate(parse_condition(text), stage.world), text
