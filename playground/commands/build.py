"""From lark's tree to values; the methods are named as the rules of `language.lark`.

The law: whatever the grammar cannot say about a sentence is said here, with the column of the word.
"""

from __future__ import annotations

import json
import re
from typing import Any

from lark import Token, v_args

from nodes import faults
from playground.commands import conditions, steps, values
from playground.commands.build_wishes import Wishes
from playground.commands.build_words import Misfit
from playground.commands.naming import IT, no_such
from playground.commands.steps import HOLDINGS
from playground.commands.table import QUESTIONS, ROLES

_ARGUMENT = re.compile(r"[A-Z]+(?: \| [A-Z]+)?")
"""What stands for an argument in the form of a question: "NODE", "SERVICE | NODE"."""


@v_args(inline=True)
class Builder(Wishes):
    """Builds one sentence's value; with `names`, every node and service in it must be known."""

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

    # ------------------------------------------------------------ conditions

    def either(self, *parts: conditions.Condition) -> conditions.Condition:
        return conditions.Either(parts)

    def both(self, *parts: conditions.Condition) -> conditions.Condition:
        return conditions.Both(parts)

    def negated(self, part: conditions.Condition) -> conditions.Condition:
        return conditions.Negated(part)

    def compared(self, left: conditions.Term, operator: Token, right: conditions.Term) -> conditions.Condition:
        return conditions.Compared(str(operator), left, right)

    def function(self, token: Token) -> Token:
        return token

    def call(self, function: Token, *given: conditions.Term | None) -> conditions.Term:
        arguments = tuple(each for each in given if each is not None)
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

    def path_word(self, token: Token) -> conditions.Term:
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

    def show(self, what: conditions.Term, label: Token | None) -> steps.Step:
        return steps.Show(what, self.quoted(label) if label is not None else "")

    def shown(self, what: Token) -> conditions.Term:
        if what != HOLDINGS:
            raise Misfit(what, f'"{what}" is nothing to show; there is {HOLDINGS}, and every question')
        return conditions.Word(str(what))
