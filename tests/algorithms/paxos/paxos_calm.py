"""What comes after a schedule: every message arrives, every disk syncs, timers run out in their time; so the cluster
has to find a leader and go on.
"""

from __future__ import annotations

from paxos_schedule import Server, World

from algorithms.machine import Received, TimerFired

HEARTBEAT = 50_000
ROUNDS = 300
"""Heartbeat intervals that a cluster gets."""
WANTED = 5
"""Slots more than before that it has to choose."""


def recovers(world: World) -> bool:
    """Whether all who count come to know of new slots in time."""
    world.apart, goal = (), world.laws.commit_index + WANTED
    for server in world.servers:
        if server.machine is None:
            world.boot(server)
    for number in range(ROUNDS):
        settle(world)
        world.now += HEARTBEAT
        for place, server in enumerate(world.servers):
            for timer in due(world, server, number, place):
                if timer in server.timers:  # The one before may have ended it.
                    server.timers.remove(timer)
                    world.turn(server, TimerFired(timer))
        leaders = [each for each in world.servers if each.machine and each.machine.state.role == "leader"]
        if len(leaders) == 1 and number % 5 == 0:
            world.request(leaders[0])
        if all(known(each) >= goal for each in world.servers if counts(world, each)):
            return True
    return False


def settle(world: World) -> None:
    """All that is under way arrives, and what comes of it too."""
    for _ in range(6):
        for server in world.servers:
            world.sync(server, len(server.waiting))
        packets, world.packets = world.packets, []
        for source, target, message in packets:
            world.turn(world.by_name[target], Received(source, message))


def due(world: World, server: Server, number: int, place: int) -> list[str]:
    """Which of its timers run out now. Election timers run out one after another, where no leader was heard of."""
    found = [timer for timer in server.timers if timer in ("heartbeat", "prepare")]
    found += [timer for timer in server.timers if timer in ("transfer", "check_quorum") and number % 6 == 0]
    found += [timer for timer in server.timers if timer == "catch_up" and number % 24 == 0]
    if "election" in server.timers and number % 20 == 4 * place and is_silent(world, server):
        found.append("election")
    return found


def is_silent(world: World, server: Server) -> bool:
    """No leader was heard of for four heartbeats."""
    return server.machine is not None and world.now - server.machine.state.heard_at > 4 * HEARTBEAT


def known(server: Server) -> int:
    return server.machine.state.commit_index if server.machine is not None else 0


def counts(world: World, server: Server) -> bool:
    """Whether it is an acceptor of the slot behind all that is chosen."""
    return server.name in world.laws.acceptors(world.laws.prefix + 1)
