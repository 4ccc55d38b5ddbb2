"""A run in the making: spec, seed and the list of interventions, with the world they give.

The law: this is the one way to act on a cluster, for the screen, scripts, lessons and tests alike. Selectors are
resolved when something is done and recorded resolved, and what is done at an instant comes behind all that has
happened in it, so that the same three things give the same history again.
"""

from __future__ import annotations

import pickle
from copy import copy
from random import Random
from typing import TYPE_CHECKING

import msgspec

from algorithms.machine import Record
from nodes.observation import Observer
from nodes.world import World
from playground.answers import Answers
from playground.commands import Ask, Command, faults, parse, resolve, write
from playground.commands.values import AddNode, PutFile
from playground.errors import BadInput
from playground.services import kind_of
from playground.spec import Spec, add_server, build_world
from playground.standing import in_role

if TYPE_CHECKING:
    from algorithms.ring.versions import Manifest
    from playground.kinds.kind import Ledger
    from playground.spool import Spool


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
    """A cluster and what has been done to it. Observers see everything.

    `given` is the path of the file that `file put input` means; empty, it is one that is made from the seed.
    """

    def __init__(self, spec: Spec, seed: int | str, observers: tuple[Observer, ...] = (), given: str = "") -> None:
        self.spec = spec
        self.seed = seed
        self.given = given
        self.answers = Answers()
        """What was asked, and how it ended."""
        self.interventions: list[Intervention] = []
        self.world: World = build_world(spec, seed, observers)
        self.ledgers: dict[str, Ledger] = {}
        """What is remembered of services, by name."""
        self._keep_ledgers()
        self._dice = Random(f"{seed}:commands")
        self._spool: Spool | None = None

    def _keep_ledgers(self) -> None:
        for each in self.spec.services:
            ledger = kind_of(each.kind).ledger(self.world, each.name, self.spec.clients)
            if ledger is not None:
                self.ledgers[each.name] = ledger
                self.world.add_observer(ledger.observe)

    @property
    def spool(self) -> Spool:
        """The bytes of the files that the cluster holds. It is made when somebody asks; most sessions need none."""
        if self._spool is None:
            from playground.spool import Spool

            self._spool = Spool()
        return self._spool

    def do(self, command: str | Command, where: str = "console") -> Done:
        """Do it now. Raises BadInput if it cannot be understood, or makes no sense at this instant.

        It is recorded first: if a machine of ours fails over it, the recording shows that again.
        """
        given = parse(command, where) if isinstance(command, str) else command
        self.world.run_until(self.world.now)
        resolved = resolve(given, self.world, self.spec, self._dice)
        if isinstance(resolved, Ask):
            resolved = self._with_file(resolved)
        text = write(resolved)
        self.interventions.append(Intervention(self.world.now, text))
        if isinstance(resolved, Ask):
            return Done(text, self._ask(resolved))
        for fault in faults(resolved):
            self.world.inject(fault)
        return Done(text)

    def _ask(self, ask: Ask) -> int:
        assert ask.client is not None, "A resolved wish names its client."
        assert ask.service is not None, "A resolved wish names its service."
        if isinstance(ask.wish, AddNode) and ask.wish.node not in self.world.names:
            add_server(self.world, self.spec, ask.wish.node)
            self.world.boot(ask.wish.node)
        kind = next(each.kind for each in self.spec.services if each.name == ask.service)
        request_id = self.world.ask(ask.client, ask.service, kind_of(kind).request(ask, self._manifest))
        self.answers.asked(request_id, ask)
        return request_id

    def _manifest(self, sha256: str) -> Manifest:
        return self.spool.manifest(sha256)

    def _with_file(self, ask: Ask) -> Ask:
        """A file that is to be put is taken into the spool, and from then on known by its digest."""
        if not isinstance(ask.wish, PutFile):
            return ask
        from playground.taking import taken

        wish = taken(ask.wish, self.spool, self.seed, self.given)
        return msgspec.structs.replace(ask, wish=wish)

    def run_until(self, at: int) -> None:
        """Let time go on to the instant `at` (true time, microseconds)."""
        self.world.run_until(at)

    def outcome(self, request_id: int) -> Record | None:
        """How a request ended, None while it has not; it can be taken once."""
        outcome = self.world.outcomes.pop(request_id, None)
        if outcome is not None:
            self.answers.ended(request_id, outcome)
        return outcome

    def file_sentences(self) -> tuple[str, ...]:
        """How each reading of a file ended that is over, in the order in which they were asked for."""
        self.answers.look(self.world)
        return self.answers.file_sentences(self.spool) if self._spool is not None else ()

    def file_sentence(self, request_id: int) -> str:
        """How the reading of a file ended, its bytes compared; empty if this request is not over, or was none."""
        self.answers.look(self.world)
        return self.answers.file_sentence(request_id, self.spool)

    def leader(self, service: str) -> str | None:
        """Who leads `service`, by the newest term; None if nobody does."""
        return next(iter(in_role(self.world, service, "leader")), None)

    def fork(self) -> Session:
        """Another session that stands where this one does and has the same dice in its hand; observers stay behind."""
        other = copy(self)
        other.interventions = list(self.interventions)
        other.answers = self.answers.copy()
        kept = (self.world, self._dice, self.ledgers)
        other.world, other._dice, other.ledgers = pickle.loads(pickle.dumps(kept))
        for ledger in other.ledgers.values():
            other.world.add_observer(ledger.observe)
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
