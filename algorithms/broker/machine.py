"""A broker: the one door, and which rule each event goes to.

The law: `handle` is deterministic and touches nothing but `state`. Everything durable comes with `Started`: the
journals `log TOPIC-N` with their checkpoints, and the metadata quorum's own part, whose names begin with `metadata `.

Checks may read, at any time: `state.image`, `.replicas` (`log`, `high_watermark`, `leading`, `producers`), `.raft`,
`.groups`, `.transactions`, `.settings`.
"""

from __future__ import annotations

from typing import assert_never

from algorithms.broker import appending, checkpoints, clients, controlling, fetching, following, in_sync, producing
from algorithms.broker import registering as registration
from algorithms.broker.assigning import follow_metadata
from algorithms.broker.booting import boot
from algorithms.broker.controller import active
from algorithms.broker.coordinators import find_coordinator
from algorithms.broker.groups import coordinator as groups
from algorithms.broker.messages import (
    AddOffsetsToTxnRequest,
    AddPartitionsToTxnRequest,
    AllocateProducerIdsRequest,
    AlterPartitionReassignmentsRequest,
    AlterPartitionRequest,
    AlterTopicRequest,
    BrokerHeartbeatRequest,
    BrokerHeartbeatResponse,
    BrokerRegistrationRequest,
    CreateTopicsRequest,
    DeleteTopicsRequest,
    ElectLeadersRequest,
    EndTxnRequest,
    FetchRequest,
    FetchResponse,
    FindCoordinatorRequest,
    HeartbeatRequest,
    InitProducerIdRequest,
    JoinGroupRequest,
    LeaveGroupRequest,
    ListOffsetsRequest,
    MetadataQuorum,
    MetadataRequest,
    OffsetCommitRequest,
    OffsetFetchRequest,
    OffsetForLeaderEpochRequest,
    OffsetForLeaderEpochResponse,
    ProduceRequest,
    Request,
    Response,
    ShutDownRequest,
    SyncGroupRequest,
    TxnOffsetCommitRequest,
    WriteTxnMarkersRequest,
    WriteTxnMarkersResponse,
)
from algorithms.broker.picture import view_of
from algorithms.broker.retention import tend_logs
from algorithms.broker.settings import BrokerSettings
from algorithms.broker.state import State
from algorithms.broker.transactions import coordinator as transactions
from algorithms.broker.transactions import markers
from algorithms.broker.view import BrokerView
from algorithms.machine import Answer, Asked, Effect, Event, Failed, Received, Record, Started, TimerFired


class BrokerMachine:
    """One broker. `nodes` are those the cluster begins with, of which the first ones vote on the metadata."""

    def __init__(self, name: str, nodes: tuple[str, ...], settings: BrokerSettings) -> None:
        self.state = State(name, nodes, settings)

    def handle(self, event: Event, now: int) -> list[Effect]:
        """One turn. The first event of a life is `Started`; `now` is local time in microseconds."""
        state = self.state
        state.now = now
        effects: list[Effect] = []
        state.effects = effects
        match event:
            case Received():
                receive(state, event.source, event.message)
            case TimerFired():
                ring(state, event.name)
            case Started():
                boot(state, event.saved)
            case Asked():
                effects.append(Answer(event.request_id, Failed("a broker takes requests as messages")))
            case _:
                assert_never(event)
        settle(state)
        return effects

    def view(self) -> BrokerView:
        """What it holds, believes and does."""
        return view_of(self.state)


def settle(state: State) -> None:
    """The end of each turn: new metadata are followed, whoever waits for news hears them, what is new is asked."""
    active.look_at_leadership(state)
    follow_metadata(state)
    if state.touched:
        fetching.answer_parked(state)
    following.ask_what_is_new(state)


# ---------------------------------------------------------------- messages


