"""Ranges change hands: who gains what, from whom, and when ownership passes (Dynamo 4.9)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from ring_server_talk import NODES, booted, fired, saves, sent, told

from algorithms.machine import Cell, Saved
from algorithms.placement.ring import Member
from algorithms.ring.messages import Compare, Prepare, RangesHeld, RingIs, RingResponse
from algorithms.ring.moving import MovingSaved, gains
from algorithms.ring.settings import RingSettings
from algorithms.ring.table import Ring, first_ring, placement

SETTINGS = RingSettings(virtual_nodes=8)
FIVE = first_ring(NODES, SETTINGS).members
SIX = (*FIVE, Member("n6"))


def joining(epoch: int = 2) -> Ring:
    return Ring(epoch, FIVE, SIX, "n1")


def test_on_a_join_only_the_new_node_gains() -> None:
    assert list(gains(FIVE, SIX, SETTINGS)) == ["n6"]


def test_on_a_leave_the_others_gain_what_it_held() -> None:
    gained = gains(SIX, FIVE, SETTINGS)
    assert list(gained) == list(NODES)
    assert all("n6" in unit.owners for units in gained.values() for unit in units)


@given(st.text(min_size=1, max_size=12))
def test_a_key_is_gained_by_who_is_new_in_its_preference_list(key: str) -> None:
    old, new = placement(FIVE, SETTINGS), placement(SIX, SETTINGS)
    position = old.position(key)
    gained = gains(FIVE, SIX, SETTINGS)["n6"]
    wanted = "n6" in new.preference_list(key, 3)
    assert any(unit.span.has(position) for unit in gained) == wanted
    for unit in gained:
        if unit.span.has(position):
            assert unit.owners == old.preference_list(key, 3)


def test_who_gains_asks_present_owners_for_what_they_hold() -> None:
    machine = booted("n6", NODES, settings=SETTINGS)
    compares = sent(told(machine, "n1", RingIs(joining())), Compare)
    assert compares
    assert all(compare.epoch == 2 for _, compare in compares)
    units = {unit.span: unit.owners for unit in gains(FIVE, SIX, SETTINGS)["n6"]}
    assert all(owner in units[compare.span] for owner, compare in compares)


def test_each_owner_is_asked_for_one_range_at_a_time() -> None:
    machine = booted("n6", NODES, settings=SETTINGS)
    owners = [owner for owner, _ in sent(told(machine, "n1", RingIs(joining())), Compare)]
    assert len(owners) == len(set(owners)) <= 4


def test_an_owner_that_seems_dead_is_not_asked() -> None:
    from algorithms.ring.messages import Ping, Status

    machine = booted("n6", NODES, settings=SETTINGS)
    dead = (Status("n1", "dead", 9), Status("n2", "dead", 9))
    told(machine, "n3", Ping(1, 1, "", dead))
    asked = [owner for owner, _ in sent(told(machine, "n3", RingIs(joining())), Compare)]
    assert asked
    assert not {"n1", "n2"} & set(asked)


def test_who_holds_everything_says_so() -> None:
    units = gains(FIVE, SIX, SETTINGS)["n6"]
    every = MovingSaved(2, f"{(1 << len(units)) - 1:x}")
    machine = booted("n6", NODES, Saved((Cell("moving", every), Cell("ring", joining()))), SETTINGS)
    effects = fired(machine, "moving")
    assert [to for to, _ in sent(effects, RangesHeld)] == ["n1", "n2", "n3"]


def test_a_crash_in_the_middle_goes_on_where_it_was() -> None:
    saved = Saved((Cell("moving", MovingSaved(2, "5")), Cell("ring", joining())))
    machine = booted("n6", NODES, saved, SETTINGS)
    assert machine.state.moving is not None
    assert [place for place, held in enumerate(machine.state.moving.held) if held] == [0, 2]


def test_what_was_saved_in_another_epoch_counts_for_nothing() -> None:
    saved = Saved((Cell("moving", MovingSaved(2, "5")), Cell("ring", joining(4))))
    machine = booted("n6", NODES, saved, SETTINGS)
    assert machine.state.moving is not None
    assert not any(machine.state.moving.held)


def test_ownership_passes_only_when_everybody_who_gains_holds_it() -> None:
    machine = booted("n1", (*NODES, "n6"), settings=SETTINGS)
    leaving = Ring(2, SIX, FIVE, "n1")
    told(machine, "n2", RingIs(leaving))
    for name in ("n1", "n2", "n3", "n4"):
        told(machine, name, RangesHeld(2))
    assert not machine.state.changing.settle
    told(machine, "n5", RangesHeld(2))
    assert machine.state.changing.settle
    [(_, prepare), *_] = sent(fired(machine, "settle"), Prepare)
    assert prepare.epoch == 3


def test_a_word_of_another_epoch_does_not_count() -> None:
    machine = booted("n1", NODES, settings=SETTINGS)
    told(machine, "n2", RingIs(joining()))
    told(machine, "n6", RangesHeld(1))
    assert not machine.state.changing.settle


def test_a_new_epoch_is_on_disk_before_anything_else_is_said() -> None:
    machine = booted("n6", NODES, settings=SETTINGS)
    effects = told(machine, "n1", RingIs(joining()))
    assert saves(effects)["ring"] == joining()
    assert type(effects[0]).__name__ == "Save"


def test_a_change_can_be_taken_back_while_it_moves() -> None:
    from algorithms.ring.commands import RemoveNode
    from algorithms.ring.messages import Accept, Ballot, ChangeRequest, Promise

    machine = booted("n1", NODES, settings=SETTINGS)
    told(machine, "n2", RingIs(joining()))
    told(machine, "c1", ChangeRequest("c1.1", 1, RemoveNode("n6")))
    effects = []
    for name in ("n1", "n2", "n3"):
        effects += told(machine, name, Promise(3, Ballot(1, "n1"), True, Ballot(1, "n1"), None, None))
    [(_, accept), *_] = sent(effects, Accept)
    assert accept.ring == Ring(3, FIVE, (), "n1")


def test_with_gossip_alone_whoever_is_asked_just_says_so() -> None:
    from algorithms.ring.commands import AddNode
    from algorithms.ring.messages import ChangeRequest

    settings = RingSettings(virtual_nodes=8, membership="gossip")
    machine = booted("n1", NODES, settings=settings)
    effects = told(machine, "c1", ChangeRequest("c1.1", 1, AddNode("n6")))
    assert machine.state.ring == joining()
    assert [to for to, _ in sent(effects, RingIs)] == ["n2", "n3", "n4", "n5", "n6"]
    assert [response.status for _, response in sent(effects, RingResponse)] == ["ok"]
