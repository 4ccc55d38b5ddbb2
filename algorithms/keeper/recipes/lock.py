"""Locks, read locks, leader election: an ephemeral sequential znode each, and whoever has the lowest number is in.

The law: each waits for one znode alone, the one before it, so that a release wakes one waiter (ZooKeeper recipes,
"Locks"; the herd variant, which wakes all, is there for contrast). The token is the czxid of the own znode: whoever is
in later has the larger one. A name of our own in the znode finds it again when the reply to its creation was lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.keeper.client.outcomes import said
from algorithms.keeper.client.pending import Sendable
from algorithms.keeper.commands import (
    Create,
    Delete,
    Elect,
    GetChildren,
    GetData,
    GetStat,
    Lock,
    Mode,
    Resign,
    Sync,
    Unlock,
)
from algorithms.keeper.errors import Error
from algorithms.keeper.messages import ChildrenAre, Created, Reply, StatIs
from algorithms.keeper.recipes.recipe import Leaving, Recipe
from algorithms.keeper.tree.paths import SEQUENCE_DIGITS, child_of, name_of
from algorithms.machine import Failed, Ok, Record

if TYPE_CHECKING:
    from algorithms.keeper.client.commanding import Commanding


def number_of(name: str) -> int:
    """The number that the parent has given it."""
    digits = name[-SEQUENCE_DIGITS:]
    return int(digits) if digits.isdigit() else -1


class Sweeping:
    """Sees to it that nothing is left of a creation that nobody waits for any more: else its client would wait for
    itself one day. `prefix` is how its znode begins; empty if that could be anybody's."""

    __slots__ = ("commanding", "path", "prefix")

    def __init__(self, commanding: Commanding, path: str, prefix: str) -> None:
        self.commanding, self.path, self.prefix = commanding, path, prefix

    def replied(self, operation: Sendable, reply: Reply) -> None:
        """See `Asker`."""
        if isinstance(reply.result, Created):
            self._discard(reply.result.path)
        elif isinstance(reply.result, ChildrenAre):
            for name in reply.result.children:
                if name.startswith(self.prefix):
                    self._discard(child_of(self.path, name))

    def unsure(self, operation: Sendable, why: str) -> None:
        """See `Asker`."""
        self.search()

    def undone(self, operation: Sendable, why: str) -> None:
        """See `Asker`."""

    def search(self) -> None:
        """It may have been created or not."""
        if self.prefix:
            self.commanding.client.requests.add(Sync(self.path), self)
            self.commanding.client.requests.add(GetChildren(self.path), self)

    def _discard(self, znode: str) -> None:
        self.commanding.client.requests.add(Delete(znode), Leaving(self.commanding))


