"""Whatever has happened, when it is over the log goes on: also in the middle of a change of the acceptors."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from paxos_calm import recovers
from paxos_schedule import NAMES, world

QUICK: dict[str, Any] = {"pre_prepare": False, "leader_stickiness": False, "check_quorum": False}
SMALL: dict[str, Any] = {"snapshot_after": 5, "keep_slots": 1, "snapshot_chunk": 100, "max_batch": 2, "alpha": 3}


def stuck(seeds: range, length: int) -> Iterator[int]:
    """The seeds after whose schedules the cluster does not go on."""
    for seed in seeds:
        settings = {**(QUICK if seed % 3 == 0 else {}), **(SMALL if seed % 2 else {"alpha": 6})}
        dice = Random(f"{seed}:schedule")
        played = world(NAMES[: 3 + seed % 3], **settings)
        played.run(bytes(int(dice.random() * 256) for _ in range(length)))
        if not recovers(played):
            yield seed


@pytest.mark.parametrize("first", range(0, 20, 5))
def test_after_all_that_can_happen_the_log_goes_on(first: int) -> None:
    assert list(stuck(range(first, first + 5), 10_000)) == []


@pytest.mark.parametrize("seed", [104, 124, 136])
def test_those_who_count_find_out_though_those_who_decided_it_count_no_more(seed: int) -> None:
    """These once stood still: the last slot of the old acceptors was chosen, and nobody had told the new ones."""
    assert list(stuck(range(seed, seed + 1), 25_000)) == []
