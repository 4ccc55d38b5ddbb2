"""From text to values, and from a mistake to one sentence.

The law: the grammar is `language.lark`; a mistake is told with place, line, column and the nearest valid word.
The parser is built when the first line is read, once.
"""

from __future__ import annotations

import os
import re
from functools import cache
from importlib.resources import files
from pathlib import Path

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken, VisitError

from playground.commands.build import Builder
from playground.commands.build_words import Misfit
from playground.commands.conditions import Condition
from playground.commands.naming import Names
from playground.commands.steps import Step
from playground.commands.table import COMMANDS, STEPS
from playground.commands.values import Command
from playground.errors import BadInput, nearest

WORDS = {
    "NAME": "a name",
    "STRING": "a quoted text",
    "PATH": "a path",
    "ZNODE": "a path like /a",
    "KEEPER_SWITCH": "a flag like --ephemeral or --watch",
    "KEEPER_FLAG": "--version, --ttl or --acl",
    "INTEGER": "a whole number",
    "REACH_FLAG": "--n, --r or --w with a number",
    "WEIGHT_FLAG": "--weight with a number",
    "BROKER_FLAG": "a flag like --partitions or --acks",
    "UNCLEAN_FLAG": "--unclean",
    "FLOAT": "a number",
    "DURATION": "a time like 200ms",
    "SIGNED_DURATION": "a time like +200ms",
    "PPM": "a clock rate like +500ppm",
    "PERCENT": "a share like 20%",
    "RATE": "a bandwidth like 10kB/s",
    "SIZE": "a size like 64kB",
    "ARROW": '"->" or "--"',
    "COMPARISON": "a comparison like ==",
}
"""What the terminals of the grammar that are no fixed words are called in an error."""

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(-[A-Za-z0-9_]+)*")

MANY = 5
"""So many verbs are not listed one by one."""


@cache
def parser() -> Lark:
    """The parser of commands, steps and conditions. A basic lexer: a reserved word is one wherever it stands."""
    source = files(__package__).joinpath("language.lark").read_text(encoding="utf-8")
    starts = ["command", "step", "condition"]
    return Lark(source, parser="lalr", lexer="basic", start=starts, maybe_placeholders=True, cache=_cache_file())


def _cache_file() -> str | bool:
    """Where the built tables are kept: building them takes a sixth of a second, loading them a hundredth.

    Lark builds them anew when the grammar, its own version or Python's differs, or when the file cannot be used.
    """
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(home) / "cluster-playground"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return False
    return str(folder / "language.tables")


@cache
def reserved() -> frozenset[str]:
    """Words with a meaning of their own, which must be quoted to be a key or a value."""
    return frozenset(word for word in literals().values() if word.replace("-", "").isalpha())


def is_bare(text: str) -> bool:
    """Whether `text` can stand unquoted for itself as a key."""
    return bool(NAME.fullmatch(text)) and text not in reserved()


@cache
def literals() -> dict[str, str]:
    """The fixed text of each terminal that has one, by its name in the grammar."""
    return {each.name: each.pattern.value for each in parser().terminals if each.pattern.type == "str"}


def parse(text: str, where: str = "console", line: int = 1, names: Names | None = None) -> Command:
    """One command. With `names`, nodes and services must be among them. Raises BadInput."""
    command: Command = _parse(text, "command", where, line, names)
    return command


def parse_step(text: str, where: str = "console", line: int = 1, names: Names | None = None) -> Step:
    """One step of a scenario. Raises BadInput."""
    step: Step = _parse(text, "step", where, line, names)
    return step


def parse_condition(text: str, where: str = "console", line: int = 1, names: Names | None = None) -> Condition:
    """One condition. Raises BadInput."""
    condition: Condition = _parse(text, "condition", where, line, names)
    return condition


def _parse(text: str, start: str, where: str, line: int, names: Names | None):  # type: ignore[no-untyped-def]
    try:
        return Builder(names).transform(_tree(text, start))
    except VisitError as error:
        raise _retold(error.orig_exc, where, line) from None
    except Misfit as error:
        raise _retold(error, where, line) from None
    except UnexpectedInput as error:
        column, sentence = _explain(error, text)
        raise BadInput(f"{where}, line {line}, column {column}: {sentence}") from None


