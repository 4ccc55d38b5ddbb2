"""The judges over real rings: silent over honest ones whatever befalls them, and loud over every planted bug."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random

import pytest

from algorithms.machine import Effect, Event, Received, Send
from algorithms.ring import moving, storage
from algorithms.ring.client import RingClient
from algorithms.ring.client_settings import RingClientSettings
from algorithms.ring.commands import AddNode, Delete, Read, RemoveNode, SetWeight, Write
from algorithms.ring.machine import RingMachine
from algorithms.ring.messages import Store
from algorithms.ring.moving import Unit
from algorithms.ring.settings import RingSettings
from algorithms.ring.table import placement, span_of
from nodes.faults import Calm, Fault, Heal, Kill, Lose, Partition, Pause, PowerLoss, Restart, Resume, SlowDisk
from nodes.world import World
from playground.checks.ring import NAMES, RingJudge, judges
from playground.checks.ring.holdings import Holdings

SECOND = 1_000_000
NODES = ("n1", "n2", "n3", "n4", "n5")
CLIENTS = ("c1", "c2", "c3")
Server = Callable[[str, tuple[str, ...], RingSettings], RingMachine]


class Play:
    """A ring under way, with clients that work, and its judge."""

    def __init__(self, seed: int, server: Server = RingMachine, *, judged: bool = True, **settings: object) -> None:
        self.settings = RingSettings(**{"sloppy_quorum": False, "virtual_nodes": 16, **settings})
        self.server = server
        self.world = World(seed)
        for name in NODES:
            self.world.add_node(name, {"ring": partial(server, name, NODES, self.settings)})
        for name in CLIENTS:
            self.world.add_node(name, {"ring": partial(RingClient, name, NODES, RingClientSettings())})
        self.world.start()
        self.dice = Random(f"{seed}:play")
        self.written = 0
        self.judge: RingJudge | None = None
        if judged:
            (self.judge,) = judges(self.world, "ring", self.settings, CLIENTS)
            self.world.add_observer(self.judge.observe)

    def ask(self, command: object, client: str = "c1") -> None:
        self.world.ask(client, "ring", command)

    def run(self, seconds: float, *, working: bool = True, keys: int = 10) -> None:
        """Let time go on; every client does something ten times a second."""
        end = self.world.now + round(seconds * SECOND)
        while self.world.now < end:
            for client in CLIENTS if working else ():
                self.work(client, f"k{int(self.dice.random() * keys)}")
            self.world.run_until(min(end, self.world.now + SECOND // 10))
            if self.judge is not None:
                self.judge.look(self.world)

    def work(self, client: str, key: str) -> None:
        self.written += 1
        share = self.dice.random()
        value = f"{client}.{self.written}"
        self.ask(Read(key) if share < 0.5 else Write(key, value) if share < 0.9 else Delete(key), client)

    def inject(self, *faults: Fault) -> None:
        for fault in faults:
            self.world.inject(fault)

    def add_node(self, name: str) -> None:
        self.world.add_node(name, {"ring": partial(self.server, name, NODES, self.settings)})
        self.world.boot(name)
        self.ask(AddNode(name))

    def end(self, seconds: float = 8) -> dict[str, str]:
        """Everything heals; every check that does not pass, with its sentence."""
        self.inject(Calm())
        self.run(seconds, working=False)
        assert self.judge is not None
        return {each.name: each.detail for each in self.judge.results(self.world) if each.verdict != "pass"}


# ---------------------------------------------------------------- honest rings


def misfortune(dice: Random) -> tuple[Fault, ...]:
    """Something bad, and what ends it."""
    name = NODES[int(dice.random() * 5)]
    split = 1 + int(dice.random() * 3)
    order = sorted(NODES, key=lambda _: dice.random())
    kinds: list[tuple[Fault, ...]] = [
        (Kill(name), Restart(name)),
        (PowerLoss(name), Restart(name)),
        (Pause(name), Resume(name)),
        (Partition((tuple(order[:split]), tuple(order[split:]))), Heal()),
        (*(Lose(name, other, 0.3) for other in NODES if other != name), Heal()),
        (*(PowerLoss(each) for each in NODES), Calm()),
    ]
    return kinds[int(dice.random() * len(kinds))]


def change(play: Play) -> None:
    """A change of members, by dice."""
    kind = int(play.dice.random() * 3)
    node = NODES[int(play.dice.random() * 5)]
    if kind == 0 and "n6" not in play.world.nodes:
        play.add_node("n6")
    else:
        play.ask((AddNode(node), RemoveNode(node), SetWeight(node, 2.0))[kind])


@pytest.mark.parametrize("seed", range(6))
def test_an_honest_ring_passes_every_check_whatever_befalls_it(seed: int) -> None:
    play = Play(seed, transfer_chunk=1_000)
    for number in range(8):
        *bad, good = misfortune(play.dice)
        play.inject(*bad)
        if number % 2:
            change(play)
        play.run(0.2 + play.dice.random())
        play.inject(good)
        play.run(play.dice.random())
    assert play.end() == {}
    assert play.judge is not None
    assert play.judge.moved.changes > 0
    assert_that_it_knows_the_disks(play.judge)


def assert_that_it_knows_the_disks(judge: RingJudge) -> None:
    """What it follows turn by turn is what a look at every disk finds."""
    evidence = judge.evidence
    anew = Holdings("ring")
    for name, node in evidence.world.nodes.items():
        anew.reread(name, node.disk)
    followed = {key: copies for key, copies in evidence.holdings.copies.items() if copies}
    assert followed == {key: copies for key, copies in anew.copies.items() if copies}
    hints = {key: hints for key, hints in evidence.holdings.hints.items() if hints}
    assert hints == {key: found for key, found in anew.hints.items() if found}


def test_a_sloppy_quorum_costs_fresh_reads_and_nothing_else() -> None:
    play = Play(1, sloppy_quorum=True)
    play.run(1)
    play.inject(Partition((("n1", "n2", "c1"), ("n3", "n4", "n5", "c2", "c3"))))
    play.run(2)
    assert list(play.end()) == ["fresh-reads"]


def test_watching_changes_nothing() -> None:
    watched, alone = Play(3), Play(3, judged=False)
    for play in (watched, alone):
        play.run(2)
    assert (watched.world.turns, watched.world.messages) == (alone.world.turns, alone.world.messages)


def test_it_may_begin_to_watch_a_ring_under_way() -> None:
    play = Play(3, judged=False)
    play.run(2)
    (play.judge,) = judges(play.world, "ring", play.settings, CLIENTS)
    play.world.add_observer(play.judge.observe)
    play.inject(Kill("n2"))
    play.run(2)
    assert play.end() == {}


def test_the_checks_have_the_names_of_their_results() -> None:
    play = Play(1)
    play.run(0.5)
    assert play.judge is not None
    assert tuple(each.name for each in play.judge.results(play.world)) == play.judge.names == NAMES


def test_without_agreement_two_sides_make_two_rings_of_one_epoch() -> None:
    play = Play(2, membership="gossip")
    play.run(1)
    play.inject(Partition((("n1", "n2", "c1"), ("n3", "n4", "n5", "c2", "c3"))))
    play.run(2)
    play.ask(RemoveNode("n1"))
    play.ask(RemoveNode("n5"), "c2")
    play.run(5)
    sentence = play.end()["one-owner"]
    assert sentence.startswith("epoch 2 has two tables: ")
    assert "n1 n2 n3 n4 n5, coming: n2 n3 n4 n5 at " in sentence
    assert "n1 n2 n3 n4 n5, coming: n1 n2 n3 n4 at " in sentence
    assert "% of the ring would have two owners" in sentence


# ---------------------------------------------------------------- planted bugs


class Forgetful(RingMachine):
    """A replica that says it has stored, and saves nothing."""

    def handle(self, event: Event, now: int) -> list[Effect]:
        effects = super().handle(event, now)
        if isinstance(event, Received) and isinstance(event.message, Store):
            return [each for each in effects if isinstance(each, Send)]
        return effects


def test_replicas_that_save_nothing_lose_writes() -> None:
    play = Play(1, Forgetful)
    play.run(1)
    play.inject(*(Kill(name) for name in NODES))
    play.run(0.1, working=False)
    found = play.end()
    assert "is not at its homes" in found["acknowledged-writes"]
    assert found["durable-copies"].split(" (")[0].endswith("has no durable copy on any disk at that moment")


class Hurried(RingMachine):
    """A replica that says it has stored before the disk has it."""

    def handle(self, event: Event, now: int) -> list[Effect]:
        effects = super().handle(event, now)
        if isinstance(event, Received) and isinstance(event.message, Store):
            return [Send(each.target, each.message, True) if isinstance(each, Send) else each for each in effects]
        return effects


@pytest.mark.parametrize("server", [RingMachine, Hurried])
def test_an_answer_before_the_save_is_no_durable_copy(server: Server) -> None:
    play = Play(1, server)
    play.inject(*(SlowDisk(name, 50_000) for name in NODES))
    play.run(1)
    assert ("durable-copies" in play.end()) == (server is Hurried)


class Careless(RingMachine):
    """A source that erases what it will lose as soon as it hears that a ring is coming."""

    def handle(self, event: Event, now: int) -> list[Effect]:
        effects = super().handle(event, now)
        state = self.state
        if state.ring.coming:
            for key in [key for key in state.storage.keys if state.name not in state.coming_list(key)]:
                state.storage.erase(state, key)
        return effects


def test_a_source_that_erases_before_the_target_has_it_leaves_no_copy() -> None:
    play = Play(1, Careless, n=1, r=1, w=1)
    play.run(1)
    play.add_node("n6")
    play.run(1)
    found = play.end()
    assert "has no durable copy on any disk when n" in found["durable-copies"]
    assert "erases key/k" in found["durable-copies"]
    assert "is not at its homes n6, nor is anything that replaced it" in found["acknowledged-writes"]


def test_a_replica_that_overwrites_and_does_not_join_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "join", lambda before, now, last_write_wins: now)
    play = Play(1)
    play.run(3)
    found = play.end()
    assert "acknowledged-writes" in found
    assert "has no durable copy on any disk" in found["durable-copies"]


def test_replicas_that_nobody_repairs_stay_different() -> None:
    play = Play(1, hinted_handoff=False, read_repair=False, anti_entropy=False)
    play.run(1)
    play.inject(Kill("n1"))
    play.run(2)
    found = play.end(12)
    assert set(found) == {"replicas-placed", "replicas-converge"}
    assert "differs on its replicas 10." in found["replicas-converge"]


def test_a_grace_time_that_is_too_short_lets_the_dead_return() -> None:
    play = Play(1, hinted_handoff=False, read_repair=False, tombstone_grace=SECOND)
    for number in range(10):
        play.ask(Write(f"k{number}", "alive"))
    play.run(1, working=False)
    play.inject(Partition((("n1",), NODES[1:])))
    play.run(2, working=False)
    for number in range(10):
        play.ask(Delete(f"k{number}"))
    play.run(4, working=False)
    found = play.end()
    assert set(found) == {"no-resurrection"}
    assert '= "alive" was replaced by the delete of k' in found["no-resurrection"]
    assert "its tombstone had been collected before every replica had it" in found["no-resurrection"]


def test_last_write_wins_loses_writes() -> None:
    play = Play(1, conflicts="last_write_wins")
    play.run(2, keys=2)
    found = play.end()
    assert "which did not know it" in found["acknowledged-writes"]
    assert "fresh-reads" in found


def test_a_new_node_that_takes_every_range_moves_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    def everything(old: tuple, new: tuple, settings: RingSettings) -> dict[str, tuple[Unit, ...]]:
        ring = placement(old, settings)
        ranges = range(len(ring.bounds))
        return {"n6": tuple(Unit(span_of(ring, each), ring.preference_list_at(each, 3)) for each in ranges)}

    monkeypatch.setattr(moving, "gains", everything)
    play = Play(1, transfer_chunk=100)
    for number in range(60):
        play.ask(Write(f"k{number}", "v" * 1_000))
    play.run(1, working=False)
    play.add_node("n6")
    play.run(6, working=False)
    found = play.end()
    assert set(found) == {"least-moved"}
    assert "n6 joined, and 60,000 bytes of values moved" in found["least-moved"]
