"""When a ring is calm, and what it lacks until then."""

from __future__ import annotations

import pytest

from algorithms.ring.machine import RingMachine
from algorithms.ring.state import State
from algorithms.ring.versions import Versions
from playground.kinds.ring_settling import RingSettling
from playground.kinds.ring_standing import unrest
from playground.session import Session

SECOND = 1_000_000


@pytest.fixture
def written(ring: Session) -> Session:
    """A ring with a key on three nodes."""
    ring.do("put x 1")
    ring.run_until(2 * SECOND)
    return ring


def state(session: Session, node: str) -> State:
    machine = session.world.machine(node, "ring")
    assert isinstance(machine, RingMachine)
    return machine.state


def homes(session: Session) -> tuple[str, ...]:
    return state(session, "n1").preference_list("x")


def settled(session: Session) -> list[str]:
    """What it says in the end, looking every 5 ms."""
    settling, found = RingSettling(session, "ring"), None
    while found is None and session.world.now < 20 * SECOND:
        found = settling.look()
        session.run_until(session.world.now + 5_000)
    return [found or settling.why_not()]


def test_all_is_well(written: Session) -> None:
    assert unrest(written.world, "ring") == ""


def test_replicas_that_differ_are_no_calm(written: Session) -> None:
    state(written, homes(written)[1]).storage.keys["x"] = Versions()
    assert unrest(written.world, "ring") == "replicas of x differ"


def test_a_replica_that_lacks_a_key_is_no_calm(written: Session) -> None:
    del state(written, homes(written)[1]).storage.keys["x"]
    assert unrest(written.world, "ring") == "x has 2 of 3 replicas"


def test_a_stray_is_no_calm(written: Session) -> None:
    outside = next(name for name in written.spec.nodes if name not in homes(written))
    state(written, outside).storage.keys["x"] = state(written, homes(written)[0]).storage.keys["x"]
    assert unrest(written.world, "ring") == f"{outside} holds 1 key that belongs to others"


def test_a_member_that_is_down_is_no_calm(written: Session) -> None:
    written.do("kill n3")
    assert unrest(written.world, "ring") == "n3 is a member and is down"


def test_a_doubt_is_no_calm(written: Session) -> None:
    written.do("pause n3")
    written.run_until(6 * SECOND)
    assert unrest(written.world, "ring") == "n1 believes that n3 is dead"


def test_a_hint_is_no_calm(written: Session) -> None:
    owner = homes(written)[0]
    written.do(f"cut {owner} -- *")
    written.run_until(6 * SECOND)
    written.do("put x 2")
    written.run_until(7 * SECOND)
    written.do("heal")
    for name in written.spec.nodes:
        state(written, name).membership.standing.clear()
    assert f"hint for {owner}" in unrest(written.world, "ring")


def test_ranges_that_move_are_no_calm(written: Session) -> None:
    written.do("add node n6")
    while not state(written, "n1").ring.coming:
        written.run_until(written.world.now + 1_000)
    assert unrest(written.world, "ring") == "ranges still move in epoch 2"


def test_nobody_up_is_no_calm(written: Session) -> None:
    written.do("kill all")
    assert unrest(written.world, "ring") == "no server of ring is up"


# ---------------------------------------------------------------- the way there


def test_a_ring_that_is_well_settles_at_once(written: Session) -> None:
    assert settled(written) == ["a fresh write could be read, and all replicas were equal and nothing moved"]
    assert written.world.now < 3 * SECOND
    assert [each.text.split(" ")[1] for each in written.interventions[-2:]] == ["put", "get"]


def test_what_was_broken_settles_once_it_has_healed(written: Session) -> None:
    written.do("kill n1 n2")
    written.run_until(5 * SECOND)
    written.do("calm")
    assert settled(written)[0].startswith("a fresh write could be read")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("kill all", "no client has been told ok for a write"),
        ("pause n3", "n1 believes that n3 is dead"),
    ],
)
def test_what_stays_broken_is_told(written: Session, line: str, sentence: str) -> None:
    written.do(line)
    assert settled(written) == [sentence]
