"""A resource outside of the keeper, and fencing tokens (Kleppmann 2016, "How to do distributed locking")."""

from __future__ import annotations

from algorithms.keeper.messages import ReadResource, ResourceResponse, WriteResource
from algorithms.keeper.resource import REMEMBERED, Resources
from algorithms.machine import Cell, Effect, Record, Save, Saved, Send


def answer(effects: list[Effect]) -> Record:
    (sent,) = [each for each in effects if isinstance(each, Send)]
    assert sent.target == "c1"
    assert not sent.at_once
    return sent.message


def written(resources: Resources, sequence: int, value: str, token: int, client: str = "c1") -> ResourceResponse:
    found = answer(resources.write("c1", WriteResource(client, sequence, "disk", value, token)))
    assert isinstance(found, ResourceResponse)
    return found


def held(resources: Resources) -> str:
    found = answer(resources.read("c1", ReadResource("c1", 99, "disk")))
    assert isinstance(found, ResourceResponse)
    return found.value


def test_a_write_with_an_older_token_is_rejected() -> None:
    resources = Resources(fencing=True)
    assert not written(resources, 1, "new", 34).rejected
    assert written(resources, 2, "old", 33) == ResourceResponse("c1", 2, True, "new", 34)
    assert held(resources) == "new"


def test_the_same_token_may_write_again() -> None:
    resources = Resources(fencing=True)
    written(resources, 1, "one", 34)
    assert not written(resources, 2, "two", 34).rejected
    assert held(resources) == "two"


def test_without_fencing_an_expired_holder_overwrites_what_came_after_it() -> None:
    resources = Resources(fencing=False)
    written(resources, 1, "new", 34)
    assert not written(resources, 2, "old", 33).rejected
    assert held(resources) == "old"


def test_a_late_copy_of_a_write_is_answered_and_not_done_again() -> None:
    resources = Resources(fencing=True)
    first = written(resources, 1, "one", 34)
    written(resources, 2, "two", 34)
    assert written(resources, 1, "one", 34) == first
    assert held(resources) == "two"


def test_only_so_many_answers_are_remembered() -> None:
    resources = Resources(fencing=True)
    for sequence in range(1, 2 * REMEMBERED):
        written(resources, sequence, "x", 1)
    assert len(resources.held["disk"].answered) == REMEMBERED


def test_a_write_is_on_disk_before_it_is_told_and_outlives_the_process() -> None:
    resources = Resources(fencing=True)
    save, _ = resources.write("c1", WriteResource("c1", 1, "disk", "x", 34))
    assert isinstance(save, Save)
    assert save.sync
    later = Resources(fencing=True)
    later.restore(Saved((Cell(save.cell, save.value),)))
    assert held(later) == "x"
    assert written(later, 2, "y", 33).rejected


def test_what_nobody_has_written_is_empty() -> None:
    assert held(Resources(fencing=True)) == ""
