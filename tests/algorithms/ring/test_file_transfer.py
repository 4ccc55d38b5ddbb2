"""Files over a store of keys: chunks a few at a time, the manifest last and first."""

from __future__ import annotations

from ring_client_talk import ask, client, fire, has_ended, outcome, reply
from ring_server_talk import notes, sent
from ring_values import written

from algorithms.machine import Effect, Failed, Ok, Unknown
from algorithms.ring.client import RingClient
from algorithms.ring.commands import FileFound, GetFile, PutFile, Quorum
from algorithms.ring.messages import ReadRequest, WriteRequest
from algorithms.ring.versions import NOTHING, Chunk, Manifest, join

CHUNKS = tuple(Chunk(letter * 64, 10) for letter in "abcde")
FILE = Manifest(50, "f" * 64, CHUNKS)
EMPTY = Manifest(0, "e" * 64, ())
KEYS = tuple(f"file/report/{number:06d}" for number in range(5))
WIDE = Quorum(3, 2, 3)


def keys(effects: list[Effect]) -> list[str]:
    """What is asked for."""
    return [request.key for _, request in [*sent(effects, WriteRequest), *sent(effects, ReadRequest)]]


def putting(manifest: Manifest = FILE, at_once: int = 2) -> tuple[RingClient, list[Effect]]:
    machine = client(chunks_at_once=at_once)
    return machine, ask(machine, PutFile("report", manifest, WIDE))


def getting(at_once: int = 2) -> tuple[RingClient, list[Effect]]:
    machine = client(chunks_at_once=at_once)
    return machine, ask(machine, GetFile("report", WIDE))


def found(machine: RingClient, sequence: int, value: Chunk | Manifest) -> list[Effect]:
    return reply(machine, "n1", "ok", sequence, written(value))


# ---------------------------------------------------------------- put


def test_as_many_chunks_are_under_way_as_are_allowed() -> None:
    machine, effects = putting()
    assert keys(effects) == [KEYS[0], KEYS[1]]
    assert keys(reply(machine, "n1", "ok", 2)) == [KEYS[2]]


def test_chunks_are_written_with_the_files_quorum() -> None:
    _, effects = putting()
    assert [(each.version.value, each.quorum) for _, each in sent(effects, WriteRequest)] == [
        (CHUNKS[0], WIDE),
        (CHUNKS[1], WIDE),
    ]


def test_the_manifest_is_written_when_every_chunk_is_there_and_then_the_file_is() -> None:
    machine, _ = putting()
    for sequence in (1, 2, 3, 4):
        effects = reply(machine, "n1", "ok", sequence)
        assert "file/report" not in keys(effects)
    last = reply(machine, "n1", "ok", 5)
    ((_, request),) = sent(last, WriteRequest)
    assert (request.key, request.version.value) == ("file/report", FILE)
    assert not has_ended(last)
    assert outcome(reply(machine, "n1", "ok", 6)) == Ok("report")


def test_an_empty_file_is_a_manifest() -> None:
    machine, effects = putting(EMPTY)
    assert keys(effects) == ["file/report"]
    assert outcome(reply(machine, "n1", "ok", 1)) == Ok("report")


def test_a_chunk_is_tried_again_like_any_write() -> None:
    machine, _ = putting()
    assert keys(fire(machine, "try 1")) == [KEYS[0]]


def test_nothing_more_is_begun_once_a_chunk_was_refused() -> None:
    machine, _ = putting()
    assert keys(reply(machine, "n1", "refused", 1, reason="W is 3, and N only 2")) == []
    assert outcome(reply(machine, "n1", "refused", 2, reason="W is 3, and N only 2")) == Failed("W is 3, and N only 2")


def test_what_is_under_way_is_waited_for() -> None:
    machine, _ = putting()
    assert not has_ended(reply(machine, "n1", "refused", 1, reason="W is 3, and N only 2"))


