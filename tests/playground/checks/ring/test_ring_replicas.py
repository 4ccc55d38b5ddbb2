"""Once all is well, keys lie where they belong and their replicas become equal (Dynamo 4.3, 4.7)."""

from __future__ import annotations

import pytest

from nodes.faults import Calm, Cut, Kill

PLACED = "replicas-placed"
CONVERGE = "replicas-converge"


def test_a_key_on_all_its_homes_is_in_its_place(stage) -> None:
    play = stage()
    play.put("k", "a")
    play.run(2)
    assert play.verdict(PLACED).detail == "1 key, each on its 3 nodes and on no other"


def test_a_replica_that_is_missing_is_missed(stage) -> None:
    """The planted bug: nobody repairs a replica that was down."""
    play = stage()
    homes = play.homes("k")
    play.put("k", "a", at=homes[:2])
    play.run(2)
    assert play.failed()[PLACED] == (
        f"at 2.040 s k is not on {homes[2]}; its homes are {homes[0]}, {homes[1]} and {homes[2]}"
    )


def test_a_stand_in_that_keeps_its_copy_is_one_too_many(stage) -> None:
    """The planted bug: strays are never erased."""
    play = stage()
    play.put("k", "a", at=(*play.homes("k"), play.outsider("k")))
    play.run(2)
    assert f"k is on {play.outsider('k')} too; its homes are" in play.failed()[PLACED]


def test_replicas_in_one_zone_are_wrong_where_there_are_more(stage, monkeypatch) -> None:
    """The planted bug: a preference list that knows nothing of zones."""
    zones = ("n1=east", "n2=east", "n3=east", "n4=west", "n5=north")
    play = stage(zones=zones)
    play.put("k", "a", at=("n1", "n2", "n3"))
    play.run(2)
    monkeypatch.setattr(play.judge.evidence.tables, "homes", lambda key: ("n1", "n2", "n3"))
    assert "k lies on n1 (east), n2 (east) and n3 (east), and could be in 3 zones" in play.failed()[PLACED]
    monkeypatch.setattr(play.judge.evidence.tables, "homes", lambda key: ("n1", "n4"))
    assert "k has the homes n1 and n4, and not 3 nodes" in play.failed()[PLACED]


def test_what_was_written_just_now_may_be_on_its_way(stage) -> None:
    play = stage()
    play.put("k", "a", at=play.homes("k")[:2])
    assert play.verdict(PLACED).verdict == "unknown"


def test_nothing_is_said_while_something_is_broken(stage) -> None:
    play = stage()
    play.put("k", "a", at=play.homes("k")[:2])
    play.inject(Kill("n5"))
    play.run(20)
    assert play.verdict(PLACED).detail == "the run ended before everything had healed"
    assert play.verdict(CONVERGE).verdict == "unknown"


def test_a_tombstone_whose_grace_is_over_may_be_gone_here_and_not_there(stage) -> None:
    play = stage(tombstone_grace=1_000_000)
    play.delete("k", seen=play.put("k", "a"))
    play.run(1.5)
    play.collect(play.homes("k")[0])
    play.run(12)
    assert play.failed() == {}


# ---------------------------------------------------------------- they become equal


def test_replicas_that_become_equal_in_time_are_good(stage) -> None:
    play = stage()
    homes = play.homes("k")
    play.inject(Cut(homes[0], homes[2]))
    play.put("k", "a", at=homes[:2], via=homes[0])
    play.run(20)
    play.inject(Calm())
    play.run(4)
    play.hold(homes[2], "k", play.held(homes[0], "k"))
    play.run(1)
    detail = "1 time a key was written or all had healed; its replicas were equal within 4.1 s (10 s are allowed)"
    assert (play.verdict(CONVERGE).verdict, play.verdict(CONVERGE).detail) == ("pass", detail)


def test_replicas_that_stay_different_are_told(stage) -> None:
    """The planted bug: anti-entropy that never compares one range."""
    play = stage()
    homes = play.homes("k")
    seen = play.put("k", "a")
    play.inject(Cut(homes[0], homes[2]))
    play.put("k", "b", at=homes[:2], via="n2", seen=seen)
    play.inject(Calm())
    play.run(5)
    assert play.verdict(CONVERGE).verdict == "unknown"
    play.run(6)
    assert play.failed()[CONVERGE] == (
        f'k differs on its replicas 10.1 s after 0.065 s: {homes[0]} has "b" (2 dots known), {homes[1]} has '
        f'"b" (2 dots known), {homes[2]} has "a" (1 dot known), 10 s are allowed'
    )


def test_a_key_without_a_fault_has_ten_seconds_from_its_write(stage) -> None:
    play = stage()
    play.run(20)
    play.put("k", "a", at=play.homes("k")[:2])
    play.run(5)
    assert play.verdict(CONVERGE).verdict == "unknown"
    play.run(6)
    assert play.verdict(CONVERGE).verdict == "fail"


def test_a_key_that_is_written_all_the_time_needs_no_moment_of_rest(stage) -> None:
    """Each look finds one replica behind the others, but what the last look found is everywhere."""
    play = stage()
    homes = play.homes("k")
    seen = play.put("k", "first")
    for number in range(150):
        seen = play.put("k", str(number), at=homes[:2], seen=seen)
        play.judge.look(play.world)
        play.run(0.1)
        play.hold(homes[2], "k", play.held(homes[0], "k"))
    assert play.verdict(CONVERGE).verdict == "pass"


def test_a_key_that_is_written_all_the_time_hides_no_replica_that_lacks_something(stage) -> None:
    play = stage()
    homes = play.homes("k")
    play.put("k", "not everywhere", at=homes[:1])
    seen = play.put("k", "first")
    for number in range(110):
        seen = play.put("k", str(number), at=homes[1:], seen=seen)
        play.run(0.1)
    assert play.verdict(CONVERGE).verdict == "fail"


@pytest.mark.parametrize("seconds", [3, 30])
def test_what_differs_while_something_is_broken_is_nobodys_fault(stage, seconds: float) -> None:
    play = stage()
    play.inject(Kill("n5"))
    play.put("k", "a", at=play.homes("k")[:1])
    play.run(seconds)
    assert CONVERGE not in play.failed()
