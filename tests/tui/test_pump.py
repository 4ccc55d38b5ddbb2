"""The pump: a guest that runs only when told to, stands at its horizon, and always leaves the thread as it was."""

from __future__ import annotations

import math
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import pytest
import trio

from nodes.host import SteppingClock, open_host
from nodes.world import World
from tui.pump import Pump


@contextmanager
def pumping(main: Callable[[], Awaitable[object]], horizon: int = 0) -> Iterator[Pump]:
    pump = Pump(main, SteppingClock(horizon=horizon, guest=True))
    try:
        yield pump
    finally:
        pump.close()


def sleeper(at: list[float]) -> Callable[[], Awaitable[None]]:
    """A guest with a world of its own that notes the time every 10 ms."""

    async def main() -> None:
        async with open_host(World(seed=1)) as host:
            while True:
                await host.sleep(10_000)
                at.append(host.now)

    return main


def test_nothing_happens_behind_the_horizon() -> None:
    seen: list[float] = []
    with pumping(sleeper(seen)) as pump:
        assert pump.run()
        assert seen == []
        pump.clock.horizon = 25_000
        assert pump.run()
        assert seen == [10_000, 20_000]


def test_a_pause_is_a_horizon_that_nobody_raises() -> None:
    seen: list[float] = []
    with pumping(sleeper(seen), horizon=30_000) as pump:
        for _ in range(5):
            assert pump.run()
        assert seen == [10_000, 20_000, 30_000]


def test_trios_own_sleep_is_virtual_too() -> None:
    woken: list[float] = []

    async def main() -> None:
        async with open_host(World(seed=1)):
            await trio.sleep(3_600)
            woken.append(trio.current_time())

    with pumping(main) as pump:
        pump.run()
        assert woken == []
        pump.clock.horizon = 3_600_000_000
        pump.run()
        assert woken == [3_600.0]


def test_a_slice_ends_when_its_budget_is_used_up_and_the_next_one_goes_on() -> None:
    seen: list[float] = []
    with pumping(sleeper(seen), horizon=100_000_000) as pump:
        assert not pump.run(budget=0.0)
        assert len(seen) < 10_000
        assert pump.run()
        assert len(seen) == 10_000


def test_slices_of_any_size_give_one_history() -> None:
    def noted(step: int, budget: float) -> list[float]:
        seen: list[float] = []
        with pumping(sleeper(seen)) as pump:
            for horizon in range(0, 200_001, step):
                pump.clock.horizon = horizon
                while not pump.run(budget):
                    pass
        return seen

    assert noted(1_000, 0.0) == noted(50_000, math.inf) == noted(200_000, math.inf)


def test_closing_runs_the_finally_blocks_at_once() -> None:
    left: list[str] = []

    async def main() -> None:
        try:
            await trio.sleep_forever()
        finally:
            left.append("left")

    pump = Pump(main, SteppingClock(horizon=0, guest=True))
    pump.run()
    pump.close()
    assert left == ["left"]
    assert pump.outcome is not None


def test_closing_twice_or_before_the_first_slice_is_fine() -> None:
    pump = Pump(trio.sleep_forever, SteppingClock(horizon=0, guest=True))
    pump.close()
    pump.close()
    assert pump.failure is None


async def _answer() -> str:
    return "still works"


def test_the_thread_can_use_trio_again_after_a_close() -> None:
    with pumping(trio.sleep_forever):
        pass
    assert trio.run(_answer) == "still works"


def test_an_exception_ends_the_guest_and_is_kept() -> None:
    async def main() -> None:
        await trio.lowlevel.checkpoint()
        raise ValueError("a bug")

    with pumping(main) as pump:
        assert pump.run()
        assert isinstance(pump.failure, ValueError)
        assert pump.run(), "a guest that has ended has nothing left to do"
    assert trio.run(_answer) == "still works"


def test_a_second_pump_in_the_same_thread_is_refused() -> None:
    with pumping(trio.sleep_forever), pytest.raises(AssertionError, match="has a pump already"):
        Pump(trio.sleep_forever, SteppingClock(horizon=0, guest=True))


def test_another_thread_may_have_its_own() -> None:
    seen: list[float] = []

    def work() -> None:
        with pumping(sleeper(seen), horizon=10_000) as pump:
            pump.run()

    with pumping(trio.sleep_forever):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert seen == [10_000]


def test_a_guest_that_will_not_leave_is_told_by_name_of_the_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    release = trio.Event()

    async def main() -> None:
        with trio.CancelScope(shield=True):
            await release.wait()

    monkeypatch.setattr("tui.pump.CLOSING_TICKS", 100)
    pump = Pump(main, SteppingClock(horizon=0, guest=True))
    pump.run()
    with pytest.raises(AssertionError, match="shielded"):
        pump.close()
    release.set()
    pump.close()
