"""What could stand next in a command, as whole lines. The law: the grammar itself is asked."""

from __future__ import annotations

from collections.abc import Callable

from nodes.world import World
from playground.commands import COMMANDS, Form, complete
from playground.spec import Spec

Offer = Callable[[str], list[str]]
"""From what is typed to the lines that it may become."""

BOUNDARIES = " (:|,"
"""A word begins behind one of these."""


def completions(text: str, spec: Spec, world: World | None = None) -> list[str]:
    """The line with each word that its last one may become, or that may follow it."""
    if text.endswith(")"):
        return []
    head = text[: len(text) - len(last_word(text))]
    return [head + word for word in complete(text, len(text), spec, world)]


def last_word(text: str) -> str:
    """The word that is being typed; it may be empty."""
    return text[max(text.rfind(each) for each in BOUNDARIES) + 1 :]


def hint(text: str) -> Form | None:
    """The form of the command that is being typed, if its verb is known."""
    words = text.replace(":", ": ").split()
    verbs = words[1:2] if words and words[0].endswith(":") else words[:1]
    return next((form for form in COMMANDS if form.verb in verbs), None)
