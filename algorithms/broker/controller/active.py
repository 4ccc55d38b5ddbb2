"""The active controller: it decides on committed metadata, and answers when its records are committed (KIP-631).

The law: only Raft's leader is active, and only once it has applied everything that its predecessors committed. One
draft is under way at a time; what comes meanwhile waits for it. When leadership is lost, nothing that is not committed
counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from algorithms.broker.controller import brokers, partitions, topics
from algorithms.broker.controller.draft import Draft
from algorithms.broker.controller.elections import give_back_to_preferred
from algorithms.broker.errors import Error
from algorithms.broker.messages import (
    AdministrationResponse,
    AllocateProducerIdsRequest,
    AllocateProducerIdsResponse,
    AlterPartitionReassignmentsRequest,
    AlterPartitionRequest,
    AlterPartitionResponse,
    AlterTopicRequest,
    BrokerHeartbeatRequest,
    BrokerHeartbeatResponse,
    BrokerRegistrationRequest,
    BrokerRegistrationResponse,
    ControllerRequest,
    CreateTopicsRequest,
    DeleteTopicsRequest,
    ElectLeadersRequest,
    Response,
)
from algorithms.broker.metadata import MetadataRecords
from algorithms.broker.quorum import admit
from algorithms.machine import Ok
from algorithms.replicated.messages import Carried

if TYPE_CHECKING:
    from algorithms.broker.state import State

ANSWERED = tuple[str, Response]
"""To whom, and what."""


class Controller:
    """What only the active controller has. It ends with the Raft term."""

    __slots__ = ("answers", "contact", "deciding", "epoch", "queue", "rebalance_at")

    def __init__(self) -> None:
        self.epoch = 0
        """The Raft term in which we are active; 0: we are not."""
        self.contact: dict[str, int] = {}
        """When each broker was heard last (local us)."""
        self.queue: list[tuple[str, ControllerRequest]] = []
        self.deciding = 0
        """The metadata offset of the draft that is not committed yet; 0: none."""
        self.answers: list[ANSWERED] = []
        """What is told when it is."""
        self.rebalance_at = 0


def controller_request(state: State, source: str, request: ControllerRequest) -> None:
    """Take it in, or say who is the controller."""
    active = state.active
    if not _is_active(state):
        state.send(source, refusal(request, Error.NOT_CONTROLLER, state.controller))
    elif isinstance(request, BrokerHeartbeatRequest) and not brokers.changes_something(state.image, request):
        _heard(state, request)
        state.send(source, brokers.standing(state.image, request))
    else:
        if isinstance(request, BrokerRegistrationRequest):
            _admit(state, request.broker)
            active.contact[request.broker] = state.now
        elif isinstance(request, BrokerHeartbeatRequest):
            _heard(state, request)
        active.queue.append((source, request))
        decide(state)


def _heard(state: State, request: BrokerHeartbeatRequest) -> None:
    if brokers.why_stale(state.image, request.broker, request.broker_epoch) is Error.NONE:
        state.active.contact[request.broker] = state.now


def _admit(state: State, broker: str) -> None:
    """A node that is new in the cluster learns the metadata from now on."""
    leading = state.raft.leading
    configuration = state.raft.configuration
    known = (*configuration.voters, *configuration.learners)
    if broker not in known and leading is not None and not configuration.old_voters:
        state.note(f"{broker} is new in the cluster: it learns the metadata from now on", "KIP-853")
        state.effects += admit(state.quorum, broker, state.now)


def _is_active(state: State) -> bool:
    leading = state.raft.leading
    return leading is not None and state.active.epoch == state.raft.current_term


# ---------------------------------------------------------------- coming and going


def look_at_leadership(state: State) -> None:
    """After each turn of the quorum: become active, cease to be, or tell what is committed now."""
    active, raft = state.active, state.raft
    if raft.leading is None or (active.epoch and active.epoch != raft.current_term):
        if active.epoch:
            _resign(state)
    elif not active.epoch and raft.last_applied >= raft.leading.term_start:
        _activate(state)
    elif active.deciding and raft.last_applied >= active.deciding:
        _committed(state)


def _activate(state: State) -> None:
    active = state.active
    active.epoch = state.raft.current_term
    active.contact = dict.fromkeys(state.image.brokers, state.now)
    active.rebalance_at = state.now + state.settings.leader_imbalance_check_interval
    state.note(f"is the active controller of epoch {active.epoch}", "KIP-631")
    state.timer("controller", state.settings.broker_heartbeat_interval // 2)


def _resign(state: State) -> None:
    """What was asked and not decided is turned away; of what stands in the log nobody can say yet."""
    queue = state.active.queue
    state.active = Controller()
    state.note("is no longer the active controller", "KIP-631")
    state.cancel("controller")
    for source, request in queue:
        state.send(source, refusal(request, Error.NOT_CONTROLLER, state.controller))


def _committed(state: State) -> None:
    active = state.active
    answers, active.answers, active.deciding = active.answers, [], 0
    for target, response in answers:
        state.send(target, response)
    decide(state)


# ---------------------------------------------------------------- deciding


def tick(state: State) -> None:
    """Timer `controller`: who has not been heard, and who should lead again."""
    if _is_active(state):
        state.timer("controller", state.settings.broker_heartbeat_interval // 2)
        decide(state)


def decide(state: State) -> None:
    """Make one draft of all that waits, unless one is under way."""
    active = state.active
    if active.deciding or not (active.queue or _silent(state) or _is_time_to_rebalance(state)):
        return
    draft = Draft(state.image, state.raft.log.last_index + 1, state.settings, state.nodes)
    for broker in _silent(state):
        brokers.fence(draft, broker)
    if _is_time_to_rebalance(state):
        active.rebalance_at = state.now + state.settings.leader_imbalance_check_interval
        give_back_to_preferred(draft)
    queue, active.queue = active.queue, []
    answers = [(source, carry_out(draft, request)) for source, request in queue]
    if draft.records:
        _propose(state, draft, answers)
    else:
        for target, response in answers:
            state.send(target, response)


def _propose(state: State, draft: Draft, answers: list[ANSWERED]) -> None:
    active = state.active
    for text, source in draft.notes:
        state.note(text, source)
    active.deciding, active.answers = draft.offset, answers
    effects, result = state.quorum.ask(Carried(MetadataRecords(tuple(draft.records))), state.now)
    state.effects += effects
    assert result == Ok(draft.offset), f"the metadata quorum put records of offset {draft.offset} at {result}"
    look_at_leadership(state)


def _silent(state: State) -> list[str]:
    """Brokers that are not fenced and were not heard for a session timeout."""
    known, contact, patience = state.image.brokers, state.active.contact, state.settings.broker_session_timeout
    return [
        name
        for name, broker in known.items()
        if not broker.is_fenced and state.now - contact.get(name, state.now) > patience
    ]


def _is_time_to_rebalance(state: State) -> bool:
    return state.settings.auto_leader_rebalance_enable and state.now >= state.active.rebalance_at


def carry_out(draft: Draft, request: ControllerRequest) -> Response:
    """Put what the request makes necessary into the draft; the response counts when that is committed."""
    match request:
        case BrokerHeartbeatRequest():
            return brokers.heartbeat(draft, request)
        case AlterPartitionRequest():
            return partitions.alter_partition(draft, request)
        case BrokerRegistrationRequest():
            return brokers.register(draft, request)
        case AllocateProducerIdsRequest():
            return brokers.allocate(draft, request)
        case CreateTopicsRequest():
            return topics.create(draft, request)
        case DeleteTopicsRequest():
            return topics.delete(draft, request)
        case AlterTopicRequest():
            return topics.alter(draft, request)
        case AlterPartitionReassignmentsRequest():
            return partitions.reassign(draft, request)
        case ElectLeadersRequest():
            return partitions.elect_leader(draft, request)
        case _:
            assert_never(request)


def refusal(request: ControllerRequest, error: Error, hint: str) -> Response:
    """The response of the right kind."""
    header = request.client_id, request.correlation_id
    match request:
        case BrokerHeartbeatRequest():
            return BrokerHeartbeatResponse(*header, error, hint=hint)
        case AlterPartitionRequest():
            return AlterPartitionResponse(*header, error, hint=hint)
        case BrokerRegistrationRequest():
            return BrokerRegistrationResponse(*header, error, hint=hint)
        case AllocateProducerIdsRequest():
            return AllocateProducerIdsResponse(*header, error, hint=hint)
        case _:
            return AdministrationResponse(*header, error, hint=hint)