def test_a_file_of_which_chunks_are_there_is_no_clear_no() -> None:
    """They stay, perhaps over those of an older file of that name."""
    machine, _ = putting()
    reply(machine, "n1", "ok", 1)
    reply(machine, "n1", "refused", 2, reason="W is 3, and N only 2")
    effects = reply(machine, "n1", "ok", 3)
    assert outcome(effects) == Unknown("2 of 5 chunks are there, the manifest not: W is 3, and N only 2")
    assert notes(effects)[0].startswith("file put report may or may not be done: 2 of 5")


def test_a_chunk_that_may_be_there_weighs_more_than_one_that_is_surely_not() -> None:
    machine, _ = putting()
    reply(machine, "n1", "refused", 1, reason="W is 3, and N only 2")
    assert isinstance(outcome(fire(machine, "deadline 2")), Unknown)


def test_a_manifest_that_may_be_there_is_said_to_be_perhaps_there() -> None:
    machine, _ = putting(Manifest(10, "f" * 64, CHUNKS[:1]))
    reply(machine, "n1", "ok", 1)
    result = outcome(fire(machine, "deadline 2"))
    assert isinstance(result, Unknown)
    assert result.reason.startswith("1 of 1 chunks are there, the manifest perhaps: no answer from")


# ---------------------------------------------------------------- get


def test_the_manifest_is_read_first_and_alone() -> None:
    machine, effects = getting()
    assert keys(effects) == ["file/report"]
    assert keys(found(machine, 1, FILE)) == [KEYS[0], KEYS[1]]


def test_a_file_whose_chunks_all_came_is_whole() -> None:
    machine, _ = getting()
    found(machine, 1, FILE)
    for number, chunk in enumerate(CHUNKS):
        effects = found(machine, number + 2, chunk)
    assert outcome(effects) == FileFound("report", FILE, CHUNKS)
    assert FileFound("report", FILE, CHUNKS).whole


def test_chunks_may_come_in_any_order() -> None:
    machine, _ = getting(5)
    found(machine, 1, FILE)
    for number in (3, 0, 4, 2, 1):
        effects = found(machine, number + 2, CHUNKS[number])
    assert outcome(effects) == FileFound("report", FILE, CHUNKS)


def test_an_empty_file_is_whole() -> None:
    machine, _ = getting()
    result = outcome(found(machine, 1, EMPTY))
    assert result == FileFound("report", EMPTY, ())
    assert isinstance(result, FileFound)
    assert result.whole


def test_a_chunk_that_is_another_one_or_none_is_missing() -> None:
    machine, _ = getting(5)
    found(machine, 1, FILE)
    reply(machine, "n1", "ok", 2, NOTHING)
    found(machine, 3, CHUNKS[0])
    reply(machine, "n1", "refused", 4, reason="R is 3, and N only 2")
    found(machine, 5, CHUNKS[3])
    result = outcome(found(machine, 6, CHUNKS[4]))
    assert result == FileFound("report", FILE, (None, None, None, CHUNKS[3], CHUNKS[4]))
    assert isinstance(result, FileFound)
    assert not result.whole


def test_a_chunk_among_siblings_is_the_one_that_the_manifest_names() -> None:
    machine, _ = getting()
    found(machine, 1, Manifest(10, "f" * 64, CHUNKS[:1]))
    both = join(written(CHUNKS[1], "c2.1"), written(CHUNKS[0], "c3.1"))
    result = outcome(reply(machine, "n1", "ok", 2, both))
    assert isinstance(result, FileFound)
    assert result.whole


def test_a_file_that_is_not_there_is_said_not_to_be_there() -> None:
    machine, _ = getting()
    assert outcome(reply(machine, "n1", "ok", 1, NOTHING)) == Failed("there is no file report")


def test_a_manifest_that_cannot_be_read_fails_the_file_for_that_reason() -> None:
    machine, _ = getting()
    assert outcome(reply(machine, "n1", "refused", 1, reason="R is 3, and N only 2")) == Failed("R is 3, and N only 2")


def test_two_files_go_on_side_by_side() -> None:
    machine = client(chunks_at_once=1)
    ask(machine, PutFile("a", EMPTY), 7)
    ask(machine, PutFile("b", EMPTY), 8)
    assert outcome(reply(machine, "n1", "ok", 2)) == Ok("b")
    assert outcome(reply(machine, "n1", "ok", 1)) == Ok("a")
