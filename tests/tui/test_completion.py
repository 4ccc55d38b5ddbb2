"""Completion in the console: whole lines, made from what the grammar allows."""

from __future__ import annotations

from playground.spec import DEFAULT_SPEC
from tui.completion import completions, hint, last_word


def after(text: str) -> list[str]:
    return completions(text, DEFAULT_SPEC)


def test_a_verb_is_completed() -> None:
    assert "kill" in after("ki")
    assert "partition" in after("")


def test_nodes_and_roles_follow_a_verb() -> None:
    assert {"kill n1", "kill n5", "kill leader(raft)"} <= set(after("kill "))
    assert after("kill lea") == ["kill leader(raft)"]
    assert after("kill leader(") == ["kill leader(raft"]


def test_times_and_shares_are_offered_as_examples() -> None:
    assert "slow n1 -> n2 200ms" in after("slow n1 -> n2 ")
    assert "lose n1 -- n2 20%" in after("lose n1 -- n2 ")


def test_nothing_is_offered_behind_a_mistake_or_without_a_blank() -> None:
    assert after("kill | ") == []
    assert after("kill leader(raft)") == []


def test_the_last_word_may_be_empty() -> None:
    assert last_word("kill lea") == "lea"
    assert last_word("kill leader(") == ""
    assert last_word("kill") == "kill"


def test_the_form_of_a_known_verb_is_told() -> None:
    found = hint("slow n1")
    assert found is not None
    assert found.form == "slow LINKS TIME|off"
    assert hint("flow") is None
