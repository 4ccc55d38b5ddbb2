"""Producer ids: a broker gets them in blocks from the controller and gives them out one by one (KIP-730).

The law: no id is given out twice in the life of a cluster; what is left of a block is lost with the broker's life.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.broker.errors import Error
from algorithms.broker.messages import (
    AllocateProducerIdsRequest,
    AllocateProducerIdsResponse,
    EndTxnRequest,
    InitProducerIdRequest,
    InitProducerIdResponse,
)
from algorithms.broker.transactions.answering import refuse

if TYPE_CHECKING:
    from algorithms.broker.state import State


class ProducerIds:
    """The block, and who waits for one."""

    def __init__(self) -> None:
        self.next = 0
        self.end = 0
        self.waiting: list[tuple[str, InitProducerIdRequest | EndTxnRequest]] = []


def next_id(state: State, source: str, request: InitProducerIdRequest | EndTxnRequest) -> int | None:
    """The next id; None if there is none left: then `request` is taken up again when a block has come."""
    ids = state.transactions.ids
    if ids.next < ids.end:
        ids.next += 1
        return ids.next - 1
    if not ids.waiting:
        state.ask_controller(AllocateProducerIdsRequest("", 0, state.name, state.broker_epoch))
    ids.waiting.append((source, request))
    return None


def allocated(state: State, response: AllocateProducerIdsResponse) -> None:
    """A block has come: whoever waits is served."""
    from algorithms.broker.transactions.coordinator import transaction_request

    ids = state.transactions.ids
    waiting, ids.waiting = ids.waiting, []
    if response.error is Error.NONE:
        ids.next, ids.end = response.first, response.first + response.count
    for source, request in waiting:
        if response.error is Error.NONE:
            transaction_request(state, source, request)
        else:
            refuse(state, source, request, Error.COORDINATOR_NOT_AVAILABLE)


def init_idempotent(state: State, source: str, request: InitProducerIdRequest) -> None:
    """A producer that wants only idempotence gets an id of its own from any broker; a new epoch is a new id."""
    producer_id = next_id(state, source, request)
    if producer_id is not None:
        header = request.client_id, request.correlation_id
        state.send(source, InitProducerIdResponse(*header, producer_id=producer_id, producer_epoch=0))
