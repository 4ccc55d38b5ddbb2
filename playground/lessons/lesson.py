"""A lesson as a value: steps, each a text and something to do.

The law: a lesson never states an outcome. Answers, goals and claims are questions about the cluster, in the command
language's conditions, and the cluster itself answers them when the lesson is played.
"""

from __future__ import annotations

from algorithms.machine import Record
from playground.commands.conditions import Condition, Term
from playground.script import Line
from playground.spec import Spec


class Run(Record, frozen=True):
    """What the lesson does to the cluster while one watches."""

    lines: tuple[Line, ...]


class Option(Record, frozen=True):
    """One answer to choose. It is the right one if `condition` holds then; None: if no other one does."""

    text: str
    condition: Condition | None


class Predict(Record, frozen=True):
    """A question about how things stand when the next run has ended.

    Either `options` are to choose from, or `term` is what to type: a number or a name.
    """

    question: str
    options: tuple[Option, ...] = ()
    term: Term | None = None


class Goal(Record, frozen=True):
    """What the person is to bring about. `solution` is one way there; it must not take longer than `within`."""

    wish: str
    condition: Condition
    within: int
    hints: tuple[str, ...]
    solution: tuple[Line, ...]


class Claim(Record, frozen=True):
    """What the text says of the cluster, to be true when its step is reached."""

    line: int
    text: str
    condition: Condition


class Step(Record, frozen=True):
    """One page: `text` is Markdown; then there is something to do, or only to read on. `line` is where it begins."""

    line: int
    text: str
    claims: tuple[Claim, ...] = ()
    task: Run | Predict | Goal | None = None


class Lesson(Record, frozen=True):
    """The whole of it. `name` is what one types, `order` its place in the course, `about` its one sentence."""

    name: str
    title: str
    about: str
    order: int
    spec: Spec
    seed: int
    steps: tuple[Step, ...]
