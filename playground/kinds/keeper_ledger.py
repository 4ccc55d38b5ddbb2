"""What became of a keeper while a session goes on: reigns, sessions, watch events, guarded writes.

The law: it only watches. A reign counts when its leader may broadcast; a guarded write is overwritten knowledge when
the resource took it though it had seen a newer token.
"""

from __future__ import annotations

from algorithms.keeper.machine import KeeperMachine
from algorithms.keeper.messages import ResourceResponse, WriteResource
from algorithms.keeper.state import State
from algorithms.keeper.txns import CloseSessionTxn, CreateSessionTxn, Txn
from algorithms.keeper.zxid import ZERO
from algorithms.machine import Received, Save, Send
from nodes.faults import Kill, PowerLoss, Restart
from nodes.observation import Booted, Crashed, Injected, Observation, Turn
from nodes.world import World
from playground.kinds import keeper_standing as standing


class KeeperLedger:
    """Of one service. Give `observe` to the world."""

    def __init__(self, world: World, service: str) -> None:
        self._world, self._service = world, service
        self.reigns: dict[int, str] = {}
        """By epoch: who led it."""
        self.opened = self.closed = self.expired = 0
        """Sessions."""
        self.transactions = 0
        self.accepted = self.rejected = self.overwritten = 0
        """Guarded writes, as the resource has decided."""
        self._frontier = ZERO
        self._newest: dict[str, int] = {}
        """By resource: the newest token with which it was written."""
        self._leads: dict[str, None] = {}
        self._without_since: int | None = 0
        self._without = 0

    @property
    def without_leader(self) -> int:
        """How long nobody could broadcast, up to now (us)."""
        running = self._world.now - self._without_since if self._without_since is not None else 0
        return self._without + running

    def observe(self, observation: Observation) -> None:
        """Take one observation."""
        if isinstance(observation, Turn):
            if observation.service == self._service:
                machine = self._world.machine(observation.node, self._service)
                if isinstance(machine, KeeperMachine):
                    self._turn(observation, machine.state)
        elif isinstance(observation, Injected | Crashed | Booted):
            node = _goes_down(observation)
            if node in self._leads:
                self._leads_no_more(node, observation.at)

    def _turn(self, turn: Turn, state: State) -> None:
        if state.zab.leads:
            self._leads_now(turn, state)
        elif turn.node in self._leads:
            self._leads_no_more(turn.node, turn.at)
        committed = state.zab.state.last_committed
        if committed > self._frontier:
            for each in state.zab.state.log.between(self._frontier, committed):
                self._delivered(each.txn)  # type: ignore[arg-type]
            self._frontier = committed
        if isinstance(turn.event, Received) and isinstance(turn.event.message, WriteResource):
            self._written(turn, turn.event.message)

    def _leads_now(self, turn: Turn, state: State) -> None:
        self.reigns.setdefault(state.zab.state.current_epoch, turn.node)
        self._leads[turn.node] = None
        if self._without_since is not None:
            self._without += turn.at - self._without_since
            self._without_since = None

    def _leads_no_more(self, node: str, at: int) -> None:
        self._leads.pop(node, None)
        if not self._leads and self._without_since is None:
            self._without_since = at

    def _delivered(self, txn: Txn) -> None:
        self.transactions += 1
        match txn.body:
            case CreateSessionTxn():
                self.opened += 1
            case CloseSessionTxn(_, expired):
                self.closed += 1
                self.expired += expired

    def _written(self, turn: Turn, request: WriteResource) -> None:
        answers = (each.message for each in turn.effects if isinstance(each, Send))
        answer = next((each for each in answers if isinstance(each, ResourceResponse)), None)
        if answer is None or not any(isinstance(each, Save) for each in turn.effects):
            return  # A second copy of a write is the same write.
        if answer.rejected:
            self.rejected += 1
            return
        self.accepted += 1
        self.overwritten += request.token < self._newest.get(request.name, 0)
        self._newest[request.name] = max(request.token, self._newest.get(request.name, 0))


def _goes_down(observation: Injected | Crashed | Booted) -> str:
    """The node whose life this ends; empty if none."""
    if isinstance(observation, Injected):
        fault = observation.fault
        return fault.node if isinstance(fault, Kill | PowerLoss | Restart) else ""
    return observation.node


def notifications(world: World, service: str) -> int:
    """Watch events that clients which are up have got in this life."""
    return sum(view.notifications for view in standing.clients(world, service).values())
