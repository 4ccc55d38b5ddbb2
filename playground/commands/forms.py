"""What help says of one sentence, and of one question."""

from __future__ import annotations

from algorithms.machine import Record


class Form(Record, frozen=True):
    """`form` shows what may follow the verb: capitals stand for something, brackets for what can be left out."""

    verb: str
    form: str
    help: str
    example: str


class Question(Record, frozen=True):
    """A function that conditions may call, with the number of arguments that it takes."""

    name: str
    least: int
    most: int
    form: str
    help: str
    example: str
