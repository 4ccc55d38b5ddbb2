"""Scenarios: a story with a cluster, what happens to it, and what must come of that. One TOML file each.

The law: a file is read whole and every word of it is understood or refused, with file, line and column, before
anything runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from msgspec.structs import replace

from algorithms.broker.commands import Consume, CreateTopic
from algorithms.broker.settings import BrokerSettings
from algorithms.keeper.settings import KeeperSettings
from algorithms.machine import Record
from algorithms.ring.settings import RingSettings
from playground.brokers_under_storm import BrokersUnderStorm
from playground.chaos import Chaos, RingUnderStorm, storm
from playground.commands import Names, introduced, parse_step
from playground.commands.values import Ask, Named, Transfer
from playground.errors import BadInput, nearest
from playground.misfortunes import Misfortune, possible
from playground.script import Line
from playground.services import kind_of
from playground.spec import Spec, read_spec, with_workloads
from playground.tables import Table, read_toml

SUFFIX = ".toml"


class Expectations(Record, frozen=True):
    """What the judges should find. Times are microseconds.

    A scenario may show a weakness on purpose: then the checks in `fails` must fail, `because` says why, and what
    fails along with them is in `may_fail`. After the last step everything heals, and within `settle` the cluster must
    have made progress.
    """

    settle: int = 5_000_000
    fails: tuple[str, ...] = ()
    may_fail: tuple[str, ...] = ()
    because: str = ""


class Scenario(Record, frozen=True):
    """`name` is what it is called on the command line, `where` what its file is called in a mistake."""

    name: str
    where: str
    title: str
    story: str
    seed: int
    spec: Spec
    lines: tuple[Line, ...]
    chaos: Chaos | None
    expect: Expectations
    compare: bool = False
    """The report sets all services side by side."""

    @property
    def typed(self) -> str:
        """What `playground run` finds it by: its name if it is built in, else its file."""
        return self.name if self.where == self.name + SUFFIX and self.name in built_in() else self.where

    def storm(self, seed: int | str) -> tuple[Line, ...]:
        """The storm that this seed draws; nothing if the scenario has no chaos."""
        if self.chaos is None:
            return ()
        leading, ring = _leading(self.spec), _ring(self.spec)
        brokers = _brokers(self.spec, self.lines)
        keeper = _keeper(self.spec)
        return storm(self.chaos, seed, self.spec.nodes, self.spec.clients, leading, ring, brokers, keeper)


# ---------------------------------------------------------------- finding them


def built_in() -> tuple[str, ...]:
    """The names of the scenarios that come with the playground, sorted."""
    return tuple(sorted(each.name.removesuffix(SUFFIX) for each in _folder().iterdir() if each.name.endswith(SUFFIX)))


def load(name: str) -> Scenario:
    """The built-in scenario of this name, or the one in this file. Raises BadInput."""
    if name in built_in():
        return read_scenario(_folder().joinpath(name + SUFFIX).read_text(encoding="utf-8"), name, name + SUFFIX)
    path = Path(name)
    if not path.is_file():
        raise BadInput(f'there is no scenario and no file "{name}"{nearest(name, built_in())}')
    try:
        return read_scenario(path.read_text(encoding="utf-8"), path.stem, name)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{name} cannot be read: {error}") from None


def _folder() -> Traversable:
    return files(__package__).joinpath("scenarios")


# ---------------------------------------------------------------- reading one


def read_scenario(source: str, name: str, where: str) -> Scenario:
    """The scenario that stands in `source`. Raises BadInput."""
    root = read_toml(source, where)
    title, story, seed = root.text("title"), root.text("story", ""), root.whole("seed", 1)
    spec = read_spec(root.table("cluster"))
    if root.has("workload"):
        spec = with_workloads(spec, root.table("workload"))
    lines = tuple(_lines(root, spec))
    chaos = _chaos(root.table("chaos"), spec) if root.has("chaos") else None
    expect = _expectations(root.table("expect"))
    compare = root.flag("compare", False)
    root.finish()
    return Scenario(name, where, title, story.strip(), seed, spec, lines, chaos, expect, compare)


def _lines(root: Table, spec: Spec) -> Iterator[Line]:
    """The steps, each of which may use the names that a `let` before it has given."""
    names = Names((*spec.nodes, *spec.clients), tuple(each.name for each in spec.services))
    for number, text in _written(root):
        step = parse_step(text, root.where, number, names)
        names = Names((*names.nodes, *introduced(step)), names.services)
        yield Line(number, step)


def _written(root: Table) -> Iterator[tuple[int, str]]:
    """The lines of `steps` that say something, with their numbers in the file."""
    first = root.line_of("steps")
    lines = root.text("steps", "").splitlines()
    offset = _first_line(root, first)
    for number, text in enumerate(lines, offset):
        if text.split("#")[0].strip():
            yield number, text


def _first_line(root: Table, line: int) -> int:
    """TOML drops the line break right behind three quotes, so the text begins on the line behind."""
    opening = root.source.splitlines()[line - 1] if line else ""
    return line + 1 if opening.rstrip().endswith(('"""', "'''")) else line


