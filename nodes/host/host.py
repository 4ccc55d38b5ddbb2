"""The conductor and the nurseries around one world.

The law: the agenda alone decides what happens. The conductor, one Trio task, gives machines their turns without
touching Trio and comes back only when somebody outside is to be woken. A node's life is a nursery; its crash is
a cancel.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVarTuple

import trio
from outcome import Error, Value
from trio.lowlevel import Abort, Task

from algorithms.machine import Record
from nodes.faults import Fault
from nodes.host.clock import FOREVER, MICROSECONDS, SteppingClock
from nodes.host.waiting import Stuck, WaitingRoom
from nodes.observation import Booted, Crashed, Injected, Observation
from nodes.world import World

Ts = TypeVarTuple("Ts")

BURST = 20_000
"""Agenda items between two looks at Trio, so that Ctrl-C is heard."""

PATIENCE = 600 * MICROSECONDS
"""Virtual time that may pass without any task outside being woken, if nothing limits the horizon."""

GRID = 1_000
"""How often `until` looks, in microseconds of virtual time."""

LIVES = 0
"""The key that says that some node's life began or ended."""


class Host:
    """A world that Trio tasks can live with. Make one with `open_host`."""

    def __init__(self, world: World, nursery: trio.Nursery, patience: int) -> None:
        self.world = world
        self.burst = BURST
        self._nursery = nursery
        self._patience = patience
        self._woken_at = world.now
        self._sleepers = 0
        self._room = WaitingRoom()
        self._lives: dict[str, tuple[int, trio.Nursery]] = {}
        self._conductor: Task | None = None

    # ------------------------------------------------------------ verbs for tasks

    @property
    def now(self) -> int:
        """True time in microseconds."""
        return self.world.now

    async def sleep(self, duration: int) -> None:
        """Wait for `duration` microseconds; sleepers of one instant wake one after the other, in order of asking."""
        key = self._room.new_key()
        self.world.wake_at(self.world.now + duration, key)
        self._sleepers += 1
        try:
            await self._room.wait(key, f"for {duration / MICROSECONDS:g} s to pass")
        finally:
            self._sleepers -= 1

    async def until(self, condition: Callable[[], bool], within: int, what: str = "a condition") -> None:
        """Wait until `condition()` holds, looking every millisecond; TimeoutError after `within` microseconds."""
        limit = self.world.now + within
        while not condition():
            if self.world.now >= limit:
                raise TimeoutError(f"{what} did not come true within {within / MICROSECONDS:g} s of virtual time")
            await self.sleep(min(GRID, limit - self.world.now))

    async def ask(self, node: str, service: str, command: Record) -> Record:
        """Let `node` ask its machine of `service`; the result is the machine's answer."""
        return await self.answer(self.world.ask(node, service, command))

    async def answer(self, request_id: int) -> Record:
        """Wait for the answer to a request that was made before, if nobody has taken it yet."""
        if request_id not in self.world.outcomes:
            await self._room.wait(request_id, f"for the answer to request {request_id}")
        return self.world.outcomes.pop(request_id)

    def inject(self, fault: Fault) -> None:
        """Let `fault` happen now."""
        self.world.inject(fault)

    async def spawn(self, node: str, task: Callable[[*Ts], Awaitable[object]], *args: *Ts) -> None:
        """Start `task` as a part of the present life of `node`; the node's crash cancels it."""
        assert self.world.node(node).up, f"{node} is down; nothing can be started on it."
        self._follow_lives()
        nursery = self._lives[node][1] if node in self._lives else await self._begin_life(node)
        nursery.start_soon(task, *args)

    # ------------------------------------------------------------ what the clock drives

    def next_at(self) -> int:
        """See `Driven`."""
        if self.world.woken:
            return self.world.now
        at = self.world.next_at()
        return FOREVER if at is None else at

    def conduct(self, limit: int) -> bool:
        """See `Driven`."""
        task, self._conductor = self._conductor, None
        if task is None:
            return False
        if limit < FOREVER or self._sleepers:
            self._woken_at = self.world.now
        if self._sleepers == 0:
            limit = min(limit, self._woken_at + self._patience)
        if self.next_at() > limit:
            trio.lowlevel.reschedule(task, Error(self._stuck("Nobody was woken for too long")))
        else:
            trio.lowlevel.reschedule(task, Value(limit))
        return True

    def stand_at(self, at: int) -> None:
        """See `Driven`."""
        self.world.run_until(at)

    def nothing_left(self) -> bool:
        """See `Driven`."""
        task, self._conductor = self._conductor, None
        if task is not None:
            trio.lowlevel.reschedule(task, Error(self._stuck("Nothing is left to happen")))
        return task is not None

    def _stuck(self, why: str) -> Stuck:
        at = f"{self.world.now / MICROSECONDS:.6f} s (seed {self.world.seed})"
        return Stuck(f"{why} at {at}, and these wait:\n{self._room.report()}")

    # ------------------------------------------------------------ the conductor

    async def conduct_for_ever(self) -> None:
        """Run the agenda whenever the clock says so, and wake tasks one at a time."""
        while True:
            limit = await self._baton()
            if not self.world.woken:
                self.world.run_items(limit, self.burst)
            self._wake_one()

    async def _baton(self) -> int:
        self._conductor = trio.lowlevel.current_task()

        def abort(_: object) -> Abort:
            self._conductor = None
            return Abort.SUCCEEDED

        limit: int = await trio.lowlevel.wait_task_rescheduled(abort)
        return limit

    def _wake_one(self) -> None:
        woken = self.world.woken
        while woken:
            key = woken.pop(0)
            if key == LIVES:
                self._follow_lives()
                return
            if self._room.wake(key):
                self._woken_at = self.world.now
                return

    # ------------------------------------------------------------ lives

    def observe(self, observation: Observation) -> None:
        """Notice lives that begin and end, if there is anybody living in them."""
        if self._lives and isinstance(observation, Booted | Crashed | Injected):
            self.world.woken.append(LIVES)

    async def _begin_life(self, node: str) -> trio.Nursery:
        """Open the nursery of the present life. Meanwhile another task may have been quicker, or the life over."""
        life = self.world.node(node).life
        ours = await self._nursery.start(_live)
        _, nursery = self._lives.setdefault(node, (life, ours))
        if nursery is not ours:
            ours.cancel_scope.cancel()
        self._follow_lives()
        return nursery

    def _follow_lives(self) -> None:
        """Cancel the nursery of every life that has ended."""
        for name, (life, nursery) in list(self._lives.items()):
            node = self.world.node(name)
            if not node.up or life != node.life:
                nursery.cancel_scope.cancel()
                del self._lives[name]


