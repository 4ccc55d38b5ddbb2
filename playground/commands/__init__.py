"""The command language: what is typed into the console is what stands in scenario files, lessons and recordings.

`parse` and `write` go from text to values and back, `resolve` replaces selectors by names, `faults` says what a
resolved command comes to; `COMMANDS`, `SELECTORS`, `STEPS` and `QUESTIONS` are what help shows.
"""

from playground.commands.amounts import (
    read_duration,
    read_latency,
    read_share,
    read_size,
    write_duration,
    write_latency,
    write_share,
    write_size,
)
from playground.commands.carry import faults
from playground.commands.complete import complete
from playground.commands.conditions import Condition, Term
from playground.commands.forms import Form, Question
from playground.commands.grammar import parse, parse_condition, parse_step
from playground.commands.naming import Names
from playground.commands.resolve import bind, concerned, resolve, resolve_node
from playground.commands.steps import Step, introduced
from playground.commands.table import COMMANDS, QUESTIONS, SELECTORS, STEPS
from playground.commands.values import Ask, Command, Who
from playground.commands.write import write, write_condition, write_step, write_term, write_who

__all__ = [
    "COMMANDS",
    "QUESTIONS",
    "SELECTORS",
    "STEPS",
    "Ask",
    "Command",
    "Condition",
    "Form",
    "Names",
    "Question",
    "Step",
    "Term",
    "Who",
    "bind",
    "complete",
    "concerned",
    "faults",
    "introduced",
    "parse",
    "parse_condition",
    "parse_step",
    "read_duration",
    "read_latency",
    "read_share",
    "read_size",
    "resolve",
    "resolve_node",
    "write",
    "write_condition",
    "write_duration",
    "write_latency",
    "write_share",
    "write_size",
    "write_step",
    "write_term",
    "write_who",
]
