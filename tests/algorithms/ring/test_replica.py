"""A replica: what it says is on its disk is there (Dynamo 4.5, 4.6)."""

from __future__ import annotations

from ring_quorum_talk import COORDINATOR, FIRST, KEY, RING, SECOND, leaving
from ring_server_talk import booted, saves, sent, told
from ring_values import disk, written

from algorithms.machine import Cell, Save, Saved, Send
from algorithms.ring.hints import Hint
from algorithms.ring.messages import Fetch, Fetched, RingIs, Store, Stored, WhichRing
from algorithms.ring.settings import RingSettings
from algorithms.ring.versions import NOTHING, join, live_values

OURS, THEIRS = written("ours", "c1.1"), written("theirs", "c2.1")


def test_a_write_is_on_disk_before_it_is_told() -> None:
    effects = told(booted(FIRST), "n4", Store(1, 5, KEY, OURS))
    assert effects == [Save("key/x", OURS, sync=True), Send("n4", Stored(5, KEY), at_once=False)]


def test_what_comes_is_joined_to_what_is_there() -> None:
    machine = booted(FIRST, saved=disk({KEY: OURS}))
    assert saves(told(machine, "n4", Store(1, 5, KEY, THEIRS))) == {"key/x": join(OURS, THEIRS)}


def test_what_is_there_already_is_not_written_again_but_told_behind_what_is_being_written() -> None:
    machine = booted(FIRST)
    told(machine, "n4", Store(1, 5, KEY, OURS))
    assert told(machine, "n4", Store(1, 6, KEY, OURS)) == [Send("n4", Stored(6, KEY), at_once=False)]


def test_a_stand_in_keeps_a_hint_and_no_copy_of_its_own() -> None:
    machine = booted(COORDINATOR)
    effects = told(machine, "n4", Store(1, 5, KEY, OURS, SECOND), now=3)
    assert saves(effects) == {f"hint/{SECOND}/x": Hint(SECOND, KEY, OURS, 3)}
    assert sent(effects, Stored) == [("n4", Stored(5, KEY))]
    assert len(machine.state.storage) == 0


def test_a_hint_for_oneself_is_a_write() -> None:
    assert saves(told(booted(FIRST), "n4", Store(1, 5, KEY, OURS, FIRST))) == {"key/x": OURS}


def test_a_replica_tells_all_that_it_holds() -> None:
    machine = booted(FIRST, saved=disk({KEY: OURS}))
    assert sent(told(machine, "n4", Fetch(1, 5, KEY)), Fetched) == [("n4", Fetched(5, KEY, OURS))]


def test_a_replica_that_holds_nothing_says_so() -> None:
    assert sent(told(booted(FIRST), "n4", Fetch(1, 5, KEY)), Fetched) == [("n4", Fetched(5, KEY, NOTHING))]


def test_what_is_kept_for_others_is_told_as_well() -> None:
    machine = booted(COORDINATOR, saved=disk({KEY: OURS}))
    told(machine, "n4", Store(1, 5, KEY, THEIRS, SECOND))
    ((_, fetched),) = sent(told(machine, "n4", Fetch(1, 6, KEY)), Fetched)
    assert fetched.versions == join(OURS, THEIRS)


def test_what_is_told_waits_for_the_disk() -> None:
    effects = told(booted(FIRST), "n4", Fetch(1, 5, KEY))
    assert [each.at_once for each in effects if isinstance(each, Send)] == [False]


def test_a_replica_of_a_newer_epoch_neither_writes_nor_tells() -> None:
    machine = booted(FIRST, saved=Saved((Cell("ring", leaving("n2")),)))
    for message in (Store(1, 5, KEY, OURS), Fetch(1, 6, KEY)):
        assert told(machine, "n4", message) == [Send("n4", RingIs(leaving("n2")))]


def test_a_replica_of_an_older_epoch_writes_and_asks_for_the_newer_one() -> None:
    effects = told(booted(FIRST), "n4", Store(2, 5, KEY, OURS))
    assert sent(effects, WhichRing) == [("n4", WhichRing(RING.epoch))]
    assert sent(effects, Stored) == [("n4", Stored(5, KEY))]


def test_what_a_replica_serves_is_counted() -> None:
    machine = booted(FIRST)
    told(machine, "n4", Store(1, 5, KEY, OURS))
    told(machine, "n4", Fetch(1, 6, KEY))
    told(machine, "n4", Fetch(1, 7, KEY))
    view = machine.view()
    assert (view.writes, view.reads) == (1, 2)
    assert [(each.key, each.requests) for each in view.hottest] == [(KEY, 3)]


def test_with_last_write_wins_hints_for_several_homes_are_one_value() -> None:
    machine = booted("n1", settings=RingSettings(conflicts="last_write_wins"))
    told(machine, "n2", Store(1, 1, "x", written("old", "c1.1", at=1), "n3"))
    told(machine, "n2", Store(1, 2, "x", written("new", "c2.1", at=2), "n4"))
    [(_, fetched)] = sent(told(machine, "n2", Fetch(1, 3, "x")), Fetched)
    assert live_values(fetched.versions) == ("new",)
