"""The search for an order that explains one key's history: Wing and Gong 1993 with Lowe's memory (2017).

A configuration is a place in the history, the set of open operations that have been linearized (as bits) and
the state. The law: the search is depth first, with a stack of its own; it linearizes nothing before it must (Lowe's
just-in-time linearization), so a set holds open operations only; and it visits no configuration that one visited
before makes superfluous. Five things keep it small, each without changing the verdict:

- What changes nothing (a get, a refused cas) is linearized as soon as the state agrees with it: later, it could only
  disagree.
- Of open operations with the same effect the most urgent is linearized first: two such can be exchanged in any order.
- States that nobody can tell apart are one state (`model.DEAD`).
- An unknown operation is linearized only if some open operation observes its effect next. In an order with the fewest
  unknown operations each one is observed by its successor; it can wait until directly before that, for it has no
  deadline. If a put or nothing came next, it could be left out.
- A configuration that has used up more unknown operations than one visited before, with all else equal, is not
  visited: whatever can follow it can follow the other one too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from playground.checks.model import DEAD, IMPOSSIBLE, State
from playground.checks.steps import APPEND, CAS, GET, REFUSED_CAS, Event, Group, Problem

LOOK_AT_THE_CLOCK = 256
"""Configurations between two looks at the clock."""


def never() -> bool:
    """The deadline of those who have time."""
    return False


Configuration = tuple[int, int, int, State]
"""Number of the next event, bits of the open steps that are linearized, bits of the unknown ones, state."""


class Search:
    """A search that can be interrupted. `run` again goes on where it stood."""

    def __init__(self, problem: Problem, expired: Callable[[], bool]) -> None:
        self.problem = problem
        self.expired = expired
        self.legal: bool | None = None
        """The verdict; None as long as there is none."""
        self.furthest = 0
        """The greatest number of an event that could not be passed without linearizing something."""
        self.visited = 0
        self._stack: list[Configuration] = [(0, 0, 0, problem.initial)]
        self._seen: dict[tuple[int, int, State], list[int]] = {}

    def run(self, configurations: int) -> bool | None:
        """Visit at most so many configurations more; the verdict, or None if that, or the time, was not enough."""
        stack, limit = self._stack, self.visited + configurations
        while stack and self.visited < limit:
            if self.visited % LOOK_AT_THE_CLOCK == 0 and self.expired():
                return None
            stopped = self._go_on(*stack.pop())
            if stopped is None:
                self.legal = True
                return True
            self.visited += 1
            if self._is_new(stopped):
                self._branch(*stopped)
        if not stack:
            self.legal = False
        return self.legal

    @property
    def end_of_prefix(self) -> int:
        """If the verdict is False: the position in the history behind which nothing is needed to see that."""
        return self.problem.at(self.furthest)

    def reached(self) -> Iterator[tuple[int, State]]:
        """The states that the search has visited, each with the number of the event before which it was."""
        return ((number, state) for number, _, state in self._seen)

    def _go_on(self, place: int, done: int, used: int, state: State) -> Configuration | None:
        """Pass events until one demands a choice; None if there is none up to the end."""
        events = self.problem.events
        for number in range(place, len(events)):
            event = events[number]
            step = event.step
            if event.returns:
                if not done & step.bit:
                    return number, done, used, state
                done ^= step.bit
            elif step.agrees(state):
                done |= step.bit
        return None

    def _is_new(self, configuration: Configuration) -> bool:
        number, done, used, state = configuration
        earlier = self._seen.get((number, done, state))
        if earlier is None:
            self._seen[number, done, state] = [used]
            self.furthest = max(self.furthest, number)
            return True
        if any(each & used == each for each in earlier):
            return False
        earlier.append(used)
        return True

    def _branch(self, number: int, done: int, used: int, state: State) -> None:
        """Put every way to linearize one step now on the stack, the most promising on top."""
        event, needs = self.problem.events[number], self.problem.needs
        if len(event.open) == 1 and not event.unknown:
            step = event.step
            after = step.after(state, needs) if step.changes else IMPOSSIBLE
            if after is not IMPOSSIBLE:
                self._stack.append((number, done | step.bit, used, after))
            return
        effects: set[int] = set()
        ways: list[Configuration] = []
        for step in event.open:
            if step.changes and not done & step.bit and step.effect not in effects:
                effects.add(step.effect)
                after = step.after(state, needs)
                if after is not IMPOSSIBLE:
                    ways.append((number, self._observed(event, done | step.bit, after), used, after))
        if event.unknown:
            ways += self._unknown_ways(event, (number, done, used, state), effects)
        if event.step.kind == GET:
            ways.sort(key=lambda way: way[3] != event.step.old)
        self._stack.extend(reversed(ways))

    def _observed(self, event: Event, done: int, state: State) -> int:
        """`done` with every open observer that agrees with `state`."""
        for step in event.open:
            if not step.changes and not done & step.bit and step.agrees(state):
                done |= step.bit
        return done

    # ------------------------------------------------------------ operations with an unknown end

    def _unknown_ways(self, event: Event, here: Configuration, effects: set[int]) -> list[Configuration]:
        """Ways that linearize a step with an unknown end. `effects` can be had from steps with a known one."""
        number, done, used, state = here
        problem = self.problem
        ways: list[Configuration] = []
        for effect, group in self._observable(event, done):
            step = group.next(used, event.unknown)
            if step is None or effect in effects:
                continue
            after = step.after(state, problem.needs)
            if after is not IMPOSSIBLE and (after is not DEAD or problem.refused):
                ways.append((number, self._observed(event, done, after), used | step.bit, after))
        return ways

    def _observable(self, event: Event, done: int) -> Iterable[tuple[int, Group]]:
        """Groups whose effect some operation that is open now, or unknown, could observe next."""
        problem = self.problem
        waiting = [step for step in event.open if not done & step.bit]
        if problem.unknown_appends or any(step.kind in (APPEND, REFUSED_CAS) for step in waiting):
            return problem.unknown.items()
        wanted = {step.old: None for step in waiting if step.kind in (GET, CAS)} | problem.unknown_olds
        return chain.from_iterable(problem.leading_to.get(value, {}).items() for value in wanted)
