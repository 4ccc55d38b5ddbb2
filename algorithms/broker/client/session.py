"""A client's talk with the brokers: which requests are out, who leads what, who coordinates whom.

The law: each request has a correlation id of its own, and ends once: with its response or with its timeout. Whoever
asked (`owner`) is told by the client machine. Nothing here decides what an answer means.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from algorithms.broker.client_settings import BrokerClientSettings
from algorithms.broker.errors import Error
from algorithms.broker.messages import (
    FindCoordinatorRequest,
    FindCoordinatorResponse,
    MetadataRequest,
    MetadataResponse,
    Request,
    Response,
)
from algorithms.broker.messages.data import PartitionMetadata
from algorithms.broker.topics import TopicPartition
from algorithms.machine import CancelTimer, Effect, Note, Send, SetTimer


class Pending(NamedTuple):
    """A request that has no answer yet. `owner` is `producer`, `transactions`, `consumer`, `administration` or
    `session`; `purpose` is the owner's own word for why it asked."""

    target: str
    request: Request
    owner: str
    purpose: str


class Session:
    """The part of a client that all its other parts share."""

    def __init__(self, name: str, servers: tuple[str, ...], settings: BrokerClientSettings) -> None:
        self.name = name
        self.settings = settings
        self.client_id = ""
        self.now = 0
        self.effects: list[Effect] = []
        self.brokers = servers
        """Those that are up, as the last metadata said; at first all."""
        self.controller = ""
        self.topics: dict[str, tuple[PartitionMetadata, ...]] = {}
        """What the last metadata said of each topic that somebody wants."""
        self.unknown_topics: dict[str, None] = {}
        """Topics that somebody wants, and of which the last metadata said that there is no such thing."""
        self._servers = servers
        self._wanted: dict[str, None] = {}
        self._correlation = 0
        self._turn = 0
        self._pending: dict[int, Pending] = {}
        self._coordinators: dict[tuple[str, str], str] = {}
        self._seek_from = 0
        self._refreshes_soon = False
        """Whether the timer `session refresh` is set."""
        """Before this local time no coordinator is sought again."""

    # ------------------------------------------------------------ asking

    def ask(self, target: str, request: Request, owner: str, purpose: str = "", patience: int = 0) -> int:
        """Send `request` under the next correlation id, which is returned. Without an answer within `patience` (us; 0:
        `request_timeout`) its timer `request N` runs out."""
        self._correlation += 1
        number = self._correlation
        request = msgspec.structs.replace(request, client_id=self.client_id, correlation_id=number)
        self._pending[number] = Pending(target, request, owner, purpose)
        patience = patience or self.settings.request_timeout
        self.effects += [Send(target, request), SetTimer(f"request {number}", patience, patience)]
        return number

    def answered(self, response: Response) -> Pending | None:
        """The request that `response` answers; None if it has ended, perhaps in another life."""
        if response.client_id != self.client_id:
            return None
        pending = self._pending.pop(response.correlation_id, None)
        if pending is not None:
            self.effects.append(CancelTimer(f"request {response.correlation_id}"))
        return pending

    def timed_out(self, number: int) -> Pending | None:
        """The request of this number; its broker has not answered in time."""
        return self._pending.pop(number, None)

    def give_up(self, number: int) -> None:
        """Whatever comes back to this request, nobody wants it any more."""
        if self._pending.pop(number, None) is not None:
            self.effects.append(CancelTimer(f"request {number}"))

    def any_broker(self, but: str = "") -> str:
        """Each in turn; `but` only if there is no other."""
        self._turn += 1
        among = tuple(each for each in self.brokers or self._servers if each != but) or self._servers
        return among[self._turn % len(among)]

    def timer(self, name: str, wait: int) -> None:
        """Set a timer of the owner whose name it begins with."""
        self.effects.append(SetTimer(name, wait, wait))

    def note(self, text: str, source: str = "Kafka protocol") -> None:
        """Explain a decision."""
        self.effects.append(Note(text, source))

    # ------------------------------------------------------------ who leads what

    def want(self, topic: str) -> None:
        """From now on metadata of this topic is wanted; asks at once if there is none yet."""
        if topic not in self._wanted:
            if not self._wanted:
                self.timer("session age", self.settings.metadata_max_age)
            self._wanted[topic] = None
            self.refresh()

    def refresh(self) -> None:
        """Ask some broker for metadata, unless a question is under way."""
        if not any(each.purpose == "metadata" for each in self._pending.values()):
            self.ask(self.any_broker(), MetadataRequest("", 0, tuple(self._wanted)), "session", "metadata")

    def refresh_soon(self) -> None:
        """The same after `retry_backoff` (timer `session refresh`), however often it is asked for meanwhile."""
        if not self._refreshes_soon:
            self._refreshes_soon = True
            self.timer("session refresh", self.settings.retry_backoff)

    def ring(self, timer: str) -> None:
        """`session refresh`, and `session age` when the metadata are old. With `session coordinators` whoever still
        needs a coordinator asks for one again at the end of the turn."""
        if timer == "session refresh":
            self._refreshes_soon = False
        if timer == "session age":
            self.timer(timer, self.settings.metadata_max_age)
        if timer != "session coordinators":
            self.refresh()

    def take_metadata(self, response: MetadataResponse) -> None:
        """Believe it, unless it comes from a broker that does not know anything yet."""
        if response.error is not Error.NONE:
            self.refresh_soon()
            return
        self.brokers = response.brokers or self._servers
        self.controller = response.controller
        for topic in response.topics:
            if topic.partitions:
                self.topics[topic.topic] = topic.partitions
                self.unknown_topics.pop(topic.topic, None)
            else:
                self.topics.pop(topic.topic, None)
                self.unknown_topics[topic.topic] = None

    def partitions(self, topic: str) -> tuple[TopicPartition, ...]:
        """All partitions of the topic; none if nothing is known of it."""
        return tuple(each.partition for each in self.topics.get(topic, ()))

    def known(self, partition: TopicPartition) -> PartitionMetadata | None:
        """What is known of the partition."""
        of_topic, number = self.topics.get(partition.topic, ()), partition.partition
        return of_topic[number] if 0 <= number < len(of_topic) else None

    def leader(self, partition: TopicPartition) -> str:
        """Who leads it; empty if nobody does or nothing is known."""
        known = self.known(partition)
        return known.leader if known is not None else ""

    # ------------------------------------------------------------ who coordinates whom

    def coordinator(self, key_type: str, key: str) -> str:
        """The coordinator of a group (`GROUP`) or transactional id (`TRANSACTION`); empty: then it is being sought, and
        `find_coordinator_response` will come."""
        found = self._coordinators.get((key_type, key), "")
        if not found:
            self._seek(key_type, key)
        return found

    def lose_coordinator(self, key_type: str, key: str) -> None:
        """It did not answer, or said that it is none."""
        self._coordinators.pop((key_type, key), None)

    def take_coordinator(self, request: FindCoordinatorRequest, response: FindCoordinatorResponse) -> bool:
        """Whether there is one; believe it."""
        if response.hint:
            self._coordinators[request.key_type, request.key] = response.hint
        else:
            self._seek_from = self.now + self.settings.retry_backoff
        return bool(response.hint)

    def _seek(self, key_type: str, key: str) -> None:
        purpose = f"coordinator {key_type} {key}"
        if self.now >= self._seek_from and not any(each.purpose == purpose for each in self._pending.values()):
            self.ask(self.any_broker(), FindCoordinatorRequest("", 0, key, key_type), "session", purpose)
