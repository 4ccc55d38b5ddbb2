"""From lark's tree to values, the words of every sentence: names, amounts, texts, and whom it concerns.

The law: whatever the grammar cannot say about a word is said here, with its column.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from lark import Token, Transformer, v_args

from playground.commands import values
from playground.commands.amounts import read_duration, read_share, read_size
from playground.commands.naming import IT, Names, no_such
from playground.commands.table import PLACES, ROLES, SELECTORS
from playground.errors import BadInput


class Misfit(Exception):
    """Grammatical and still wrong; `column` is 1-based."""

    def __init__(self, token: Token, sentence: str) -> None:
        super().__init__(sentence)
        self.column = token.column or 1
        self.sentence = sentence


def _amount(read: Any, token: Token) -> Any:
    try:
        return read(str(token))
    except BadInput as error:
        raise Misfit(token, str(error)) from None


@v_args(inline=True)
class Words(Transformer[Token, Any]):
    """With `names`, every node and service must be known."""

    def __init__(self, names: Names | None = None) -> None:
        super().__init__()
        self._names = names

    # ------------------------------------------------------------ words and amounts

    def _node(self, token: Token) -> str:
        words = (*self._names.nodes, *(each.verb for each in SELECTORS)) if self._names else ()
        known = (*self._names.nodes, IT) if self._names else None
        return self._known(token, "node", known, words)

    def _service(self, token: Token) -> str:
        known = self._names.services if self._names else None
        return self._known(token, "service", known, known or ())

    def _known(self, token: Token, what: str, known: tuple[str, ...] | None, words: Iterable[str]) -> str:
        if known is not None and token not in known:
            raise Misfit(token, no_such(what, token, words, known))
        return str(token)

    def DURATION(self, token: Token) -> int:
        return int(_amount(read_duration, token))

    SIGNED_DURATION = DURATION

    def PERCENT(self, token: Token) -> float:
        return float(_amount(read_share, token))

    def RATE(self, token: Token) -> int:
        return int(_amount(read_size, token))

    SIZE = RATE

    def PPM(self, token: Token) -> int:
        ppm = int(token.removesuffix("ppm"))
        if abs(ppm) > 500_000:
            raise Misfit(token, f"{token} is no clock any more; a drift goes from -500000ppm to +500000ppm")
        return ppm

    def off(self) -> None:
        return None

    # ------------------------------------------------------------ whom

    def named(self, name: Token) -> values.Who:
        return values.Named(self._node(name))

    def picked(self, what: Token, whose: Token, number: Token | None) -> values.Who:
        """A role of a service, or the place of a key."""
        if what in PLACES:
            return self._placed(what, whose, number)
        role = self._known(what, "role", (*ROLES, *PLACES), (*ROLES, *PLACES))
        if number is not None or whose.type != "NAME":
            raise Misfit(number or whose, f"{what} is asked as {what}(SERVICE)")
        return values.InRole(role, self._service(whose))

    def _placed(self, place: Token, key: Token, number: Token | None) -> values.Who:
        if (place == "replica") != (number is not None):
            form = "replica(KEY, NUMBER), the owner being number 1" if place == "replica" else f"{place}(KEY)"
            raise Misfit(number or place, f"{place} is asked as {form}")
        if number is not None and int(number) < 1:
            raise Misfit(number, f"replicas are counted from 1 on, not from {number}")
        return values.Placed(str(place), self.quoted(key) if key.type == "STRING" else str(key), int(number or 1))

    def some(self, word: Token) -> values.Who:
        return values.Some(values.Kind(str(word)))

    def everyone(self) -> values.Group:
        return (values.Some(values.Kind.EVERYONE),)

    def nodes(self, *who: values.Who) -> values.Group:
        return who

    def links(self, sources: values.Group, arrow: Token, targets: values.Group) -> tuple[Any, ...]:
        return sources, targets, arrow == "--"

    # ------------------------------------------------------------ texts and numbers

    def bare(self, token: Token) -> str:
        return str(token)

    def quoted(self, token: Token) -> str:
        try:
            return str(json.loads(token))
        except ValueError:
            raise Misfit(token, f"{token} has an escape that JSON does not know") from None

    def integer(self, token: Token) -> int:
        return int(token)

    def float(self, token: Token) -> float:
        return float(token)

    def true(self) -> bool:
        return True

    def false(self) -> bool:
        return False

    def null(self) -> None:
        return None
