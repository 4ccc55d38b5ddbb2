"""Locks in real worlds: whatever goes wrong, nobody waits for a znode that its own client has forgotten."""

from __future__ import annotations

import pytest
from keeper_world import SECOND, SERVICE, Keepers

from algorithms.keeper.client_settings import KeeperClientSettings
from algorithms.keeper.commands import Create, Enqueue, EnterBarrier, Join, Lock, Members, Recipe, Reconnect, Unlock
from algorithms.keeper.machine import KeeperMachine
from algorithms.machine import Failed, Unknown
from nodes.faults import Calm, Kill


def contend(found: Keepers, seconds: int) -> None:
    """Everybody locks, unlocks and moves, and things go wrong."""
    end = found.world.now + seconds * SECOND
    while found.world.now < end:
        found.run(found.dice.random() * 0.06)
        client = found.dice.choice(found.clients)
        if found.world.node(client).up:
            found.ask(client, found.dice.choice((Lock("/l"), Unlock("/l"), Reconnect())))
        if found.dice.random() < 0.1:
            found.world.inject(found.a_fault())


def places(found: Keepers) -> list[str]:
    """The znodes of the lock."""
    server = found.world.machine("n1", SERVICE)
    assert isinstance(server, KeeperMachine)
    return [each.path for each in server.state.tree.walk() if each.path.startswith("/l/")]


@pytest.mark.parametrize(
    "command", [Lock("/l"), Enqueue("/q", "x"), Members("/g"), EnterBarrier("/b", 2), Join("/g")], ids=str
)
def test_a_recipe_without_any_server_ends_in_time(command: Recipe) -> None:
    found = Keepers(1, 3, 1, client_settings=KeeperClientSettings(lock_wait=2 * SECOND))
    found.run(1)
    for name in found.names:
        found.world.inject(Kill(name))
    assert isinstance(found.do("c1", command), Failed | Unknown)


@pytest.mark.parametrize("seed", range(4))
def test_every_znode_of_a_lock_is_somebodys_who_knows_of_it(seed: int) -> None:
    found = Keepers(seed, 3, 3)
    found.run(1)
    found.do("c1", Create("/l"))
    contend(found, 6)
    found.world.inject(Calm())
    found.run(8)
    known = [each.znode for name in found.clients for each in found.client(name).view().recipes]
    assert sorted(places(found)) == sorted(known)


@pytest.mark.parametrize("seed", range(4, 8))
def test_once_all_is_well_everybody_gets_the_lock(seed: int) -> None:
    found = Keepers(seed, 3, 3)
    found.run(1)
    found.do("c1", Create("/l"))
    contend(found, 6)
    found.world.inject(Calm())
    found.run(8)
    for name in found.clients:
        found.do(name, Unlock("/l"))
    found.run(1)
    assert places(found) == []
    for name in found.clients:
        found.do(name, Lock("/l"))
        found.do(name, Unlock("/l"))
