"""Completion offers what the grammar and the cluster know, and nothing that could not stand there."""

from __future__ import annotations

from typing import Any

import pytest

from playground.commands import COMMANDS, complete, parse
from playground.commands.complete import WORD
from playground.errors import BadInput
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
    assert offered("expect com", "step") == ["commit("]


def test_a_completion_in_the_middle_looks_only_at_what_is_before() -> None:
    assert complete("kill  n2", 5, DEFAULT_SPEC)[:2] == ["n1", "n2"]


def test_behind_a_mistake_nothing_is_offered() -> None:
    assert offered("kil n1 ") == []
    assert offered("kill @ ") == []


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
