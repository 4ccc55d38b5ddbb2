"""What stands in the fenced blocks: lines to run, questions, goals and claims.

The law: whatever the cluster is asked stands in braces, in the language of conditions, on one line.
"""

from __future__ import annotations

import re

from algorithms.machine import Record
from playground.commands import Names, Term, introduced, parse_condition, parse_step, read_duration
from playground.commands.conditions import Call, Condition, Constant, Word
from playground.errors import BadInput
from playground.lessons.blocks import Block, Written
from playground.lessons.lesson import Claim, Goal, Option, Predict
from playground.script import Line

BRACES = re.compile(r"(?P<before>.*?)\s*\{(?P<inside>[^{}]*)\}")
OTHERWISE = "otherwise"
PATIENCE = 10_000_000
"""How long a solution may take if its goal says nothing: ten virtual seconds."""


class Place(Record, frozen=True):
    """Which file is read, and which nodes and services its sentences may name."""

    where: str
    names: Names

    def knowing(self, name: str) -> Place:
        """The same, with one name more that a line has given."""
        return Place(self.where, Names((*self.names.nodes, name), self.names.services))

    def wrong(self, line: int, sentence: str) -> BadInput:
        """A mistake on this line."""
        return BadInput(f"{self.where}, line {line}: {sentence}")

    def condition(self, text: str, line: int) -> Condition:
        """The condition that `text` states."""
        return parse_condition(text, self.where, line, self.names)


# ---------------------------------------------------------------- run and solution


def read_lines(block: Block, place: Place) -> tuple[tuple[Line, ...], Place]:
    """The sentences of a block, and the place with the names they give to nodes."""
    lines = []
    for written in block.lines:
        if written.text.startswith("#"):
            continue
        step = parse_step(written.text, place.where, written.number, place.names)
        for name in introduced(step):
            place = place.knowing(name)
        lines.append(Line(written.number, step))
    if not lines:
        raise place.wrong(block.line, f"this {block.kind} does nothing")
    return tuple(lines), place


# ---------------------------------------------------------------- claim


def claims(block: Block, place: Place) -> list[Claim]:
    """One condition a line."""
    return [
        Claim(line.number, line.text, place.condition(line.text, line.number))
        for line in block.lines
        if not line.text.startswith("#")
    ]


# ---------------------------------------------------------------- predict


def predict(block: Block, place: Place) -> Predict:
    """Lines of question; then `- TEXT {CONDITION}` for each option, or `answer {TERM}`."""
    question, options, term = [], [], None
    for line in block.lines:
        if line.text.startswith("- "):
            options.append(_option(line, place))
        elif line.text.startswith("answer"):
            term = _term(line, place)
        else:
            question.append(line.text)
    if not question:
        raise place.wrong(block.line, "this predict asks nothing")
    if (len(options) >= 2) == (term is not None):
        raise place.wrong(
            block.line, 'a predict has options ("- TEXT {CONDITION}", two or more) or one "answer {TERM}"'
        )
    return Predict(" ".join(question), tuple(options), term)


def _option(line: Written, place: Place) -> Option:
    before, inside = _braces(line, place)
    text = before.removeprefix("- ").strip()
    return Option(text, None if inside == OTHERWISE else place.condition(inside, line.number))


def _term(line: Written, place: Place) -> Term:
    _, inside = _braces(line, place)
    found = place.condition(inside, line.number)
    if not isinstance(found, Call | Word | Constant):
        raise place.wrong(line.number, "an answer is something to look up, like {term(raft)}, not a comparison")
    return found


def _braces(line: Written, place: Place) -> tuple[str, str]:
    found = BRACES.fullmatch(line.text)
    if not found:
        raise place.wrong(line.number, "what the cluster is asked stands at the end of the line, in braces")
    return found["before"], found["inside"].strip()


def _duration(line: Written, word: str, place: Place) -> int:
    try:
        return read_duration(line.text.removeprefix(word).strip())
    except BadInput as error:
        raise place.wrong(line.number, str(error)) from None


# ---------------------------------------------------------------- goal


def goal(block: Block, solution: tuple[Line, ...], place: Place) -> Goal:
    """Lines of what to do; `{CONDITION}`; `hint TEXT` (several, given one after another); `within TIME`."""
    wish: list[str] = []
    hints: list[str] = []
    condition, within = None, PATIENCE
    for line in block.lines:
        if line.text.startswith("{"):
            condition = place.condition(_braces(line, place)[1], line.number)
        elif line.text.startswith("hint "):
            hints.append(line.text.removeprefix("hint").strip())
        elif line.text.startswith("within "):
            within = _duration(line, "within", place)
        else:
            wish.append(line.text)
    if condition is None or not wish:
        raise place.wrong(block.line, "a goal says in words what to do, and in braces when it is reached")
    return Goal(" ".join(wish), condition, within, tuple(hints), solution)