async def _live(task_status: trio.TaskStatus[trio.Nursery]) -> None:
    async with trio.open_nursery() as nursery:
        task_status.started(nursery)
        await trio.sleep_forever()


@asynccontextmanager
async def open_host(world: World, patience: int = PATIENCE) -> AsyncIterator[Host]:
    """Let Trio tasks live with `world`; on leaving, its time stops and every task on its nodes is cancelled.

    It must run under a `SteppingClock` (`trio.run(main, clock=SteppingClock())`). An exception of a machine, of the
    body or of a task comes out as itself. `patience` is in microseconds of virtual time.
    """
    clock = trio.lowlevel.current_clock()
    assert isinstance(clock, SteppingClock), "A cluster needs virtual time: trio.run(main, clock=SteppingClock())."
    assert clock.free, "One cluster at a time can live on one clock."
    try:
        async with trio.open_nursery() as nursery:
            host = Host(world, nursery, patience)
            clock.attach(host)
            world.add_observer(host.observe)
            nursery.start_soon(host.conduct_for_ever)
            try:
                yield host
            finally:
                nursery.cancel_scope.cancel()
    except BaseExceptionGroup as group:
        raise _only(group) from None
    finally:
        world.remove_observer(host.observe)
        clock.attach(None)


def _only(error: BaseException) -> BaseException:
    """The one exception in a nest of groups; the group itself if it holds several."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error
