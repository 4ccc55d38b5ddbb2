"""When brokers are calm again: everything is led and in sync, no group rebalances, nothing waits to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground.kinds import broker_standing as standing

if TYPE_CHECKING:
    from playground.session import Session

LOOK = 100_000
"""Virtual time between two looks, microseconds."""


class BrokerSettling:
    """See `Settling`."""

    def __init__(self, session: Session, service: str) -> None:
        self._session, self._service = session, service
        self._looked_at = -LOOK
        self._unrest = ""

    def look(self) -> str | None:
        """See `Settling`."""
        world = self._session.world
        if world.now < self._looked_at + LOOK:
            return None
        self._looked_at = world.now
        self._start_what_was_stopped()
        self._unrest = standing.unrest(world, self._service) or self._work()
        return None if self._unrest else "every partition was led, all replicas were in sync, and everything was read"

    def _start_what_was_stopped(self) -> None:
        """A broker that was shut down in order is up as a node and no broker: it is started again."""
        for name, state in standing.brokers(self._session.world, self._service).items():
            if state.is_shut_down:
                self._session.do(f"restart {name}", "the settle phase")

    def _work(self) -> str:
        """What clients still wait for."""
        world, service = self._session.world, self._service
        for name, machine in standing.clients(world, service).items():
            view = machine.view()
            if view.buffered or view.in_flight:
                return f"{name} still waits for {view.buffered + view.in_flight} batches or records"
            if view.group and view.consumer_state != "stable":
                return f"{name} is {view.consumer_state} in group {view.group}"
        open_ones = (
            name
            for name, (each, _) in standing.transactions(world, service).items()
            if each.now.state not in ("Empty", "CompleteCommit", "CompleteAbort")
        )
        unfinished = next(open_ones, "")
        if unfinished:
            return f"the transaction of {unfinished} is not complete"
        return self._unread()

    def _unread(self) -> str:
        world, service = self._session.world, self._service
        for name, machine in standing.clients(world, service).items():
            for each in machine.view().consumed if machine.consumer.group else ():
                replica = standing.leading_replica(world, service, each.partition)
                if replica is not None and each.position < replica.last_stable_offset:
                    return f"{name} has not read all of {each.partition}"
        return ""

    def why_not(self) -> str:
        """See `Settling`."""
        return self._unrest or "nobody has looked"
