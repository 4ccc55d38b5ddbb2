"""Group membership: an ephemeral znode with the member's name (Hunt, Konar, Junqueira, Reed 2010, 2.4).

The law: whoever's session ends is a member no more; nobody has to notice.
"""

from __future__ import annotations

from algorithms.keeper.client.outcomes import said
from algorithms.keeper.client.pending import Sendable
from algorithms.keeper.commands import Create, Delete, GetChildren, Join, Members, Mode
from algorithms.keeper.errors import Error
from algorithms.keeper.messages import ChildrenAre, Reply
from algorithms.keeper.recipes.recipe import Recipe
from algorithms.keeper.tree.paths import child_of
from algorithms.machine import Failed, Ok, Record


class GroupRecipe(Recipe):
    """One client's membership."""

    name = "group"

    def go_on(self, request_id: int, command: Record) -> None:
        """Join or leave."""
        if self.request_id:
            busy = Failed(f"{self.commanding.client.name} is joining or leaving {self.path} already")
            self.commanding.recipe_ended(request_id, busy)
            return
        self.request_id = request_id
        self.znode = child_of(self.path, self.commanding.client.name)
        if isinstance(command, Join):
            self.keep()
            self.ask(Create(self.znode, mode=Mode.EPHEMERAL))
        else:
            self.ask(Delete(self.znode))

    def replied(self, operation: Sendable, reply: Reply) -> None:
        """See `Asker`."""
        match operation:
            case Create(mode=Mode.EPHEMERAL) if reply.error is Error.NONODE:
                self.make_directory()
                self.ask(operation)
            case Create(mode=Mode.EPHEMERAL) if reply.error in (Error.OK, Error.NODEEXISTS):
                self.state = "member"
                self.answer(Ok(None))
            case Create(mode=Mode.EPHEMERAL):
                self.over(Failed(said(reply.error)))
            case Delete():
                self.over(Ok(None))

    def unsure(self, operation: Sendable, why: str) -> None:
        """Each step may be done twice."""
        self.ask(operation)

    def give_up(self) -> None:
        """It is no member then, wherever it stood."""
        self.over(Failed(said(Error.OPERATIONTIMEOUT)))
        self.discard(self.znode)


class MembersRecipe(Recipe):
    """Who is a member?"""

    name = "members"

    def go_on(self, request_id: int, command: Record) -> None:
        """See `Recipe`."""
        assert isinstance(command, Members), f"{command} asks for no members"
        self.request_id = request_id
        self.ask(GetChildren(self.path))

    def replied(self, operation: Sendable, reply: Reply) -> None:
        """A group that nobody has joined has no members."""
        children = reply.result.children if isinstance(reply.result, ChildrenAre) else ()
        known = reply.error in (Error.OK, Error.NONODE)
        self.over(Ok(" ".join(children)) if known else Failed(said(reply.error)))

    def unsure(self, operation: Sendable, why: str) -> None:
        """See `Asker`."""
        self.over(Failed(why))
