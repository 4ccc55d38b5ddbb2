"""InitProducerId of a transactional producer: whoever comes last is the one (KIP-98, KIP-360).

The law: each time the epoch goes up, so whoever had it before is fenced; a transaction that was left open is aborted
first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from algorithms.broker.errors import Error
from algorithms.broker.messages import InitProducerIdRequest
from algorithms.broker.transactions import coordinator, ending
from algorithms.broker.transactions.answering import answer, refuse
from algorithms.broker.transactions.producer_ids import next_id
from algorithms.broker.transactions.transaction import (
    EMPTY,
    LAST_EPOCH,
    ONGOING,
    PREPARE_ABORT,
    PREPARE_COMMIT,
    Asker,
    Changed,
    Transaction,
    TransactionState,
)

if TYPE_CHECKING:
    from algorithms.broker.state import State
    from algorithms.broker.transactions.coordinator import Coordinated


def init(state: State, coordinated: Coordinated, source: str, request: InitProducerIdRequest) -> None:
    """Give the producer its id and its epoch."""
    name = request.transactional_id
    transaction = coordinated.transactions.get(name)
    error = _why_not(state, transaction, request)
    if error is not Error.NONE:
        refuse(state, source, request, error)
    elif transaction is None:
        _first(state, coordinated, source, request)
    elif _is_retry(transaction, request):
        answer(state, "init", _asker(source, request), transaction.now, Error.NONE)
    elif transaction.now.state == ONGOING:
        state.note(f"{source} takes over {name}, whose transaction is open: aborts it first", "KIP-98")
        ending.abort(state, transaction)
        refuse(state, source, request, Error.CONCURRENT_TRANSACTIONS)
    else:
        _next_epoch(state, transaction, source, request)


def _why_not(state: State, transaction: Transaction | None, request: InitProducerIdRequest) -> Error:
    if request.transaction_timeout > state.settings.transaction_max_timeout:
        return Error.INVALID_TRANSACTION_TIMEOUT
    if transaction is None:
        return Error.NONE
    now = transaction.now
    who = request.producer_id, request.producer_epoch
    if request.producer_id >= 0 and who not in (now.given, now.last):
        return Error.PRODUCER_FENCED
    if transaction.is_pending or now.state in (PREPARE_COMMIT, PREPARE_ABORT):
        return Error.CONCURRENT_TRANSACTIONS
    return Error.PRODUCER_FENCED if now.state == ONGOING and _is_retry(transaction, request) else Error.NONE


def _is_retry(transaction: Transaction, request: InitProducerIdRequest) -> bool:
    """Whether it says it is who it was before its last request: the answer to that was lost (KIP-360)."""
    return request.producer_id >= 0 and (request.producer_id, request.producer_epoch) == transaction.now.last


def _first(state: State, coordinated: Coordinated, source: str, request: InitProducerIdRequest) -> None:
    producer_id = next_id(state, source, request)
    if producer_id is None:
        return
    name = request.transactional_id
    after = TransactionState(name, producer_id, 0, EMPTY, request.transaction_timeout)
    transaction = coordinated.transactions[name] = Transaction(after, state.now)
    coordinator.change(state, transaction, Changed(after, "init", _asker(source, request)))


def _next_epoch(state: State, transaction: Transaction, source: str, request: InitProducerIdRequest) -> None:
    now = transaction.now
    producer_id, epoch = now.producer_id, now.producer_epoch + 1
    if now.producer_epoch >= LAST_EPOCH:
        fresh = next_id(state, source, request)
        if fresh is None:
            return
        producer_id, epoch = fresh, 0
    after = msgspec.structs.replace(
        now,
        producer_id=producer_id,
        producer_epoch=epoch,
        state=EMPTY,
        partitions=(),
        timeout=request.transaction_timeout,
        last_producer_epoch=request.producer_epoch,
        last_producer_id=request.producer_id,
    )
    state.note(f"{source} is {request.transactional_id} now: producer {producer_id}, epoch {epoch}", "KIP-98")
    coordinator.change(state, transaction, Changed(after, "init", _asker(source, request)))


def _asker(source: str, request: InitProducerIdRequest) -> Asker:
    return Asker(source, request.client_id, request.correlation_id)
