"""Reads with R+W>N see what was acknowledged, and nothing that was gone (Dynamo 4.5, 4.7)."""

from __future__ import annotations

import pytest

from algorithms.machine import Erase
from algorithms.ring.commands import Quorum
from algorithms.ring.versions import Versions
from nodes.faults import Kill, WipeDisk

FRESH = "fresh-reads"
GONE = "no-resurrection"


# ---------------------------------------------------------------- fresh reads


def test_a_read_that_sees_the_write_is_fresh(stage) -> None:
    play = stage()
    play.put("k", "a")
    play.get("k", play.homes("k")[1:])
    assert play.verdict(FRESH).detail == "1 read, none missed an acknowledged write that R+W>N promised it"


def test_a_read_of_two_stand_ins_is_stale(stage) -> None:
    """The planted bug: a quorum of whoever is there, at both ends (Dynamo 4.6, sloppy quorums)."""
    play = stage()
    homes, outsider = play.homes("k"), play.outsider("k")
    play.put("k", "a", via=homes[0])
    play.put("k", "b", at=(homes[0], outsider), via=homes[0], by="c1")
    play.get("k", homes[1:], via=homes[1])
    assert play.failed() == {
        FRESH: f'1 of 1 read stale: c2 read k through {homes[1]} from 0.065 s to 0.071 s and found "a", not k = "b", '
        f"acknowledged to c1 by {homes[0]} at 0.061 s, nor what replaced it (R+W>N: 2+2>3)"
    }


def test_a_read_may_see_what_replaced_the_write(stage) -> None:
    play = stage()
    seen = play.put("k", "a")
    play.put("k", "b", seen=seen, acknowledged=False)
    play.get("k", play.homes("k"))
    assert play.verdict(FRESH).verdict == "pass"


def test_a_read_that_began_before_the_acknowledgement_may_miss_the_write(stage) -> None:
    play = stage()
    play.get("k", found=Versions(), meanwhile=lambda: play.put("k", "a"))
    assert play.verdict(FRESH).verdict == "pass"


def test_a_read_of_one_replica_is_promised_nothing(stage) -> None:
    play = stage()
    play.put("k", "a", at=play.homes("k")[:2])
    play.get("k", play.homes("k")[2:], quorum=Quorum(r=1))
    assert play.failed() == {}


def test_a_read_of_all_sees_what_one_replica_wrote(stage) -> None:
    play = stage()
    play.put("k", "a", at=play.homes("k")[:1], quorum=Quorum(w=1, r=3))
    play.get("k", play.homes("k")[1:], quorum=Quorum(r=3))
    assert "(R+W>N: 3+1>3)" in play.failed()[FRESH]


def test_a_narrow_write_does_not_hide_a_wide_one(stage) -> None:
    """What must be seen is the newest write that the read shares a replica with."""
    play = stage()
    seen = play.put("k", "a")
    play.put("k", "b", seen=seen, at=play.homes("k")[:1], quorum=Quorum(w=1))
    play.get("k", found=Versions())
    assert 'not k = "a"' in play.failed()[FRESH]


def test_last_write_wins_hides_a_write_from_its_readers(stage) -> None:
    play = stage(conflicts="last_write_wins")
    play.put("k", "a", written_at=2_000_000)
    play.put("k", "b", by="c2", via="n2", written_at=1_000_000)
    late = Versions(play.held("n1", "k").clock, play.held(play.homes("k")[0], "k").siblings[:1])
    play.get("k", found=late)
    assert 'found "a", not k = "b"' in play.failed()[FRESH]


# ---------------------------------------------------------------- resurrections


def collected_too_early(play) -> tuple[str, ...]:
    """A delete that the last home does not hear of, and tombstones that are gone before it could."""
    homes = play.homes("k")
    seen = play.put("k", "a", via=homes[0])
    play.delete("k", seen=seen, at=homes[:2], via=homes[0])
    play.run(2)
    play.collect(*homes[:2])
    return homes


def test_a_tombstone_collected_before_every_replica_had_it_lets_the_dead_return(stage) -> None:
    """The planted bug: a grace time that is shorter than the repair of replicas takes."""
    play = stage(tombstone_grace=1_000_000)
    homes = collected_too_early(play)
    play.get("k", homes[1:], via=homes[1])
    assert play.failed()[GONE] == (
        f'k = "a" was replaced by the delete of k, acknowledged to c1 at 0.061 s, and c2 read it through {homes[1]} at '
        "2.171 s; its tombstone had been collected before every replica had it (1 more)"
    )
    assert FRESH not in play.failed()


def test_it_need_not_be_read_to_be_a_resurrection(stage) -> None:
    play = stage(tombstone_grace=1_000_000)
    homes = collected_too_early(play)
    assert f"and it is on {homes[2]} at" in play.failed()[GONE]


def test_a_read_that_only_missed_the_delete_is_stale_and_no_more(stage) -> None:
    play = stage()
    homes = play.homes("k")
    seen = play.put("k", "a")
    play.delete("k", seen=seen, at=homes[:2])
    play.get("k", homes[2:])
    assert list(play.failed()) == [FRESH]


def test_what_a_read_knows_to_be_replaced_must_not_come_with_it(stage) -> None:
    """The planted bug: a join that keeps what the other side knows to be replaced."""
    play = stage()
    seen = play.put("k", "a")
    old = play.held(play.homes("k")[0], "k")
    play.put("k", "b", seen=seen)
    new = play.held(play.homes("k")[0], "k")
    play.get("k", found=Versions(new.clock, (*old.siblings, *new.siblings)))
    assert 'k = "a" was replaced by k = "b"' in play.failed()[GONE]


def test_a_home_that_hands_a_delete_on_has_not_forgotten_it(stage) -> None:
    """It erases its copy because the key is not its own any more; the others remember."""
    play = stage()
    homes = play.homes("k")
    seen = play.put("k", "a")
    play.delete("k", seen=seen, at=homes[:2])
    play.act(homes[0], Erase("key/k"))
    play.run(0.1)
    play.get("k", homes[2:])
    assert GONE not in play.failed()


def test_what_no_disk_remembers_to_be_replaced_may_return(stage) -> None:
    play = stage()
    homes = play.homes("k")
    seen = play.put("k", "a", via=homes[0])
    play.put("k", "b", seen=seen, at=homes[:1], via=homes[0])
    play.inject(Kill(homes[0]), WipeDisk(homes[0]))
    play.get("k", homes[1:], via=homes[1])
    assert "; no disk remembers what replaced it" in play.failed()[GONE]


@pytest.mark.parametrize("conflicts", ["vector_clocks", "last_write_wins"])
def test_a_clock_that_runs_behind_undoes_a_delete_only_where_the_last_write_wins(stage, conflicts: str) -> None:
    play = stage(conflicts=conflicts)
    seen = play.put("k", "a", written_at=2_000_000)
    [first] = play.held(play.homes("k")[0], "k").siblings
    play.delete("k", seen=seen, written_at=1_000_000)
    if conflicts == "last_write_wins":
        clock = play.held(play.homes("k")[0], "k").clock
        play.get("k", found=Versions(clock, (first,)))
    assert (GONE in play.failed()) == (conflicts == "last_write_wins")


def test_replaced_writes_that_stay_away_are_counted(stage) -> None:
    play = stage()
    seen = play.put("k", "a")
    play.put("k", "b", seen=seen)
    assert play.verdict(GONE).detail == "1 replaced write, none came back"
