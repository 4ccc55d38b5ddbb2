"""From lark's tree to values: what brokers are asked for. The methods are named as the rules of `language.lark`."""

from __future__ import annotations

from typing import Any

from lark import Token, v_args

from algorithms import kv
from algorithms.broker import commands
from algorithms.broker.topics import TopicConfig, TopicPartition
from playground.commands import values
from playground.commands.build_words import Misfit, Words

CONFIG = {
    "min-isr": "min_insync_replicas",
    "cleanup": "cleanup_policy",
    "retention": "retention_time",
    "retention-bytes": "retention_bytes",
    "segment-bytes": "segment_bytes",
    "flush": "flush_messages",
    "max-bytes": "max_message_bytes",
    "unclean": "unclean_leader_election_enable",
}
"""The flags of a topic's settings, and what they set."""
CLEANUP = {"delete": "delete", "compact": "compact", "compact-delete": "compact,delete"}

Flags = dict[str, tuple[Token, Any]]


@v_args(inline=True)
class BrokerWishes(Words):
    """See `build.Builder`."""

    def flags(self, *parts: Any) -> Flags:
        found: Flags = {}
        for token, value in zip(parts[::2], parts[1::2], strict=True):
            name = str(token).removeprefix("--")
            if name in found:
                raise Misfit(token, f"{token} is said twice")
            found[name] = token, value
        return found

    def flag_word(self, token: Token) -> str:
        return str(token)

    def flag_all(self) -> str:
        return "all"

    def flag_delete(self) -> str:
        return "delete"

    def topics(self, *names: str) -> tuple[str, ...]:
        return names

    # ------------------------------------------------------------ topics

    def create_topic(self, topic: str, flags: Flags) -> values.Wish:
        known = ("partitions", "replicas", *CONFIG)
        _only(flags, "topic create", known)
        return commands.CreateTopic(topic, _count(flags, "partitions"), _count(flags, "replicas"), _config(flags))

    def delete_topic(self, topic: str) -> values.Wish:
        return commands.DeleteTopic(topic)

    def alter_topic(self, topic: str, flags: Flags) -> values.Wish:
        _only(flags, "topic alter", ("partitions", *CONFIG))
        return commands.AlterTopic(topic, _config(flags), _count(flags, "partitions"))

    # ------------------------------------------------------------ producing and consuming

    def produce(self, topic: str, key: str, value: kv.Value, flags: Flags) -> values.Wish:
        _only(flags, "produce", ("acks", "partition"))
        token, acks = flags.get("acks", (None, ""))
        if str(acks) not in ("", "0", "1", "all"):
            assert token is not None
            raise Misfit(token, f"--acks is 0, 1 or all, not {acks}")
        partition = _count(flags, "partition", least=0) if "partition" in flags else None
        return commands.ProduceRecord(topic, key, kv.text_of(value), partition, str(acks))

    def stop_consuming(self) -> values.Wish:
        return commands.StopConsuming()

    def consume(self, topics: tuple[str, ...], flags: Flags) -> values.Wish:
        """A partition is read once, topics are read on and on."""
        _only(flags, "consume", ("group", "offset"))
        if len(topics) == 1 and "/" in topics[0]:
            if "group" in flags:
                raise Misfit(flags["group"][0], "a group reads topics, not one partition; leave out the /")
            offset = _count(flags, "offset", least=0) if "offset" in flags else -1
            return commands.ReadPartition(read_partition(topics[0]), offset)
        if "offset" in flags:
            raise Misfit(flags["offset"][0], f"--offset needs one partition, like {topics[0]}/0")
        token, group = flags.get("group", (None, ""))
        if not isinstance(group, str):
            assert token is not None
            raise Misfit(token, f"{group} is no name for a group")
        return commands.Consume(topics, group)

    def group_add(self, group: str, client: Token, topics: tuple[str, ...] | None) -> values.Ask:
        return values.Ask(commands.Consume(topics or (), group), self._node(client))

    def group_remove(self, group: str, client: Token) -> values.Ask:
        return values.Ask(values.LeaveGroup(group), self._node(client))

    def group_commit(self, group: str) -> values.Wish:
        return commands.CommitOffsets(group)

    def transaction_end(self, word: Token) -> values.Wish:
        match str(word):
            case "begin":
                return commands.BeginTransaction()
            case "commit":
                return commands.CommitTransaction()
            case _:
                return commands.AbortTransaction()

    # ------------------------------------------------------------ partitions and brokers

    def topic_partition(self, token: Token) -> TopicPartition:
        text = self.quoted(token) if token.type == "STRING" else str(token)
        found = read_partition(text)
        if found.partition < 0:
            raise Misfit(token, f"{token} is no partition; write topic and number, like orders/0")
        return found

    def reassign(self, partition: TopicPartition, replicas: values.Group, flags: Flags) -> values.Wish:
        _only(flags, "reassign", ("throttle",))
        return values.Reassign(partition, replicas, _count(flags, "throttle"))

    def cancel_reassignment(self, partition: TopicPartition) -> values.Wish:
        return values.Reassign(partition, ())

    def elect(self, partition: TopicPartition, unclean: Token | None) -> values.Wish:
        return commands.ElectLeader(partition, unclean is not None)

    def shut_down(self, node: values.Who) -> values.Wish:
        return values.ShutDown(node)


def _only(flags: Flags, verb: str, known: tuple[str, ...]) -> None:
    """Only flags that mean something for the verb."""
    for name, (token, _) in flags.items():
        if name not in known:
            there = ", ".join(f"--{each}" for each in known)
            raise Misfit(token, f"{token} means nothing for {verb}; there are {there}")


def _count(flags: Flags, name: str, least: int = 1) -> int:
    """A whole number; 0 if it is not said."""
    if name not in flags:
        return 0
    token, value = flags[name]
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise Misfit(token, f"--{name} must be a whole number, {least} or above, not {value}")
    return value


def _config(flags: Flags) -> TopicConfig:
    found: dict[str, Any] = {}
    for name, setting in CONFIG.items():
        if name in flags:
            token, value = flags[name]
            found[setting] = _setting(token, name, value)
    return TopicConfig(**found)


def _setting(token: Token, name: str, value: Any) -> Any:
    if name == "cleanup":
        if value not in CLEANUP:
            raise Misfit(token, f"--cleanup is {', '.join(CLEANUP)}, not {value}")
        return CLEANUP[value]
    if name == "unclean":
        if not isinstance(value, bool):
            raise Misfit(token, f"--unclean is true or false, not {value}")
        return value
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Misfit(token, f"--{name} is a number, not {value}")
    return value


def read_partition(text: str) -> TopicPartition:
    """`orders/0`; with the partition -1 if it is none."""
    topic, _, number = text.rpartition("/")
    return TopicPartition(topic, int(number)) if topic and number.isdecimal() else TopicPartition(text, -1)
