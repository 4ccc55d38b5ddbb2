"""A run in the making: spec, seed and the list of interventions, with the world they give.

The law: this is the one way to act on a cluster, for the screen, scripts, lessons and tests alike. Selectors are
resolved when something is done and recorded resolved, and what is done at an instant comes behind all that has
happened in it, so that the same three things give the same history again.
"""

from __future__ import annotations

import pickle
from copy import copy
from random import Random

import msgspec

from algorithms.machine import Record
from nodes.observation import Observer
from nodes.world import World
from playground.commands import Ask, Command, faults, parse, request, resolve, write
from playground.errors import BadInput
from playground.spec import Spec, build_world
from playground.standing import in_role


class Intervention(Record, frozen=True):
    """Something that was done at true time `at` (microseconds), in the command language, resolved."""

    at: int
    text: str


class Recording(Record, frozen=True):
    """The three things that are a run. `until` is how far it went, microseconds."""

    spec: Spec
    seed: int | str
    interventions: tuple[Intervention, ...]
    until: int


class Done(Record, frozen=True):
    """What was done: the resolved text, and the request's id if it asks a client for something."""

    text: str
    request_id: int | None = None


class Session:
    """A cluster and what has been done to it. Observers see everything."""

    def __init__(self, spec: Spec, seed: int | str, observers: tuple[Observer, ...] = ()) -> None:
        self.spec = spec
        self.seed = seed
        self.interventions: list[Intervention] = []
        self.world: World = build_world(spec, seed, observers)
        self._dice = Random(f"{seed}:commands")

    def do(self, command: str | Command, where: str = "console") -> Done:
        """Do it now. Raises BadInput if it cannot be understood, or makes no sense at this instant.

        It is recorded first: if a machine of ours fails over it, the recording shows that again.
        """
        given = parse(command, where) if isinstance(command, str) else command
        self.world.run_until(self.world.now)
        resolved = resolve(given, self.world, self.spec, self._dice)
        text = write(resolved)
        self.interventions.append(Intervention(self.world.now, text))
        if isinstance(resolved, Ask):
            service, wish = request(resolved)
            assert resolved.client is not None, "A resolved wish names its client."
            return Done(text, self.world.ask(resolved.client, service, wish))
        for fault in faults(resolved):
            self.world.inject(fault)
        return Done(text)

    def run_until(self, at: int) -> None:
        """Let time go on to the instant `at` (true time, microseconds)."""
        self.world.run_until(at)

    def outcome(self, request_id: int) -> Record | None:
        """How a request ended, None while it has not; it can be taken once."""
        return self.world.outcomes.pop(request_id, None)

    def leader(self, service: str) -> str | None:
        """Who leads `service`, by the newest term; None if nobody does."""
        return next(iter(in_role(self.world, service, "leader")), None)

    def fork(self) -> Session:
        """Another session that stands where this one does and has the same dice in its hand; observers stay behind."""
        other = copy(self)
        other.interventions = list(self.interventions)
        other.world, other._dice = pickle.loads(pickle.dumps((self.world, self._dice)))
        return other

    def recording(self) -> Recording:
        """This run as a value."""
        return Recording(self.spec, self.seed, tuple(self.interventions), self.world.now)


def replay(recording: Recording, until: int | None = None, observers: tuple[Observer, ...] = ()) -> Session:
    """The same run again, up to `until` (true time; the recording's own end if None)."""
    session = Session(recording.spec, recording.seed, observers)
    end = recording.until if until is None else until
    for each in recording.interventions:
        if each.at > end:
            break
        session.run_until(each.at)
        session.do(each.text, "recording")
    session.run_until(end)
    return session


def save(recording: Recording) -> bytes:
    """A recording as JSON, one thing a line, to be kept or sent to somebody."""
    return msgspec.json.format(msgspec.json.encode(recording), indent=1)


def load(content: bytes, where: str) -> Recording:
    """What `save` gave. Raises BadInput."""
    try:
        return msgspec.json.decode(content, type=Recording)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise BadInput(f"{where} is not a recording of the playground: {error}") from None