class LockRecipe(Recipe):
    """One client's place in the queue before a lock."""

    name = "lock"
    inside = "held"
    word = "lock"

    def __init__(self, commanding: Commanding, path: str, number: int, command: Lock | Elect) -> None:
        super().__init__(commanding, path)
        client = commanding.client
        self.shared = isinstance(command, Lock) and command.shared
        self.herd = isinstance(command, Lock) and command.herd
        self.guid = f"{client.name}.{client.life}.{number}-" if not isinstance(command, Lock) or command.guid else ""
        self.finding = False
        """The reply to the creation was lost; perhaps the znode is there."""

    @property
    def prefix(self) -> str:
        """The znode's name without its number."""
        return f"{self.guid}{'read' if self.shared else self.word}-"

    def go_on(self, request_id: int, command: Record) -> None:
        """Lock or unlock."""
        if isinstance(command, Unlock | Resign):
            self._unlock(request_id)
        elif self.request_id or self.state == self.inside:
            held = self.state == self.inside
            outcome = Ok(self.token) if held else Failed(f"{self.commanding.client.name} waits for {self.path} already")
            self.commanding.recipe_ended(request_id, outcome)
        else:
            self.request_id = request_id
            self.keep()
            self._create()

    def _create(self) -> None:
        self.ask(Create(child_of(self.path, self.prefix), self.commanding.client.name, Mode.EPHEMERAL_SEQUENTIAL))

    # ------------------------------------------------------------ answers

    def replied(self, operation: Sendable, reply: Reply) -> None:
        """See `Asker`."""
        match operation:
            case Create(mode=Mode.EPHEMERAL_SEQUENTIAL):
                self._created(reply)
            case GetChildren():
                self._children(reply)
            case GetData():
                self._predecessor(operation.path, reply)
            case GetStat():
                self._found(reply)
            case Delete():
                self.znode = ""
                self.over(Ok(None))
            case _:
                pass  # A part of the directory, which may have been there before.

    def unsure(self, operation: Sendable, why: str) -> None:
        """The znode may be there or not: look for our name in the directory. Without one, there may be an orphan."""
        if isinstance(operation, Delete):
            self.ask(operation)
        elif isinstance(operation, Create) and operation.mode is Mode.EPHEMERAL_SEQUENTIAL:
            if self.guid:
                self.finding = True
                # The leader may have it and this server not yet: what is under way must come to an end first.
                self.ask(Sync(self.path))
                self._look()
            else:
                self.note(f"does not know whether it has a znode under {self.path}: makes another one")
                self._create()

    def _created(self, reply: Reply) -> None:
        if reply.error is Error.NONODE:
            self.make_directory()
            self._create()
        elif isinstance(reply.result, Created):
            self._has(reply.result.path, reply.result.stat.czxid.number)
        else:
            self.over(Failed(said(reply.error)))

    def _has(self, znode: str, token: int) -> None:
        self.znode, self.token, self.finding = znode, token, False
        self._look()

    def _look(self) -> None:
        self.ask(GetChildren(self.path, watch=self.herd and not self.finding))

    def _children(self, reply: Reply) -> None:
        children = reply.result.children if isinstance(reply.result, ChildrenAre) else ()
        if self.finding:
            self._find(children)
        elif self.state != self.inside:
            self._decide(children)

    def _find(self, children: tuple[str, ...]) -> None:
        mine = next((each for each in children if each.startswith(self.prefix)), None)
        if mine is None:
            self.finding = False
            self._create()
        else:
            self.note(f"finds its own znode {mine} again")
            self.znode = child_of(self.path, mine)
            self.ask(GetStat(self.znode))

    def _found(self, reply: Reply) -> None:
        if isinstance(reply.result, StatIs):
            self._has(self.znode, reply.result.stat.czxid.number)
        else:
            self.finding = False
            self._create()

    # ------------------------------------------------------------ waiting

    def _decide(self, children: tuple[str, ...]) -> None:
        """In, or behind somebody."""
        mine = number_of(self.znode)
        before = [each for each in children if 0 <= number_of(each) < mine and self._blocks(each)]
        if name_of(self.znode) not in children:
            gone, self.znode = self.znode, ""
            self.over(Failed(f"its znode {gone} is gone"))
        elif not before:
            self._in()
        elif self.herd:
            self.waits_for = self.path
        else:
            self.waits_for = child_of(self.path, max(before, key=number_of))
            self.ask(GetData(self.waits_for, watch=True))

    def _blocks(self, name: str) -> bool:
        """Readers do not block readers."""
        return not (self.shared and "read-" in name)

    def _predecessor(self, path: str, reply: Reply) -> None:
        """It has gone before we could watch it."""
        if reply.error is not Error.OK and path == self.waits_for:
            self.waits_for = ""
            self._look()

    def looks_again(self) -> None:
        """See `Recipe`."""
        if self.state != self.inside and self.znode:
            self._look()

    def _in(self) -> None:
        self.state, self.waits_for = self.inside, ""
        self.note(f"has {self.path}: its znode {self.znode} is the lowest, token {self.token:#x}")
        self.answer(Ok(self.token))

    # ------------------------------------------------------------ leaving

    def _unlock(self, request_id: int) -> None:
        if self.request_id:
            waiting, self.request_id = self.request_id, request_id
            self.commanding.recipe_ended(waiting, Failed(f"given up for {self.path}"))
        self.request_id = request_id
        self.state, self.token = "leaving", 0
        if self.znode:
            self.ask(Delete(self.znode))
        else:
            self.over(Ok(None))

    def give_up(self) -> None:
        """Whatever is under way will be undone."""
        self.over(Failed(said(Error.OPERATIONTIMEOUT)))

    def session_lost(self) -> None:
        """See `Recipe`."""
        self.znode, self.finding = "", False
        super().session_lost()

    def forget(self) -> None:
        """What it has made, or is about to make, goes too."""
        sweeping = Sweeping(self.commanding, self.path, self.prefix if self.guid else "")
        for pending in self.commanding.client.requests.sent:
            operation = pending.operation
            if pending.asker is self and isinstance(operation, Create) and operation.mode is Mode.EPHEMERAL_SEQUENTIAL:
                pending.asker = sweeping
        super().forget()
        if self.finding:
            sweeping.search()
        if self.znode:
            self.discard(self.znode)


class ElectionRecipe(LockRecipe):
    """Who is in leads (ZooKeeper recipes, "Leader Election")."""

    name = "election"
    inside = "leading"
    word = "n"
