"""The operations on one key made ready for the search: steps, and the events at which it must do something.

The law: nothing that could decide the verdict is left out. What is left out is proved not to:

- An operation that failed did nothing; of a get whose end is unknown nobody knows what it read.
- An unknown put or cas whose value nobody can observe, on a key without refused cas. Take an order that is legal
  with it. Behind it come no get and no cas (its value is dead: none asks for it), only appends (their results are
  dead as well), up to the next put. Without it, all of those are as legal as before. An unknown append whose text
  is in no value that anybody asks for goes for the same reason.
"""

from __future__ import annotations

from collections.abc import Sequence

from playground.checks.model import DEAD, IMPOSSIBLE, Atom, Needs, State, arguments, expected, text_of
from playground.history import Operation

GET, PUT, CAS, APPEND, REFUSED_CAS = range(5)

KINDS = {"get": GET, "put": PUT, "cas": CAS, "append": APPEND}

NEVER = 1 << 62
"""Where an operation ends whose end is unknown."""


class Step:
    """One operation in the search. `bit` marks it as linearized, `ends` is the position by which it must be.

    Bits of steps that have returned are used again; steps with an unknown end have bits of their own.
    """

    __slots__ = ("bit", "changes", "effect", "ends", "kind", "new", "old", "text")

    def __init__(self, kind: int, old: Atom, new: State, text: str, effect: int, ends: int) -> None:
        self.kind = kind
        self.changes = PUT <= kind <= APPEND
        self.old = old
        """What a get read, what a cas expects; for a refused cas, what it did not find."""
        self.new = new
        self.text = text
        self.effect = effect
        """A number that steps of identical effect share."""
        self.ends = ends
        self.bit = 0

    def after(self, state: State, needs: Needs) -> State:
        """The state behind this step, or `IMPOSSIBLE`; only for a step that changes it."""
        if self.kind == PUT:
            return self.new
        if self.kind == CAS:
            return self.new if state == self.old else IMPOSSIBLE
        return DEAD if state is DEAD else needs.seen(text_of(state) + self.text)  # type: ignore[arg-type]

    def agrees(self, state: State) -> bool:
        """Whether this step, which changes nothing, may take place in `state`."""
        return (state == self.old) == (self.kind == GET)


class Event:
    """An observer is invoked, or (`returns`) an operation returns; in order.

    At a return, `open` holds the steps with a known end that are under way, the most urgent first, and `unknown`
    is how many steps with an unknown end have been invoked by then.
    """

    __slots__ = ("open", "operation", "returns", "step", "unknown")

    def __init__(self, operation: Operation, step: Step, under_way: tuple[Step, ...] | None, unknown: int) -> None:
        self.operation = operation
        self.step = step
        self.returns = under_way is not None
        self.open = under_way or ()
        self.unknown = unknown


class Group:
    """Steps with an unknown end and one effect, by invocation; they are linearized in this order."""

    __slots__ = ("bits", "steps")

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.bits = 0

    def add(self, step: Step) -> None:
        """Add a step that has just been invoked."""
        self.steps.append(step)
        self.bits |= step.bit

    def next(self, used: int, invoked: int) -> Step | None:
        """The first step that is not in `used`, if it is among the first `invoked` steps with an unknown end."""
        taken = (self.bits & used).bit_count()
        if taken < len(self.steps) and self.steps[taken].bit >> invoked == 0:
            return self.steps[taken]
        return None


class Problem:
    """All that the search must know of one key.

    `unknown` groups the steps with an unknown end by effect, `leading_to` the same puts and cas by their value.

    With `tell_all_apart`, no state is taken for dead, which costs time and changes no verdict.
    """

    def __init__(self, operations: Sequence[Operation], tell_all_apart: bool = False) -> None:
        self.needs = Needs(operations, any(each.f == "append" for each in operations), tell_all_apart)
        self.initial: State = None
        self.events: list[Event] = []
        self.unknown: dict[int, Group] = {}
        self.leading_to: dict[State, dict[int, Group]] = {}
        self.unknown_olds: dict[Atom, None] = {}
        """What the cas with an unknown end expect."""
        self.unknown_appends = False
        self._unknown_count = 0
        self._effects: dict[tuple[int, Atom, State | str], int] = {}
        self.refused = any(each.outcome == "refused" for each in operations)
        """Whether some operation can tell apart any two values, even values that nobody read."""
        self._walk([each for each in operations if self.refused or each.outcome != "info" or self._matters(each)])

    def at(self, number: int) -> int:
        """The position of the event `number` in the history."""
        event = self.events[number]
        return (event.operation.ended or 0) if event.returns else event.operation.began

    def _matters(self, operation: Operation) -> bool:
        if operation.f == "append":
            return self.needs.contain(text_of(arguments(operation)[1]))
        return operation.f != "get" and self.needs.seen(arguments(operation)[1]) is not DEAD

    def _walk(self, operations: list[Operation]) -> None:
        under_way: dict[int, Step] = {}
        free: list[int] = []
        for _, operation, returns in sorted(_marks(operations), key=_position):
            if returns:
                step = under_way[operation.began]
                by_urgency = tuple(sorted(under_way.values(), key=_end)) if len(under_way) > 1 else (step,)
                self.events.append(Event(operation, step, by_urgency, self._unknown_count))
                del under_way[operation.began]
                free.append(step.bit)
            elif operation.outcome == "info":
                self._begin_unknown(operation)
            else:
                step = self._step(operation)
                step.bit = free.pop() if free else 1 << len(under_way)
                under_way[operation.began] = step
                if not step.changes:
                    self.events.append(Event(operation, step, None, 0))

    def _begin_unknown(self, operation: Operation) -> None:
        if operation.f == "get":
            return
        step = self._step(operation)
        step.bit = 1 << self._unknown_count
        self._unknown_count += 1
        group = self.unknown.setdefault(step.effect, Group())
        group.add(step)
        if step.kind == APPEND:
            self.unknown_appends = True
        else:
            self.leading_to.setdefault(step.new, {})[step.effect] = group
        if step.kind == CAS:
            self.unknown_olds[step.old] = None

    def _step(self, operation: Operation) -> Step:
        ends = NEVER if operation.outcome == "info" or operation.ended is None else operation.ended
        if operation.f == "get" or operation.outcome == "refused":
            return Step(GET if operation.f == "get" else REFUSED_CAS, expected(operation), None, "", -1, ends)
        kind = KINDS[operation.f]
        old, value = arguments(operation)
        text = text_of(value) if kind == APPEND else ""
        new = None if kind == APPEND else self.needs.seen(value)
        effect = self._effects.setdefault((kind, old, text or new), len(self._effects))
        return Step(kind, old, new, text, effect, ends)


def _marks(operations: list[Operation]) -> list[tuple[int, Operation, bool]]:
    marks = []
    for operation in operations:
        if operation.outcome == "fail":
            continue
        marks.append((operation.began, operation, False))
        if operation.outcome != "info":
            assert operation.ended is not None, f"An operation that ended {operation.outcome} has an end."
            marks.append((operation.ended, operation, True))
    return marks


def _position(mark: tuple[int, Operation, bool]) -> int:
    return mark[0]


def _end(step: Step) -> int:
    return step.ends
