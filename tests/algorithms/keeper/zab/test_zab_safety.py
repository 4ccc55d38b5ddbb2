"""Zab's properties in worlds where everything goes wrong, by seed; and that all is well again soon after."""

from __future__ import annotations

from random import Random

import pytest
from zab_schedule import Schedule
from zab_world import Chaos

from nodes.faults import Calm, Fault, LyingDisk, PowerLoss, WipeDisk

SIZES = ((1, 0), (2, 0), (3, 0), (3, 1), (5, 0), (5, 2), (7, 0), (4, 0))
"""Voters and observers."""


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_everybody_delivers_a_prefix_of_one_sequence(seed: int) -> None:
    """With clocks, links and disks as they are; and afterwards there is one leader, and everybody has all."""
    chaos = Chaos(seed, *SIZES[seed % len(SIZES)])
    chaos.run(12)
    chaos.calm_down()
    assert chaos.laws.order


@pytest.mark.parametrize("seed", range(10))
def test_no_order_of_events_breaks_a_law(seed: int) -> None:
    """Packets come when they like, and timers run out when they like."""
    Schedule(*((3, 0), (2, 0), (5, 0), (3, 1), (4, 0))[seed % 5]).run(Random(seed).randbytes(6_000))


def test_schedules_do_not_only_destroy() -> None:
    schedule = Schedule(3)
    for seed in range(6):
        schedule.run(Random(seed).randbytes(4_000))
    assert len(schedule.laws.order) > 20
    assert len(schedule.laws.established) > 3


class Lies(Chaos):
    """Disks that forget what they have promised, and some that forget everything."""

    lawful = False

    def a_fault(self) -> Fault:
        node = self.dice.choice(self.names)
        what = self.dice.random()
        if what < 0.15:
            return LyingDisk(node)
        if what < 0.25:
            return PowerLoss(node)
        return WipeDisk(node) if what < 0.3 and not self.world.node(node).up else super().a_fault()


@pytest.mark.parametrize("seed", range(8))
def test_disks_that_lie_break_promises_and_no_server(seed: int) -> None:
    """What was committed may be lost and taken back. But all servers go on, and agree on what there is."""
    lies = Lies(seed, *SIZES[seed % len(SIZES)])
    lies.run(12)
    lies.world.inject(Calm())
    lies.run(6, faults=False)
    lies.world.run_until(lies.world.now + 1_000_000)
    assert all(lies.running(name).zab.serves for name in lies.names)
    assert len({lies.running(name).zab.state.last_committed for name in lies.names}) == 1


def test_a_server_that_does_not_take_part_is_not_missed() -> None:
    chaos = Chaos(7, 3)
    chaos.world.run_until(1_000_000)
    chaos.run(1, faults=False)
    delivered = len(chaos.laws.order)
    leader = next(name for name in chaos.names if chaos.running(name).zab.leads)
    other = next(name for name in chaos.names if name != leader)
    chaos.world.end(chaos.world.node(other), "killed")
    chaos.run(1, faults=False)
    assert len(chaos.laws.order) > delivered
