"""The metadata quorum: the project's own Raft machine, whose state machine is the image (KIP-595).

The law: the image changes only when a record is committed. The first `controllers` nodes vote; all others learn.
"""

from __future__ import annotations

import msgspec

from algorithms.broker.image import Contents as ImageContents
from algorithms.broker.image import Image
from algorithms.broker.messages import MetadataQuorum
from algorithms.broker.metadata import MetadataRecords
from algorithms.broker.settings import BrokerSettings
from algorithms.carrying import Inner
from algorithms.machine import Effect, Record
from algorithms.raft.machine import RaftMachine
from algorithms.raft.messages import AdmitLearner, Configuration
from algorithms.raft.settings import RaftSettings
from algorithms.replicated.state_machine import Contents, StateMachine


class MetadataMachine(StateMachine):
    """Applies records to the image."""

    def __init__(self, image: Image) -> None:
        super().__init__(max_sessions=1)
        self.image = image

    def carry(self, record: Record, index: int) -> None:
        """See `StateMachine`."""
        assert isinstance(record, MetadataRecords), f"the metadata log holds {record}"
        for each in record.records:
            self.image.apply(each, index)

    def contents(self) -> Contents:
        """See `StateMachine`."""
        return Contents(carried=msgspec.json.encode(self.image.contents()).decode("latin-1"))

    def restore(self, contents: Contents) -> None:
        """See `StateMachine`."""
        self.image.restore(msgspec.json.decode(contents.carried.encode("latin-1"), type=ImageContents))


def admit(quorum: Inner, broker: str, now: int) -> list[Effect]:
    """Let a node that is new receive the metadata."""
    effects, _ = quorum.ask(AdmitLearner(broker), now)
    return effects


def metadata_quorum(name: str, nodes: tuple[str, ...], settings: BrokerSettings, image: Image) -> Inner:
    """This node's part of the quorum."""
    machine = RaftMachine(name, first_configuration(nodes, settings), raft_settings(settings), MetadataMachine(image))
    return Inner("metadata", machine, MetadataQuorum)


def first_configuration(nodes: tuple[str, ...], settings: BrokerSettings) -> Configuration:
    """Who votes, and who only learns."""
    voters, learners = nodes[: settings.controllers], nodes[settings.controllers :]
    return Configuration(tuple(sorted(voters)), (), tuple(sorted(learners)))


def raft_settings(settings: BrokerSettings) -> RaftSettings:
    """What the quorum's servers are set to."""
    return RaftSettings(
        election_timeout_shortest=settings.controller_election_timeout_shortest,
        election_timeout_longest=settings.controller_election_timeout_longest,
        heartbeat_interval=settings.controller_heartbeat_interval,
        snapshot_after=settings.metadata_snapshot_after,
    )
