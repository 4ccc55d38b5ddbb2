"""Completion offers what the grammar and the cluster know, and nothing that could not stand there."""

from __future__ import annotations

from typing import Any

import pytest

from playground.commands import COMMANDS, complete, parse
from playground.commands.complete import WORD
from playground.errors import BadInput
from playground.session import Session
from playground.spec import DEFAULT_SPEC


def offered(text: str, start: str = "command") -> list[str]:
    return complete(text, len(text), DEFAULT_SPEC, start=start)


def test_at_the_beginning_every_verb_is_offered_in_the_order_of_help() -> None:
    verbs = list(dict.fromkeys(each.verb for each in COMMANDS))
    assert [word for word in offered("") if word in verbs] == verbs


def test_a_begun_verb_is_completed() -> None:
    assert offered("par") == ["partition"]
    assert offered("po") == ["power-loss"]


def test_behind_a_verb_come_nodes_and_selectors() -> None:
    assert offered("kill n") == ["n1", "n2", "n3", "n4", "n5"]
    assert offered("kill l") == ["leader(raft)"]
    assert offered("kill m") == ["majority", "minority"]


def test_in_parentheses_comes_a_service() -> None:
    assert offered("kill leader(") == ["raft"]


def test_behind_a_node_come_arrows_only_where_a_link_is_meant() -> None:
    assert "->" in offered("cut n1 ")
    assert "->" not in offered("kill n1 ")


def test_amounts_have_samples() -> None:
    assert "20%" in offered("lose n1 -> n2 ")
    assert "200ms" in offered("slow n1 -> n2 ")


def test_states_of_a_disk_are_offered() -> None:
    assert "lie" in offered("disk n1 l")
    assert offered("disk n1 w") == ["wipe"]


def test_behind_on_come_clients() -> None:
    assert offered("get x on ") == list(DEFAULT_SPEC.clients)


def test_keys_of_the_store_are_offered(stage: Any) -> None:
    stage.set("n1", store={"apple": 1, "pear": 2, "two words": 3})
    assert complete("get ", 4, stage.spec, stage.world) == ["apple", "pear"]


def test_conditions_have_questions() -> None:
    assert "leader(raft)" in offered("expect ", "step")
    assert offered("expect comm", "step") == ["commit(", "committed("]


def test_a_completion_in_the_middle_looks_only_at_what_is_before() -> None:
    assert complete("kill  n2", 5, DEFAULT_SPEC)[:2] == ["n1", "n2"]


def test_behind_a_mistake_nothing_is_offered() -> None:
    assert offered("kil n1 ") == []
    assert offered("kill @ ") == []


# ---------------------------------------------------------------- rings


def offered_in(session: Session, text: str, start: str = "command") -> list[str]:
    return complete(text, len(text), session.spec, session.world, start)


def test_behind_add_node_comes_the_next_free_name(ring: Session) -> None:
    assert offered_in(ring, "add ") == ["node"]
    assert offered_in(ring, "add node ") == ["n6"]
    ring.do("add node n6")
    assert offered_in(ring, "add node ") == ["n7"]
    assert "n6" in offered_in(ring, "kill ")
    assert "n6" in offered_in(ring, "remove node ")
    assert "n6" in offered_in(ring, "weight ")


def test_keys_and_files_of_a_ring_are_offered(ring: Session) -> None:
    for line in ("put apple 1", "put pear 2", 'put "two words" 3', "file put input as story"):
        ring.do(line)
    ring.run_until(3_000_000)
    assert offered_in(ring, "get ") == ["apple", "pear"]
    assert offered_in(ring, "delete a") == ["apple"]
    assert offered_in(ring, "kill owner(") == ["apple", "pear"]
    assert offered_in(ring, "file get ") == ["story"]
    assert offered_in(ring, "file put ") == ["input"]
    assert offered_in(ring, "expect file(", "step")[0] == "story"


def test_flags_are_offered_where_they_mean_something(ring: Session) -> None:
    assert offered_in(ring, "get x -") == ["--n 3", "--r 1"]
    assert offered_in(ring, "put x 1 --n 3 -") == ["--w 1"]
    assert offered_in(ring, "add node n6 -") == ["--weight 2"]


def test_roles_are_offered_of_services_that_have_some(ring: Session, both: Session) -> None:
    assert "owner(" in offered_in(ring, "kill ")
    assert "leader(ring)" not in offered_in(ring, "kill ")
    assert "leader(raft)" in offered_in(both, "kill ")
    assert offered_in(both, "kill leader(") == ["raft"]
    assert offered_in(both, "expect epoch(", "step")[:2] == ["raft", "ring"]


def test_behind_show_come_holdings_and_questions(ring: Session) -> None:
    assert offered_in(ring, "show h", "step") == ["holdings", "holds(", "hints(", "high-watermark("]


def begins_a_sentence(text: str) -> bool:
    try:
        parse(text)
    except BadInput as mistake:
        return "something is missing here" in str(mistake) or mistake.args[0].startswith("console, line 1, column 1: ")
    return True


@pytest.mark.parametrize("example", [each.example for each in COMMANDS])
def test_every_completion_leaves_the_beginning_of_a_sentence(example: str) -> None:
    for end in range(len(example) + 1):
        word = WORD.search(example[:end])
        assert word
        for offer in offered(example[:end]):
            assert begins_a_sentence(example[: word.start()] + offer), (example[:end], offer)
