"""One number for a whole history: equal histories have it in common, and no others."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from random import Random

import pytest
import trio

from algorithms.machine import Note, Received, SetTimer, TimerFired
from algorithms.raft.machine import RaftMachine
from nodes.faults import Kill
from nodes.host import Host, Pace, SteppingClock, open_host
from nodes.observation import Booted, Injected, Observation, Turn
from playground.digest import FLUSH, Digest
from playground.session import Session
from playground.spec import Spec
from playground.workload import WorkloadSpec

ROOT = Path(__file__).parents[2]
SECOND = 1_000_000
BUSY = Spec(clients=("c1", "c2"), workload=WorkloadSpec(rate=30))
STORM = ((400_000, "kill leader(raft)"), (700_000, "lose n1 -- n2 50%"), (900_000, "pause c1"), (1_200_000, "calm"))
END = 2 * SECOND

TURN = Turn(5, "n1", "raft", TimerFired("election"), (SetTimer("election", 1, 2),))


def digest(*observations: Observation) -> str:
    digest = Digest()
    for each in observations:
        digest.observe(each)
    return digest.hexdigest()


def test_a_note_makes_no_difference() -> None:
    told = Turn(5, "n1", "raft", TimerFired("election"), (Note("why"), SetTimer("election", 1, 2), Note("because")))
    assert digest(told) == digest(TURN)


@pytest.mark.parametrize(
    "other",
    [
        Turn(6, "n1", "raft", TimerFired("election"), (SetTimer("election", 1, 2),)),
        Turn(5, "n2", "raft", TimerFired("election"), (SetTimer("election", 1, 2),)),
        Turn(5, "n1", "raft", TimerFired("election"), (SetTimer("election", 1, 3),)),
        Turn(5, "n1", "raft", TimerFired("election"), ()),
        Turn(5, "n1", "raft", Received("n2", TimerFired("election")), (SetTimer("election", 1, 2),)),
    ],
)
def test_everything_else_does(other: Turn) -> None:
    assert digest(other) != digest(TURN)


def test_the_order_makes_a_difference() -> None:
    killed, booted = Injected(5, Kill("n1")), Booted(5, "n1", 2)
    assert digest(killed, booted) != digest(booted, killed)


def test_asking_in_between_makes_no_difference() -> None:
    """Also when the buffer has been hashed several times over."""
    asked, silent = Digest(), Digest()
    for number in range(FLUSH // 8):
        observation = Booted(number, "n1", number)
        asked.observe(observation)
        silent.observe(observation)
        if number % 1_000 == 0:
            asked.hexdigest()
    assert asked.hexdigest() == silent.hexdigest()


def test_it_is_sha_256_of_the_msgpack_stream() -> None:
    """So that somebody else can compute it."""
    script = "import hashlib, sys; print(hashlib.sha256(bytes.fromhex(sys.argv[1])).hexdigest())"
    packed = bytes([0x84, 0xA4, *b"type", 0xA6, *b"Booted", 0xA2, *b"at", 5, 0xA4, *b"node", 0xA2, *b"n1"])
    packed += bytes([0xA4, *b"life", 2])
    ran = subprocess.run([sys.executable, "-c", script, packed.hex()], capture_output=True, text=True, check=True)
    assert digest(Booted(5, "n1", 2)) == ran.stdout.strip()


# ---------------------------------------------------------------- one storm, told in many ways


def plain(seed: int = 3) -> str:
    """Synchronously, with nobody looking but the digest."""
    digest = Digest()
    session = Session(BUSY, seed, (digest.observe,))
    for at, line in STORM:
        session.run_until(at)
        session.do(line)
    session.run_until(END)
    return digest.hexdigest()


def hosted(clock: SteppingClock, seed: int = 3) -> str:
    """Under Trio, the storm told by one task while another one looks at everything."""
    digest = Digest()
    session = Session(BUSY, seed, (digest.observe,))

    async def look(host: Host) -> None:
        while True:
            await host.sleep(7_777)
            for name in session.world.names:
                session.world.view(name, "raft")

    async def main() -> None:
        async with open_host(session.world) as host, trio.open_nursery() as nursery:
            nursery.start_soon(look, host)
            for at, line in STORM:
                await host.sleep(at - host.now)
                session.do(line)
            await host.sleep(END - host.now)
            nursery.cancel_scope.cancel()

    trio.run(main, clock=clock)
    return digest.hexdigest()


class Wall:
    """A wall clock on which each look takes a millisecond."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        self.seconds += 0.001
        return self.seconds


