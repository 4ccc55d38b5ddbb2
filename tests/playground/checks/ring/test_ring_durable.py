"""No acknowledged write is ever without a durable copy."""

from __future__ import annotations

from algorithms.machine import Erase, Save
from algorithms.ring.hints import Hint
from algorithms.ring.versions import Versions
from nodes.faults import FailDisk, Kill, LyingDisk, PowerLoss, Restart, WipeDisk

CHECK = "durable-copies"


def test_a_write_that_its_replicas_have_synced_is_durable(stage) -> None:
    play = stage()
    play.put("k", "a")
    assert play.verdict(CHECK).verdict == "pass"


def test_a_replica_that_answers_before_it_saves_is_caught(stage) -> None:
    """The planted bug: an acknowledgement that does not wait for the disk."""
    play = stage()
    homes = play.homes("k")
    play.put("k", "a", at=(), via=homes[0])
    assert play.failed()[CHECK] == (
        f'k = "a", acknowledged to c1 by {homes[0]} at 0.026 s, has no durable copy on any disk at that moment'
    )


def test_a_wiped_disk_takes_the_only_copy(stage) -> None:
    play = stage()
    homes = play.homes("k")
    play.put("k", "a", at=homes[:1], via=homes[0])
    play.inject(Kill(homes[0]), WipeDisk(homes[0]))
    play.run(0.001)
    assert f"has no durable copy on any disk since {homes[0]} was wiped at 0.035 s" in play.failed()[CHECK]


def test_a_disk_that_is_down_counts(stage) -> None:
    play = stage()
    homes = play.homes("k")
    play.put("k", "a", at=homes[:1])
    play.inject(Kill(homes[0]))
    play.run(0.1)
    assert play.verdict(CHECK).verdict == "pass"


def test_a_lying_disk_is_believed_until_it_loses_power(stage) -> None:
    play = stage()
    homes = play.homes("k")
    play.inject(LyingDisk(homes[0]))
    play.put("k", "a", at=homes[:1], via=homes[1])
    assert play.verdict(CHECK).verdict == "pass"
    for _ in range(8):  # how much it keeps is a matter of dice
        play.inject(PowerLoss(homes[0]), Restart(homes[0]), LyingDisk(homes[0]))
        play.put("k", "a", at=homes[:1], via=homes[1])
    assert f"since {homes[0]} lost power" in play.failed()[CHECK]


def test_a_source_that_erases_before_the_target_has_it_is_caught(stage) -> None:
    """The planted bug: hand-off without waiting for the other disk."""
    play = stage()
    outsider, home = play.outsider("k"), play.homes("k")[0]
    play.put("k", "a", at=(outsider,), via=home)
    held = play.held(outsider, "k")
    play.act(home, Save("key/k", held, sync=False))
    play.world.run_until(play.world.now)
    play.act(outsider, Erase("key/k"))
    play.run(0.1)
    assert f"has no durable copy on any disk when {outsider} erases key/k at" in play.failed()[CHECK]


def test_a_source_that_waits_is_not(stage) -> None:
    play = stage()
    outsider, home = play.outsider("k"), play.homes("k")[0]
    play.put("k", "a", at=(outsider,), via=home)
    play.hold(home, "k", play.held(outsider, "k"))
    play.act(outsider, Erase("key/k"))
    play.run(0.1)
    assert play.verdict(CHECK).verdict == "pass"


def test_a_hint_that_becomes_a_copy_on_the_same_disk_is_no_gap(stage) -> None:
    """A disk writes in order, so the erasure cannot be durable before what was saved in front of it."""
    play = stage()
    outsider, home = play.outsider("k"), play.homes("k")[0]
    play.put("k", "a", at=(outsider,), via=home)
    held = play.held(outsider, "k")
    play.act(outsider, Save(f"hint/{home}/k", Hint(home, "k", held, 0)), Erase("key/k"))
    play.run(0.1)
    play.act(outsider, Save("key/k", held, sync=False), Erase(f"hint/{home}/k", sync=False))
    play.run(0.1)
    assert play.verdict(CHECK).verdict == "pass"


def test_an_overwriting_that_forgets_is_caught(stage) -> None:
    """The planted bug: a replica that puts what it is told in the place of what it has, and does not join."""
    play = stage()
    home = play.homes("k")[0]
    play.put("k", "a", at=(home,), via=home)
    play.hold(home, "k", Versions())
    assert f"when {home} overwrites key/k" in play.failed()[CHECK]


def test_a_tombstone_may_be_collected_once_its_grace_is_over(stage) -> None:
    play = stage(tombstone_grace=1_000_000)
    play.delete("k", seen=play.put("k", "a"))
    play.run(1.5)
    play.collect(*play.homes("k"))
    assert play.verdict(CHECK).verdict == "pass"


def test_a_tombstone_may_not_be_collected_before(stage) -> None:
    play = stage()
    play.delete("k", seen=play.put("k", "a"))
    play.collect(*play.homes("k"))
    assert play.failed()[CHECK].startswith("the delete of k, acknowledged to c1")


def test_a_disk_that_fails_in_the_middle_has_not_written(stage) -> None:
    play = stage()
    home, *others = play.homes("k")
    play.inject(FailDisk(home))
    play.put("k", "a", at=(home,), via=others[0])
    assert play.judge.evidence.holdings.copies["k"] == {}
    assert "at that moment" in play.failed()[CHECK]
