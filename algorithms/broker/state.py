"""What one broker knows, with the few verbs by which it acts on the world.

The law: everything a rule reads or writes is here. Logs, checkpoints and the metadata quorum are on disk too; all else
begins anew at each boot.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from algorithms.broker.controller.active import Controller
from algorithms.broker.following import Fetcher
from algorithms.broker.groups.coordinator import Groups
from algorithms.broker.image import Image
from algorithms.broker.messages import ControllerRequest, FetchRequest
from algorithms.broker.producing import Produces
from algorithms.broker.quorum import metadata_quorum
from algorithms.broker.replica import Replica
from algorithms.broker.settings import BrokerSettings
from algorithms.broker.topics import TopicPartition
from algorithms.broker.transactions.coordinator import Transactions
from algorithms.broker.transactions.markers import Markers
from algorithms.machine import CancelTimer, Effect, Note, Record, Send, SetTimer
from algorithms.raft.machine import RaftMachine
from algorithms.raft.state import State as RaftState

CONTROLLER_PATIENCE = 300_000
"""How long the controller may take to answer a broker before it is asked again (us)."""


class Parked(NamedTuple):
    """A fetch that waits for news."""

    source: str
    request: FetchRequest


class State:
    """One broker."""

    def __init__(self, name: str, nodes: tuple[str, ...], settings: BrokerSettings) -> None:
        self.name = name
        self.nodes = nodes
        self.settings = settings
        self.image = Image()
        self.quorum = metadata_quorum(name, nodes, settings, self.image)
        assert isinstance(self.quorum.machine, RaftMachine)
        self.raft: RaftState = self.quorum.machine.state
        self.active = Controller()
        """What only the active controller uses."""
        self._be_nobody()
        # What we hold.
        self.replicas: dict[TopicPartition, Replica] = {}
        self.spent_numbers: dict[str, int] = {}
        """By journal of a log that we held once: the number that comes next in it."""
        self.fetchers: dict[str, Fetcher] = {}
        """By leader."""
        self.parked: dict[tuple[str, int], Parked] = {}
        """By client id and correlation id."""
        self.touched: dict[TopicPartition, None] = {}
        """Partitions with news in this turn."""
        self.is_expiring = False
        """Whether the timer `expire` is set."""
        self.produces = Produces()
        self.groups = Groups()
        self.transactions = Transactions()
        self.markers = Markers()
        self.shut_down_callers: list[tuple[str, str, int]] = []
        """Who waits until we have stopped: node, client id, correlation id."""
        # What we have asked.
        self._correlation = 0
        self.asked: dict[int, ControllerRequest] = {}
        """Requests to the controller that are not answered yet."""
        self._turn = 0
        # The turn under way.
        self.now = 0
        self.effects: list[Effect] = []

    def _be_nobody(self) -> None:
        """Until the boot."""
        self.incarnation = 0
        self.client_id = ""
        self.broker_epoch = -1
        """-1: not registered in this life yet."""
        self.is_fenced = True
        """As the controller has told us last."""
        self.is_shutting_down = False
        self.is_shut_down = False

    # ------------------------------------------------------------ looking

    @property
    def controller(self) -> str:
        """The active controller, as far as we know; empty if we do not."""
        return self.raft.leader or ""

    @property
    def is_registered(self) -> bool:
        """Whether the metadata that we have applied know of this life; before that they speak of the last one."""
        known = self.image.brokers.get(self.name)
        return known is not None and known.broker_epoch == self.broker_epoch

    def leading(self, partition: TopicPartition) -> Replica | None:
        """The replica, if we lead it."""
        replica = self.replicas.get(partition)
        return replica if replica is not None and replica.leading is not None else None

    def topic_setting(self, topic: str, name: str) -> int | str | bool:
        """A setting of the topic: its own, or the cluster's."""
        record = self.image.topics.get(topic)
        own = getattr(record.config, name) if record is not None else None
        value: int | str | bool = getattr(self.settings, name) if own is None else own
        return value

    def min_in_sync(self, topic: str) -> int:
        """`min.insync.replicas` of the topic."""
        return int(self.topic_setting(topic, "min_insync_replicas"))

    def enough_in_sync(self, replica: Replica) -> bool:
        """Whether acks=all may be taken now."""
        leading = replica.leading
        return leading is not None and len(leading.in_sync_replicas) >= self.min_in_sync(replica.partition.topic)

    # ------------------------------------------------------------ acting

    def note(self, text: str, source: str) -> None:
        """Explain a decision."""
        self.effects.append(Note(text, source))

    def send(self, target: str, message: Record) -> None:
        """Send as soon as everything that had to be synced is."""
        self.effects.append(Send(target, message))

    def timer(self, name: str, wait: int) -> None:
        """Let the timer `name` run out in `wait` us."""
        self.effects.append(SetTimer(name, wait, wait))

    def cancel(self, name: str) -> None:
        """Forget the timer."""
        self.effects.append(CancelTimer(name))

    def correlation(self) -> int:
        """The next number for a request of our own."""
        self._correlation += 1
        return self._correlation

    def ask_controller(self, request: ControllerRequest) -> int:
        """Ask the active controller, again and again until it answers. Returns the correlation id."""
        number = self.correlation()
        self.asked[number] = msgspec.structs.replace(request, client_id=self.client_id, correlation_id=number)
        self.ask_again(number)
        return number

    def ask_again(self, number: int) -> None:
        """Send a request that has no answer yet to whoever seems to be the controller."""
        self.timer(f"controller {number}", CONTROLLER_PATIENCE)
        self.send(self.controller or self._any_voter(), self.asked[number])

    def _any_voter(self) -> str:
        self._turn += 1
        voters = self.nodes[: self.settings.controllers]
        return voters[self._turn % len(voters)]
