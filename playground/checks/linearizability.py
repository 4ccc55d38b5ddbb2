"""Is a history linearizable? Herlihy and Wing 1990: does an order of the operations exist that keeps real time and
that one copy of the data could have produced?

The law: keys are judged one by one, for linearizability is local (Herlihy and Wing, Theorem 1). A key that is hard to
decide waits until the easy ones are done, and nothing but the caller's `expired` knows what time it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from algorithms.machine import Record
from playground.checks.model import MODELS, atom
from playground.checks.search import Search, never
from playground.checks.steps import Problem
from playground.checks.witness import Witness, shortest
from playground.errors import BadInput, nearest
from playground.history import Key, Operation

FIRST_TRY = 10_000
"""Configurations that each key gets in the first round; every round doubles it."""


class Judgement(Record, frozen=True):
    """`linearizable` is None if time ran out before anything wrong was found.

    `witness` is the earliest violation, `wrong` all keys that are not linearizable, `undecided` those that were not
    decided in time; `operations` counts all that were given.
    """

    linearizable: bool | None
    operations: int
    keys: int
    wrong: tuple[Key, ...] = ()
    undecided: tuple[Key, ...] = ()
    witness: Witness | None = None


def known_operations(model: str) -> tuple[str, ...]:
    """The operations of the model `model`; `BadInput` if there is no such model."""
    if model not in MODELS:
        raise BadInput(f'There is no model "{model}"{nearest(model, MODELS)}; there are {", ".join(MODELS)}.')
    return MODELS[model]


def judge(operations: Iterable[Operation], expired: Callable[[], bool] = never) -> Judgement:
    """Judge a history; `expired` is asked now and then whether to give up."""
    by_key: dict[object, list[Operation]] = {}
    for operation in operations:
        by_key.setdefault(atom(operation.key), []).append(operation)
    wrong: dict[object, Search] = {}
    undecided = _rounds(by_key, wrong, expired)
    witness = _first_violation(by_key, wrong, expired)
    verdict: Literal[True, False] | None = False if wrong else None if undecided else True
    names = {key: found[0].key for key, found in by_key.items()}
    return Judgement(
        verdict,
        sum(map(len, by_key.values())),
        len(by_key),
        tuple(names[key] for key in wrong),
        tuple(names[key] for key in undecided),
        witness,
    )


def _rounds(
    by_key: dict[object, list[Operation]], wrong: dict[object, Search], expired: Callable[[], bool]
) -> dict[object, Search]:
    """Search all keys, a longer time in each round; put those that found no order into `wrong`."""
    budget = FIRST_TRY
    waiting: dict[object, Search] = {}
    for key, operations in by_key.items():
        search = Search(Problem(operations), expired)
        if not _settled(key, search, budget, wrong):
            waiting[key] = search
    while waiting and not expired():
        budget *= 2
        for key in list(waiting):
            if _settled(key, waiting[key], budget, wrong):
                del waiting[key]
    return waiting


def _settled(key: object, search: Search, budget: int, wrong: dict[object, Search]) -> bool:
    legal = search.run(budget)
    if legal is False:
        wrong[key] = search
    return legal is not None


def _first_violation(
    by_key: dict[object, list[Operation]], wrong: dict[object, Search], expired: Callable[[], bool]
) -> Witness | None:
    if not wrong:
        return None
    first = min(wrong, key=lambda key: wrong[key].end_of_prefix)
    return shortest(by_key[first], wrong[first].end_of_prefix, wrong[first].visited, expired)
