"""The language: every documented sentence is one, and what is written reads as the same value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from algorithms import kv
from nodes import faults
from playground.commands import (
    COMMANDS,
    QUESTIONS,
    STEPS,
    Names,
    parse,
    parse_condition,
    parse_step,
    write,
    write_condition,
    write_step,
)
from playground.commands.conditions import Both, Call, Compared, Condition, Constant, Either, Negated, Word
from playground.commands.grammar import literals, reserved
from playground.commands.steps import (
    After,
    At,
    Deed,
    Every,
    Expect,
    ExpectFor,
    Let,
    Now,
    Show,
    Step,
    Wait,
    WaitUntil,
    introduced,
)
from playground.commands.table import ROLES
from playground.commands.values import (
    AddNode,
    Ask,
    Calm,
    Command,
    Cut,
    Delay,
    Delete,
    Disk,
    DiskState,
    Do,
    Drift,
    Duplicate,
    GetFile,
    Heal,
    HealAll,
    InRole,
    Kind,
    Limit,
    Lose,
    Members,
    Named,
    OnLinks,
    OnNodes,
    Partition,
    Placed,
    PutFile,
    Reach,
    RemoveNode,
    Reorder,
    SetWeight,
    Skew,
    Slow,
    SlowDisk,
    SlowNode,
    Some,
    Transfer,
    Verb,
)

# ---------------------------------------------------------------- values for properties

names = st.sampled_from(("n1", "n2", "n3", "c1", "old-leader", "it"))
services = st.sampled_from(("raft", "paxos"))
kinds = st.sampled_from([kind for kind in Kind if kind is not Kind.EVERYONE])
places = st.builds(Placed, st.sampled_from(("owner", "outsider")), st.text()) | st.builds(
    Placed, st.just("replica"), st.text(), st.integers(1, 9)
)
who = st.builds(Named, names) | st.builds(InRole, st.sampled_from(ROLES), services) | st.builds(Some, kinds) | places
groups = st.lists(who, min_size=1, max_size=4).map(tuple)
ends = groups | st.just((Some(Kind.EVERYONE),))
times = st.integers(0, 10**12)
shares = st.floats(0, 1)
latencies = (
    st.builds(faults.Constant, times)
    | st.tuples(times, times).map(lambda two: faults.Uniform(min(two), max(two)))
    | st.builds(faults.Exponential, times, times)
)
node_actions = (
    st.builds(Do, st.sampled_from(Verb))
    | st.builds(SlowNode, st.none() | times)
    | st.builds(Skew, st.integers(-(10**9), 10**9))
    | st.builds(Drift, st.integers(-500_000, 500_000))
    | st.builds(SlowDisk, times)
    | st.builds(Disk, st.sampled_from(DiskState))
)
limits = st.builds(Limit, st.integers(1, 10**10), st.integers(0, 10**7)) | st.just(Limit(0))
link_actions = (
    st.just(Cut())
    | st.just(Heal())
    | st.builds(Slow, times)
    | st.builds(Delay, st.none() | latencies)
    | st.builds(Lose, shares)
    | st.builds(Duplicate, shares)
    | st.builds(Reorder, shares, times)
    | limits
)
values = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
weights = st.floats(0.001, 1_000)
paths = st.text().filter(lambda text: "\0" not in text)
wishes = (
    st.builds(kv.Put, st.text(), values)
    | st.builds(kv.Get, st.text())
    | st.builds(kv.CompareAndSet, st.text(), values, values)
    | st.builds(kv.Append, st.text(), st.text())
    | st.builds(Transfer, who)
    | st.builds(Members, groups)
    | st.builds(AddNode, st.sampled_from(("n6", "A")), weights)
    | st.builds(RemoveNode, who)
    | st.builds(SetWeight, who, weights)
    | st.builds(PutFile, paths, st.text(), st.just("") | st.text("0123456789abcdef", min_size=64, max_size=64))
    | st.builds(GetFile, st.text())
)
some = st.integers(0, 9)
reaching = st.builds(
    Ask, st.builds(kv.Get, st.text()), st.none() | names, st.none() | services, st.builds(Reach, some, some)
) | st.builds(
    Ask,
    st.builds(kv.Put, st.text(), values) | st.builds(Delete, st.text()),
    st.none() | names,
    st.none() | services,
    st.builds(Reach, n=some, w=some),
)
commands: st.SearchStrategy[Command] = (
    st.builds(OnNodes, node_actions, groups)
    | st.builds(OnLinks, link_actions, ends, ends, st.booleans())
    | st.builds(Partition, st.lists(groups, min_size=2, max_size=4).map(tuple))
    | st.just(HealAll())
    | st.just(Calm())
    | st.builds(Ask, wishes, st.none() | names, st.none() | services)
    | reaching
)
constants = st.builds(Constant, st.booleans() | st.integers() | st.floats(0, 10**6) | st.text())
calls = st.builds(Call, st.sampled_from(ROLES), st.builds(Word, services).map(lambda word: (word,))) | st.sampled_from(
    (Call("answer", ()), Call("file", (Word("report"),)), Call("holds", (Word("n1"), Constant("a b"))))
)
terms = st.builds(Word, names) | constants | calls
conditions: st.SearchStrategy[Condition] = st.recursive(
    terms | st.builds(Compared, st.sampled_from(("==", "!=", "<", "<=", ">", ">=")), terms, terms),
    lambda inner: (
        st.builds(Negated, inner)
        | st.builds(Both, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(Either, st.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=6,
)
deeds = st.tuples(commands, st.lists(st.builds(Deed, commands, times), max_size=2)).map(
    lambda parts: (Deed(parts[0]), *parts[1])
)
steps: st.SearchStrategy[Step] = (
    st.builds(Now, deeds)
    | st.builds(At, times, deeds)
    | st.builds(After, times, deeds)
    | st.builds(Every, st.integers(1, 10**9), times, deeds)
    | st.builds(Wait, times)
    | st.builds(WaitUntil, conditions, times)
    | st.builds(Expect, conditions)
    | st.builds(ExpectFor, conditions, times)
    | st.builds(Let, names, who)
    | st.builds(Show, calls | st.just(Word("holdings")), st.text())
)


@given(commands)
def test_a_command_that_was_written_reads_as_the_same_command(command: Command) -> None:
    assert parse(write(command)) == command


@given(conditions)
def test_a_condition_that_was_written_reads_as_the_same_condition(condition: Condition) -> None:
    assert parse_condition(write_condition(condition)) == condition


@given(steps)
def test_a_step_that_was_written_reads_as_the_same_step(step: Step) -> None:
    assert parse_step(write_step(step)) == step


# ---------------------------------------------------------------- the tables of help


@pytest.mark.parametrize("example", [each.example for each in COMMANDS])
def test_every_example_of_a_command_is_one(example: str) -> None:
    assert parse(write(parse(example))) == parse(example)


@pytest.mark.parametrize("example", [each.example for each in STEPS])
def test_every_example_of_a_step_is_one(example: str) -> None:
    assert parse_step(write_step(parse_step(example))) == parse_step(example)


@pytest.mark.parametrize("example", [each.example for each in QUESTIONS])
def test_every_example_of_a_question_is_one(example: str) -> None:
    assert parse_condition(write_condition(parse_condition(example))) == parse_condition(example)


def test_every_verb_of_the_grammar_has_its_help() -> None:
    helped = {each.verb for each in (*COMMANDS, *STEPS)}
    begins = {"then", "within", "until", "for", "from", "queue", "on", "and", "or", "not", "as", "node"}
    states = {"fail", "lie", "honest", "wipe", "ok", "off", "exponential", "true", "false", "null"}
    selectors = {"random", "majority", "minority", "rest", "all"}
    second = {"alter", "stop", "cancel", "down", "begin", "commit", "abort", "session", "enter", "check"}
    assert reserved() - begins - states - selectors - second == helped


def test_signs_are_no_reserved_words() -> None:
    assert "|" in literals().values()
    assert "|" not in reserved()


# ---------------------------------------------------------------- single sentences


def test_several_nodes_stand_side_by_side() -> None:
    assert parse("kill n1 n2") == OnNodes(Do(Verb.KILL), (Named("n1"), Named("n2")))


def test_a_node_in_two_groups_is_a_bridge() -> None:
    assert parse("partition n1 n2 n3 | n3 n4 n5") == Partition(
        ((Named("n1"), Named("n2"), Named("n3")), (Named("n3"), Named("n4"), Named("n5")))
    )


def test_arrows_need_no_spaces() -> None:
    assert parse("cut n1->n2") == parse("cut n1 -> n2")
    assert parse("cut n1--n2") == parse("cut n1 -- n2")


def test_names_may_have_hyphens() -> None:
    assert parse("cut my-node -- n-2") == OnLinks(Cut(), (Named("my-node"),), (Named("n-2"),), True)


def test_a_word_is_a_text_and_a_number_is_a_number() -> None:
    assert [parse(f"put x {text}").wish for text in ("hello", '"1"', "1", "1.5", "true", "null")] == [  # type: ignore[union-attr]
        kv.Put("x", value) for value in ("hello", "1", 1, 1.5, True, None)
    ]


def test_what_is_appended_is_always_text() -> None:
    assert parse("append x 1") == Ask(kv.Append("x", "1"))


def test_a_service_stands_before_a_wish_and_a_client_behind() -> None:
    assert parse("raft: get x on c2") == Ask(kv.Get("x"), "c2", "raft")


def test_a_comment_ends_a_line() -> None:
    assert parse("kill n1  # the leader") == parse("kill n1")


def test_and_binds_tighter_than_or_and_not_tightest() -> None:
    up = [Call("up", (Word(f"n{number}"),)) for number in (1, 2, 3)]
    assert parse_condition("up(n1) or not up(n2) and up(n3)") == Either((up[0], Both((Negated(up[1]), up[2]))))


def test_a_chain_of_deeds_has_its_delays() -> None:
    assert parse_step("every 5s for 60s kill random then restart it after 2s") == Every(
        5_000_000,
        60_000_000,
        (
            Deed(OnNodes(Do(Verb.KILL), (Some(Kind.RANDOM),))),
            Deed(OnNodes(Do(Verb.RESTART), (Named("it"),)), 2_000_000),
        ),
    )


# ---------------------------------------------------------------- rings


def test_a_flag_needs_its_number_and_a_node_may_be_called_like_one() -> None:
    assert parse("put x 1 --n 3 --w 2") == Ask(kv.Put("x", 1), reach=Reach(3, 0, 2))
    assert parse("cut a--n") == parse("cut a -- n")
    assert parse("slow a--n 200ms") == parse("slow a -- n 200ms")


def test_flags_may_stand_in_any_order() -> None:
    assert parse("get x --r 1 --n 3 on c1") == parse("get x --n 3 --r 1 on c1")


def test_the_input_of_a_run_is_a_word_and_a_file_of_that_name_is_quoted() -> None:
    assert parse("file put input") == Ask(PutFile(""))
    assert parse('file put "input"') == Ask(PutFile("input"))
    for path in ("/tmp/report.pdf", "./a", "../b.txt", "~/c", "README.md", "docs/screen.svg"):
        assert parse(f"file put {path} as r") == Ask(PutFile(path, "r"))


def test_a_digest_stands_behind_the_name() -> None:
    digest = "0a" * 32
    assert parse(f'file put "a b" as c sha256 {digest}') == Ask(PutFile("a b", "c", digest))


def test_a_key_may_look_like_a_digest() -> None:
    key = "ab" * 32
    assert parse(f"get {key}") == Ask(kv.Get(key))


def test_a_node_that_is_added_is_known_to_the_rest_of_the_line_and_to_later_lines() -> None:
    names = Names(("n1", "c1"), ("ring",))
    step = parse_step("add node n6 then kill n6 after 2s", names=names)
    assert introduced(step) == ("n6",)
    assert introduced(parse_step("let old = n1")) == ("old",)
    assert introduced(parse_step("kill n1")) == ()


def test_a_selector_of_a_place_takes_any_key() -> None:
    assert parse('kill replica("a b", 2)') == OnNodes(Do(Verb.KILL), (Placed("replica", "a b", 2),))
