"""Scenario files: every built-in one can be read, and every mistake in one's own is told with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from playground.chaos import Chaos
from playground.commands import write_step
from playground.commands.steps import At, Let, Wait
from playground.errors import BadInput
from playground.misfortunes import Misfortune, possible
from playground.scenario import Expectations, Scenario, built_in, load, read_scenario
from playground.script import Line
from playground.spec import DEFAULT_SPEC

SOURCE = '''
title = "A story"
story = """
Once upon a time.
"""
seed = 9
steps = """
let old = leader(raft)   # whoever it is

at 2s kill old
"""

[cluster]
nodes = 3
clients = 2

[cluster.raft]
pre_vote = false

[workload]
keys = 2
until = "3s"

[chaos]
duration = "10s"
without = ["members", "transfer"]

[expect]
settle = "7s"
'''

NEEDED = {
    "raft-leader-crash", "raft-split-vote", "raft-minority-leader", "raft-figure-7", "raft-figure-8",
    "raft-deposed-leader-read", "raft-prevote-returning-node", "raft-one-way-leader", "raft-membership-change",
    "raft-snapshot-laggard", "raft-power-loss", "raft-random-chaos",
}  # fmt: skip


def read(source: str) -> Scenario:
    return read_scenario(source, "story", "story.toml")


def told(source: str) -> str:
    with pytest.raises(BadInput) as caught:
        read(source)
    return str(caught.value)


# ---------------------------------------------------------------- built in


def test_the_scenarios_that_everybody_expects_are_there() -> None:
    assert set(built_in()) >= NEEDED


@pytest.mark.parametrize("name", built_in())
def test_a_built_in_scenario_tells_a_story_and_does_something(name: str) -> None:
    scenario = load(name)
    assert scenario.name == name
    assert len(scenario.title) < 80
    assert len(scenario.story) > 100
    assert scenario.lines or scenario.chaos
    weak = scenario.expect.fails or scenario.expect.may_fail
    assert bool(scenario.expect.fails) <= bool(scenario.expect.because) <= bool(weak)


@pytest.mark.parametrize("name", built_in())
def test_a_built_in_scenario_is_well_printed(name: str) -> None:
    text = (Path(__file__).parents[2] / "playground" / "scenarios" / f"{name}.toml").read_text(encoding="utf-8")
    assert text.endswith("\n")
    assert max(len(line) for line in text.splitlines()) <= 120


def test_random_chaos_is_a_minute_of_everything() -> None:
    chaos = load("raft-random-chaos").chaos
    assert chaos is not None
    assert chaos.duration == 60_000_000
    assert chaos.kinds == possible(True, False)


def test_the_same_seed_draws_the_same_storm_for_a_scenario() -> None:
    scenario = load("raft-random-chaos")
    assert scenario.storm(1) == scenario.storm(1) != scenario.storm(2)
    assert load("raft-leader-crash").storm(1) == ()


# ---------------------------------------------------------------- reading


def test_a_file_is_read_whole() -> None:
    scenario = read(SOURCE)
    assert (scenario.title, scenario.story, scenario.seed) == ("A story", "Once upon a time.", 9)
    assert scenario.spec.nodes == ("n1", "n2", "n3")
    assert scenario.spec.clients == ("c1", "c2")
    assert scenario.spec.services[0].settings.pre_vote is False
    assert scenario.spec.workload is not None
    assert scenario.expect == Expectations(settle=7_000_000)
    usual = Chaos()
    assert scenario.chaos == Chaos(
        usual.start,
        10_000_000,
        usual.gap,
        usual.longest,
        tuple(each for each in possible(True, False) if each not in (Misfortune.MEMBERS, Misfortune.TRANSFER)),
    )


def test_steps_know_their_lines_in_the_file() -> None:
    lines = SOURCE.splitlines()
    found = read(SOURCE).lines
    assert [lines[each.number - 1].split("#")[0].strip() for each in found] == [write_step(each.step) for each in found]
    assert [type(each.step) for each in found] == [Let, At]


def test_a_title_is_enough() -> None:
    scenario = read('title = "nothing happens"')
    assert scenario == Scenario("story", "story.toml", "nothing happens", "", 1, DEFAULT_SPEC, (), None, Expectations())


def test_a_preset_puts_a_log_on_a_disk() -> None:
    first = load("raft-figure-7").spec.presets[0]
    assert (first.node, first.current_term, first.terms) == ("n1", 7, (1, 1, 1, 4, 4, 5, 5, 6, 6, 6))


def test_a_file_of_ones_own_is_found_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('title = "mine"\nsteps = "at 1s kill n1"\n', encoding="utf-8")
    scenario = load(str(path))
    assert (scenario.name, scenario.where) == ("mine", str(path))
    assert [(each.number, type(each.step)) for each in scenario.lines] == [(2, At)]


# ---------------------------------------------------------------- mistakes


def test_an_unknown_scenario_is_told_with_the_nearest() -> None:
    with pytest.raises(BadInput, match='no file "raft-leader-crush"; did you mean "raft-leader-crash"'):
        load("raft-leader-crush")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("kill old", "kil old", 'story.toml, line 10, column 7: there is no command "kil"; did you mean "kill"?'),
        ("kill old", "kill odl", 'story.toml, line 10, column 12: there is no node "odl"; did you mean "old"?'),
        ("kill old", "kill n4", 'story.toml, line 10, column 12: there is no node "n4"; did you mean "n3"?'),
        ("leader(raft) ", "leader(paft) ", 'line 8, column 18: there is no service "paft"; did you mean "raft"?'),
        ("pre_vote", "prevote", 'story.toml, line 18: there is no setting "cluster.raft.prevote"; did you mean'),
        ("title", "titel", 'story.toml, line 2: there is no setting "titel"; did you mean "title"?'),
        ("title", "name", 'story.toml: "title" is missing; it is a text in quotes'),
        ("seed", "sead", 'story.toml, line 6: there is no setting "sead"; did you mean "seed"?'),
        ('"members"', '"membres"', 'line 26: "without" knows no "membres"; did you mean "members"?'),
        ('settle = "7s"', 'settle = "7"', 'line 29: "settle": "7" is not a time'),
        ("at 2s kill old", "expect up(n9)", 'line 10, column 8: there is no node "n9"; did you mean "n3"?'),
        ("at 2s kill old", "expect leader(paxos)", 'column 8: there is no service "paxos"; there are raft'),
        ("at 2s kill old", "expect term(odl) > 1", 'column 8: there is no service or node "odl"; did you mean "old"?'),
        ("at 2s", "at 2x", 'line 10, column 4: "2x" is no amount; one is written like 3, 1.5s, 200ms, 20% or'),
        ("kill old", 'put "x 1', "line 10, column 11: this quotation mark has no other one that ends the text"),
        ('until = "3s"', "until = 3", 'line 22: "until" must be a time with its unit, like "150ms", not 3'),
        ("keys = 2", 'keys = "two"', "line 21: \"keys\" must be a whole number, not 'two'"),
        ('settle = "7s"', 'fails = ["linearizable"]', "line 29: a scenario that expects a check to fail says why"),
        ("[expect]", "[expct]", 'story.toml, line 28: there is no setting "expct"; did you mean "expect"?'),
        ("nodes = 3", "nodes = = 3", "story.toml is no TOML: "),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_may_have_been_meant(old: str, new: str, sentence: str) -> None:
    assert old in SOURCE
    assert sentence in told(SOURCE.replace(old, new, 1))


def test_a_storm_of_nothing_is_a_mistake() -> None:
    assert "nothing is left" in told(
        'title = "calm"\n[chaos]\nonly = ["kill"]\nwithout = ["kill"]\n',
    )


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "picture.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match="cannot be read"):
        load(str(path))


def test_a_step_on_one_line_has_the_line_of_its_key() -> None:
    assert read('title = "short"\nsteps = "wait 1s"').lines == (Line(2, Wait(1_000_000)),)


# ---------------------------------------------------------------- rings


def ring(steps: str, rest: str = "") -> Scenario:
    text = f'title = "T"\nsteps = """\n{steps}\n"""\n[cluster]\nservices = ["ring"]\n{rest}'
    return read_scenario(text, "t", "t.toml")


def test_a_node_that_is_added_is_known_to_the_lines_behind_it() -> None:
    assert len(ring("add node n6\nkill n6\nexpect member(n6)").lines) == 3
    with pytest.raises(BadInput, match='line 3, column 6: there is no node "n6"; did you mean'):
        ring("kill n6\nadd node n6")


def test_a_storm_is_made_of_what_the_cluster_can_suffer() -> None:
    chaos = ring("", "[chaos]").chaos
    assert chaos is not None
    assert Misfortune.ADD_NODE in chaos.kinds
    assert Misfortune.KILL_LEADER not in chaos.kinds
    with pytest.raises(BadInput, match='"only" knows no "kill-leader"; did you mean "kill"'):
        ring("", '[chaos]\nonly = ["kill-leader"]')


def test_a_storm_over_raft_alone_is_as_it_was() -> None:
    chaos = read_scenario('title = "T"\n[chaos]', "t", "t.toml").chaos
    assert chaos == Chaos()
    assert Misfortune.ADD_NODE not in Chaos().kinds
