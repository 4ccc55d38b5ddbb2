"""The distributed queue: sequential znodes, of which the lowest is the first (ZooKeeper recipes, "Queues").

The law: whoever deletes an item has it; of two that try, one is told that it is gone, and takes the next.
"""

from __future__ import annotations

from algorithms.keeper.client.outcomes import said
from algorithms.keeper.client.pending import Sendable
from algorithms.keeper.commands import Create, Delete, Enqueue, GetChildren, GetData, Mode
from algorithms.keeper.errors import Error
from algorithms.keeper.messages import ChildrenAre, Created, DataIs, Reply
from algorithms.keeper.recipes.recipe import Recipe
from algorithms.keeper.tree.paths import child_of, name_of
from algorithms.machine import Failed, Ok, Record, Unknown

PREFIX = "qn-"


class EnqueueRecipe(Recipe):
    """One item goes in."""

    name = "enqueue"
    item = ""

    def go_on(self, request_id: int, command: Record) -> None:
        """See `Recipe`."""
        assert isinstance(command, Enqueue), f"{command} enqueues nothing"
        self.request_id, self.item = request_id, command.item
        self._create()

    def _create(self) -> None:
        self.ask(Create(child_of(self.path, PREFIX), self.item, Mode.PERSISTENT_SEQUENTIAL))

    def replied(self, operation: Sendable, reply: Reply) -> None:
        """See `Asker`."""
        if not isinstance(operation, Create) or operation.mode is not Mode.PERSISTENT_SEQUENTIAL:
            return
        if reply.error is Error.NONODE:
            self.make_directory()
            self._create()
        elif isinstance(reply.result, Created):
            self.over(Ok(name_of(reply.result.path)))
        else:
            self.over(Failed(said(reply.error)))

    def unsure(self, operation: Sendable, why: str) -> None:
        """To ask again could put it in twice."""
        if isinstance(operation, Create) and operation.mode is Mode.PERSISTENT_SEQUENTIAL:
            self.over(Unknown(why))


class DequeueRecipe(Recipe):
    """Waits for an item, and takes it."""

    name = "dequeue"

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]
        self._item = ""

    def go_on(self, request_id: int, command: Record) -> None:
        """See `Recipe`."""
        if self.request_id:
            busy = Failed(f"{self.commanding.client.name} waits at {self.path} already")
            self.commanding.recipe_ended(request_id, busy)
            return
        self.request_id = request_id
        self.keep()
        self.looks_again()

    def looks_again(self) -> None:
        """See `Recipe`."""
        self.ask(GetChildren(self.path, watch=True))

    def replied(self, operation: Sendable, reply: Reply) -> None:
        """See `Asker`."""
        match operation:
            case GetChildren() if reply.error is Error.NONODE:
                self.make_directory()
                self.looks_again()
            case GetChildren() if isinstance(reply.result, ChildrenAre):
                self._first(reply.result.children)
            case GetData(path) if isinstance(reply.result, DataIs):
                self._item = reply.result.data
                self.ask(Delete(path))
            case Delete() if reply.error is Error.OK:
                self.over(Ok(self._item))
            case GetData() | Delete():
                self.looks_again()

    def _first(self, children: tuple[str, ...]) -> None:
        items = [each for each in children if each.startswith(PREFIX)]
        if items:
            self.ask(GetData(child_of(self.path, items[0])))
        else:
            self.waits_for = self.path

    def unsure(self, operation: Sendable, why: str) -> None:
        """Perhaps the item was taken, by us."""
        if isinstance(operation, Delete):
            self.over(Unknown(f"{why}: {self._item}"))
