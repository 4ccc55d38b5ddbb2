"""What a storm does to brokers and their consumers beyond what it does to nodes and links.

The law: everything is drawn before, in `chaos`; here it is only put into the language of scenarios.
"""

from __future__ import annotations

from typing import NamedTuple

from algorithms.broker.commands import Consume, ElectLeader, StopConsuming
from algorithms.broker.topics import TopicPartition
from algorithms.machine import Record
from playground.commands import values
from playground.commands.steps import Deed, Deeds
from playground.commands.values import Do, Group, Named, OnNodes, Verb
from playground.commands.write_broker import write_partition


class BrokersUnderStorm(Record, frozen=True):
    """Brokers under a storm: their service, a topic of so many partitions, and a group with the clients in it."""

    service: str
    topic: str = "orders"
    partitions: int = 6
    replicas: int = 3
    group: str = "g"
    consumers: tuple[str, ...] = ()


class Drawn(NamedTuple):
    """What the dice said: whatever a misfortune may need. `lasts` in us."""

    partition: TopicPartition
    node: str
    replicas: tuple[str, ...]
    client: str | None
    consumer: str
    lasts: int


def deeds_of_brokers(kind: str, drawn: Drawn, brokers: BrokersUnderStorm) -> Deeds:
    """The misfortune with its end."""
    match kind:
        case "kill-partition-leader":
            return _killed(values.Placed("partition-leader", write_partition(drawn.partition)), drawn.lasts)
        case "kill-coordinator":
            return _killed(values.Placed("coordinator", brokers.group), drawn.lasts)
        case "shut-down":
            again = OnNodes(Do(Verb.RESTART), (Named(drawn.node),))
            return _asked(values.ShutDown(Named(drawn.node)), drawn, brokers), Deed(again, drawn.lasts)
        case "reassign":
            replicas = tuple(Named(name) for name in drawn.replicas)
            return (_asked(values.Reassign(drawn.partition, replicas), drawn, brokers),)
        case "elect":
            return (_asked(ElectLeader(drawn.partition), drawn, brokers),)
        case _:
            return _of_a_member(kind, drawn, brokers)


def _killed(who: values.Who, lasts: int) -> Deeds:
    it: Group = (Named("it"),)
    return Deed(OnNodes(Do(Verb.KILL), (who,))), Deed(OnNodes(Do(Verb.RESTART), it), lasts)


def _asked(wish: values.Wish, drawn: Drawn, brokers: BrokersUnderStorm) -> Deed:
    return Deed(values.Ask(wish, drawn.client, brokers.service))


def _of_a_member(kind: str, drawn: Drawn, brokers: BrokersUnderStorm) -> Deeds:
    """A member of the group stands still, or leaves and comes back, or joins once more."""
    client = (Named(drawn.consumer),)
    join = values.Ask(Consume((brokers.topic,), brokers.group), drawn.consumer, brokers.service)
    match kind:
        case "pause-consumer":
            return Deed(OnNodes(Do(Verb.PAUSE), client)), Deed(OnNodes(Do(Verb.RESUME), client), drawn.lasts)
        case "join-group":
            return (Deed(join),)
        case "leave-group":
            leave = values.Ask(StopConsuming(), drawn.consumer, brokers.service)
            return Deed(leave), Deed(join, drawn.lasts)
        case _:
            raise AssertionError(f"A storm over brokers knows no {kind}.")
