"""A recipe: a small program over a session, which asks, waits for a reply or a watch, and asks again.

The law: it is a state machine with everything in its fields, so that the world around it can be kept and gone back to.
It holds what it has only as long as the session lives (ZooKeeper recipes and solutions).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.keeper.client.outcomes import said
from algorithms.keeper.client.pending import Sendable
from algorithms.keeper.commands import Create, Delete, Mode
from algorithms.keeper.errors import Error
from algorithms.keeper.messages import Reply, WatchEvent
from algorithms.keeper.tree.paths import ROOT, parent_of
from algorithms.keeper.view import RecipeView
from algorithms.machine import Failed, Outcome, Record, Unknown

if TYPE_CHECKING:
    from algorithms.keeper.client.commanding import Commanding

SOURCE = "ZooKeeper recipes and solutions"


class Leaving:
    """Sees to it that a znode that nobody needs any more goes."""

    __slots__ = ("commanding",)

    def __init__(self, commanding: Commanding) -> None:
        self.commanding = commanding

    def replied(self, operation: Sendable, reply: Reply) -> None:
        """It is gone, or was already."""

    def unsure(self, operation: Sendable, why: str) -> None:
        """Ask again: to delete it twice is to delete it once."""
        self.commanding.client.requests.add(operation, self)

    def undone(self, operation: Sendable, why: str) -> None:
        """It goes with the session."""


class Recipe:
    """`request_id` is the command that it works for now; 0 if it only holds something."""

    name = ""

    def __init__(self, commanding: Commanding, path: str) -> None:
        self.commanding = commanding
        self.path = path
        self.request_id = 0
        self.state = "waiting"
        self.znode = ""
        self.waits_for = ""
        self.token = 0

    def view(self) -> RecipeView:
        """For onlookers."""
        return RecipeView(self.name, self.path, self.state, self.znode, self.waits_for, self.token)

    # ------------------------------------------------------------ for its subclasses

    def go_on(self, request_id: int, command: Record) -> None:
        """Somebody asks for its next step."""
        raise NotImplementedError

    def replied(self, operation: Sendable, reply: Reply) -> None:
        """See `Asker`."""
        raise NotImplementedError

    def unsure(self, operation: Sendable, why: str) -> None:
        """See `Asker`."""
        raise NotImplementedError

    def undone(self, operation: Sendable, why: str) -> None:
        """See `Asker`."""
        self.over(Failed(why))

    def looks_again(self) -> None:
        """What it waits for has happened."""

    def notified(self, event: WatchEvent) -> None:
        """A watch of this client has fired."""
        if event.path == self.waits_for:
            self.waits_for = ""
            self.looks_again()

    def give_up(self) -> None:
        """It has waited for too long. What is under way may be done."""
        why = said(Error.OPERATIONTIMEOUT)
        sent = [each for each in self.commanding.client.requests.sent if each.asker is self and not each.over]
        may_be_done = any(isinstance(each.operation, Create | Delete) for each in sent)
        self.over(Unknown(why) if may_be_done else Failed(why))

    def session_lost(self) -> None:
        """What it has is gone with the session."""
        if self.request_id:
            self.over(Failed(said(Error.SESSIONEXPIRED)))
            return
        self.note(f"{self.name} {self.path}: lost with the session")
        self.forget()

    # ------------------------------------------------------------ acting

    def ask(self, operation: Sendable) -> None:
        """The reply comes to `replied`."""
        self.commanding.client.requests.add(operation, self)

    def note(self, text: str) -> None:
        """Explain a step."""
        self.commanding.client.note(text, SOURCE)

    def answer(self, outcome: Outcome) -> None:
        """The command that it worked for has ended; what it holds it keeps."""
        request_id, self.request_id = self.request_id, 0
        if request_id:
            self.commanding.recipe_ended(request_id, outcome)

    def over(self, outcome: Outcome) -> None:
        """It has ended, and holds nothing."""
        self.forget()
        self.answer(outcome)

    def keep(self) -> None:
        """It is one of those that are under way or hold something."""
        self.commanding.recipes[self.name, self.path] = self

    def forget(self) -> None:
        """It is none of them any more; replies that still come are for nobody."""
        if self.commanding.recipes.get((self.name, self.path)) is self:
            del self.commanding.recipes[self.name, self.path]
        for pending in (*self.commanding.client.requests.waiting, *self.commanding.client.requests.sent):
            if pending.asker is self:
                pending.over = True

    def discard(self, znode: str) -> None:
        """Delete a znode that nobody needs any more, whatever becomes of the recipe."""
        self.commanding.client.requests.add(Delete(znode), Leaving(self.commanding))

    def make_directory(self) -> None:
        """The znode under which everything of the recipe lies, with those above it."""
        path, above = self.path, []
        while path != ROOT:
            above.append(path)
            path = parent_of(path)
        for each in reversed(above):
            self.ask(Create(each, mode=Mode.PERSISTENT))