def test_trio_at_full_speed_gives_the_same_digest() -> None:
    assert hosted(SteppingClock()) == plain()


def test_trio_at_a_pace_gives_the_same_digest() -> None:
    assert hosted(SteppingClock(pace=Pace(1_000.0, Wall()))) == plain()


def notes(observations: list[Observation]) -> int:
    turns = [each for each in observations if isinstance(each, Turn)]
    return sum(isinstance(effect, Note) for turn in turns for effect in turn.effects)


@pytest.mark.parametrize("drop", [False, True])
def test_dropping_the_notes_gives_the_same_digest(drop: bool) -> None:
    seen: list[Observation] = []
    digest = Digest()
    session = Session(BUSY, 3, (digest.observe,))
    session.world.add_observer(seen.append)
    session.world.drop_notes = drop
    for at, line in STORM:
        session.run_until(at)
        session.do(line)
    session.run_until(END)
    assert (notes(seen) == 0) == drop
    assert digest.hexdigest() == plain()


def test_onlookers_make_no_difference() -> None:
    seen: list[Observation] = []
    digest = Digest()
    session = Session(BUSY, 3, (seen.append, digest.observe))
    for at, line in STORM:
        while session.world.now < at:
            session.run_until(min(at, session.world.now + 12_345))
            session.world.in_flight()
            for name in session.world.names:
                session.world.view(name, "raft")
        session.do(line)
    session.run_until(END)
    assert seen
    assert digest.hexdigest() == plain()


def test_a_fork_of_a_run_goes_on_to_the_same_digest() -> None:
    """A fork is pickled and resumed midway; digests of both halves are compared from there."""
    session = Session(BUSY, 3)
    session.run_until(STORM[0][0])
    session.do(STORM[0][1])
    halves = []
    for half in (session.fork(), session):
        digest = Digest()
        half.world.add_observer(digest.observe)
        for at, line in STORM[1:]:
            half.run_until(at)
            half.do(line)
        half.run_until(END)
        halves.append((digest.hexdigest(), half.recording()))
    assert halves[0] == halves[1]


def test_another_seed_gives_another_digest() -> None:
    assert plain(3) != plain(4)


def test_a_machine_that_asks_a_set_is_found_out() -> None:
    """The check must be able to fail: a planted machine lets the order of a set decide to whom it speaks first."""
    assert len({elsewhere(seed, "planted") for seed in ("1", "2", "3", "4")}) > 1


def test_other_processes_and_hash_seeds_give_the_same_digest() -> None:
    assert {elsewhere(seed, "plain") for seed in ("0", "1", "2")} == {plain()}


def elsewhere(hash_seed: str, function: str) -> str:
    """What a function of this file returns in another process."""
    paths = [str(ROOT), str(Path(__file__).parent)]
    script = f"import sys; sys.path[:0] = {paths!r}; import test_digest; print(test_digest.{function}())"
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    ran = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def test_it_has_been_the_same_ever_since() -> None:
    """The dice and the encoding, written down once: other Pythons and other machines must come to it too."""
    dice = Random("7:timers")
    rolled = (Booted(int(dice.random() * SECOND), "n1", number) for number in range(1_000))
    assert digest(TURN, *rolled) == "ac2285c6895ceae0e329b3ca959667ccc1f3e816c91a6f057ed3b5e18fb624c0"


class Careless(RaftMachine):
    """Sends in the order of a set of names."""

    def handle(self, event, now):  # type: ignore[no-untyped-def]
        effects = super().handle(event, now)
        targets = {getattr(each, "target", "") for each in effects}
        return [each for target in targets for each in effects if getattr(each, "target", "") == target]


def planted() -> str:
    """A run with careless machines."""
    digest = Digest()
    session = Session(BUSY, 3)
    for name in BUSY.nodes:
        node = session.world.node(name)
        usual = node.factories["raft"]
        assert isinstance(usual, partial)
        node.factories["raft"] = partial(Careless, *usual.args)
    session.world.add_observer(digest.observe)
    session.do("kill all")
    session.do("restart all")
    session.run_until(SECOND)
    return digest.hexdigest()
