"""The shortest part of an illegal history that is still illegal, and that proves the whole to be.

The law: shortest means two things, in this order. First, the history is cut behind the earliest completion that no
order survives: every shorter prefix is linearizable. (Operations that have not returned by then count as
unknown; failed ones are left out from the start.) Second, from what is left operations are taken away until no
operation can go any more together with those that have seen its effect.

Taking away a write alone would prove nothing: a read of 5 is always illegal once the put of 5 is gone. So whatever
changes the state goes only together with all that could have observed it; then an order that is legal for the
whole is, restricted to the rest, legal for the rest, and so an illegal rest proves the whole illegal.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from algorithms.machine import Record
from playground.checks.model import Atom, arguments, changes, expected, observes, text_of, value_text
from playground.checks.search import Search, never
from playground.checks.steps import Problem
from playground.history import Key, Operation

PATIENCE = 20_000
"""Configurations that an attempt to do without some operations may cost at least."""

MOST_GUESSES = 2_000
"""Pairs of operations that are tried first."""

MOST_GUESSED = 100_000
"""Operations in all those attempts together."""


class Witness(Record, frozen=True):
    """Operations of one key that no order explains; the last to return is the one that cannot be placed.

    `prefix` counts the key's operations up to that return, `ends` is its position in the history, `minimal` is False
    if time ran out before everything was tried. `possible` are the values that the key may have had while the
    last operation ran, as JSON text.
    """

    key: Key
    operations: tuple[Operation, ...]
    last: Operation
    prefix: int
    ends: int
    possible: tuple[str, ...]
    minimal: bool


def shortest(operations: list[Operation], ends: int, visited: int, expired: Callable[[], bool]) -> Witness:
    """The witness for one key's history of which the prefix that ends at the position `ends` is illegal.

    `visited` is how many configurations it took to see that.
    """
    prefix = [_as_of(each, ends) for each in operations if each.began < ends and not _did_nothing(each, ends)]
    last = next(each for each in prefix if each.ended == ends)
    shrinking = _Shrinking(prefix, last, PATIENCE + 2 * visited, expired)
    shrinking.run()
    kept = shrinking.kept
    return Witness(last.key, tuple(kept), last, len(prefix), ends, _possible(kept, last), shrinking.sure)


def _did_nothing(operation: Operation, ends: int) -> bool:
    """Whether it surely changed nothing, and at the position `ends` nobody knew what it saw."""
    if operation.outcome == "refused":
        return operation.ended is None or operation.ended > ends
    return operation.outcome == "fail"


def _as_of(operation: Operation, ends: int) -> Operation:
    """What was known of `operation` at the position `ends`."""
    if operation.ended is None or operation.ended <= ends:
        return operation
    return msgspec.structs.replace(operation, outcome="info", result=None, ended=None, ended_at=None)


class _Shrinking:
    """First a guess from below, then from what is left whatever can go.

    Without `last` nothing is illegal, so `last` stays, and with it all whose effects it may have seen. `patience` is
    how many configurations one attempt may cost.
    """

    def __init__(
        self, operations: list[Operation], last: Operation, patience: int, expired: Callable[[], bool]
    ) -> None:
        self.kept = operations
        self.last = last
        self.patience = patience
        self.expired = expired
        self.appends = any(each.f == "append" for each in operations)
        self.open: list[Operation] = []
        """Operations that might go."""
        self.sure = True
        """Whether every attempt of the last pass was decided."""

    def run(self) -> None:
        self._guess()
        needed = self._with_sources([self.last])
        self.open = [each for each in self.kept if each.began not in needed]
        size = len(self.open)
        while size > 1:
            size = (size + 1) // 2
            self._pass(size)
        while self._pass(1):
            pass

    def _illegal(self, operations: list[Operation]) -> bool:
        search = Search(Problem(operations), self.expired)
        self.sure = search.run(self.patience) is not None and self.sure
        return search.legal is False

    # ------------------------------------------------------------ from below

    def _guess(self) -> None:
        """Most violations show in `last` and one other operation, with all that these two may have seen."""
        needed = self._with_sources([self.last])
        others = sorted(self.kept, key=_end, reverse=True)
        costs = 0
        for other in others[:MOST_GUESSES]:
            seen = needed | self._with_sources([other])
            guess = [each for each in self.kept if each.began in seen]
            costs += len(guess)
            if costs > MOST_GUESSED or self.expired():
                return
            if self._illegal(guess):
                self.kept = guess
                return

    def _with_sources(self, observers: list[Operation]) -> set[int]:
        """Where `observers` began, and all whose effects they may have seen, and those may have seen, and so on."""
        needed = {each.began for each in observers}
        while observers:
            observers = [each for each in self._sources(observers) if each.began not in needed]
            needed.update(each.began for each in observers)
        return needed

    def _sources(self, observers: list[Operation]) -> list[Operation]:
        if any(each.outcome == "refused" for each in observers):
            return [each for each in self.kept if changes(each)]
        asked = {expected(each) for each in observers if observes(each)}
        return [each for each in self.kept if changes(each) and self._may_have_made(each, asked)]

    def _may_have_made(self, changer: Operation, asked: set[Atom]) -> bool:
        value = arguments(changer)[1]
        if not self.appends:
            return value in asked
        return bool(self._made(asked, [changer]))

    # ------------------------------------------------------------ from above

    def _pass(self, size: int) -> bool:
        """Try to leave out each run of `size` operations (Zeller and Hildebrandt 2002); whether one could go."""
        self.sure, shrunk, place = True, False, 0
        while place < len(self.open):
            if self.expired():
                self.sure = False
                return False
            gone = self._with_onlookers(self.open[place : place + size])
            if self.last.began in gone or not self._illegal([each for each in self.kept if each.began not in gone]):
                place += size
                continue
            self.kept = [each for each in self.kept if each.began not in gone]
            self.open = [each for each in self.open if each.began not in gone]
            shrunk = True
        return shrunk

    def _with_onlookers(self, gone: list[Operation]) -> set[int]:
        """Where `gone` began, and all that could have seen their effects, and those', and so on."""
        out = {each.began for each in gone}
        while gone:
            changers = [each for each in gone if changes(each)]
            gone = self._onlookers(changers, [each for each in self.kept if each.began not in out]) if changers else []
            out.update(each.began for each in gone)
        return out

    def _onlookers(self, changers: list[Operation], rest: list[Operation]) -> list[Operation]:
        onlookers = [each for each in rest if observes(each)]
        seen = self._made({expected(each) for each in onlookers}, changers)
        return [each for each in onlookers if each.outcome == "refused" or expected(each) in seen]

    def _made(self, asked: set[Atom], changers: list[Operation]) -> set[Atom]:
        """Those of `asked` that may have come about through one of `changers`."""
        values = {arguments(each)[1] for each in changers if each.f != "append"}
        if not self.appends:
            return asked & values
        starts = tuple(text_of(value) for value in values)
        texts = [text_of(arguments(each)[1]) for each in changers if each.f == "append"]
        return {each for each in asked if each in values or _made_of(each, starts, texts)}


def _end(operation: Operation) -> int:
    return operation.ended or 0


def _made_of(value: Atom, starts: tuple[str, ...], texts: list[str]) -> bool:
    """Whether `value` may have come about by an append to one of `starts` or of one of `texts`."""
    return isinstance(value, str) and (value.startswith(starts) or any(text in value for text in texts))


def _possible(operations: list[Operation], last: Operation) -> tuple[str, ...]:
    """The values that the key may have had while `last` ran, if only `operations` were done."""
    problem = Problem(operations, tell_all_apart=True)
    search = Search(problem, never)
    search.run(PATIENCE)
    return tuple(sorted({value_text(state) for number, state in search.reached() if problem.at(number) > last.began}))
