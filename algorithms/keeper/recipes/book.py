"""Which recipe each command is a step of. The law: a client has one lock, one barrier and so on at one path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.keeper.commands import (
    Dequeue,
    Elect,
    Enqueue,
    EnterBarrier,
    Join,
    Leave,
    LeaveBarrier,
    Lock,
    Members,
    Resign,
    Unlock,
)
from algorithms.keeper.recipes.barrier import BarrierRecipe
from algorithms.keeper.recipes.group import GroupRecipe, MembersRecipe
from algorithms.keeper.recipes.lock import ElectionRecipe, LockRecipe
from algorithms.keeper.recipes.queue import DequeueRecipe, EnqueueRecipe
from algorithms.keeper.recipes.recipe import Recipe
from algorithms.machine import Record

if TYPE_CHECKING:
    from algorithms.keeper.client.commanding import Commanding

RECIPES = (
    Lock | Unlock | Elect | Resign | EnterBarrier | LeaveBarrier | Enqueue | Dequeue | Join | Leave | Members
)  # fmt: skip


def recipe_for(commanding: Commanding, request_id: int, command: Record) -> Recipe | None:
    """The one that is there already, or a new one; None if there must be one already."""
    path: str = getattr(command, "path", "")
    held = commanding.recipes
    match command:
        case Lock():
            return held.get(("lock", path)) or LockRecipe(commanding, path, request_id, command)
        case Elect():
            return held.get(("election", path)) or ElectionRecipe(commanding, path, request_id, command)
        case Unlock():
            return held.get(("lock", path))
        case Resign():
            return held.get(("election", path))
        case EnterBarrier():
            return held.get(("barrier", path)) or BarrierRecipe(commanding, path)
        case LeaveBarrier():
            return held.get(("barrier", path))
        case Enqueue():
            return EnqueueRecipe(commanding, path)
        case Dequeue():
            return held.get(("dequeue", path)) or DequeueRecipe(commanding, path)
        case Join():
            return held.get(("group", path)) or GroupRecipe(commanding, path)
        case Leave():
            return held.get(("group", path))
        case Members():
            return MembersRecipe(commanding, path)
        case _:
            raise AssertionError(f"{command} is no recipe")
