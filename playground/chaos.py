"""Chaos: a storm of misfortunes of every kind, drawn from a seed, in the language of scenarios.

The law: the same seed, nodes and settings give the same storm, line for line; and a storm stays within the fault
model that consensus promises to survive: processes that crash and come back, machines that lose power, disks that
fail or are slow, clocks that are wrong, links that do anything. It never wipes a disk, and a node whose disk lies
about its syncs never loses power: a server that has forgotten what it promised is outside of that model (Raft, paper
section 5.2 and Figure 2, "persistent state"), and with it the loss of an acknowledged write would be nobody's bug.
Which servers may have lying disks (a minority) and which may lose power is drawn once for the whole storm.

A ring's members come and go as well. Who may leave is drawn once too, so that never fewer stay than a key has replicas,
whatever becomes of each wish. Brokers are told to move partitions, to shut down in order and to come back; members of
a group come, go and stand still.

Every misfortune ends by itself after a while, misfortunes overlap as they please, and a storm may for a time leave no
majority; only when it is over must the cluster make progress.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import count, islice
from random import Random

from algorithms.broker.topics import TopicPartition
from algorithms.machine import Record
from nodes.faults import Exponential, Uniform
from playground.brokers_under_storm import BrokersUnderStorm, Drawn, deeds_of_brokers
from playground.commands import values
from playground.commands.steps import At, Deed, Deeds
from playground.commands.values import Group, Kind, Named, Some, Verb
from playground.keeper_under_storm import deeds_of_keepers
from playground.misfortunes import OF_BROKERS, OF_KEEPERS, Misfortune, possible
from playground.script import Line

MS = 1_000
SECOND = 1_000_000


NEWCOMERS = 2
"""Nodes that a storm may add to those that a ring begins with."""
WEIGHTS = (0.5, 1.0, 1.5, 2.0, 3.0)


class Chaos(Record, frozen=True):
    """How a storm is drawn. Times are microseconds.

    Misfortunes begin at random, on average one each `gap`, and last up to `longest`. `kinds` are what it is made of.
    """

    start: int = 1 * SECOND
    duration: int = 60 * SECOND
    gap: int = 400 * MS
    longest: int = 4 * SECOND
    kinds: tuple[Misfortune, ...] = possible(True, False)


class RingUnderStorm(Record, frozen=True):
    """The ring whose members come and go: its service, and how many replicas a key has."""

    service: str
    n: int


def storm(
    chaos: Chaos,
    seed: int | str,
    servers: tuple[str, ...],
    clients: tuple[str, ...],
    service: str,
    ring: RingUnderStorm | None = None,
    brokers: BrokersUnderStorm | None = None,
    keeper: str = "",
) -> tuple[Line, ...]:
    """The misfortunes in the order of their times, each a line for `Script`'s storm.

    `service` has the leaders, `keeper` the sessions.
    """
    weather = _Weather(chaos, Random(f"{seed}:chaos"), servers, clients, service, ring, brokers, keeper)
    lines: list[Line] = []
    at = chaos.start + weather.gap()
    while at < chaos.start + chaos.duration:
        lines.append(Line(0, At(at, weather.misfortune(at))))
        at += weather.gap()
    return tuple(lines)


class _Weather:
    """The dice and what they are thrown about. Only `random()` is drawn, which is the same on every Python."""

    def __init__(
        self,
        chaos: Chaos,
        dice: Random,
        servers: tuple[str, ...],
        clients: tuple[str, ...],
        service: str,
        ring: RingUnderStorm | None,
        brokers: BrokersUnderStorm | None,
        keeper: str,
    ) -> None:
        self.brokers, self.keeper = brokers, keeper
        self.chaos, self.dice, self.clients, self.service, self.ring = chaos, dice, clients, service, ring
        self.servers = servers
        shuffled = self.shuffled(servers)
        self.liars = shuffled[: (len(servers) - 1) // 2]
        self.honest = shuffled[len(self.liars) :]
        self.newcomers: tuple[str, ...] = ()
        self.leavers: tuple[str, ...] = ()
        if ring is not None:
            self._draw_members(ring)

    def _draw_members(self, ring: RingUnderStorm) -> None:
        """As many stay for ever as a key has replicas; the others and the newcomers come and go."""
        names = (f"n{number}" for number in count(1))
        free = (name for name in names if name not in (*self.servers, *self.clients))
        self.newcomers = tuple(islice(free, NEWCOMERS))
        self.leavers = (*self.shuffled(self.servers)[ring.n :], *self.newcomers)
        self.servers = (*self.servers, *self.newcomers)
        self.honest = (*self.honest, *self.newcomers)

    # ------------------------------------------------------------ dice

    def gap(self) -> int:
        """Exponential, so that storms have bursts and lulls."""
        return 1 + int(-math.log(1.0 - self.dice.random()) * self.chaos.gap)

    def between(self, least: int, most: int) -> int:
        return least + int(self.dice.random() * (most - least + 1))

    def milliseconds(self, least: int, most: int) -> int:
        return self.between(least, most) * MS

    def any(self, names: tuple[str, ...]) -> str:
        return names[int(self.dice.random() * len(names))]

    def shuffled(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for _, name in sorted((self.dice.random(), name) for name in names))

    def sometimes(self, probability: float) -> bool:
        return self.dice.random() < probability

    # ------------------------------------------------------------ misfortunes

    def misfortune(self, at: int) -> Deeds:
        """One of the kinds, with its end."""
        kind = self.chaos.kinds[int(self.dice.random() * len(self.chaos.kinds))]
        most = min(self.chaos.longest, self.chaos.start + self.chaos.duration - at)
        lasts = self.between(min(50 * MS, most), most)
        if kind in _OF_NODES:
            return self._of_nodes(kind, lasts)
        if kind in _OF_LINKS:
            return self._of_links(kind, lasts)
        if kind in OF_BROKERS:
            assert self.brokers is not None, "This storm knows of no brokers."
            return self._of_brokers(kind, lasts, self.brokers)
        if kind in OF_KEEPERS:
            assert self.clients, "A storm over sessions needs clients."
            return deeds_of_keepers(kind, self.any(self.clients), self.keeper, lasts)
        return self._of_all(kind, lasts)

    def _of_brokers(self, kind: Misfortune, lasts: int, brokers: BrokersUnderStorm) -> Deeds:
        """Drawn here, said in `brokers_under_storm`."""
        partition = TopicPartition(brokers.topic, self.between(0, brokers.partitions - 1))
        drawn = Drawn(
            partition,
            self.any(self.servers),
            self.shuffled(self.servers)[: brokers.replicas],
            self.any(self.clients) if self.clients else None,
            self.any(brokers.consumers or self.clients),
            lasts,
        )
        return deeds_of_brokers(kind.value, drawn, brokers)

    def _of_nodes(self, kind: Misfortune, lasts: int) -> Deeds:
        node: Group = (Named(self.any(self.servers)),)
        match kind:
            case Misfortune.KILL:
                return _verbs(Verb.KILL, node, Verb.RESTART, lasts)
            case Misfortune.KILL_LEADER:
                return _verbs(Verb.KILL, self._leader(), Verb.RESTART, lasts)
            case Misfortune.POWER_LOSS:
                return _verbs(Verb.POWER_LOSS, (Named(self.any(self.honest)),), Verb.RESTART, lasts)
            case Misfortune.BOUNCE:
                return (Deed(values.OnNodes(values.Do(Verb.RESTART), node)),)
            case Misfortune.PAUSE:
                return _verbs(Verb.PAUSE, node, Verb.RESUME, lasts)
            case Misfortune.PAUSE_LEADER:
                return _verbs(Verb.PAUSE, self._leader(), Verb.RESUME, lasts)
            case Misfortune.SLOW_NODE:
                return _on_nodes(values.SlowNode(self.between(100, 20 * MS)), node, values.SlowNode(None), lasts)
            case Misfortune.SKEW:
                return (Deed(values.OnNodes(values.Skew(self.milliseconds(-500, 500)), node)),)
            case Misfortune.DRIFT:
                return _on_nodes(values.Drift(self.between(-100_000, 100_000)), node, values.Drift(0), lasts)
            case Misfortune.SLOW_DISK:
                slow = values.SlowDisk(self.milliseconds(5, 500))
                return _on_nodes(slow, node, values.Disk(values.DiskState.OK), lasts)
            case Misfortune.FAILING_DISK:
                fail = values.Disk(values.DiskState.FAIL)
                return _on_nodes(fail, node, values.Do(Verb.RESTART), lasts)
            case _:
                return self._lying_disk(lasts)

    def _lying_disk(self, lasts: int) -> Deeds:
        """The servers that may lie are never among those that lose power."""
        if not self.liars:
            return (Deed(values.OnNodes(values.Do(Verb.RESTART), (Named(self.any(self.servers)),))),)
        lie, honest = values.Disk(values.DiskState.LIE), values.Disk(values.DiskState.HONEST)
        return _on_nodes(lie, (Named(self.any(self.liars)),), honest, lasts)

    def _leader(self) -> Group:
        return (values.InRole("leader", self.service),)

    # ------------------------------------------------------------ of links

    def _of_links(self, kind: Misfortune, lasts: int) -> Deeds:
        sources, targets = self._ends()
        both = kind is not Misfortune.ONE_WAY_CUT and self.sometimes(0.5)
        start = values.OnLinks(self._link_action(kind), sources, targets, both or kind is Misfortune.CUT)
        end = values.OnLinks(values.Heal(), start.sources, start.targets, start.both)
        return Deed(start), Deed(end, lasts)

    def _ends(self) -> tuple[Group, Group]:
        """One link between servers, or a client's, or all of one server's."""
        a, b = self.shuffled(self.servers)[:2] if len(self.servers) > 1 else (self.servers[0], self.servers[0])
        if self.clients and self.sometimes(0.15):
            a = self.any(self.clients)
        if self.sometimes(0.25) or a == b:
            return (Named(a),), (Some(Kind.EVERYONE),)
        return (Named(a),), (Named(b),)

    def _link_action(self, kind: Misfortune) -> values.LinkAction:
        match kind:
            case Misfortune.SLOW_LINK:
                return values.Slow(self.milliseconds(5, 400))
            case Misfortune.DELAY:
                return values.Delay(self._latency())
            case Misfortune.LOSE:
                return values.Lose(self.between(5, 80) / 100)
            case Misfortune.DUPLICATE:
                return values.Duplicate(self.between(5, 100) / 100)
            case Misfortune.REORDER:
                return values.Reorder(self.between(5, 90) / 100, self.milliseconds(1, 200))
            case Misfortune.LIMIT:
                return values.Limit(self.between(1, 50) * 1_000, self.between(2, 64) * 1_000)
            case _:
                return values.Cut()

    def _latency(self) -> Uniform | Exponential:
        if self.sometimes(0.5):
            return Exponential(self.milliseconds(2, 100), MS)
        shortest = self.milliseconds(1, 50)
        return Uniform(shortest, shortest + self.milliseconds(0, 150))

    # ------------------------------------------------------------ of all

    def _of_all(self, kind: Misfortune, lasts: int) -> Deeds:
        match kind:
            case Misfortune.HALVES:
                groups: tuple[Group, ...] = ((Some(Kind.MAJORITY),), (Some(Kind.MINORITY),))
                return _until_healed(values.Partition(groups), lasts)
            case Misfortune.LEADER_IN_MINORITY:
                friends = (Some(Kind.RANDOM),) * ((len(self.servers) - 1) // 2 - 1)
                return _until_healed(values.Partition(((*self._leader(), *friends), (Some(Kind.REST),))), lasts)
            case Misfortune.BRIDGE:
                return _until_healed(self._bridge(), lasts)
            case Misfortune.ISOLATE:
                return _verbs(Verb.ISOLATE, (Named(self.any(self.servers)),), Verb.HEAL, lasts)
            case Misfortune.DEAF_LEADER:
                return self._deaf_leader(lasts)
            case Misfortune.TRANSFER:
                return (Deed(values.Ask(values.Transfer(Named(self.any(self.servers))))),)
            case Misfortune.ADD_NODE:
                return (self._ask_ring(values.AddNode(self.any(self.leavers))),)
            case Misfortune.REMOVE_NODE:
                return self._remove_node(lasts)
            case Misfortune.WEIGHT:
                weight = WEIGHTS[int(self.dice.random() * len(WEIGHTS))]
                return (self._ask_ring(values.SetWeight(Named(self.any(self.servers)), weight)),)
            case _:
                return self._members(lasts)

    def _ask_ring(self, wish: values.Wish, delay: int = 0) -> Deed:
        assert self.ring is not None, "This storm knows of no ring."
        client = self.any(self.clients) if self.clients else None
        return Deed(values.Ask(wish, client, self.ring.service), delay)

    def _remove_node(self, lasts: int) -> Deeds:
        """It comes back after a while, or stays away."""
        node = self.any(self.leavers)
        gone = self._ask_ring(values.RemoveNode(Named(node)))
        return (gone, self._ask_ring(values.AddNode(node), lasts)) if self.sometimes(0.5) else (gone,)

    def _bridge(self) -> values.Command:
        order = self.shuffled(self.servers)
        middle = len(order) // 2
        return values.Partition((_named(order[: middle + 1]), _named(order[middle:])))

    def _deaf_leader(self, lasts: int) -> Deeds:
        """It can send and not hear: the others stay calm while nothing commits."""
        everyone: Group = (Some(Kind.EVERYONE),)
        deaf = values.OnLinks(values.Cut(), everyone, self._leader(), False)
        return Deed(deaf), Deed(values.HealAll(), lasts)

    def _members(self, lasts: int) -> Deeds:
        """A smaller cluster for a while, of three at least."""
        least = min(3, len(self.servers))
        some = self.shuffled(self.servers)[: self.between(least, len(self.servers))]
        fewer = values.Ask(values.Members(_named(sorted(some))))
        return Deed(fewer), Deed(values.Ask(values.Members((Some(Kind.ALL),))), lasts)


_OF_NODES = (
    Misfortune.KILL, Misfortune.KILL_LEADER, Misfortune.POWER_LOSS, Misfortune.BOUNCE, Misfortune.PAUSE,
    Misfortune.PAUSE_LEADER, Misfortune.SLOW_NODE, Misfortune.SKEW, Misfortune.DRIFT, Misfortune.SLOW_DISK,
    Misfortune.FAILING_DISK, Misfortune.LYING_DISK,
)  # fmt: skip

_OF_LINKS = (
    Misfortune.CUT, Misfortune.ONE_WAY_CUT, Misfortune.SLOW_LINK, Misfortune.DELAY, Misfortune.LOSE,
    Misfortune.DUPLICATE, Misfortune.REORDER, Misfortune.LIMIT,
)  # fmt: skip


def _named(names: Iterable[str]) -> Group:
    return tuple(Named(name) for name in names)


def _it() -> Group:
    return (Named("it"),)


def _verbs(verb: Verb, nodes: Group, end: Verb, lasts: int) -> Deeds:
    return _on_nodes(values.Do(verb), nodes, values.Do(end), lasts)


def _on_nodes(action: values.NodeAction, nodes: Group, end: values.NodeAction, lasts: int) -> Deeds:
    return Deed(values.OnNodes(action, nodes)), Deed(values.OnNodes(end, _it()), lasts)


def _until_healed(command: values.Command, lasts: int) -> Deeds:
    return Deed(command), Deed(values.HealAll(), lasts)