def _tree(text: str, start: str) -> Tree[Token]:
    return parser().parse(text, start=start)


def _retold(error: Exception, where: str, line: int) -> Exception:
    if isinstance(error, Misfit):
        return BadInput(f"{where}, line {line}, column {error.column}: {error.sentence}")
    return error


# ---------------------------------------------------------------- what was wrong


def _explain(error: UnexpectedInput, text: str) -> tuple[int, str]:
    """The column (1-based) and a sentence."""
    match error:
        case UnexpectedToken():
            return _unexpected(error, text)
        case UnexpectedCharacters():
            return error.column, _unreadable(text[error.column - 1 :])
        case _:
            return max(error.column, 1), "this is not a sentence of the language"


def _unreadable(rest: str) -> str:
    """No word begins where `rest` does."""
    quantity = re.match(r"[+-]?\d[\w.%]*", rest)
    if quantity:
        return f'"{quantity[0]}" is no amount; one is written like 3, 1.5s, 200ms, 20% or 64kB'
    if rest.startswith('"'):
        return "this quotation mark has no other one that ends the text"
    return f"{rest[0]!r} means nothing here"


def _unexpected(error: UnexpectedToken, text: str) -> tuple[int, str]:
    """Blame the word that stands wrong: the unexpected one, or a misspelt one that passed for a name before it."""
    token, ended = error.token, error.token.type == "$END"
    before = _before(token, text)
    expected = set(error.accepts or error.expected)
    words = [literals()[each] for each in sorted(expected) if each in literals()]
    if before is None and ended:
        return 1, "there is nothing here; a command begins with a verb like kill or cut"
    if before is not None and before.type == "NAME" and expected == {"COLON"}:
        return before.column or 1, _no_verb(before)
    blamed = next((each for each in (token, before) if _misspelt(each, words)), None)
    if blamed is not None:
        return blamed.column or 1, f'"{blamed}" does not fit here{nearest(blamed, words)}'
    if ended:
        return len(text.rstrip()) + 1, f"something is missing here: {_listed(expected)}{_example(text)}"
    return token.column or 1, f'"{token}" does not fit here; there could be {_listed(expected)}{_example(text)}'


def _before(token: Token, text: str) -> Token | None:
    """The token before `token`, which may be the end."""
    before = list(parser().lex(text if token.type == "$END" else text[: token.start_pos]))
    return before[-1] if before else None


def _misspelt(token: Token | None, words: list[str]) -> bool:
    """It passed for a name, and looks like one of `words`; short names (n1, x) look like too much."""
    return token is not None and token.type == "NAME" and len(token) > 2 and bool(nearest(token, words))


def _no_verb(token: Token) -> str:
    """A name where a command begins could only be a service, and no colon follows."""
    words = sorted({each.verb for each in (*COMMANDS, *STEPS)})
    return f'there is no command "{token}"{nearest(token, words) or "; see what there is under help"}'


def _listed(expected: set[str]) -> str:
    fixed = [literals()[each] for each in sorted(expected) if each in literals()]
    verbs = [word for word in fixed if any(word == each.verb for each in COMMANDS)]
    words = [f'"{word}"' for word in fixed if word not in verbs or len(verbs) < MANY]
    open_ = [WORDS[each] for each in sorted(expected) if each in WORDS]
    every = open_ + words + (["a command"] if len(verbs) >= MANY else [])
    every += ["the end of the line"] if "$END" in expected else []
    return " or ".join([", ".join(every[:-1]), every[-1]] if len(every) > 1 else every)


def _example(text: str) -> str:
    """A good sentence that begins with the same verb."""
    verb = text.split(maxsplit=1)[0]
    found = next((each.example for each in (*COMMANDS, *STEPS) if each.verb == verb), None)
    return f', as in "{found}"' if found else ""
