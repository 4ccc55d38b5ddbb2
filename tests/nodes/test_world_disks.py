"""Fences, syncs, and what crashes in the middle of them leave behind."""

from __future__ import annotations

from toys import Word, heard, tell, toys, watched

from algorithms.machine import Ok, Unknown
from nodes.faults import Calm, FailDisk, Kill, LyingDisk, Pause, PowerLoss, Restart, Resume, SlowDisk, WipeDisk
from nodes.observation import Booted, Crashed


def test_a_send_behind_a_save_waits_for_the_disk() -> None:
    world = toys(sync_latency=500)
    request = tell(world, "n1", "save")
    world.run_until(499)
    assert request not in world.outcomes
    world.run_until(500)
    assert request in world.outcomes
    world.run_until(1_500)
    assert heard(world, "n2") == ("1500 n1 saved",)


def test_an_urgent_send_overtakes_the_disk() -> None:
    world = toys(sync_latency=500)
    tell(world, "n1", "urgent")
    world.run_until(400)
    assert [packet.message for _, packet in world.in_flight()] == [Word("urgent")]


def test_a_send_behind_an_unsynced_save_waits_for_nothing() -> None:
    world = toys(sync_latency=500)
    tell(world, "n1", "cache", 7)
    world.run_until(0)
    assert [packet.message for _, packet in world.in_flight()] == [Word("cached", 7)]
    assert not world.node("n1").disk.durable.cells


def test_one_sync_covers_all_that_was_written_when_it_began() -> None:
    world = toys(sync_latency=500)
    for number in range(4):
        tell(world, "n1", "save", number)
    while world.now < 1_000 and world.step():
        pass
    assert sorted(world.outcomes) == [1, 2, 3, 4]
    assert world.now == 1_000


def test_a_crash_drops_the_effects_that_were_still_waiting() -> None:
    world = toys(sync_latency=500)
    watch = watched(world)
    request = tell(world, "n1", "save", 3)
    world.run_until(100)
    world.inject(Kill("n1"))
    assert world.outcomes == {request: Unknown("n1 went down")}
    world.inject(Restart("n1"))
    world.run_until(10_000)
    assert heard(world, "n2") == ()
    assert [each.life for each in watch if isinstance(each, Booted)] == [2]


def test_a_killed_process_finds_what_it_wrote_and_a_powerless_machine_only_what_was_synced() -> None:
    found = []
    for fault in (Kill("n1"), PowerLoss("n1")):
        world = toys(seed=4, sync_latency=500)
        tell(world, "n1", "save", 3)
        world.run_until(100)
        world.inject(fault)
        world.inject(Restart("n1"))
        view = world.view("n1", "toy")
        found.append(view.saved.cell("cell"))  # type: ignore[union-attr]
    assert found == [Word("x", 3), None]


def test_a_lying_disk_forgets_what_it_called_durable() -> None:
    world = toys(seed=4, sync_latency=500)
    world.inject(LyingDisk("n1"))
    request = tell(world, "n1", "save", 3)
    world.run_until(500)
    assert world.outcomes[request] == Ok("save")
    world.inject(PowerLoss("n1"))
    world.inject(Restart("n1"))
    assert world.view("n1", "toy").saved.cell("cell") is None  # type: ignore[union-attr]


def test_a_node_whose_disk_fails_crashes_itself_and_says_why() -> None:
    world = toys()
    watch = watched(world)
    world.inject(FailDisk("n1"))
    tell(world, "n1", "save")
    world.run_until(10)
    assert watch[-1] == Crashed(0, "n1", "writing to the disk failed (Save of toy)")
    assert world.node("n1").down_reason == "writing to the disk failed (Save of toy)"
    assert world.machine("n1", "toy") is None


def test_a_slow_disk_takes_its_time_until_it_is_calm_again() -> None:
    world = toys(sync_latency=500)
    world.inject(SlowDisk("n1", 9_000))
    request = tell(world, "n1", "save")
    world.run_until(8_999)
    assert request not in world.outcomes
    world.run_until(9_000)
    assert request in world.outcomes
    world.inject(Calm())
    assert world.node("n1").disk.latency == 500


def test_what_is_written_during_the_last_slow_sync_is_synced_although_the_disk_needs_no_time_any_more() -> None:
    world = toys(sync_latency=500)
    tell(world, "n1", "save", 1)
    world.run_until(100)
    request = tell(world, "n1", "save", 2)
    world.run_until(200)
    world.inject(SlowDisk("n1", 0))
    world.run_until(500)
    assert request in world.outcomes


def test_a_sync_that_an_earlier_life_began_says_nothing_of_this_lifes_writes() -> None:
    world = toys(sync_latency=500)
    tell(world, "n1", "save", 1)
    world.run_until(100)
    world.inject(Restart("n1"))
    world.run_until(200)
    request = tell(world, "n1", "save", 2)
    world.run_until(699)
    assert request not in world.outcomes
    world.run_until(700)
    assert request in world.outcomes


def test_a_power_loss_during_a_sync_leaves_nothing_for_its_end() -> None:
    world = toys(seed=4, sync_latency=500)
    tell(world, "n1", "save", 3)
    world.run_until(100)
    world.inject(PowerLoss("n1"))
    world.run_until(5_000)
    assert not world.node("n1").disk.durable.cells


def test_a_sync_ends_although_the_process_was_killed_meanwhile() -> None:
    world = toys(seed=4, sync_latency=500)
    tell(world, "n1", "save", 3)
    world.run_until(100)
    world.inject(Kill("n1"))
    world.run_until(5_000)
    world.inject(PowerLoss("n1"))
    assert world.node("n1").disk.durable.cells == {("toy", "cell"): Word("x", 3)}


def test_a_paused_process_hears_of_its_disk_when_it_goes_on() -> None:
    world = toys(sync_latency=500)
    request = tell(world, "n1", "save")
    world.run_until(100)
    world.inject(Pause("n1"))
    world.run_until(5_000)
    assert request not in world.outcomes
    world.inject(Resume("n1"))
    assert request in world.outcomes


def test_a_wipe_leaves_an_empty_disk() -> None:
    world = toys()
    tell(world, "n1", "save")
    world.run_until(0)
    world.inject(Kill("n1"))
    world.inject(WipeDisk("n1"))
    world.inject(Restart("n1"))
    assert world.view("n1", "toy").saved.cells == ()  # type: ignore[union-attr]
