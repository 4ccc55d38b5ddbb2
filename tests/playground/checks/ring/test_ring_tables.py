"""One table for each epoch of the ring, so one owner for each range."""

from __future__ import annotations

import msgspec

from algorithms.machine import Save
from algorithms.placement.ring import Member
from algorithms.ring.table import Ring
from playground.checks.ring.tables import Tables, share_apart

CHECK = "one-owner"


def with_node(ring: Ring, name: str, proposer: str = "n1") -> Ring:
    return Ring(ring.epoch + 1, ring.members, (*ring.members, Member(name)), proposer)


def test_one_table_an_epoch_is_right(stage) -> None:
    play = stage()
    table = with_node(play.ring, "n6")
    for node in ("n1", "n2"):
        play.act(node, Save("ring", table))
    play.run(0.1)
    assert play.verdict(CHECK).detail == "2 epochs, one table each"


def test_two_tables_of_one_epoch_are_told(stage) -> None:
    """The planted bug: a proposal that skips agreement (or gossip alone, on two sides of a partition)."""
    play = stage()
    play.act("n1", Save("ring", Ring(2, (*play.ring.members, Member("n6")))))
    play.run(0.1)
    play.act("n4", Save("ring", Ring(2, play.ring.members[1:])))
    play.run(0.1)
    sentence = play.failed()[CHECK]
    assert sentence.startswith(
        "epoch 2 has two tables: n1 had n1 n2 n3 n4 n5 n6 at 0.020 s, n4 has n2 n3 n4 n5 at 0.12"
    )
    assert sentence.endswith("% of the ring would have two owners")


def test_two_goals_of_one_epoch_are_told_too(stage) -> None:
    play = stage()
    play.act("n1", Save("ring", with_node(play.ring, "n6")))
    play.act("n4", Save("ring", with_node(play.ring, "n7")))
    play.run(0.1)
    assert "n4 has n1 n2 n3 n4 n5, coming: n1 n2 n3 n4 n5 n7" in play.failed()[CHECK]


def test_another_weight_is_another_table(stage) -> None:
    play = stage()
    heavier = (msgspec.structs.replace(play.ring.members[0], weight=2.0), *play.ring.members[1:])
    play.act("n1", Save("ring", Ring(2, heavier)))
    play.act("n2", Save("ring", Ring(2, play.ring.members)))
    play.run(0.1)
    assert "n1 had n1×2 n2 n3 n4 n5" in play.failed()[CHECK]


def test_it_does_not_matter_who_thought_of_it(stage) -> None:
    play = stage()
    play.act("n1", Save("ring", with_node(play.ring, "n6", "n1")))
    play.act("n2", Save("ring", with_node(play.ring, "n6", "n2")))
    play.run(0.1)
    assert play.verdict(CHECK).verdict == "pass"


def test_nothing_is_said_before_a_table_was_seen(stage) -> None:
    assert Tables(stage().settings).result().verdict == "unknown"


def test_the_share_apart_is_what_a_new_node_takes(stage) -> None:
    play = stage(virtual_nodes=128)
    members = play.ring.members
    assert share_apart(members, members, play.settings) == 0
    assert 0.1 < share_apart(members, (*members, Member("n6")), play.settings) < 0.24
