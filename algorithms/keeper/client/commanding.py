"""What somebody has asked a client for, until it has ended.

The law: `Ok` is a server's word, `Failed` means surely not done, everything else is `Unknown`. A command waits for a
connection as long as `request_timeout`, a recipe for its turn as long as `lock_wait`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.keeper.client.outcomes import outcome_of, said
from algorithms.keeper.client.pending import Pending, Requests, Sendable
from algorithms.keeper.commands import (
    AddAuth,
    CloseSession,
    Create,
    Delete,
    Guarded,
    Look,
    Multi,
    Reconnect,
    SetAcl,
    SetData,
)
from algorithms.keeper.errors import Error
from algorithms.keeper.messages import ReadResource, Reply, ResourceResponse, WatchEvent, WriteResource
from algorithms.keeper.recipes.book import RECIPES, recipe_for
from algorithms.keeper.recipes.recipe import Recipe
from algorithms.keeper.view import RecipeView
from algorithms.machine import Answer, Failed, Ok, Outcome, Record, Send, Unknown

if TYPE_CHECKING:
    from algorithms.keeper.client.machine import KeeperClient

CHANGES = Create | Delete | SetData | SetAcl | Multi | CloseSession
HOLDING = ("held", "leading")
"""States of a recipe that has what it wanted."""
RESOURCE_RETRY = 100_000
"""After so many us without an answer the resource is asked again."""


class Counted:
    """How commands have ended."""

    __slots__ = ("done", "failed", "unknown")

    def __init__(self) -> None:
        self.done = self.failed = self.unknown = 0


class Plain:
    """One operation that somebody asked for."""

    __slots__ = ("commanding", "operation", "request_id")

    def __init__(self, commanding: Commanding, request_id: int, operation: Sendable) -> None:
        self.commanding, self.request_id, self.operation = commanding, request_id, operation

    def replied(self, operation: Sendable, reply: Reply) -> None:
        """See `Asker`."""
        self.commanding.end(self.request_id, outcome_of(operation, reply))
        if isinstance(operation, CloseSession):
            self.commanding.client.close()

    def unsure(self, operation: Sendable, why: str) -> None:
        """See `Asker`."""
        self.commanding.end(self.request_id, Unknown(why))

    def undone(self, operation: Sendable, why: str) -> None:
        """See `Asker`."""
        self.commanding.end(self.request_id, Failed(why))


class Nobody:
    """Waits for what is only told again."""

    def replied(self, operation: Sendable, reply: Reply) -> None:
        """See `Asker`."""

    def unsure(self, operation: Sendable, why: str) -> None:
        """See `Asker`."""

    def undone(self, operation: Sendable, why: str) -> None:
        """See `Asker`."""


class Visit:
    """A word to the resource outside."""

    __slots__ = ("command", "message", "request_id")

    def __init__(self, request_id: int, command: Guarded | Look, message: WriteResource | ReadResource) -> None:
        self.request_id, self.command, self.message = request_id, command, message


class Commanding:
    """All commands of one client."""

    def __init__(self, client: KeeperClient) -> None:
        self.client = client
        self.counted = Counted()
        self.recipes: dict[tuple[str, str], Recipe] = {}
        """By the recipe's name and its path: those under way, and those that hold something."""
        self._working: dict[int, Recipe] = {}
        """By the command that a recipe works for."""
        self._open: dict[int, Pending | Record] = {}
        """Commands that have not ended; those that are one operation of the session as what waits."""
        self._visits: dict[int, Visit] = {}
        self._sequence = 0

    def recipes_in_view(self) -> tuple[RecipeView, ...]:
        """For onlookers."""
        return tuple(each.view() for each in self.recipes.values())

    # ------------------------------------------------------------ beginning

    def begin(self, request_id: int, command: Record) -> None:
        """Somebody asks for something."""
        client = self.client
        self._open[request_id] = command
        if client.status == "closed" and not isinstance(command, CloseSession | Look):
            client.connect()
        if isinstance(command, RECIPES):
            self._begin_recipe(request_id, command)
            return
        client.set_timer(f"deadline {request_id}", client.settings.request_timeout)
        match command:
            case Reconnect(server):
                client.leave("it was asked to go elsewhere")
                client.connect(server)
                self.end(request_id, Ok(client.server))
            case Guarded():
                self._guarded(request_id, command)
            case Look(name):
                self._visit(request_id, command, ReadResource(*self._header(), name))
            case CloseSession() if not client.session_id:
                self.end(request_id, Failed(said(Error.SESSIONEXPIRED)))
            case _:
                assert isinstance(command, Sendable), f"a client of the keeper cannot ask for {command}"
                if isinstance(command, AddAuth):
                    client.auths[command] = None
                self._open[request_id] = client.requests.add(command, Plain(self, request_id, command))

    def tell_again(self, auth: AddAuth) -> None:
        """A new connection does not know it."""
        self.client.requests.add_first(auth, Nobody())

    def end(self, request_id: int, outcome: Outcome) -> None:
        """A command has ended."""
        if self._open.pop(request_id, None) is None:
            return
        self._visits.pop(request_id, None)
        self._working.pop(request_id, None)
        self.client.cancel(f"deadline {request_id}")
        match outcome:
            case Ok():
                self.counted.done += 1
            case Failed():
                self.counted.failed += 1
            case Unknown():
                self.counted.unknown += 1
        self.client.effects.append(Answer(request_id, outcome))

    # ------------------------------------------------------------ time, and lost connections

    def ring(self, timer: str) -> None:
        """A command's time is over, or the resource has not answered."""
        what, _, number = timer.partition(" ")
        request_id = int(number)
        if what == "resource":
            self._visit_again(request_id)
        elif what == "wait":
            self._out_of_time(request_id)
        else:
            assert what == "deadline", f"a client of the keeper has no timer {timer}"
            self._give_up(request_id)

    def _give_up(self, request_id: int) -> None:
        waiting, why = self._open.get(request_id), said(Error.OPERATIONTIMEOUT)
        if isinstance(waiting, Pending):
            waiting.over = True
            sent = waiting.xid and isinstance(waiting.operation, CHANGES)
            self.end(request_id, Unknown(f"{why}; it was sent, and may be done") if sent else Failed(why))
        else:
            self.end(request_id, Unknown(why) if isinstance(waiting, Guarded) else Failed(why))

    def connection_lost(self, requests: Requests) -> None:
        """What was sent may be done; reads are asked again."""
        again = []
        for pending in requests.sent:
            if pending.over:
                continue
            if isinstance(pending.operation, CHANGES):
                pending.over = True
                pending.asker.unsure(pending.operation, said(Error.CONNECTIONLOSS))
            elif not isinstance(pending.asker, Nobody):
                pending.xid = 0
                again.append(pending)
        requests.sent.clear()
        requests.waiting.extendleft(reversed(again))

    # ------------------------------------------------------------ recipes

    def _begin_recipe(self, request_id: int, command: Record) -> None:
        recipe = recipe_for(self, request_id, command)
        if recipe is None:
            self.end(
                request_id, Failed(f"{self.client.name} has nothing of the kind at {getattr(command, 'path', '')}")
            )
            return
        wait = self.client.settings.lock_wait
        self.client.set_timer(f"wait {request_id}", wait)
        self._working[request_id] = recipe
        recipe.go_on(request_id, command)

    def recipe_ended(self, request_id: int, outcome: Outcome) -> None:
        """It has what it wanted, or never will."""
        self.client.cancel(f"wait {request_id}")
        self.end(request_id, outcome)

    def _out_of_time(self, request_id: int) -> None:
        recipe = self._working.get(request_id)
        if recipe is not None and recipe.request_id == request_id:
            recipe.give_up()

    def notified(self, event: WatchEvent) -> None:
        """A watch has fired: whoever waits for that path looks again."""
        for recipe in tuple(self.recipes.values()):
            recipe.notified(event)

    def session_lost(self) -> None:
        """Every ephemeral is gone, or will be."""
        for recipe in tuple(self.recipes.values()):
            recipe.session_lost()

    # ------------------------------------------------------------ the resource outside

    def _header(self) -> tuple[str, int]:
        self._sequence += 1
        return f"{self.client.name}.{self.client.life}", self._sequence

    def _guarded(self, request_id: int, command: Guarded) -> None:
        """Under the lock, as far as this client knows."""
        lock = self.recipes.get(("lock", command.path)) or self.recipes.get(("election", command.path))
        if lock is None or lock.state not in HOLDING:
            self.end(request_id, Failed(f"{self.client.name} does not hold {command.path}"))
        elif self.client.settings.checks_before_guarded_write and not self.client.is_up:
            self.end(request_id, Failed(f"{self.client.name} does not know whether it still holds {command.path}"))
        else:
            message = WriteResource(*self._header(), command.name, command.value, lock.token)
            self._visit(request_id, command, message)

    def _visit(self, request_id: int, command: Guarded | Look, message: WriteResource | ReadResource) -> None:
        self._visits[request_id] = Visit(request_id, command, message)
        self._visit_again(request_id)

    def _visit_again(self, request_id: int) -> None:
        visit = self._visits.get(request_id)
        if visit is not None:
            self.client.effects.append(Send(self.client.resource_node, visit.message))
            self.client.set_timer(f"resource {request_id}", RESOURCE_RETRY)

    def resource_said(self, response: ResourceResponse) -> None:
        """The resource has taken the write, or refused it, or says what it holds."""
        header = response.client_id, response.sequence
        for visit in tuple(self._visits.values()):
            if (visit.message.client_id, visit.message.sequence) == header:
                self.client.cancel(f"resource {visit.request_id}")
                self.end(visit.request_id, _outcome_of_visit(visit, response))


def _outcome_of_visit(visit: Visit, response: ResourceResponse) -> Outcome:
    if isinstance(visit.command, Look):
        return Ok(response.value)
    if response.rejected:
        return Failed(f"fenced: {visit.command.name} has seen the newer token {response.token:#x}")
    return Ok(response.token)
