"""Directed links and what they do to a packet.

The law: a link keeps order unless it reorders, and every opinion on a packet is one of three: it passes after
some time, it comes several times, or it is lost for a reason. All dice are the network's own.
"""

from __future__ import annotations

import math
from random import Random

import msgspec

from algorithms.machine import Record
from nodes.faults import Constant, Exponential, Latency, Uniform

SECOND = 1_000_000


class Link:
    """One direction between two nodes. `plain` links have no disorder and take the short way."""

    __slots__ = (
        "_floor", "_mean", "_span", "cut", "duplicate", "extra", "last_due", "latency", "limit", "loss",
        "parted", "plain", "queue", "reorder", "sent_until", "source", "target", "usual", "window",
    )  # fmt: skip

    def __init__(self, source: str, target: str, usual: Latency) -> None:
        self.source, self.target, self.usual = source, target, usual
        self.empty()
        self.mend()

    def mend(self) -> None:
        """As new: the usual latency, no cut, no disorder."""
        self.cut = self.parted = False
        self.extra = 0
        self.loss = self.duplicate = self.reorder = 0.0
        self.window = self.limit = self.queue = 0
        self.set_latency(self.usual)

    def empty(self) -> None:
        """Nothing is under way any more, so what is sent from now on queues up behind nothing."""
        self.last_due = self.sent_until = 0

    def set_limit(self, bytes_per_second: int, queue: int) -> None:
        """Carry so much from now on (0 is no limit). What is on its way already takes no room in the new queue."""
        self.limit, self.queue, self.sent_until = bytes_per_second, queue, 0

    def set_latency(self, latency: Latency) -> None:
        """Take times from this model from now on."""
        self.latency = latency
        match latency:
            case Constant(time):
                self._floor, self._span, self._mean = time, 0, 0
            case Uniform(shortest, longest):
                self._floor, self._span, self._mean = shortest, longest - shortest + 1, 0
            case Exponential(mean, floor):
                self._floor, self._span, self._mean = floor, 0, mean
        self.judge()

    def judge(self) -> None:
        """Find out anew whether this link is plain; to be called after every change."""
        disorder = self.extra or self.loss or self.duplicate or self.reorder or self.limit
        self.plain = not (self.blocked or disorder or self._mean)

    @property
    def blocked(self) -> bool:
        """Nothing passes."""
        return self.cut or self.parted

    def time(self, dice: Random) -> int:
        """How long the next packet takes, without queues and extras."""
        if self._mean:
            return self._floor - int(math.log(1.0 - dice.random()) * self._mean)
        return self._floor + int(dice.random() * self._span) if self._span else self._floor

    def passes(self, leaves: int, dice: Random) -> int:
        """When a packet that leaves at `leaves` arrives over this link, which must be plain."""
        due = leaves + self._floor
        if self._span:
            due += int(dice.random() * self._span)
        if due < self.last_due:
            return self.last_due
        self.last_due = due
        return due

    def carry(self, at: int, message: Record, dice: Random) -> tuple[int, ...] | str:
        """The instants at which a packet sent at `at` arrives, or why it never does."""
        if self.blocked:
            return "the link is cut" if self.cut else "the network is partitioned"
        if self.loss and dice.random() < self.loss:
            return "lost on the way"
        leaves = self._leaves(at, message) if self.limit else at
        if leaves is None:
            return "the link's queue is full"
        first = self._due(leaves, dice)
        if self.duplicate and dice.random() < self.duplicate:
            return first, self._due(leaves, dice)
        return (first,)

    def _leaves(self, at: int, message: Record) -> int | None:
        """When the last byte is on the wire; None if the bytes waiting before it leave no room.

        A message that only names contents (a piece of a file by its digest) says in `payload` how many bytes those are.
        """
        start = max(at, self.sent_until)
        size = len(msgspec.msgpack.encode(message)) + getattr(message, "payload", 0)
        if (start - at) * self.limit // SECOND + size > self.queue:
            return None
        self.sent_until = start + size * SECOND // self.limit
        return self.sent_until

    def _due(self, leaves: int, dice: Random) -> int:
        due = leaves + self.time(dice) + self.extra
        if self.reorder and dice.random() < self.reorder:
            return due + int(dice.random() * (self.window + 1))
        self.last_due = due = max(due, self.last_due)
        return due


class Network:
    """All links, by source and then by target, in the order in which the nodes were added."""

    def __init__(self, usual: Latency, dice: Random) -> None:
        self.usual = usual
        self.dice = dice
        self.links_from: dict[str, dict[str, Link]] = {}

    def add(self, node: str) -> None:
        """Link `node` with every other, both ways."""
        for other, links in self.links_from.items():
            links[node] = Link(other, node, self.usual)
        self.links_from[node] = {other: Link(node, other, self.usual) for other in self.links_from}

    def link(self, source: str, target: str) -> Link:
        """The link from `source` to `target`; both must exist and differ."""
        return self.links_from[source][target]

    def links(self) -> list[Link]:
        """Every link."""
        return [link for links in self.links_from.values() for link in links.values()]

    def blocked(self, source: str, target: str) -> bool:
        """Whether a packet sent now would surely be lost to a cut or a partition."""
        return source != target and self.link(source, target).blocked

    def partition(self, groups: tuple[tuple[str, ...], ...]) -> list[Link]:
        """Part the named nodes into `groups`; returns the links that are newly blocked."""
        named = {node for group in groups for node in group}
        changed = []
        for link in self.links():
            together = any(link.source in group and link.target in group for group in groups)
            parted = link.source in named and link.target in named and not together
            if parted and not link.blocked:
                changed.append(link)
            link.parted = parted
            link.judge()
        return changed
