"""Steps as values: when a scenario does what. Times are microseconds since the scenario began.

The law: steps come one after another, as lines on a page; only `Every` goes on beside the steps behind it.
"""

from __future__ import annotations

from algorithms.machine import Record
from playground.commands.conditions import Condition
from playground.commands.values import Command, Who


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


Step = Now | At | After | Every | Wait | WaitUntil | Expect | ExpectFor | Let
