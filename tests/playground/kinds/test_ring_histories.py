"""A ring's operations in a history, and what its clients do of their own accord."""

from __future__ import annotations

import pickle
from collections import Counter
from functools import partial

import msgspec
import pytest

from algorithms.machine import Failed, Invoke, Ok, Record, Started, TimerFired, Unknown
from algorithms.ring.client import RingClient
from algorithms.ring.client_settings import RingClientSettings
from algorithms.ring.commands import AddNode, Delete, FileFound, Found, GetFile, PutFile, Quorum, Read, Write
from algorithms.ring.versions import Chunk, Manifest
from playground.history import Compound, HistoryRecorder
from playground.kinds.ring import RingKind
from playground.kinds.ring_reading import RingReading
from playground.kinds.ring_workload import RingOperations
from playground.session import Session
from playground.workload import NEXT, Workload, WorkloadSpec

SECOND = 1_000_000
CHUNK = Chunk("ab" * 32, 5)
MANIFEST = Manifest(5, "ab" * 32, (CHUNK,))


@pytest.mark.parametrize(
    ("command", "call"),
    [
        (Read("x"), ("get", "x", None)),
        (Write("x", 1), ("put", "x", 1)),
        (Write("x", CHUNK), ("put", "x", f"5 bytes, SHA-256 {'ab' * 32}")),
        (Delete("x"), ("delete", "x", None)),
        (PutFile("f", MANIFEST), ("file-put", "f", f"5 bytes in 1 chunks, SHA-256 {'ab' * 32}")),
        (GetFile("f"), ("file-get", "f", None)),
        (AddNode("n6"), None),
    ],
)
def test_each_command_is_an_operation_or_none(command: Record, call: object) -> None:
    assert RingReading().call(command) == call


@pytest.mark.parametrize(
    ("result", "outcome"),
    [
        (Ok(None), ("ok", None)),
        (Found(()), ("ok", Compound("[]"))),
        (Found(("a", 1)), ("ok", Compound('["a",1]'))),
        (FileFound("f", MANIFEST, (CHUNK,)), ("ok", True)),
        (FileFound("f", MANIFEST, (None,)), ("ok", False)),
        (Failed("no"), ("fail", None)),
        (Unknown("who knows"), ("info", None)),
    ],
)
def test_each_end_is_an_outcome(result: Record, outcome: object) -> None:
    assert RingReading().outcome(Read("x"), result) == outcome


def test_what_clients_do_with_a_ring_is_recorded(ring: Session) -> None:
    recorder = HistoryRecorder("ring", ("c1", "c2"), RingReading())
    ring.world.add_observer(recorder.observe)
    for line in ("put x 1", "get x", "delete x", "get x on c2", "add node n6"):
        ring.do(line)
        ring.run_until(ring.world.now + SECOND)
    assert [(each.process, each.f, each.outcome, each.result) for each in recorder.operations] == [
        ("c1/0", "put", "ok", None),
        ("c1/0", "get", "ok", Compound("[1]")),
        ("c1/0", "delete", "ok", None),
        ("c2/0", "get", "ok", Compound("[]")),
    ]


# ---------------------------------------------------------------- workloads


def working(spec: WorkloadSpec) -> Workload:
    made = Workload(RingClient("c1", ("n1",), RingClientSettings()), spec, "c1", 1, RingOperations(spec))
    made.handle(Started(), 0)
    return made


def commands(spec: WorkloadSpec, count: int = 200) -> list[Record]:
    made = working(spec)
    effects = [effect for _ in range(count) for effect in made.handle(TimerFired(NEXT), 0)]
    return [effect.command for effect in effects if isinstance(effect, Invoke)]


USUAL = RingKind.usual_workload


def test_clients_get_put_and_delete_in_the_shares_that_were_set() -> None:
    kinds = Counter(type(each) for each in commands(USUAL))
    assert set(kinds) == {Read, Write, Delete}
    assert kinds[Read] > kinds[Delete] > 0
    assert kinds[Write] > kinds[Delete]


def test_every_value_is_written_once() -> None:
    written = [each.value for each in commands(USUAL) if isinstance(each, Write)]
    assert len(written) == len(set(written))


def test_values_have_the_size_that_was_set() -> None:
    sized = msgspec.structs.replace(USUAL, value_size=100)
    assert {len(str(each.value)) for each in commands(sized) if isinstance(each, Write)} == {100}


def test_requests_reach_as_wide_as_was_set() -> None:
    wide = msgspec.structs.replace(USUAL, n=4, r=3, w=1)
    found = {type(each): each.quorum for each in commands(wide) if isinstance(each, Read | Write | Delete)}
    assert found == {Read: Quorum(4, 3, 0), Write: Quorum(4, 0, 1), Delete: Quorum(4, 0, 1)}


def test_skew_makes_the_first_key_hot() -> None:
    skewed = msgspec.structs.replace(USUAL, keys=10, skew=1.0)
    keys = Counter(each.key for each in commands(skewed, 500) if isinstance(each, Read | Write | Delete))
    assert keys.most_common(1)[0][0] == "k1"
    assert keys["k1"] > 120


def test_a_workload_can_be_pickled_in_the_middle() -> None:
    made = working(USUAL)
    made.handle(TimerFired(NEXT), 0)
    copy = pickle.loads(pickle.dumps(made))
    assert made.handle(TimerFired(NEXT), 0) == copy.handle(TimerFired(NEXT), 0)


def test_the_factory_of_a_workload_can_be_pickled() -> None:
    factory = partial(RingKind().operations, USUAL)
    assert isinstance(pickle.loads(pickle.dumps(factory))(), RingOperations)
