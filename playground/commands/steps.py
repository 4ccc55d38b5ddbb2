"""Steps as values: when a scenario does what. Times are microseconds since the scenario began.

The law: steps come one after another, as lines on a page; only `Every` goes on beside the steps behind it.
"""

from __future__ import annotations

from algorithms.machine import Record
from playground.commands.conditions import Condition, Term
from playground.commands.values import AddNode, Ask, Command, PutFile, Who


class Deed(Record, frozen=True):
    """`command`, so long after the deed before it."""

    command: Command
    delay: int = 0


Deeds = tuple[Deed, ...]


class Now(Record, frozen=True):
    """At once."""

    deeds: Deeds


class At(Record, frozen=True):
    """At this time of the scenario; at once if that is past because a step before took longer."""

    at: int
    deeds: Deeds


class After(Record, frozen=True):
    """So long after the step before."""

    delay: int
    deeds: Deeds


class Every(Record, frozen=True):
    """Once a `period` until `duration` is over, beside the steps that follow.

    What cannot be done just then (there is no leader to kill) is left out, for that is in the nature of a storm.
    """

    period: int
    duration: int
    deeds: Deeds


class Wait(Record, frozen=True):
    """Let time go on."""

    duration: int


class WaitUntil(Record, frozen=True):
    """Go on as soon as the condition holds; if it does not `within` that time, the scenario has failed."""

    condition: Condition
    within: int


class Expect(Record, frozen=True):
    """The condition must hold now."""

    condition: Condition


class ExpectFor(Record, frozen=True):
    """The condition must hold now and all the time until `duration` is over."""

    condition: Condition
    duration: int


class Let(Record, frozen=True):
    """From here on `name` means the node that `who` is now."""

    name: str
    who: Who


HOLDINGS = "holdings"
"""What can be shown that is no question."""


class Show(Record, frozen=True):
    """Put what `what` is now into the report; `holdings` is a table of who holds how much."""

    what: Term
    label: str = ""


Step = Now | At | After | Every | Wait | WaitUntil | Expect | ExpectFor | Let | Show


def introduced(step: Step) -> tuple[str, ...]:
    """Names of nodes that later lines may use: the one that a `let` gives, and those of nodes that are added."""
    match step:
        case Let(name):
            return (name,)
        case Now(deeds) | At(_, deeds) | After(_, deeds) | Every(_, _, deeds):
            wishes = (deed.command.wish for deed in deeds if isinstance(deed.command, Ask))
            return tuple(wish.node for wish in wishes if isinstance(wish, AddNode))
        case _:
            return ()


def asks_for_input(step: Step) -> bool:
    """Whether it puts the file that a run was given."""
    match step:
        case Now(deeds) | At(_, deeds) | After(_, deeds) | Every(_, _, deeds):
            wishes = (deed.command.wish for deed in deeds if isinstance(deed.command, Ask))
            return any(isinstance(wish, PutFile) and not wish.path for wish in wishes)
        case _:
            return False
