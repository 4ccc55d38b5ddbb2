"""The laws notice when a rule is missing: each bug is planted, and must be found."""

from __future__ import annotations

from random import Random

import pytest
import zab_bugs
from zab_bugs import BUGS, Bug
from zab_laws import Broken, Laws
from zab_schedule import Schedule, Server
from zab_world import Chaos

from algorithms.keeper.zab.discovery import begin_leading
from algorithms.keeper.zab.following import begin_following
from algorithms.keeper.zab.looking import look
from algorithms.keeper.zab.state import State
from algorithms.machine import Effect, Received
from nodes.world import MachineFailed

SEEDS = 40


def found_in_worlds() -> str:
    """What a law says within some seeds; nothing if all hold."""
    for seed in range(SEEDS):
        chaos = Chaos(seed, *((3, 0), (5, 0), (4, 0), (3, 1))[seed % 4])
        try:
            chaos.run(12)
        except MachineFailed as failure:
            return str(failure)
    return ""


def found_in_schedules() -> str:
    """What a law says, or an assertion of the server itself."""
    for seed in range(SEEDS):
        schedule = Schedule(*((3, 0), (5, 0), (4, 0), (3, 1))[seed % 4])
        try:
            schedule.run(Random(seed).randbytes(6_000))
        except AssertionError as broken:
            return str(broken)
    return ""


@pytest.mark.parametrize("bug", BUGS, ids=[bug.__name__ for bug in BUGS])
def test_a_planted_bug_is_found(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    bug(monkeypatch)
    assert "Broken" in found_in_worlds()


@pytest.mark.parametrize("bug", BUGS, ids=[bug.__name__ for bug in BUGS])
def test_a_planted_bug_is_found_in_schedules_too(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    bug(monkeypatch)
    assert found_in_schedules()


# ---------------------------------------------------------------- one that chance does not find


class Duel:
    """n1 and n2 both propose epoch 1 to n3. It promises it to n2, leaves for n1, and comes back to n2."""

    def __init__(self) -> None:
        self.schedule = Schedule(3)
        self.first, self.second, self.third = self.schedule.servers
        self.lead(self.first)
        self.lead(self.second)
        self.follow(self.third, "n1")
        self.deliver("n3", "n1")
        self.deliver("n1", "n1")
        self.follow(self.third, "n2")
        for way in (("n3", "n2"), ("n2", "n2"), ("n2", "n3"), ("n3", "n2")):
            self.deliver(*way)
        self.follow(self.third, "n1")
        self.talk("n1", "n3")
        self.follow(self.third, "n2")
        self.talk("n2", "n3")

    def lead(self, server: Server) -> None:
        self.let(server, lambda state: begin_leading(state))

    def follow(self, server: Server, leader: str) -> None:
        self.let(server, lambda state: (look(state, "it wants to", ""), begin_following(state, leader)))

    def let(self, server: Server, act: object) -> None:
        assert server.carrier is not None
        effects: list[Effect] = []
        server.carrier.zab.begin_turn(0, effects)
        act(server.carrier.zab.state)  # type: ignore[operator]
        for effect in effects:
            self.schedule.perform(server, effect)
        self.schedule.sync(server)

    def deliver(self, source: str, target: str) -> bool:
        """All that is under way from one to the other."""
        packets = [each for each in self.schedule.packets if each[:2] == (source, target)]
        self.schedule.packets = [each for each in self.schedule.packets if each[:2] != (source, target)]
        server = self.schedule.by_name[target]
        for _, _, message in packets:
            self.schedule.turn(server, Received(source, message))
            self.schedule.sync(server)
        return bool(packets)

    def talk(self, one: str, other: str) -> None:
        """Until both have nothing more to say."""
        while sum(self.deliver(*each) for each in ((one, one), (one, other), (other, one), (other, other))):
            pass

    @property
    def laws(self) -> Laws:
        return self.schedule.laws

    def state(self, server: Server) -> State:
        assert server.carrier is not None
        return server.carrier.zab.state


def test_of_two_leaders_that_propose_the_same_epoch_one_is_established() -> None:
    duel = Duel()
    assert duel.laws.established == {1: "n2"}
    assert (duel.state(duel.first).accepted_epoch, duel.state(duel.first).phase) == (1, "discovery")


def test_a_follower_that_acknowledges_an_old_epoch_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    zab_bugs.an_old_epoch_is_promised_again(monkeypatch)
    with pytest.raises(Broken, match="n1 and n2 are established in epoch 1"):
        Duel()
