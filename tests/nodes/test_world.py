"""The world performs what machines wish for."""

from __future__ import annotations

import pickle

import pytest
from toys import Watch, Word, heard, tell, toys

from algorithms.machine import Failed, Ok, Received, Unknown
from nodes.faults import (
    Calm,
    Cut,
    Drift,
    FailDisk,
    Kill,
    LyingDisk,
    Partition,
    Pause,
    PowerLoss,
    Restart,
    Resume,
    Skew,
    SlowDisk,
    SlowNode,
    WipeDisk,
)
from nodes.observation import Booted, Crashed, Injected, Lost
from nodes.world import MachineFailed, World


def losses(watch: Watch) -> list[tuple[int, str]]:
    return [(each.at, each.reason) for each in watch if isinstance(each, Lost)]


def watched(world: World) -> Watch:
    watch = Watch()
    world.add_observer(watch)
    return watch


def test_a_message_arrives_after_the_links_latency() -> None:
    world = toys()
    tell(world, "n1", "send")
    world.run_until(10_000)
    assert heard(world, "n2") == ("1000 n1 hello",)


def test_time_stands_at_the_limit_when_everything_before_it_has_happened() -> None:
    world = toys()
    world.run_until(5_000)
    assert world.now == 5_000


def test_a_question_is_answered_under_its_id() -> None:
    world = toys()
    request = tell(world, "n1", "send")
    world.run_until(10)
    assert world.woken == [request]
    assert world.outcomes == {request: Ok("send")}


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


def test_a_message_to_a_node_that_is_down_is_lost_when_it_arrives() -> None:
    world = toys()
    watch = watched(world)
    tell(world, "n1", "send")
    world.inject(Kill("n2"))
    world.run_until(5_000)
    assert losses(watch) == [(1_000, "the node is down")]


def test_a_cut_loses_what_is_under_way_and_what_is_sent_later_in_one_direction_only() -> None:
    world = toys()
    watch = watched(world)
    tell(world, "n1", "send")
    world.run_until(500)
    world.inject(Cut("n1", "n2"))
    tell(world, "n1", "send")
    world.run_until(600)
    assert losses(watch) == [(500, "the link was cut"), (500, "the link is cut")]
    assert not world.network.blocked("n2", "n1")


def test_a_partition_loses_what_is_under_way() -> None:
    world = toys()
    watch = watched(world)
    tell(world, "n1", "send")
    world.run_until(500)
    world.inject(Partition((("n1",), ("n2", "n3"))))
    assert losses(watch) == [(world.now, "the network was partitioned")]


def test_a_paused_process_takes_what_arrived_when_it_goes_on() -> None:
    world = toys()
    world.inject(Pause("n2"))
    tell(world, "n2", "timer", 300)
    tell(world, "n1", "send")
    world.run_until(5_000)
    assert heard(world, "n2") == ()
    world.inject(Resume("n2"))
    while world.step():
        pass
    assert heard(world, "n2") == ("5000 n1 hello", "5300 timer alarm")


def test_a_paused_process_hears_of_its_disk_when_it_goes_on() -> None:
    world = toys(sync_latency=500)
    request = tell(world, "n1", "save")
    world.run_until(100)
    world.inject(Pause("n1"))
    world.run_until(5_000)
    assert request not in world.outcomes
    world.inject(Resume("n1"))
    assert request in world.outcomes


def test_a_busy_processor_makes_messages_queue_up() -> None:
    world = toys(service_time=400)
    for _ in range(3):
        tell(world, "n1", "send")
    while world.step():
        pass
    assert heard(world, "n2") == ("1800 n1 hello", "2200 n1 hello", "2600 n1 hello")


def test_a_slow_node_takes_longer_for_each_turn() -> None:
    world = toys()
    world.inject(SlowNode("n1", 5_000))
    tell(world, "n1", "send")
    tell(world, "n1", "send")
    while world.step():
        pass
    assert heard(world, "n2") == ("6000 n1 hello", "11000 n1 hello")


def test_a_timer_runs_by_the_nodes_own_clock() -> None:
    world = toys()
    world.inject(Skew("n1", 50_000))
    world.inject(Drift("n2", 1_000_000))
    tell(world, "n1", "timer", 300)
    tell(world, "n2", "timer", 300)
    while world.step():
        pass
    assert heard(world, "n1") == ("50300 timer alarm",)
    assert heard(world, "n2") == ("300 timer alarm",)
    assert world.now == 300


def test_a_timer_that_is_set_anew_fires_once_at_its_new_time() -> None:
    world = toys()
    tell(world, "n1", "timer", 300)
    world.run_until(200)
    tell(world, "n1", "timer", 500)
    while world.step():
        pass
    assert heard(world, "n1") == ("700 timer alarm",)


def test_a_timer_that_is_set_to_come_earlier_comes_earlier() -> None:
    world = toys()
    tell(world, "n1", "timer", 900)
    tell(world, "n1", "timer", 100)
    while world.step():
        pass
    assert heard(world, "n1") == ("100 timer alarm",)


def test_a_timer_dies_with_its_life() -> None:
    world = toys()
    tell(world, "n1", "timer", 300)
    world.run_until(0)
    world.inject(Restart("n1"))
    while world.step():
        pass
    assert heard(world, "n1") == ()


def test_a_question_to_a_node_that_is_down_has_surely_failed() -> None:
    world = toys()
    world.inject(Kill("n1"))
    request = tell(world, "n1", "send")
    world.run_until(0)
    assert world.outcomes == {request: Failed("n1 is down")}


def test_a_wipe_leaves_an_empty_disk() -> None:
    world = toys()
    tell(world, "n1", "save")
    world.run_until(0)
    world.inject(Kill("n1"))
    world.inject(WipeDisk("n1"))
    world.inject(Restart("n1"))
    assert world.view("n1", "toy").saved.cells == ()  # type: ignore[union-attr]


def test_everything_is_well_after_calm() -> None:
    world = toys()
    world.inject(Cut("n1", "n2"))
    world.inject(Kill("n2"))
    world.inject(Pause("n3"))
    world.inject(Calm())
    assert all(node.up and not node.paused for node in world.nodes.values())
    assert all(link.plain for link in world.network.links())


def test_observers_are_told_of_faults_before_they_strike() -> None:
    world = toys()
    watch = watched(world)
    world.inject(Restart("n1"))
    assert watch[:2] == [Injected(0, Restart("n1")), Booted(0, "n1", 2)]
    world.remove_observer(watch)
    world.inject(Kill("n1"))
    assert len(watch) == 3


def test_a_machine_that_raises_names_the_seed_the_time_the_node_and_the_last_items() -> None:
    world = toys(seed=99)
    tell(world, "n1", "send")
    tell(world, "n1", "dance")
    with pytest.raises(MachineFailed, match=r"n1 failed at 0.000000 s \(seed 99\).*A toy does not know dance"):
        world.run_until(0)


def test_a_world_can_be_pickled_in_the_middle_and_goes_on_the_same() -> None:
    world = toys(seed=3, sync_latency=200, service_time=10)
    for node in world.names:
        tell(world, node, "tick")
    while world.now < 50_000:
        world.step()
    copy = pickle.loads(pickle.dumps(world))
    watches = []
    for each in (world, copy):
        watches.append(watched(each))
        while each.now < 200_000:
            each.step()
    assert watches[0] == watches[1]
    assert Received("n1", Word("tick")) in watches[0].turns("n2")
