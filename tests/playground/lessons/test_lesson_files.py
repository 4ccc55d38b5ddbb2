"""A lesson's file: what it may hold, and how a mistake in it is told."""

from __future__ import annotations

import pytest

from playground.errors import BadInput
from playground.lessons.lesson import Goal, Lesson, Predict, Run
from playground.lessons.reading import read_lesson

FRONT = """+++
title = "A test"
about = "Nothing to learn."
order = 1
seed = 3
+++
"""


def read(body: str, front: str = FRONT) -> Lesson:
    return read_lesson(front + body, "test", "test.md")


def mistake(body: str, front: str = FRONT) -> str:
    with pytest.raises(BadInput) as caught:
        read(body, front)
    return str(caught.value)


def test_a_text_belongs_to_the_task_behind_it() -> None:
    lesson = read("One.\n\nTwo.\n```run\nwait 1s\n```\nThree.\n")
    assert [step.text for step in lesson.steps] == ["One.\n\nTwo.", "Three."]
    assert [type(step.task) for step in lesson.steps] == [Run, type(None)]


def test_a_claim_ends_no_step() -> None:
    (step,) = read("One.\n```claim\nup(n1)\n# a remark\nup(n2)\n```\nTwo.\n```run\nwait 1s\n```\n").steps
    assert step.text == "One.\n\nTwo."
    assert [(claim.line, claim.text) for claim in step.claims] == [(9, "up(n1)"), (11, "up(n2)")]


def test_a_predict_offers_options() -> None:
    body = "```predict\nUp or\ndown?\n- up {up(n1)}\n- down {otherwise}\n```\n```run\nwait 1s\n```\n"
    task = read(body).steps[0].task
    assert isinstance(task, Predict)
    assert task.question == "Up or down?"
    assert [(option.text, option.condition is None) for option in task.options] == [("up", False), ("down", True)]


def test_a_predict_asks_for_something_to_look_up() -> None:
    task = read("```predict\nWhich term?\nanswer {term(raft)}\n```\n```run\nwait 1s\n```\n").steps[0].task
    assert isinstance(task, Predict)
    assert task.term is not None


def test_a_goal_has_a_wish_a_condition_hints_and_a_solution() -> None:
    body = "```goal\nStop it.\n{not up(n1)}\nhint Try x.\nhint Or kill.\nwithin 2s\n```\n```solution\nkill n1\n```\n"
    task = read(body).steps[0].task
    assert isinstance(task, Goal)
    assert (task.wish, task.within, task.hints) == ("Stop it.", 2_000_000, ("Try x.", "Or kill."))
    assert len(task.solution) == 1


def test_a_name_that_a_run_has_given_is_known_from_there_on() -> None:
    read("```run\nlet old = leader(raft)\nkill old\n```\n```run\nrestart old\n```\n")
    assert '"old"' in mistake("```run\nkill old\n```\n")


def test_other_blocks_are_shown_as_they_are() -> None:
    (step,) = read("See:\n```text\nput x 1\n```\n").steps
    assert step.text == "See:\n```text\nput x 1\n```"


MISTAKES = {
    "no front matter": ("Text.\n", "", "test.md, line 1: a lesson begins with"),
    "a word that is no command": ("```run\nkil n1\n```\n", FRONT, "test.md, line 8, column 1"),
    "a node that is not there": ("```run\nkill n9\n```\n", FRONT, 'no node "n9"'),
    "a question that is not there": ("```claim\nlaeder(raft)\n```\n", FRONT, 'did you mean "leader"'),
    "an unknown block": ("```predcit\n```\n", FRONT, 'did you mean "predict"'),
    "an open block": ("```run\nwait 1s\n", FRONT, "line 7: this block is never closed"),
    "an empty run": ("```run\n```\n", FRONT, "line 7: this run does nothing"),
    "a predict without a run": ("```predict\nWhat?\nanswer {term(raft)}\n```\n", FRONT, "behind a predict"),
    "a predict without answers": ("```predict\nWhat?\n```\n```run\nwait 1s\n```\n", FRONT, "a predict has options"),
    "an option without braces": ("```predict\nWhat?\n- yes\n- no {up(n1)}\n```\n", FRONT, "line 9: what the cluster"),
    "an answer that is a comparison": ("```predict\nWhat?\nanswer {term(raft) > 1}\n```\n", FRONT, "to look up"),
    "a goal without a solution": ("```goal\nGo.\n{up(n1)}\n```\n", FRONT, "right behind a goal stands its solution"),
    "a solution without a goal": ("```solution\nkill n1\n```\n", FRONT, "right behind its goal"),
    "a goal without a condition": ("```goal\nGo.\n```\n```solution\nkill n1\n```\n", FRONT, "in braces when it is"),
    "a time without a unit": (
        "```goal\nGo.\n{up(n1)}\nwithin 2\n```\n```solution\nkill n1\n```\n",
        FRONT,
        "line 10: ",
    ),
    "a setting that is not there": ("Text.\n", FRONT.replace("seed", "sede = 4\nseed"), 'did you mean "seed"'),
    "no text at all": ("\n", FRONT, "nothing to read"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_where_it_is(name: str) -> None:
    body, front, told = MISTAKES[name]
    assert told in mistake(body, front)
