"""The world performs what machines wish for."""

from __future__ import annotations

import pickle
from functools import partial

import pytest
from toys import MILLISECOND, Toy, Word, heard, losses, tell, toys, watched

from algorithms.machine import Failed, Ok, Received, Unknown
from nodes.faults import (
    Calm,
    Cut,
    Drift,
    FailDisk,
    HealLink,
    Kill,
    Partition,
    Pause,
    Restart,
    Resume,
    Skew,
    Slow,
    SlowNode,
)
from nodes.observation import Booted, Injected
from nodes.world import MachineFailed, World


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


def test_a_healed_link_does_not_wait_for_what_a_cut_has_lost() -> None:
    world = toys()
    world.inject(Slow("n1", "n2", 60_000))
    tell(world, "n1", "send")
    world.run_until(10)
    world.inject(Cut("n1", "n2"))
    world.inject(HealLink("n1", "n2"))
    tell(world, "n1", "send")
    world.run_until(5_000)
    assert heard(world, "n2") == ("1010 n1 hello",)


def test_a_link_keeps_order_when_it_becomes_quick_again() -> None:
    world = toys()
    world.inject(Slow("n1", "n2", 60_000))
    tell(world, "n1", "save")
    world.run_until(10)
    world.inject(Slow("n1", "n2", 0))
    tell(world, "n1", "send")
    world.run_until(100_000)
    assert heard(world, "n2") == ("61000 n1 saved", "61000 n1 hello")


def test_messages_to_oneself_keep_order_when_turns_become_shorter() -> None:
    world = World(1, MILLISECOND)
    world.add_node("n1", {"toy": partial(Toy, "n1")}, sync_latency=100, service_time=5_000)
    world.start()
    world.run_until(5_000)
    tell(world, "n1", "save")
    world.run_until(5_200)
    world.inject(SlowNode("n1", 0))
    tell(world, "n1", "send")
    world.run_until(50_000)
    assert heard(world, "n1") == ("10100 n1 saved", "10100 n1 hello")


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


def test_what_waits_for_a_paused_process_is_lost_with_it() -> None:
    world = toys()
    world.inject(Pause("n2"))
    watch = watched(world)
    request = tell(world, "n2", "send")
    tell(world, "n1", "send")
    world.run_until(5_000)
    world.inject(Kill("n2"))
    assert losses(watch) == [(5_000, "the node went down")]
    assert world.outcomes[request] == Failed("n2 went down")
    world.inject(Restart("n2"))
    world.run_until(10_000)
    assert heard(world, "n2") == ()


def test_a_crash_in_the_middle_of_the_inbox_loses_the_rest_of_it() -> None:
    world = toys()
    world.inject(Pause("n1"))
    requests = [tell(world, "n1", word) for word in ("send", "save", "send")]
    world.inject(FailDisk("n1"))
    world.run_until(100)
    world.inject(Resume("n1"))
    world.run_until(100)
    outcomes = [world.outcomes[request] for request in requests]
    assert outcomes == [Ok("send"), Unknown("n1 went down"), Failed("n1 went down")]


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


@pytest.mark.parametrize(
    ("word", "fires"), [("timer", ("100700 timer alarm",)), ("cancel", ()), ("send", ("100000 timer alarm",))]
)
def test_a_timer_that_ran_out_while_the_process_stood_still_can_still_be_set_anew_or_cancelled(
    word: str, fires: tuple[str, ...]
) -> None:
    world = toys()
    tell(world, "n1", "timer", 300)
    world.run_until(100)
    world.inject(Pause("n1"))
    tell(world, "n1", word, 700)
    world.run_until(100_000)
    world.inject(Resume("n1"))
    world.run_until(200_000)
    assert heard(world, "n1") == fires


def test_a_running_timer_keeps_its_length_when_the_clock_begins_to_drift() -> None:
    world = toys()
    tell(world, "n1", "timer", 300)
    world.run_until(100)
    world.inject(Drift("n1", 1_000_000))
    world.run_until(1_000)
    assert heard(world, "n1") == ("500 timer alarm",)


def test_a_timer_dies_with_its_life() -> None:
    world = toys()
    tell(world, "n1", "timer", 300)
    world.run_until(0)
    world.inject(Restart("n1"))
    while world.step():
        pass
    assert heard(world, "n1") == ()


def test_a_message_to_oneself_dies_with_its_life() -> None:
    world = World(1)
    world.add_node("n1", {"toy": partial(Toy, "n1")}, service_time=5_000)
    world.start()
    watch = watched(world)
    tell(world, "n1", "send")
    world.run_until(6_000)
    world.inject(Restart("n1"))
    while world.step():
        pass
    assert heard(world, "n1") == ()
    assert losses(watch) == [(6_000, "the node went down")]


def test_a_question_to_a_node_that_is_down_has_surely_failed() -> None:
    world = toys()
    world.inject(Kill("n1"))
    request = tell(world, "n1", "send")
    world.run_until(0)
    assert world.outcomes == {request: Failed("n1 is down")}


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