def receive(state: State, source: str, message: Record) -> None:
    """Which rule takes which message; the most frequent ones come first. A broker that is shut down has only its part
    in the metadata quorum left."""
    match message:
        case MetadataQuorum(inner):
            state.effects += state.quorum.receive(source, inner, state.now)
        case Response():
            take_response(state, source, message)
        case ShutDownRequest():
            registration.shut_down(state, source, message)
        case Request() if state.is_shut_down:
            pass  # A stopped broker hears nobody.
        case FetchRequest():
            fetching.fetch(state, source, message)
        case ProduceRequest():
            producing.produce(state, source, message)
        case Request():
            take_request(state, source, message)
        case _:
            raise AssertionError(f"{source} sent a broker {message}")


def take_request(state: State, source: str, request: Request) -> None:
    """The less frequent requests."""
    match request:
        case (
            JoinGroupRequest()
            | SyncGroupRequest()
            | HeartbeatRequest()
            | LeaveGroupRequest()
            | OffsetCommitRequest()
            | OffsetFetchRequest()
            | TxnOffsetCommitRequest()
        ):
            groups.group_request(state, source, request)
        case InitProducerIdRequest() | AddPartitionsToTxnRequest() | AddOffsetsToTxnRequest() | EndTxnRequest():
            transactions.transaction_request(state, source, request)
        case MetadataRequest():
            clients.metadata(state, source, request)
        case FindCoordinatorRequest():
            find_coordinator(state, source, request)
        case ListOffsetsRequest():
            fetching.list_offsets(state, source, request)
        case OffsetForLeaderEpochRequest():
            fetching.offset_for_leader_epoch(state, source, request)
        case WriteTxnMarkersRequest():
            markers.write_markers(state, source, request)
        case _:
            take_controller_request(state, source, request)


def take_controller_request(state: State, source: str, request: Request) -> None:
    """What only the active controller decides."""
    match request:
        case (
            BrokerHeartbeatRequest()
            | BrokerRegistrationRequest()
            | AlterPartitionRequest()
            | AllocateProducerIdsRequest()
            | CreateTopicsRequest()
            | DeleteTopicsRequest()
            | AlterTopicRequest()
            | AlterPartitionReassignmentsRequest()
            | ElectLeadersRequest()
        ):
            active.controller_request(state, source, request)
        case _:
            raise AssertionError(f"{source} asked a broker for {request}")


def take_response(state: State, source: str, response: Response) -> None:
    """Answers to what we have asked ourselves."""
    match response:
        case FetchResponse():
            following.fetched(state, source, response)
        case BrokerHeartbeatResponse():
            registration.heard(state, response)
        case OffsetForLeaderEpochResponse():
            following.epochs_told(state, source, response)
        case WriteTxnMarkersResponse():
            markers.markers_written(state, source, response)
        case _:
            controlling.answered(state, response)


# ---------------------------------------------------------------- timers


def ring(state: State, timer: str) -> None:
    """Which rule takes which timer."""
    if state.quorum.owns(timer):
        state.effects += state.quorum.ring(timer, state.now)
        return
    what, _, rest = timer.partition(" ")
    match what:
        case "controller" if not rest:
            active.tick(state)
        case "group" | "transaction":
            (groups if what == "group" else transactions).ring(state, timer)
        case _ if state.is_shut_down:
            pass
        case "heartbeat":
            registration.heartbeat(state)
        case "controller":
            controlling.is_silent(state, int(rest))
        case _:
            ring_of_logs(state, what, rest)


def ring_of_logs(state: State, what: str, rest: str) -> None:
    """The timers of replication."""
    match what:
        case "fetch":
            client_id, _, correlation_id = rest.rpartition(" ")
            fetching.waited_long_enough(state, (client_id, int(correlation_id)))
        case "fetcher":
            following.is_silent(state, rest)
        case "throttle":
            following.throttled_long_enough(state, rest)
        case "expire":
            appending.expire_delayed(state)
        case "isr":
            in_sync.look_for_laggards(state)
        case "checkpoint":
            checkpoints.checkpoint_all(state)
        case "retention":
            tend_logs(state)
        case _:
            raise AssertionError(f"a broker has no timer {what} {rest}")
