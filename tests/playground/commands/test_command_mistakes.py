"""A mistake is told in one sentence: place, line, column, and the nearest valid word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.commands import COMMANDS, Names, parse, parse_condition, parse_step
from playground.errors import BadInput

NAMES = Names(("n1", "n2", "n3", "c1"), ("raft",))


def told(text: str) -> str:
    with pytest.raises(BadInput) as caught:
        parse(text, "story.toml", 12, NAMES)
    return str(caught.value)


def mistake_in(text: str) -> str | None:
    try:
        parse(text)
    except BadInput as mistake:
        return str(mistake)
    return None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("kil n3", 'column 1: there is no command "kil"; did you mean "kill"?'),
        ("kill n9", 'column 6: there is no node "n9"; did you mean "n3"?'),
        ("kill majorty", 'column 6: there is no node "majorty"; did you mean "majority"?'),
        ("kill leeder(raft)", 'column 6: there is no role "leeder"; did you mean "leader"?'),
        ("kill leader(rft)", 'column 13: there is no service "rft"; did you mean "raft"?'),
        ("get x on n33", 'column 10: there is no node "n33"; did you mean "n3"?'),
        ("disk n2 slo", 'column 9: "slo" does not fit here; did you mean "slow"?'),
        ("partition n1", 'column 13: something is missing here: "|", as in "partition n1 n2 | n3 n4 n5"'),
        ("cut n1 ->", 'column 10: something is missing here: a name, "all", "majority"'),
        ("lose n1 -> n2 120%", "column 15: 120% is more than all; a share goes from 0% to 100%"),
        ("lose n1 -> n2 20", 'column 15: "20" does not fit here; there could be'),
        ("delay n1 -> n2 1.5us", "column 16: 1.5us is finer than one us"),
        ("drift n1 +600000ppm", "column 10: +600000ppm is no clock any more"),
        ("put slow 1", 'column 5: "slow" does not fit here; there could be a name or a quoted text'),
        ('put x "\\q"', 'column 7: "\\q" has an escape that JSON does not know'),
        ("put x 1 --w 0", "column 13: --w must be at least 1, not 0"),
        ("put x 1 --r 2", "column 9: --r means nothing for put; there are --n and --w"),
        ("delete x --r 2", "column 10: --r means nothing for delete; there are --n and --w"),
        ("get x --w 1", "column 7: --w means nothing for get; there are --n and --r"),
        ("get x --r 1 --r 2", "column 13: --r is said twice"),
        ("weight n1 0", "column 11: a weight must be above 0 (from 0.001 to 1000), not 0"),
        ("weight n1 -2", "column 11: a weight must be above 0"),
        ("add node n6 --weight 0", "column 22: a weight must be above 0"),
        ("add node n-6", 'column 10: "n-6" is no name for a node'),
        ("remove node n9", 'column 13: there is no node "n9"; did you mean "n3"?'),
        ("remove nod n1", 'column 8: "nod" does not fit here; did you mean "node"?'),
        ("kill replica(x)", "column 6: replica is asked as replica(KEY, NUMBER), the owner being number 1"),
        ("kill replica(x, 0)", "column 17: replicas are counted from 1 on, not from 0"),
        ("kill owner(x, 2)", "column 15: owner is asked as owner(KEY)"),
        ("kill ownr(x)", 'column 6: there is no role "ownr"; did you mean "owner"?'),
        ('kill leader("raft")', "column 13: leader is asked as leader(SERVICE)"),
        ('file put ""', 'column 10: "" is no path of a file'),
        ("file pot x", 'column 6: "pot" does not fit here; did you mean "put"?'),
        ("kill n1 @", "column 9: '@' means nothing here"),
        ("", "column 1: there is nothing here"),
    ],
)
def test_a_mistake_names_its_column_and_what_may_have_been_meant(text: str, sentence: str) -> None:
    assert told(text).startswith(f"story.toml, line 12, {sentence}")


@pytest.mark.parametrize("verb", ["pause", "resume"])
def test_a_bare_pause_is_told_that_it_needs_a_node(verb: str) -> None:
    assert f'a name, "all", "majority", "minority", "random" or "rest", as in "{verb} n2"' in told(verb)


def test_a_misspelt_step_is_told_the_nearest_step() -> None:
    with pytest.raises(BadInput, match='there is no command "evry"; did you mean "every"'):
        parse_step("evry 5s for 3s heal")


def test_a_question_is_told_how_it_is_asked() -> None:
    with pytest.raises(BadInput, match=r"column 1: up is asked as up\(NODE\)"):
        parse_condition("up(n1, n2)")


def test_an_unknown_question_is_told_the_nearest() -> None:
    with pytest.raises(BadInput, match='there is no question "comit"; did you mean "commit"'):
        parse_condition("comit(raft) > 3")


@given(st.text() | st.sampled_from([each.example for each in COMMANDS]).map(lambda text: text[: len(text) * 2 // 3]))
def test_whatever_is_typed_is_a_command_or_a_mistake_in_one_sentence(text: str) -> None:
    mistake = mistake_in(text)
    assert mistake is None or mistake.startswith("console, line 1, column ")
    assert mistake is None or "\n" not in mistake.replace(text, "")
