"""A change of members moves no more than it must (Karger et al. 1997, monotonicity; Dynamo 4.9)."""

from __future__ import annotations

import pytest

from algorithms.machine import Save
from algorithms.placement.ring import Member
from algorithms.ring.table import Ring
from nodes.faults import Kill, Restart, WipeDisk

CHECK = "least-moved"
VALUE = "v" * 10_000
CHUNK = 65_536


class Move:
    """A ring of five with 20 keys of 10,000 bytes, which a fifth node... leaves or joins."""

    def __init__(self, stage, keys: int = 40) -> None:
        self.play = stage(("n1", "n2", "n3", "n4"))
        self.play.world.add_node("n5", {"ring": self.play.world.node("n1").factories["ring"]})
        self.play.world.boot("n5")
        for number in range(keys):
            self.play.put(f"k{number}", VALUE)
        old = self.play.ring.members
        self.new = (*old, Member("n5"))
        self.gained = sum("n5" in self.play.homes(f"k{number}", self.new) for number in range(keys))
        self.table(Ring(2, old, self.new))

    def table(self, ring: Ring) -> None:
        self.play.act("n1", Save("ring", ring))
        self.play.run(0.1)

    def take(self, size: int, node: str = "n5") -> None:
        """The node takes over so many bytes."""
        self.play.world.machine(node, "ring").bytes_taken += size

    def end(self, members: tuple[Member, ...] | None = None) -> None:
        self.table(Ring(3, members or self.new))


@pytest.fixture(name="move")
def move_fixture(stage) -> Move:
    return Move(stage)


def test_the_least_is_what_new_homes_must_have(move: Move) -> None:
    move.take(move.gained * 10_000)
    move.end()
    least = f"{move.gained * 10_000:,}"
    assert move.gained > 10
    assert move.play.verdict(CHECK).detail == (
        f"1 change of members: {least} bytes of values moved; when it began, {least} were the least possible"
    )


def test_a_tenth_and_a_chunk_more_are_allowed(move: Move) -> None:
    move.take(move.gained * 11_000 + CHUNK)
    move.end()
    assert move.play.verdict(CHECK).verdict == "pass"


def test_more_than_that_is_told(move: Move) -> None:
    """The planted bug: a new node that takes every range from all its owners, or hash mod N."""
    least = move.gained * 10_000
    move.take(least * 3)
    move.end()
    assert move.play.failed()[CHECK] == (
        f"epoch 3: n5 joined, and {least * 3:,} bytes of values moved in 0.1 s; the least possible was {least:,}, "
        f"and {int(least * 1.1) + CHUNK:,} are allowed (what was written meanwhile, a tenth, a chunk for each life)"
    )


def test_what_others_take_counts_too(move: Move) -> None:
    """The planted bug: a placement that moves keys between nodes that were there before."""
    move.take(move.gained * 10_000)
    move.take(move.gained * 20_000, "n2")
    move.end()
    assert CHECK in move.play.failed()


def test_what_is_written_meanwhile_is_excused(move: Move) -> None:
    for number in range(40):
        move.play.put(f"k{number}", VALUE)
    move.take(move.gained * 30_000)
    move.end()
    assert move.play.verdict(CHECK).verdict == "pass"


def test_a_change_that_is_taken_back_is_not_judged(move: Move) -> None:
    move.take(10_000_000)
    move.end(move.play.ring.members)
    assert move.play.verdict(CHECK).detail == "no change of members was completed"


def test_what_a_life_took_before_it_ended_counts(move: Move) -> None:
    move.take(move.gained * 20_000)
    move.play.inject(Kill("n5"))
    move.play.run(0.1)
    move.play.inject(Restart("n5"))
    move.play.run(0.1)
    move.take(move.gained * 10_000)
    move.end()
    least = move.gained * 10_000
    assert f"n5 joined, and {3 * least:,} bytes" in move.play.failed()[CHECK]
    assert f"{int(least * 1.1) + 2 * CHUNK:,} are allowed" in move.play.failed()[CHECK]


def test_a_node_that_has_lost_its_disk_must_take_all_again(move: Move) -> None:
    move.take(move.gained * 10_000)
    move.play.inject(Kill("n5"), WipeDisk("n5"))
    move.play.run(0.1)
    move.play.inject(Restart("n5"))
    move.play.run(0.1)
    move.take(move.gained * 10_000)
    move.end()
    assert move.play.verdict(CHECK).verdict == "pass"


def test_a_node_that_leaves_makes_others_gain(move: Move) -> None:
    move.end()
    for number in range(40):
        for node in move.play.homes(f"k{number}", move.new):
            move.play.hold(node, f"k{number}", move.play.held(move.play.homes(f"k{number}")[0], f"k{number}"))
    without = move.new[1:]
    move.table(Ring(4, move.new, without))
    move.table(Ring(5, without))
    gone = sum("n1" in move.play.homes(f"k{number}", move.new) for number in range(40))
    assert move.play.verdict(CHECK).detail.endswith(
        f"when they began, {(move.gained + gone) * 10_000:,} were the least possible"
    )
