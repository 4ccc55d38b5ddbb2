"""How what was asked has ended, for conditions."""

from __future__ import annotations

import pytest

from algorithms.machine import Ok
from playground.commands import parse_condition
from playground.predicates import evaluate, explain
from playground.session import Session

SECOND = 1_000_000


def answer(session: Session) -> str:
    return explain(parse_condition("answer()"), session).removeprefix("answer() is ")


def done(session: Session, *lines: str) -> None:
    for line in lines:
        session.do(line)
    session.run_until(session.world.now + 4 * SECOND)


def test_nothing_was_asked_yet(ring: Session) -> None:
    assert answer(ring) == "nothing"


def test_the_answer_is_there_when_the_newest_request_is_over(ring: Session) -> None:
    done(ring, "put x 1")
    assert answer(ring) == "done"
    ring.do("get x")
    assert answer(ring) == "nothing"
    done(ring)
    assert answer(ring) == "1"
    assert evaluate(parse_condition("answer() == 1"), ring)


def test_a_key_that_is_not_there_has_no_answer(ring: Session) -> None:
    done(ring, "get x")
    assert answer(ring) == "nothing"


def test_siblings_stand_side_by_side(ring: Session) -> None:
    done(ring, "put x a on c1", "put x b on c2")
    done(ring, "get x")
    assert sorted(answer(ring).split("|")) == ["a", "b"]


def test_what_failed_has_failed_and_what_nobody_knows_is_unknown(ring: Session) -> None:
    done(ring, "kill n1 n2 n3 n4 n5", "get x")
    assert answer(ring) == "failed"
    done(ring, "put x 1")
    assert answer(ring) in ("failed", "unknown")


def test_raft_answers_with_what_it_read(both: Session) -> None:
    done(both, "raft: put x 5")
    assert answer(both) == "done"
    done(both, "raft: get x")
    assert answer(both) == "5"
    done(both, "raft: cas x 4 6")
    assert answer(both) == "false"
    done(both, "raft: get y")
    assert answer(both) == "nothing"


def test_looking_takes_nothing_away(ring: Session) -> None:
    request = ring.do("put x 1").request_id
    assert request is not None
    done(ring)
    assert answer(ring) == "done"
    assert ring.outcome(request) == Ok(None)
    assert answer(ring) == "done"


def test_an_outcome_that_was_taken_is_remembered(ring: Session) -> None:
    request = ring.do("put x 1").request_id
    assert request is not None
    done(ring)
    assert ring.outcome(request) == Ok(None)
    assert answer(ring) == "done"


def test_a_fork_has_answers_of_its_own(ring: Session) -> None:
    done(ring, "put x 1")
    fork = ring.fork()
    done(fork, "get x")
    assert (answer(ring), answer(fork)) == ("done", "1")


@pytest.mark.parametrize("text", ["answer()", "file(story)"])
def test_a_world_alone_knows_of_no_requests(ring: Session, text: str) -> None:
    done(ring, "put x 1")
    assert not evaluate(parse_condition(text), ring.world)
