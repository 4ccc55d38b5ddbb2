"""`playground check`: a history file in, a verdict out.

The law: this is the only place in `checks/` that reads the clock on the wall, and only for the limit a person set.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import msgspec

from playground.checks.drawing import draw, words
from playground.checks.linearizability import Judgement, judge, known_operations
from playground.checks.model import value_text
from playground.checks.search import never
from playground.checks.witness import Witness
from playground.errors import BadInput
from playground.history import Operation
from playground.history_lines import read_lines, write_lines

VERDICTS: dict[bool | None, tuple[int, str]] = {True: (0, "pass"), False: (1, "fail"), None: (3, "unknown")}
"""Exit code and word for each verdict."""


def run_check(path: str, model: str, timeout: float | None, as_json: bool) -> tuple[int, str]:
    """Judge the history at `path` (`-` is standard input) by `model`; exit code and what to print.

    The code is 0 if it is linearizable, 1 if not, 3 if `timeout` seconds were not enough; `BadInput` (2) is raised
    for a file that cannot be read or is no history of this model. None is no limit.
    """
    allowed = known_operations(model)
    if timeout is not None and not timeout > 0:
        raise BadInput(f"A timeout is a number of seconds above 0, not {timeout:g}.")
    expired = deadline(timeout)
    judgement = judge(_read(path, allowed), expired)
    code, verdict = VERDICTS[judgement.linearizable]
    return code, (_json if as_json else _text)(_Case(path, model, verdict, timeout, judgement))


class _Case(msgspec.Struct, frozen=True):
    path: str
    model: str
    verdict: str
    timeout: float | None
    judgement: Judgement


def deadline(timeout: float | None) -> Callable[[], bool]:
    """Says whether `timeout` wall seconds from now are over; None is no limit."""
    if timeout is None:
        return never
    end = time.monotonic() + timeout
    return lambda: time.monotonic() >= end


def _read(path: str, allowed: tuple[str, ...]) -> list[Operation]:
    try:
        with nullcontext(sys.stdin.buffer) if path == "-" else open(path, "rb") as source:
            return read_lines(source, "standard input" if path == "-" else path, allowed)
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror or error}.") from None


def _text(case: _Case) -> str:
    judgement = case.judgement
    size = f"{_count(judgement.operations, 'operation')} on {_count(judgement.keys, 'key')}"
    if judgement.linearizable is None:
        keys = ", ".join(map(value_text, judgement.undecided[:5]))
        return f"Unknown: {size} could not be decided within {case.timeout:g} s (undecided: {keys})."
    if judgement.witness is None:
        return f"Linearizable: {size}, model {case.model}."
    others = len(judgement.wrong) - 1
    more = f"\n  {others} more of the keys are not linearizable either." if others else ""
    return f"Not linearizable: {size}, model {case.model}.\n\n{draw(judgement.witness)}{more}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _json(case: _Case) -> str:
    judgement = case.judgement
    answer = {
        "history": case.path,
        "model": case.model,
        "verdict": case.verdict,
        "operations": judgement.operations,
        "keys": judgement.keys,
        "not_linearizable": judgement.wrong,
        "undecided": judgement.undecided,
        "witness": _witness(judgement.witness) if judgement.witness else None,
    }
    return msgspec.json.encode(answer).decode()


def _witness(witness: Witness) -> dict[str, Any]:
    return {
        "key": witness.key,
        "lines": [line for each in witness.operations for line in (each.began, each.ended) if line is not None],
        "history": [msgspec.Raw(line.encode()) for line in write_lines(witness.operations)],
        "cannot_be_placed": {"line": witness.last.began, "operation": words(witness.last)},
        "possible": [msgspec.Raw(value.encode()) for value in witness.possible],
        "prefix": witness.prefix,
        "minimal": witness.minimal,
    }
