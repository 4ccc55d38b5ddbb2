"""Conditions are answered by what the machines show of themselves."""

from __future__ import annotations

from typing import Any

import pytest

from algorithms.raft.messages import Configuration
from nodes import faults
from playground.commands import parse_condition
from playground.errors import BadInput
from playground.predicates import evaluate, explain


def holds(stage: Any, text: str, **bound: tuple[str, ...]) -> bool:
    return evaluate(parse_condition(text), stage.world, bound)


def test_there_is_a_leader_or_not(stage: Any) -> None:
    assert not holds(stage, "leader(raft)")
    stage.set("n2", role="leader")
    assert holds(stage, "leader(raft)")


def test_of_two_leaders_only_the_newer_one_is_the_leader(stage: Any) -> None:
    stage.set("n2", role="leader", current_term=2)
    stage.set("n3", role="leader", current_term=3)
    assert holds(stage, "leader(raft) == n3 and not leader(raft) == n2 and leader(raft) != n2")
    assert holds(stage, "count(leader(raft)) == 2")


def test_every_follower_is_a_follower(stage: Any) -> None:
    assert holds(stage, "follower(raft) == n1 and follower(raft) == n5")


def test_a_comparison_with_what_is_not_there_is_never_true(stage: Any) -> None:
    stage.world.inject(faults.Kill("n1"))
    for text in ("leader(raft) == n1", "leader(raft) != n1", "term(n1) == 1", "term(n1) != 1", "value(x) != 3"):
        assert not holds(stage, text)


def test_a_number_of_a_service_is_the_highest(stage: Any) -> None:
    stage.set("n3", current_term=7, commit_index=4)
    assert holds(stage, "term(raft) == 7 and commit(raft) == 4 and term(n1) == 1")


def test_the_value_is_that_of_whoever_has_applied_most(stage: Any) -> None:
    stage.set("n2", {"x": 1}, last_applied=3)
    stage.set("n3", {"x": 2}, last_applied=4)
    assert holds(stage, "value(x) == 2 and value(x, n2) == 1 and not value(x, n1)")


def test_true_is_not_one(stage: Any) -> None:
    stage.set("n2", {"x": True}, last_applied=3)
    assert holds(stage, "value(x) == true and not value(x) == 1")


def test_words_and_quoted_texts_are_the_same_value(stage: Any) -> None:
    stage.set("n2", {"x": "abc"}, last_applied=3)
    assert holds(stage, 'value(x) == abc and value("x") == "abc"')


def test_only_numbers_have_an_order(stage: Any) -> None:
    assert not holds(stage, "role(n1) < 3")


def test_a_role_is_a_word(stage: Any) -> None:
    assert holds(stage, "role(n1) == follower and role(n1, raft) == follower")


def test_nodes_are_up_and_paused_and_linked(stage: Any) -> None:
    stage.world.inject(faults.Kill("n1"))
    stage.world.inject(faults.Pause("n2"))
    stage.world.inject(faults.Cut("n3", "n4"))
    assert holds(stage, "not up(n1) and up(n2) and paused(n2) and not linked(n3, n4) and linked(n4, n3)")


def test_a_voter_is_one_in_the_leaders_eyes(stage: Any) -> None:
    assert not holds(stage, "voter(n1)")
    stage.set("n2", role="leader", configuration=Configuration(("n1", "n2")))
    assert holds(stage, "voter(n1) and not voter(n3)")
    stage.set("n2", role="leader", configuration=Configuration(("n1", "n2"), old_voters=("n2", "n3")))
    assert holds(stage, "voter(n1) and voter(n3) and not voter(n4)")


def test_logs_are_equal_if_their_ends_commit_indexes_and_stores_are(stage: Any) -> None:
    assert holds(stage, "logs-equal(raft)")
    stage.set("n2", last_index=1)
    assert not holds(stage, "logs-equal(raft)")
    stage.world.inject(faults.Kill("n2"))
    assert holds(stage, "logs-equal(raft)")


def test_a_name_that_was_given_stands_for_its_node(stage: Any) -> None:
    stage.set("n2", role="leader")
    assert holds(stage, "leader(raft) == old and role(old) == leader", old=("n2",))


def test_a_name_for_several_nodes_cannot_stand_for_one(stage: Any) -> None:
    with pytest.raises(BadInput, match="means 2 nodes"):
        holds(stage, "up(old)", old=("n1", "n2"))


def test_an_unknown_node_is_told_with_the_nearest(stage: Any) -> None:
    with pytest.raises(BadInput, match='no node "n33"; did you mean "n3"'):
        holds(stage, "up(n33)")


def test_an_explanation_says_what_everything_is(stage: Any) -> None:
    stage.set("n2", role="leader", current_term=4)
    condition = parse_condition("leader(raft) == n1 and (term(raft) > 5 or up(n1)) and not value(x)")
    assert explain(condition, stage.world) == "leader(raft) is n2, term(raft) is 4, up(n1) is true, value(x) is nothing"
