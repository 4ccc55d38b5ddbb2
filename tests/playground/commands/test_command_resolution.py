"""Selectors become names at the instant of injection, and a resolved command becomes faults."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from algorithms import kv
from algorithms.replicated.messages import ChangeConfiguration, TransferLeadership
from nodes import faults as misfortunes
from playground.commands import Ask, bind, concerned, faults, parse, resolve, resolve_node, write
from playground.commands.values import Named
from playground.errors import BadInput
from playground.kinds.raft import RaftKind


def resolved(stage: Any, text: str, seed: int = 1) -> str:
    return write(resolve(parse(text), stage.world, stage.spec, Random(f"{seed}:commands")))


def no_file(sha256: str) -> Any:
    """The pieces of a file, which Raft never wants."""
    raise AssertionError(sha256)


def told(stage: Any, text: str) -> str:
    with pytest.raises(BadInput) as caught:
        resolved(stage, text)
    return str(caught.value)


# ---------------------------------------------------------------- selectors


def test_the_leader_is_the_one_with_the_newest_term(stage: Any) -> None:
    stage.set("n2", role="leader", current_term=3)
    stage.set("n4", role="leader", current_term=5)
    assert resolved(stage, "kill leader(raft)") == "kill n4"


def test_a_selector_that_matches_nobody_is_bad_input(stage: Any) -> None:
    assert told(stage, "kill leader(raft)") == "there is no leader of raft now"


def test_a_node_that_is_down_has_no_role(stage: Any) -> None:
    stage.set("n2", role="leader")
    stage.world.inject(misfortunes.Kill("n2"))
    assert told(stage, "kill leader(raft)") == "there is no leader of raft now"


def test_the_same_dice_choose_the_same_node(stage: Any) -> None:
    assert {resolved(stage, "kill random", 3) for _ in range(5)} == {resolved(stage, "kill random", 3)}
    assert {resolved(stage, "kill random", seed) for seed in range(50)} == {f"kill n{n}" for n in range(1, 6)}


def test_two_random_nodes_differ(stage: Any) -> None:
    for seed in range(30):
        _, one, other = resolved(stage, "kill random random", seed).split()
        assert one != other


def test_random_is_a_node_for_which_the_command_makes_sense(stage: Any) -> None:
    stage.world.inject(misfortunes.Kill("n3"))
    assert {resolved(stage, "restart random", seed) for seed in range(20)} == {"restart n3"}
    assert "kill n3" not in {resolved(stage, "kill random", seed) for seed in range(50)}
    assert told(stage, "resume random") == "there is no node now for which this makes sense"


def test_majority_and_minority_of_one_command_are_each_others_rest(stage: Any) -> None:
    for seed in range(20):
        _, _, groups = resolved(stage, "partition majority | minority", seed).partition(" ")
        majority, minority = (group.split() for group in groups.split(" | "))
        assert (len(majority), len(minority)) == (3, 2)
        assert sorted(majority + minority) == list(stage.spec.nodes)


def test_the_rest_is_whoever_the_command_does_not_name(stage: Any) -> None:
    stage.set("n4", role="leader")
    assert resolved(stage, "partition leader(raft) n2 | rest") == "partition n2 n4 | n1 n3 n5"
    assert resolved(stage, "partition rest | leader(raft)") == "partition n1 n2 n3 n5 | n4"


def test_an_empty_group_is_bad_input(stage: Any) -> None:
    assert told(stage, "partition all | n1 n2 n3 n4 n5 | rest") == "one of the groups would be empty"


def test_isolation_is_recorded_as_the_links_it_cuts(stage: Any) -> None:
    assert resolved(stage, "isolate n2") == "cut n2 -- n1 n3 n4 n5"


def test_the_end_of_an_isolation_heals_every_link_of_the_node(stage: Any) -> None:
    links = faults(parse(resolved(stage, "heal n2")))
    others = [name for name in stage.world.names if name != "n2"]
    assert sorted(links, key=str) == sorted(
        [misfortunes.HealLink("n2", other) for other in others]
        + [misfortunes.HealLink(other, "n2") for other in others],
        key=str,
    )


def test_a_star_is_every_node_and_leaves_the_other_end_free_to_be_chosen(stage: Any) -> None:
    stage.set("n4", role="leader")
    found = faults(parse(resolved(stage, "cut * -> leader(raft)")))
    assert found == tuple(misfortunes.Cut(name, "n4") for name in stage.world.names if name != "n4")


def test_a_link_to_itself_is_bad_input(stage: Any) -> None:
    assert told(stage, "cut n1 -> n1") == "a link leads from one node to another"


def test_what_was_left_out_of_a_wish_is_the_specs_first(stage: Any) -> None:
    assert resolved(stage, "put x 1") == "raft: put x 1 on c1"


def test_a_server_cannot_be_asked_as_a_client(stage: Any) -> None:
    assert told(stage, "get x on n1").startswith('there is no client "n1"')


def test_only_a_disk_of_a_node_that_is_down_can_be_wiped(stage: Any) -> None:
    assert told(stage, "disk n2 wipe") == "n2 is up; kill it before its disk can be wiped"
    stage.world.inject(misfortunes.Kill("n2"))
    assert resolved(stage, "disk n2 wipe") == "disk n2 wipe"


def test_an_unknown_node_is_told_with_the_nearest(stage: Any) -> None:
    assert told(stage, "kill n33") == 'there is no node "n33"; did you mean "n3"?'


def test_it_needs_something_before(stage: Any) -> None:
    assert told(stage, "restart it") == 'nothing has been done yet that "it" could mean'


def test_whatever_is_resolved_stays_as_it_is(stage: Any) -> None:
    stage.set("n4", role="leader")
    for text in ("kill leader(raft)", "partition minority | majority", "isolate random", "transfer follower(raft)"):
        once = resolved(stage, text)
        assert resolved(stage, once, 99) == once


def test_one_node_can_be_meant(stage: Any) -> None:
    stage.set("n4", role="leader")
    assert resolve_node(parse("kill leader(raft)").nodes[0], stage.world, stage.spec, Random(1)) == "n4"  # type: ignore[union-attr]


def test_names_that_a_scenario_gave_are_replaced() -> None:
    names = {"old": (Named("n1"), Named("n2"))}
    assert write(bind(parse("kill old n3"), names)) == "kill n1 n2 n3"
    assert write(bind(parse("cut old -> n3"), names)) == "cut n1 n2 -> n3"
    assert write(bind(parse("partition old | rest"), names)) == "partition n1 n2 | rest"


@pytest.mark.parametrize(
    ("text", "whom"), [("kill n1 n2", "n1 n2"), ("cut n1 -> n2", "n1"), ("partition n1 | n2", "n1"), ("heal", "")]
)
def test_it_means_whom_a_command_concerned(text: str, whom: str) -> None:
    assert " ".join(who.name for who in concerned(parse(text)) if isinstance(who, Named)) == whom


# ---------------------------------------------------------------- faults


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kill n1 n2", (misfortunes.Kill("n1"), misfortunes.Kill("n2"))),
        ("restart n3", (misfortunes.Restart("n3"),)),
        ("power-loss n2", (misfortunes.PowerLoss("n2"),)),
        ("pause n2", (misfortunes.Pause("n2"),)),
        ("resume n2", (misfortunes.Resume("n2"),)),
        ("slow-node n2 5ms", (misfortunes.SlowNode("n2", 5_000),)),
        ("slow-node n2 off", (misfortunes.SlowNode("n2", None),)),
        ("skew n2 -150ms", (misfortunes.Skew("n2", -150_000),)),
        ("drift n2 +500ppm", (misfortunes.Drift("n2", 500),)),
        ("disk n2 slow 50ms", (misfortunes.SlowDisk("n2", 50_000),)),
        ("disk n2 fail", (misfortunes.FailDisk("n2"),)),
        ("disk n2 lie", (misfortunes.LyingDisk("n2"),)),
        ("disk n2 honest", (misfortunes.LyingDisk("n2", False),)),
        ("disk n2 wipe", (misfortunes.WipeDisk("n2"),)),
        ("disk n2 ok", (misfortunes.SlowDisk("n2", None), misfortunes.LyingDisk("n2", False))),
        ("partition n1 n2 | n2 n3", (misfortunes.Partition((("n1", "n2"), ("n2", "n3"))),)),
        ("cut n1 -- n2", (misfortunes.Cut("n1", "n2"), misfortunes.Cut("n2", "n1"))),
        ("heal n1 -> n2", (misfortunes.HealLink("n1", "n2"),)),
        ("heal", (misfortunes.Heal(),)),
        ("calm", (misfortunes.Calm(),)),
        ("slow n1 -> n2 200ms", (misfortunes.Slow("n1", "n2", 200_000),)),
        ("delay n1 -> n2 3ms", (misfortunes.Delay("n1", "n2", misfortunes.Constant(3_000)),)),
        ("delay n1 -> n2 5ms..20ms", (misfortunes.Delay("n1", "n2", misfortunes.Uniform(5_000, 20_000)),)),
        (
            "delay n1 -> n2 exponential 10ms from 1ms",
            (misfortunes.Delay("n1", "n2", misfortunes.Exponential(10_000, 1_000)),),
        ),
        ("delay n1 -> n2 off", (misfortunes.Delay("n1", "n2", None),)),
        ("lose n1 -> n2 20%", (misfortunes.Lose("n1", "n2", 0.2),)),
        ("duplicate n1 -> n2 5%", (misfortunes.Duplicate("n1", "n2", 0.05),)),
        ("reorder n1 -> n2 20% within 30ms", (misfortunes.Reorder("n1", "n2", 0.2, 30_000),)),
        ("limit n1 -> n2 10kB/s queue 2kB", (misfortunes.Limit("n1", "n2", 10_000, 2_000),)),
        ("limit n1 -> n2 off", (misfortunes.Limit("n1", "n2", 0),)),
        ("put x 1", ()),
    ],
)
def test_each_command_comes_to_its_faults(text: str, expected: tuple[misfortunes.Fault, ...]) -> None:
    assert faults(parse(text)) == expected


def test_every_fault_there_is_can_be_said() -> None:
    said = {type(fault) for text in SAID for fault in faults(parse(text))}
    assert said == set(misfortunes.Fault.__args__)


SAID = (
    "kill n1", "power-loss n1", "restart n1", "pause n1", "resume n1", "slow-node n1 1ms", "skew n1 1ms",
    "drift n1 1ppm", "disk n1 slow 1ms", "disk n1 fail", "disk n1 lie", "disk n1 wipe", "partition n1 | n2",
    "cut n1 -> n2", "delay n1 -> n2 1ms", "slow n1 -> n2 1ms", "lose n1 -> n2 1%", "duplicate n1 -> n2 1%",
    "reorder n1 -> n2 1% within 1ms", "limit n1 -> n2 1B/s", "heal n1 -> n2", "heal", "calm",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("put x 1", kv.Put("x", 1)),
        ("get x", kv.Get("x")),
        ("cas x 1 2", kv.CompareAndSet("x", 1, 2)),
        ('append x "a"', kv.Append("x", "a")),
        ("transfer n3", TransferLeadership(0, "n3")),
        ("members n3 n1", ChangeConfiguration(0, ("n1", "n3"))),
    ],
)
def test_each_wish_comes_to_what_a_client_is_asked(stage: Any, text: str, command: object) -> None:
    wish = resolve(parse(text), stage.world, stage.spec, Random(1))
    assert isinstance(wish, Ask)
    assert wish.client == "c1"
    assert wish.service == "raft"
    assert RaftKind().request(wish, no_file) == command
