"""Trio decides when we look at the world, never what happens in it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import pytest
import trio
from toys import Watch, Word, heard, tell, toys

from algorithms.machine import Ok
from nodes.faults import Kill, Restart
from nodes.host import Host, Pace, SteppingClock, Stuck, open_host
from nodes.world import MachineFailed, World

SECOND = 1_000_000


def hosted(
    world: World,
    body: Callable[[Host], Awaitable[None]],
    clock: SteppingClock | None = None,
    patience: int = 600 * SECOND,
) -> None:
    """Run `body` beside `world` in virtual time."""

    async def main() -> None:
        async with open_host(world, patience) as host:
            await body(host)

    trio.run(main, clock=clock or SteppingClock())


def test_asking_gives_the_machines_answer() -> None:
    async def body(host: Host) -> None:
        assert await host.ask("n1", "toy", Word("send")) == Ok("send")

    hosted(toys(), body)


def test_sleeping_takes_virtual_time_only() -> None:
    async def body(host: Host) -> None:
        await host.sleep(3_600 * SECOND)
        assert host.now == 3_600 * SECOND

    hosted(toys(), body)


def test_trios_own_sleep_and_timeouts_run_in_virtual_time() -> None:
    async def body(host: Host) -> None:
        tell(host.world, "n1", "tick")
        await trio.sleep(2.5)
        assert (host.now, trio.current_time()) == (2_500_000, 2.5)
        with trio.move_on_after(1.25) as scope:
            await trio.sleep_forever()
        assert scope.cancelled_caught
        assert host.now == 3_750_000

    hosted(toys(), body)


def test_time_stands_still_while_a_task_can_run() -> None:
    async def body(host: Host) -> None:
        tell(host.world, "n1", "tick")
        await host.sleep(10_000)
        for _ in range(50):
            await trio.lowlevel.checkpoint()
        assert host.now == 10_000

    hosted(toys(), body)


def test_sleepers_of_one_instant_wake_in_the_order_of_asking() -> None:
    woken: list[int] = []

    async def sleeper(host: Host, number: int) -> None:
        await host.sleep((number + 1) * 10)
        await host.sleep(1_000 - (number + 1) * 10)
        woken.append(number)

    async def body(host: Host) -> None:
        async with trio.open_nursery() as nursery:
            for number in range(20):
                nursery.start_soon(sleeper, host, number)

    hosted(toys(), body)
    assert woken == list(range(20))


def test_until_waits_for_a_condition_and_gives_up_in_time() -> None:
    async def body(host: Host) -> None:
        tell(host.world, "n1", "send")
        await host.until(lambda: bool(heard(host.world, "n2")), within=5_000)
        assert host.now == 2_000
        with pytest.raises(TimeoutError, match=r"n3 hears did not come true within 0.02 s of virtual time"):
            await host.until(lambda: bool(heard(host.world, "n3")), within=20_000, what="n3 hears")
        assert host.now == 22_000

    hosted(toys(), body)


async def live(host: Host, name: str, ended: list[str]) -> None:
    """A task of a node, which tells when it was cancelled."""
    try:
        await trio.sleep_forever()
    finally:
        ended.append(f"{name} at {host.now}")


def test_a_crash_cancels_the_tasks_of_that_life_and_of_no_other() -> None:
    ended: list[str] = []

    async def body(host: Host) -> None:
        for node in ("n1", "n2"):
            await host.spawn(node, live, host, node, ended)
        await host.sleep(5_000)
        host.inject(Restart("n1"))
        await host.sleep(5_000)
        await host.spawn("n1", live, host, "n1 again", ended)
        await host.sleep(5_000)

    hosted(toys(), body)
    assert ended[0] == "n1 at 5000"
    assert sorted(ended[1:]) == ["n1 again at 15000", "n2 at 15000"]


def test_a_task_that_is_spawned_at_the_instant_of_a_restart_belongs_to_the_new_life() -> None:
    ended: list[str] = []

    async def body(host: Host) -> None:
        await host.spawn("n1", live, host, "old", ended)
        await host.sleep(5_000)
        host.inject(Restart("n1"))
        await host.spawn("n1", live, host, "new", ended)
        await host.sleep(5_000)

    hosted(toys(), body)
    assert ended == ["old at 5000", "new at 10000"]


def test_tasks_that_are_spawned_side_by_side_die_in_the_same_crash() -> None:
    ended: list[str] = []

    async def body(host: Host) -> None:
        async with trio.open_nursery() as nursery:
            for _ in range(3):
                nursery.start_soon(host.spawn, "n1", live, host, "it", ended)
        await host.sleep(5_000)
        host.inject(Kill("n1"))
        await host.sleep(5_000)

    hosted(toys(), body)
    assert ended == ["it at 5000"] * 3


def test_a_users_exception_ends_the_run_as_itself() -> None:
    async def body(host: Host) -> None:
        await host.sleep(10)
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        hosted(toys(), body)


def test_a_machines_exception_ends_the_run() -> None:
    async def body(host: Host) -> None:
        tell(host.world, "n1", "dance")
        await host.sleep(SECOND)

    with pytest.raises(MachineFailed, match="A toy does not know dance"):
        hosted(toys(), body)


def test_a_hang_in_virtual_time_says_who_waits_for_what() -> None:
    async def body(host: Host) -> None:
        host.inject(Kill("n1"))
        await trio.Event().wait()

    with pytest.raises(
        Stuck, match=r"Nothing is left to happen at 0.0.* s \(seed 1\), and these wait:\n.*main waits in .*body"
    ):
        hosted(toys(), body)


def test_a_question_that_is_never_answered_is_a_hang_too() -> None:
    async def body(host: Host) -> None:
        for node in host.world.names:
            tell(host.world, node, "tick")
        await host._room.wait(-77, "for the last bus")

    with pytest.raises(Stuck, match=r"(?s)Nobody was woken for too long at 4.99.*waits for the last bus"):
        hosted(toys(), body, patience=5 * SECOND)


def test_a_cluster_without_virtual_time_is_refused() -> None:
    async def main() -> None:
        async with open_host(toys()):
            pass

    with pytest.raises(AssertionError, match="needs virtual time"):
        trio.run(main)


def test_a_second_cluster_on_one_clock_is_refused_and_the_first_goes_on() -> None:
    async def body(host: Host) -> None:
        with pytest.raises(AssertionError, match="One cluster at a time"):
            async with open_host(toys()):
                pass
        await host.sleep(1_000)
        assert (host.now, trio.current_time()) == (1_000, 0.001)

    hosted(toys(), body)


# ---------------------------------------------------------------- one history


def digest_of(watch: Watch) -> str:
    return hashlib.sha256(msgspec.msgpack.encode(list(watch))).hexdigest()


def ticking(seed: int) -> tuple[World, Watch]:
    world, watch = toys(seed, sync_latency=200, service_time=10), Watch()
    world.add_observer(watch)
    for node in world.names:
        tell(world, node, "tick")
    return world, watch


def synchronous(seed: int) -> str:
    world, watch = ticking(seed)
    world.run_until(200_000)
    return digest_of(watch)


def under_trio(seed: int, clock: SteppingClock, burst: int = 20_000) -> str:
    world, watch = ticking(seed)

    async def body(host: Host) -> None:
        host.burst = burst
        await host.sleep(200_000)

    hosted(world, body, clock)
    return digest_of(watch)


class Wall:
    """A wall clock that somebody else moves: each look takes a millisecond."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        self.seconds += 0.001
        return self.seconds


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_synchronous_unlimited_and_paced_runs_have_one_history(seed: int) -> None:
    expected = synchronous(seed)
    assert under_trio(seed, SteppingClock()) == expected
    assert under_trio(seed, SteppingClock(), burst=7) == expected
    assert under_trio(seed, SteppingClock(pace=Pace(1_000.0, Wall()))) == expected


def test_another_seed_has_another_history() -> None:
    assert synchronous(1) != synchronous(2)


def test_a_pace_sleeps_before_an_instant() -> None:
    wall = Wall()
    pace = Pace(0.5, wall)
    assert pace.seconds_before(2 * SECOND, 0) == pytest.approx(3.999)
    wall.seconds = 4.5
    assert pace.seconds_before(2 * SECOND, 0) < 0


HISTORY = """
import sys
sys.path[:0] = {path!r}
from test_host import synchronous
print(synchronous(5))
"""


def test_hash_seeds_do_not_matter() -> None:
    here = Path(__file__).parent
    script = HISTORY.format(path=[str(here), str(here.parents[1])])
    digests = {
        subprocess.run(
            [sys.executable, "-c", script], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert digests == {f"{synchronous(5)}\n".encode()}
