"""A cluster for your own tests, under Trio and in virtual time.

    async def main():
        async with open_cluster(DEFAULT_SPEC, seed=7) as cluster:
            await cluster.until(lambda: cluster.leader("raft") is not None, within=2.0)
            await cluster.kill(cluster.leader("raft"))
            assert await cluster.call("raft", Put("x", 1)) == Ok(None)

    run(main)

The law: times are virtual seconds here, as in Trio; everything that is done is a line of the session, so that a
test that fails can be saved and replayed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar, TypeVarTuple

import trio

from algorithms.machine import Machine, Record
from nodes.host import Host, Pace, SteppingClock, open_host
from nodes.observation import Observer
from nodes.world import World
from playground.commands import Ask
from playground.commands.values import Reach, Wish
from playground.session import Session
from playground.spec import DEFAULT_SPEC, Spec

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

SECOND = 1_000_000


class Cluster:
    """The verbs of a test. Nodes are named as in the spec (`n1`.., `c1`..)."""

    def __init__(self, session: Session, host: Host) -> None:
        self.session = session
        self.host = host

    @property
    def world(self) -> World:
        """The world itself, to look at."""
        return self.session.world

    @property
    def now(self) -> float:
        """True virtual time in seconds."""
        return self.world.now / SECOND

    async def do(self, line: str) -> Record | None:
        """Carry out one line of the command language; a request gives its outcome, all else None."""
        done = self.session.do(line, "do")
        if done.request_id is None:
            await trio.lowlevel.checkpoint()
            return None
        return await self._answer(done.request_id)

    async def kill(self, *nodes: str) -> None:
        """Let the processes of these nodes die."""
        await self.do(f"kill {' '.join(nodes)}")

    async def restart(self, *nodes: str) -> None:
        """Boot these nodes."""
        await self.do(f"restart {' '.join(nodes)}")

    async def partition(self, *groups: tuple[str, ...]) -> None:
        """Part these groups; a node in two of them is a bridge."""
        await self.do("partition " + " | ".join(" ".join(group) for group in groups))

    async def cut(self, source: str, target: str) -> None:
        """Let nothing pass from `source` to `target`; the other direction stays."""
        await self.do(f"cut {source} -> {target}")

    async def heal(self) -> None:
        """Make every link as new."""
        await self.do("heal")

    async def call(
        self, service: str, command: Wish, client: str | None = None, n: int = 0, r: int = 0, w: int = 0
    ) -> Record:
        """Ask the client machine of `service` on `client` (the first client node if None) for `command`.

        `n`, `r` and `w` are how wide a request to a ring reaches; 0 is as its settings say. The result is `Ok`,
        `Failed` or `Unknown`, of a ring's reads `Found`. Raises BadInput if there is no such client or service.
        """
        done = self.session.do(Ask(command, client or self.session.spec.clients[0], service, Reach(n, r, w)))
        assert done.request_id is not None, "A wish has a request."
        return await self._answer(done.request_id)

    async def _answer(self, request_id: int) -> Record:
        outcome = await self.host.answer(request_id)
        self.session.answers.ended(request_id, outcome)
        return outcome

    async def sleep(self, seconds: float) -> None:
        """Let virtual time pass."""
        await self.host.sleep(round(seconds * SECOND))

    async def until(self, condition: Callable[[], bool], within: float, what: str = "the condition") -> None:
        """Wait until `condition()` holds, looking every virtual millisecond; TimeoutError after `within` seconds."""
        await self.host.until(condition, round(within * SECOND), what)

    async def spawn(self, node: str, task: Callable[[*Ts], Awaitable[object]], *args: *Ts) -> None:
        """Start a task as a part of the present life of `node`: a crash cancels it."""
        await self.host.spawn(node, task, *args)

    def machine(self, node: str, service: str) -> Machine | None:
        """The machine, None while its node is down."""
        return self.world.machine(node, service)

    def leader(self, service: str) -> str | None:
        """The leader with the highest term that is up, None if there is none."""
        return self.session.leader(service)


@asynccontextmanager
async def open_cluster(
    spec: Spec = DEFAULT_SPEC, seed: int | str = 1, observers: tuple[Observer, ...] = ()
) -> AsyncIterator[Cluster]:
    """A running cluster, whose time is Trio's time until the block is left.

    It must run under a `SteppingClock`: use `run` below, or a pytest-trio fixture that returns one.
    """
    session = Session(spec, seed, observers)
    async with open_host(session.world) as host:
        yield Cluster(session, host)


def run(main: Callable[[*Ts], Awaitable[T]], *args: *Ts, pace: Pace | None = None) -> T:
    """`trio.run` in virtual time: as fast as the machine can, or at a `pace`."""
    return trio.run(main, *args, clock=SteppingClock(pace=pace))
