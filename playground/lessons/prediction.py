"""What a person expects, and what is true.

The law: the cluster is the judge. A lesson has no answers in it, only questions that the cluster answers when the run
behind the question has ended.
"""

from __future__ import annotations

from algorithms.machine import Record
from playground.errors import BadInput
from playground.lessons.lesson import Predict
from playground.predicates import Bound, evaluate, look_up, tell
from playground.session import Session

NO_IDEA = "?"


class Prediction(Record, frozen=True):
    """`given` is the chosen option's text or what was typed, `?` if nothing was; `truths` are the right ones."""

    asked: Predict
    given: str
    truths: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether it came out as expected."""
        return self.given in self.truths

    @property
    def verdict(self) -> str:
        """One sentence for the person."""
        truth = " or ".join(self.truths) or "none of these"
        if self.right:
            return f"As you expected: {truth}"
        expected = "" if self.given == NO_IDEA else f" You expected: {self.given}"
        return f"What happened: {truth}{expected}"


def truths(asked: Predict, session: Session, names: Bound) -> tuple[str, ...]:
    """Every answer that is right where this session stands; a good question has exactly one."""
    if asked.term is not None:
        return (tell(look_up(asked.term, session, names)),)
    found = tuple(
        option.text
        for option in asked.options
        if option.condition is not None and evaluate(option.condition, session, names)
    )
    return found or tuple(option.text for option in asked.options if option.condition is None)


def given(asked: Predict, text: str) -> str:
    """What `text` means as an answer: an option by number or by its beginning, or what was typed. Raises BadInput."""
    text = text.strip()
    if text == NO_IDEA:
        return NO_IDEA
    if not text:
        raise BadInput("say what you expect, or ? if you do not know")
    if not asked.options:
        return text
    if text.isdecimal() and 1 <= int(text) <= len(asked.options):
        return asked.options[int(text) - 1].text
    found = [option.text for option in asked.options if option.text.casefold().startswith(text.casefold())]
    if len(found) != 1:
        raise BadInput(f'"{text}" is none of the answers; type a number from 1 to {len(asked.options)}, or ?')
    return found[0]