def _leading(spec: Spec) -> str:
    """The first service that has leaders; empty if there is none."""
    return next((each.name for each in spec.services if kind_of(each.kind).roles), "")


def _can_change(spec: Spec) -> bool:
    """Whether the service that has leaders lets them be chosen, and its voters be changed."""
    transfer = Ask(Transfer(Named("n1")))
    return any(
        not kind_of(each.kind).refusal(transfer, each.name) for each in spec.services if each.name == _leading(spec)
    )


def _keeper(spec: Spec) -> str:
    """The first keeper; empty if there is none."""
    return next((each.name for each in spec.services if isinstance(each.settings, KeeperSettings)), "")


def _ring(spec: Spec) -> RingUnderStorm | None:
    """The first ring."""
    rings = ((each.name, each.settings) for each in spec.services)
    return next((RingUnderStorm(name, each.n) for name, each in rings if isinstance(each, RingSettings)), None)


def _brokers(spec: Spec, lines: tuple[Line, ...]) -> BrokersUnderStorm | None:
    """The first brokers, with the topic and the group that the steps make."""
    service = next((each.name for each in spec.services if isinstance(each.settings, BrokerSettings)), None)
    if service is None:
        return None
    found = BrokersUnderStorm(service)
    for ask in _asks(lines):
        match ask.wish:
            case CreateTopic(topic, partitions, replicas):
                found = replace(found, topic=topic, partitions=max(1, partitions), replicas=replicas or found.replicas)
            case Consume(group=group) if group and ask.client:
                found = replace(found, group=group, consumers=(*found.consumers, ask.client))
            case _:
                pass
    return found


def _asks(lines: tuple[Line, ...]) -> Iterator[Ask]:
    """What the steps ask clients for."""
    for line in lines:
        for deed in getattr(line.step, "deeds", ()):
            if isinstance(deed.command, Ask):
                yield deed.command


def _chaos(table: Table, spec: Spec) -> Chaos:
    brokers = _brokers(spec, ()) is not None
    there = possible(
        bool(_leading(spec)), _ring(spec) is not None, brokers, bool(_keeper(spec) and spec.clients), _can_change(spec)
    )
    usual, kinds = Chaos(), tuple(each.value for each in there)
    only = table.all_of("only", kinds, kinds)
    without = table.all_of("without", kinds, ())
    chaos = Chaos(
        table.duration("start", usual.start),
        table.duration("duration", usual.duration),
        table.duration("gap", usual.gap),
        table.duration("longest", usual.longest),
        tuple(each for each in Misfortune if each.value in only and each.value not in without),
    )
    if not chaos.kinds:
        raise table.wrong("without", "nothing is left that this storm could be made of")
    table.finish()
    return chaos


def _expectations(table: Table) -> Expectations:
    expect = Expectations(
        table.duration("settle", Expectations().settle),
        table.texts("fails", ()),
        table.texts("may_fail", ()),
        table.text("because", ""),
    )
    if expect.fails and not expect.because:
        raise table.wrong("fails", 'a scenario that expects a check to fail says why, in "because"')
    table.finish()
    return expect
