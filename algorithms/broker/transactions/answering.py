"""What a transaction coordinator says to whoever has asked it (KIP-98).

The law: every request gets the response of its own kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from algorithms.broker.errors import Error
from algorithms.broker.messages import (
    AddOffsetsToTxnRequest,
    AddOffsetsToTxnResponse,
    AddPartitionsToTxnRequest,
    AddPartitionsToTxnResponse,
    EndTxnRequest,
    EndTxnResponse,
    InitProducerIdRequest,
    InitProducerIdResponse,
    TransactionRequest,
)
from algorithms.broker.transactions.transaction import Asker, TransactionState

if TYPE_CHECKING:
    from algorithms.broker.state import State


def answer(state: State, asked: str, asker: Asker, now: TransactionState, error: Error) -> None:
    """The response of the right kind."""
    header = asker.client_id, asker.correlation_id, error
    known = error is Error.NONE
    ids = now.given if known else (-1, -1)
    match asked:
        case "init":
            state.send(asker.source, InitProducerIdResponse(*header, producer_id=ids[0], producer_epoch=ids[1]))
        case "partitions":
            state.send(asker.source, AddPartitionsToTxnResponse(*header))
        case "offsets":
            state.send(asker.source, AddOffsetsToTxnResponse(*header))
        case "end":
            state.send(asker.source, EndTxnResponse(*header, producer_id=ids[0], producer_epoch=ids[1]))
        case _:
            raise AssertionError(f"nobody can ask a transaction coordinator for {asked}")


def refuse(state: State, source: str, request: TransactionRequest, error: Error) -> None:
    """Nothing was done."""
    if error in (Error.PRODUCER_FENCED, Error.INVALID_PRODUCER_ID_MAPPING):
        who = f"producer {request.producer_id} epoch {request.producer_epoch}"
        state.note(f"refuses {source}, {who} of {request.transactional_id}: {error.value}", "KIP-98")
    header = request.client_id, request.correlation_id, error
    match request:
        case InitProducerIdRequest():
            state.send(source, InitProducerIdResponse(*header))
        case AddPartitionsToTxnRequest():
            state.send(source, AddPartitionsToTxnResponse(*header))
        case AddOffsetsToTxnRequest():
            state.send(source, AddOffsetsToTxnResponse(*header))
        case EndTxnRequest():
            state.send(source, EndTxnResponse(*header))
        case _:
            assert_never(request)
