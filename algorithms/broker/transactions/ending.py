"""The end of a transaction, the coordinator's side: decide, tell every partition, be done (KIP-98, KIP-890).

The law: markers leave only when the decision is committed, and are repeated until every partition has written them.
With transaction version 2 the epoch goes up with every end, so that nothing late of this one can touch the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from algorithms.broker.errors import Error
from algorithms.broker.messages import EndTxnRequest, TransactionRequest, WriteTxnMarkersRequest
from algorithms.broker.topics import TopicPartition
from algorithms.broker.transactions import coordinator
from algorithms.broker.transactions.answering import answer, refuse
from algorithms.broker.transactions.producer_ids import next_id
from algorithms.broker.transactions.transaction import (
    COMPLETE_ABORT,
    COMPLETE_COMMIT,
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

RETRY = 100_000
"""After so long a marker is asked for again (us)."""


def is_retry(transaction: Transaction, request: TransactionRequest) -> bool:
    """Whether it asks again for the end that has given the producer its present epoch."""
    now = transaction.now
    return (
        isinstance(request, EndTxnRequest)
        and request.producer_id >= 0
        and (request.producer_id, request.producer_epoch) == now.last
        and now.state in (PREPARE_COMMIT, PREPARE_ABORT, COMPLETE_COMMIT, COMPLETE_ABORT)
    )


def end(state: State, epoch: int, transaction: Transaction, source: str, request: EndTxnRequest) -> None:
    """Commit or abort; a second copy of the same wish hears what the first one did."""
    now = transaction.now
    prepared = PREPARE_COMMIT if request.committed else PREPARE_ABORT
    completed = COMPLETE_COMMIT if request.committed else COMPLETE_ABORT
    asker = Asker(source, request.client_id, request.correlation_id)
    bump = state.settings.transaction_version == 2
    again = is_retry(transaction, request)
    if now.state in (prepared, completed) and (again or not bump):
        answer(state, "end", asker, now, Error.NONE)
    elif now.state != ONGOING:
        error = Error.CONCURRENT_TRANSACTIONS if transaction.is_decided and not again else Error.INVALID_TXN_STATE
        refuse(state, source, request, error)
    else:
        fresh = next_id(state, source, request) if bump and now.producer_epoch >= LAST_EPOCH else -1
        if fresh is not None:
            what = "commits" if request.committed else "aborts"
            state.note(f"{what} the transaction of {now.transactional_id} on {_words(now.partitions)}", "KIP-98")
            coordinator.change(state, transaction, Changed(_prepared(now, prepared, bump, fresh), "end", asker))


def _words(partitions: tuple[TopicPartition, ...]) -> str:
    return " ".join(str(each) for each in partitions)


def _prepared(now: TransactionState, prepared: str, bump: bool, next_producer_id: int = -1) -> TransactionState:
    """Decided. The epoch behind the last one is only the markers': the producer goes on with `next_producer_id`, or
    gets a new id with its next InitProducerId."""
    assert now.producer_epoch <= LAST_EPOCH, f"nobody may use epoch {now.producer_epoch}"
    return msgspec.structs.replace(
        now,
        state=prepared,
        producer_epoch=now.producer_epoch + 1 if bump else now.producer_epoch,
        next_producer_id=next_producer_id,
        last_producer_epoch=now.producer_epoch if bump else -1,
        last_producer_id=now.producer_id if bump else -1,
    )


def abort(state: State, transaction: Transaction) -> None:
    """Abort it against its producer's will: the epoch goes up, so that producer is fenced."""
    after = _prepared(transaction.now, PREPARE_ABORT, bump=True)
    after = msgspec.structs.replace(after, last_producer_epoch=-1, last_producer_id=-1)
    coordinator.change(state, transaction, Changed(after))


# ---------------------------------------------------------------- markers


def begin_markers(state: State, coordinator_epoch: int, transaction: Transaction) -> None:
    """It is decided: every partition shall have its marker."""
    transaction.markers_due = dict.fromkeys(transaction.now.partitions)
    send_markers(state, coordinator_epoch, transaction)


def send_markers(state: State, coordinator_epoch: int, transaction: Transaction) -> None:
    """Tell every leader whose partition has no marker yet; again after a while."""
    now = transaction.now
    transaction.asked_at = state.now
    by_leader: dict[str, list[TopicPartition]] = {}
    for partition in tuple(transaction.markers_due):
        known = state.image.partitions.get(partition)
        if known is None:
            del transaction.markers_due[partition]  # Its topic was deleted.
        elif known.leader:
            by_leader.setdefault(known.leader, []).append(partition)
    committed = now.state == PREPARE_COMMIT
    for leader, partitions in by_leader.items():
        number = state.correlation()
        transaction.marker_requests[number] = None
        state.transactions.markers_out[number] = now.transactional_id
        who = state.name, coordinator_epoch, now.producer_id, now.producer_epoch, committed
        state.send(leader, WriteTxnMarkersRequest(state.client_id, number, *who, tuple(partitions)))
    retry_later(state)
    if not transaction.markers_due:
        complete(state, transaction)


def retry_later(state: State) -> None:
    """One timer for all of them: it is not put off by those that come later."""
    if not state.transactions.is_retrying:
        state.transactions.is_retrying = True
        state.timer("transaction markers", RETRY)


def forget_marker_requests(state: State, transaction: Transaction) -> None:
    """Their answers are of no use any more, and must not be taken for those to the next transaction's."""
    for number in transaction.marker_requests:
        state.transactions.markers_out.pop(number, None)
    transaction.marker_requests = {}


def complete(state: State, transaction: Transaction) -> None:
    """Every partition has its marker. Whoever had the last epoch is somebody else now."""
    now = transaction.now
    forget_marker_requests(state, transaction)
    completed = COMPLETE_COMMIT if now.state == PREPARE_COMMIT else COMPLETE_ABORT
    producer_id, epoch = now.given
    after = msgspec.structs.replace(
        now, state=completed, partitions=(), producer_id=producer_id, producer_epoch=epoch, next_producer_id=-1
    )
    coordinator.change(state, transaction, Changed(after))
