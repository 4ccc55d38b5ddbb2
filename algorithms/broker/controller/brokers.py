"""Brokers as the controller sees them: registration, fencing, controlled shutdown (KIP-631, KIP-841, KIP-966).

The law: a broker that is not heard of for a session timeout is fenced, and a fenced one leads nothing and is in sync
with nothing. Every life registers anew, and whatever an older one says is refused.
"""

from __future__ import annotations

from algorithms.broker.controller.draft import Draft
from algorithms.broker.controller.elections import broker_is_down, broker_is_up
from algorithms.broker.errors import Error
from algorithms.broker.image import Image
from algorithms.broker.messages import (
    AllocateProducerIdsRequest,
    AllocateProducerIdsResponse,
    BrokerHeartbeatRequest,
    BrokerHeartbeatResponse,
    BrokerRegistrationRequest,
    BrokerRegistrationResponse,
)
from algorithms.broker.metadata import BrokerRegistrationChangeRecord, ProducerIdsRecord, RegisterBrokerRecord

BLOCK = 1_000
"""Producer ids that a broker gets at once (KIP-730)."""


def register(draft: Draft, request: BrokerRegistrationRequest) -> BrokerRegistrationResponse:
    """A new life: it begins fenced. What the last one led goes to others."""
    broker, header = request.broker, (request.client_id, request.correlation_id)
    known = draft.image.brokers.get(broker)
    if known is not None and known.incarnation == request.incarnation:
        return BrokerRegistrationResponse(*header, broker_epoch=known.broker_epoch)  # A second copy.
    if known is not None and known.incarnation > request.incarnation:
        return BrokerRegistrationResponse(*header, Error.STALE_BROKER_EPOCH)
    draft.put(RegisterBrokerRecord(broker, request.incarnation, request.rack))
    draft.note(f"registers {broker}, life {request.incarnation}", "KIP-631")
    broker_is_down(draft, broker, may_lack=not request.is_clean)
    return BrokerRegistrationResponse(*header, broker_epoch=draft.offset)


def why_stale(image: Image, broker: str, broker_epoch: int) -> Error:
    """Whether a broker's word is one of its present life."""
    known = image.brokers.get(broker)
    if known is None:
        return Error.BROKER_ID_NOT_REGISTERED
    return Error.NONE if known.broker_epoch == broker_epoch else Error.STALE_BROKER_EPOCH


def changes_something(image: Image, request: BrokerHeartbeatRequest) -> bool:
    """Whether a heartbeat makes the controller decide anything."""
    if why_stale(image, request.broker, request.broker_epoch) is not Error.NONE:
        return False
    known = image.brokers[request.broker]
    if request.want_shut_down:
        return not known.is_shutting_down
    return known.is_fenced and request.current_metadata_offset >= known.broker_epoch


def heartbeat(draft: Draft, request: BrokerHeartbeatRequest) -> BrokerHeartbeatResponse:
    """Unfence who has caught up; let go who wants to."""
    if changes_something(draft.image, request):
        known = draft.image.brokers[request.broker]
        fenced = known.is_fenced and request.want_shut_down
        change = BrokerRegistrationChangeRecord(known.name, known.broker_epoch, fenced, request.want_shut_down)
        draft.put(change)
        if request.want_shut_down:
            draft.note(f"{known.name} is to shut down: what it leads goes to others", "KIP-841")
            broker_is_down(draft, known.name)
        else:
            draft.note(f"unfences {known.name}", "KIP-631")
            broker_is_up(draft)
    return standing(draft.image, request)


def standing(image: Image, request: BrokerHeartbeatRequest) -> BrokerHeartbeatResponse:
    """How the broker stands."""
    header = request.client_id, request.correlation_id
    stale = why_stale(image, request.broker, request.broker_epoch)
    if stale is not Error.NONE:
        return BrokerHeartbeatResponse(*header, stale)
    known = image.brokers[request.broker]
    caught_up = request.current_metadata_offset >= known.broker_epoch
    leads = known.is_shutting_down and any(each.leader == known.name for each in image.partitions.values())
    return BrokerHeartbeatResponse(
        *header,
        is_caught_up=caught_up,
        is_fenced=known.is_fenced,
        should_shut_down=known.is_shutting_down and request.want_shut_down and not leads,
    )


def fence(draft: Draft, broker: str) -> None:
    """It was not heard of for too long."""
    known = draft.image.brokers[broker]
    draft.put(BrokerRegistrationChangeRecord(broker, known.broker_epoch, True, known.is_shutting_down))
    draft.note(f"fences {broker}: no heartbeat for a session timeout", "KIP-631")
    broker_is_down(draft, broker)


def allocate(draft: Draft, request: AllocateProducerIdsRequest) -> AllocateProducerIdsResponse:
    """The next block of producer ids."""
    header = request.client_id, request.correlation_id
    stale = why_stale(draft.image, request.broker, request.broker_epoch)
    if stale is not Error.NONE:
        return AllocateProducerIdsResponse(*header, stale)
    first = draft.image.next_producer_id
    draft.put(ProducerIdsRecord(request.broker, first + BLOCK))
    return AllocateProducerIdsResponse(*header, first=first, count=BLOCK)
