"""The double barrier: all begin together, and all end together (ZooKeeper recipes, "Double Barriers").

The law: whoever comes as the last one puts up `ready`, for which all others wait; to leave, each waits until all have
gone, the lowest for the highest, the others for the lowest.
"""

from __future__ import annotations

from algorithms.keeper.client.outcomes import said
from algorithms.keeper.client.pending import Sendable
from algorithms.keeper.commands import Create, Delete, EnterBarrier, Exists, GetChildren, GetData, Mode
from algorithms.keeper.errors import Error
from algorithms.keeper.messages import ChildrenAre, Reply
from algorithms.keeper.recipes.recipe import Recipe
from algorithms.keeper.tree.paths import child_of
from algorithms.machine import Failed, Ok, Record

READY = "ready"


class BarrierRecipe(Recipe):
    """One client at a barrier."""

    name = "barrier"
    size = 0

    def go_on(self, request_id: int, command: Record) -> None:
        """Enter or leave."""
        if self.request_id:
            busy = Failed(f"{self.commanding.client.name} is at {self.path} already")
            self.commanding.recipe_ended(request_id, busy)
            return
        self.request_id = request_id
        self.keep()
        if isinstance(command, EnterBarrier):
            self.size = command.size
            self.znode = child_of(self.path, self.commanding.client.name)
            self.ask(Exists(child_of(self.path, READY), watch=True))
            self.waits_for = child_of(self.path, READY)
            self._enter()
        else:
            self.state = "leaving"
            self._look()

    def _enter(self) -> None:
        self.ask(Create(self.znode, mode=Mode.EPHEMERAL))

    def _look(self) -> None:
        self.ask(GetChildren(self.path))

    def replied(self, operation: Sendable, reply: Reply) -> None:
        """See `Asker`."""
        match operation:
            case Create(path) if path == self.znode:
                self._entered(reply)
            case GetChildren() if isinstance(reply.result, ChildrenAre):
                self._count(reply.result.children)
            case Exists() if not reply.is_missing and self.state == "waiting" and reply.error is Error.OK:
                self._inside()
            case GetData() if reply.error is not Error.OK and self.state == "leaving":
                self._look()
            case Delete(path) if path == self.znode:
                self.znode = ""
                self._look()

    def _entered(self, reply: Reply) -> None:
        if reply.error is Error.NONODE:
            self.make_directory()
            self._enter()
        elif reply.error in (Error.OK, Error.NODEEXISTS):
            self._look()
        else:
            self.over(Failed(said(reply.error)))

    def unsure(self, operation: Sendable, why: str) -> None:
        """Each step may be done twice."""
        self.ask(operation)

    def _count(self, children: tuple[str, ...]) -> None:
        here = [each for each in children if each != READY]
        if self.state == "waiting" and len(here) >= self.size:
            self.ask(Create(child_of(self.path, READY)))
        elif self.state == "leaving":
            self._leave(here)

    def _leave(self, here: list[str]) -> None:
        mine = self.commanding.client.name
        if not here:
            self.discard(child_of(self.path, READY))
            self.over(Ok(None))
        elif here == [mine] or (mine in here and mine != here[0]):
            self.ask(Delete(self.znode))
        else:
            self.waits_for = child_of(self.path, here[-1] if mine == here[0] else here[0])
            self.ask(GetData(self.waits_for, watch=True))

    def give_up(self) -> None:
        """Nobody may count on it any more."""
        self.over(Failed(said(Error.OPERATIONTIMEOUT)))
        if self.znode:
            self.discard(self.znode)

    def looks_again(self) -> None:
        """See `Recipe`."""
        if self.state == "leaving":
            self._look()
        elif self.state == "waiting":
            self._inside()

    def _inside(self) -> None:
        self.state, self.waits_for = "inside", ""
        self.answer(Ok(None))
