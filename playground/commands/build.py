"""From lark's tree to values; the methods are named as the rules of `language.lark`.

The law: whatever the grammar cannot say about a sentence is said here, with the column of the word.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from lark import Token, Transformer, v_args

from algorithms import kv
from nodes import faults
from playground.commands import conditions, steps, values
from playground.commands.amounts import read_duration, read_share, read_size
from playground.commands.naming import IT, Names, no_such
from playground.commands.table import QUESTIONS, ROLES, SELECTORS
from playground.errors import BadInput

_ARGUMENT = re.compile(r"[A-Z]+(?: \| [A-Z]+)?")
"""What stands for an argument in the form of a question: "NODE", "SERVICE | NODE"."""


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
class Builder(Transformer[Token, Any]):
    """Builds one sentence's value; with `names`, every node and service in it must be known."""

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

    def in_role(self, role: Token, service: Token) -> values.Who:
        return values.InRole(self._known(role, "role", ROLES, ROLES), self._service(service))

    def some(self, word: Token) -> values.Who:
        return values.Some(values.Kind(str(word)))

    def everyone(self) -> values.Group:
        return (values.Some(values.Kind.EVERYONE),)

    def nodes(self, *who: values.Who) -> values.Group:
        return who

    def links(self, sources: values.Group, arrow: Token, targets: values.Group) -> tuple[Any, ...]:
        return sources, targets, arrow == "--"

    # ------------------------------------------------------------ nodes

    def verb(self, word: Token) -> values.NodeAction:
        return values.Do(values.Verb(str(word)))

    def disk_state(self, word: Token) -> values.NodeAction:
        return values.Disk(values.DiskState(str(word)))

    def plain(self, action: values.NodeAction, nodes: values.Group) -> values.Command:
        return values.OnNodes(action, nodes)

    def disk(self, nodes: values.Group, action: values.NodeAction) -> values.Command:
        return values.OnNodes(action, nodes)

    def slow_node(self, nodes: values.Group, service_time: int | None) -> values.Command:
        return values.OnNodes(values.SlowNode(service_time), nodes)

    def skew(self, nodes: values.Group, offset: int) -> values.Command:
        return values.OnNodes(values.Skew(offset), nodes)

    def drift(self, nodes: values.Group, ppm: int) -> values.Command:
        return values.OnNodes(values.Drift(ppm), nodes)

    def slow_disk(self, nodes: values.Group, latency: int) -> values.Command:
        return values.OnNodes(values.SlowDisk(latency), nodes)

    def heal_nodes(self, nodes: values.Group) -> values.Command:
        return values.OnNodes(values.Do(values.Verb.HEAL), nodes)

    # ------------------------------------------------------------ links

    def cut(self, links: tuple[Any, ...]) -> values.Command:
        return values.OnLinks(values.Cut(), *links)

    def heal_links(self, links: tuple[Any, ...]) -> values.Command:
        return values.OnLinks(values.Heal(), *links)

    def slow(self, links: tuple[Any, ...], extra: int | None) -> values.Command:
        return values.OnLinks(values.Slow(extra or 0), *links)

    def delay(self, links: tuple[Any, ...], latency: faults.Latency | int | None) -> values.Command:
        model = faults.Constant(latency) if isinstance(latency, int) else latency
        return values.OnLinks(values.Delay(model), *links)

    def lose(self, links: tuple[Any, ...], share: float) -> values.Command:
        return values.OnLinks(values.Lose(share), *links)

    def duplicate(self, links: tuple[Any, ...], share: float) -> values.Command:
        return values.OnLinks(values.Duplicate(share), *links)

    def reorder(self, links: tuple[Any, ...], share: float, window: int) -> values.Command:
        return values.OnLinks(values.Reorder(share, window), *links)

    def limit(self, links: tuple[Any, ...], bandwidth: values.Limit) -> values.Command:
        return values.OnLinks(bandwidth, *links)

    def constant(self, latency: int) -> faults.Latency:
        return faults.Constant(latency)

    def uniform(self, shortest: int, longest: int) -> faults.Latency:
        return faults.Uniform(min(shortest, longest), max(shortest, longest))

    def exponential(self, mean: int, floor: int | None) -> faults.Latency:
        return faults.Exponential(mean, floor or 0)

    def usual(self) -> None:
        return None

    def at_most(self, bytes_per_second: int, queue: int | None) -> values.Limit:
        return values.Limit(bytes_per_second, 65_536 if queue is None else queue)

    def unlimited(self) -> values.Limit:
        return values.Limit(0)

    # ------------------------------------------------------------ all

    def partition(self, *groups: values.Group) -> values.Command:
        return values.Partition(groups)

    def heal_all(self) -> values.Command:
        return values.HealAll()

    def calm(self) -> values.Command:
        return values.Calm()

    # ------------------------------------------------------------ wishes

    def ask(self, service: Token | None, wish: values.Wish, client: Token | None) -> values.Command:
        return values.Ask(wish, client and self._node(client), service and self._service(service))

    def put(self, key: str, value: kv.Value) -> values.Wish:
        return kv.Put(key, value)

    def get(self, key: str) -> values.Wish:
        return kv.Get(key)

    def cas(self, key: str, old: kv.Value, new: kv.Value) -> values.Wish:
        return kv.CompareAndSet(key, old, new)

    def append(self, key: str, value: kv.Value) -> values.Wish:
        return kv.Append(key, value if isinstance(value, str) else json.dumps(value))

    def transfer(self, target: values.Who) -> values.Wish:
        return values.Transfer(target)

    def members(self, voters: values.Group) -> values.Wish:
        return values.Members(voters)

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

    # ------------------------------------------------------------ conditions

    def either(self, *parts: conditions.Condition) -> conditions.Condition:
        return conditions.Either(parts)

    def both(self, *parts: conditions.Condition) -> conditions.Condition:
        return conditions.Both(parts)

    def negated(self, part: conditions.Condition) -> conditions.Condition:
        return conditions.Negated(part)

    def compared(self, left: conditions.Term, operator: Token, right: conditions.Term) -> conditions.Condition:
        return conditions.Compared(str(operator), left, right)

    def call(self, function: Token, *arguments: conditions.Term) -> conditions.Term:
        question = next((each for each in QUESTIONS if each.name == function), None)
        if question is None:
            self._known(function, "question", ROLES, (*ROLES, *(each.name for each in QUESTIONS)))
        least, most = (question.least, question.most) if question else (1, 1)
        form = question.form if question else f"{function}(SERVICE)"
        if not least <= len(arguments) <= most:
            raise Misfit(function, f"{function} is asked as {form}")
        for argument, kind in zip(arguments, _ARGUMENT.findall(form.partition("(")[2]), strict=False):
            if isinstance(argument, conditions.Word):
                self._must_be(function, argument.text, kind)
        return conditions.Call(str(function), arguments)

    def _must_be(self, function: Token, word: str, kind: str) -> None:
        """What `function` is asked about must be known, where `kind` says that it is a node or a service."""
        if self._names is None:
            return
        nodes, services = (*self._names.nodes, IT), self._names.services
        known = {"NODE": nodes, "SERVICE": services, "SERVICE | NODE": (*services, *nodes)}.get(kind)
        if known is not None and word not in known:
            raise Misfit(function, no_such(kind.lower().replace("|", "or"), word, known, known))

    def word(self, token: Token) -> conditions.Term:
        return conditions.Word(str(token))

    def text(self, token: Token) -> conditions.Term:
        return conditions.Constant(self.quoted(token))

    def number(self, token: Token) -> conditions.Term:
        return conditions.Constant(json.loads(token))

    def yes(self) -> conditions.Term:
        return conditions.Constant(True)

    def no(self) -> conditions.Term:
        return conditions.Constant(False)

    # ------------------------------------------------------------ steps

    def deeds(self, first: values.Command, *later: steps.Deed) -> steps.Deeds:
        return (steps.Deed(first), *later)

    def later(self, command: values.Command, delay: int | None) -> steps.Deed:
        return steps.Deed(command, delay or 0)

    def now(self, deeds: steps.Deeds) -> steps.Step:
        return steps.Now(deeds)

    def at(self, at: int, deeds: steps.Deeds) -> steps.Step:
        return steps.At(at, deeds)

    def after(self, delay: int, deeds: steps.Deeds) -> steps.Step:
        return steps.After(delay, deeds)

    def every(self, period: int, duration: int, deeds: steps.Deeds) -> steps.Step:
        return steps.Every(max(period, 1), duration, deeds)

    def wait(self, duration: int) -> steps.Step:
        return steps.Wait(duration)

    def wait_until(self, condition: conditions.Condition, within: int) -> steps.Step:
        return steps.WaitUntil(condition, within)

    def expect(self, condition: conditions.Condition) -> steps.Step:
        return steps.Expect(condition)

    def expect_for(self, condition: conditions.Condition, duration: int) -> steps.Step:
        return steps.ExpectFor(condition, duration)

    def let(self, name: Token, who: values.Who) -> steps.Step:
        return steps.Let(str(name), who)
