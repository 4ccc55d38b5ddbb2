"""Locks in virtual time, and the tokens that a resource takes (Kleppmann 2016, "How to do distributed locking").

The law: a client believes until it knows better, so two may believe at once; but of two whose sessions are alive only
one may. Only the resource can keep the other from writing, by the order of tokens.
"""

from __future__ import annotations

from algorithms.keeper.client.machine import KeeperClient
from algorithms.keeper.commands import Lock
from algorithms.keeper.machine import KeeperMachine
from algorithms.keeper.messages import ResourceResponse, WriteResource
from algorithms.keeper.recipes.lock import LockRecipe
from algorithms.keeper.zxid import zxid_of
from algorithms.machine import Answer, Asked, Invoke, Ok, Received, Save, Send
from nodes.observation import Booted, Observation, Turn
from nodes.world import World
from playground.checks.findings import Findings
from playground.checks.keeper.names import FENCING, LOCKS
from playground.checks.keeper.sequence import Sequence
from playground.kinds.keeper_standing import client_of


class LockRules:
    """`granted` counts locks that were given, `two_believers` how often another client still believed."""

    def __init__(
        self, world: World, service: str, clients: tuple[str, ...], sequence: Sequence, findings: Findings
    ) -> None:
        self._world, self._service, self._clients = world, service, clients
        self._sequence, self._findings = sequence, findings
        self._asked: dict[tuple[str, int], Lock] = {}
        self.granted = self.two_believers = self.guarded = 0
        self._newest: dict[str, tuple[int, str]] = {}
        """By resource: the newest token that it has taken, and whose."""

    def observe(self, observation: Observation) -> None:
        """Take one observation."""
        if observation.__class__ is Turn:
            if observation.service == self._service:
                self._turn(observation)
        elif isinstance(observation, Booted):
            self._booted(observation.node)

    def _turn(self, turn: Turn) -> None:
        event = turn.event
        if event.__class__ is Received and event.message.__class__ is WriteResource:
            self._written(turn, event.message)
        if turn.node not in self._clients:
            return
        if event.__class__ is Asked and isinstance(event.command, Lock):
            self._asked[turn.node, event.request_id] = event.command
        for effect in turn.effects:
            if effect.__class__ is Invoke and isinstance(effect.command, Lock):
                self._asked[turn.node, effect.request_id] = effect.command
            elif effect.__class__ is Answer:
                command = self._asked.pop((turn.node, effect.request_id), None)
                if command is not None and isinstance(effect.result, Ok):
                    self._granted(turn.node, command)

    def _booted(self, node: str) -> None:
        self._asked = {key: each for key, each in self._asked.items() if key[0] != node}
        machine = self._world.machine(node, self._service)
        if isinstance(machine, KeeperMachine):
            self._newest.clear()  # What was taken and not synced is gone, and nobody was told of it.

    # ------------------------------------------------------------ who is in

    def _granted(self, client: str, command: Lock) -> None:
        """Whoever else believes must not have a session that the servers count as alive; nor, if he has, this one: it
        may be told late, having stood still."""
        self.granted += 1
        mine = self._believer(client, command.path)
        for other in self._clients:
            theirs = self._believer(other, command.path) if other != client else None
            if mine is None or theirs is None or (mine[1].shared and theirs[1].shared):
                continue
            if self._is_right(*mine) and self._is_right(*theirs):
                what = f"{client} has {command.path} by {mine[1].znode} while {other} has it by {theirs[1].znode}"
                self._findings.add(LOCKS, f"{what}, and both sessions are alive")
            else:
                self.two_believers += 1

    def _believer(self, client: str, path: str) -> tuple[KeeperClient, LockRecipe] | None:
        """The client with its lock, if it believes to have it."""
        machine = client_of(self._world, client, self._service)
        recipe = machine.commanding.recipes.get(("lock", path)) if machine is not None else None
        if machine is None or not isinstance(recipe, LockRecipe) or recipe.state != recipe.inside:
            return None
        return machine, recipe

    def _is_right(self, machine: KeeperClient, recipe: LockRecipe) -> bool:
        """Whether its session is alive, and its znode still there, as all servers will have it."""
        tree = self._sequence.tree
        znode = tree.get(recipe.znode)
        return machine.session_id in tree.sessions and znode is not None and znode.czxid.number == recipe.token

    # ------------------------------------------------------------ what the resource takes

    def _written(self, turn: Turn, request: WriteResource) -> None:
        """A second copy of a write changes nothing, so nothing is saved for it."""
        if not any(isinstance(effect, Save) for effect in turn.effects):
            return
        for effect in turn.effects:
            if (
                isinstance(effect, Send)
                and isinstance(effect.message, ResourceResponse)
                and not effect.message.rejected
            ):
                self._taken(request)

    def _taken(self, request: WriteResource) -> None:
        self.guarded += 1
        newest, whose = self._newest.get(request.name, (0, ""))
        if request.token < newest:
            what = f"{request.name} took {request.value!r} of {request.client_id} with {zxid_of(request.token)}"
            self._findings.add(FENCING, f"{what} behind {whose} with {zxid_of(newest)}: an update is lost")
        else:
            self._newest[request.name] = request.token, f"{request.value!r} of {request.client_id}"
