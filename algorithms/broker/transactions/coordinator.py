"""The transaction coordinator (KIP-98, KIP-360, KIP-890).

The law: who names another producer id, or another epoch, than the one on record is fenced. What a new coordinator finds
in its log counts when it is committed: it serves nobody before. A transaction is decided when its Prepare record is
committed; from then on nothing but the same decision can be asked for, and it is complete when every partition has its
marker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

import msgspec

from algorithms.broker.appending import append_as_leader, delay
from algorithms.broker.awaiting import TransactionWritten
from algorithms.broker.coordinators import GROUP, TRANSACTION, partition_of
from algorithms.broker.errors import Error
from algorithms.broker.messages import (
    AddOffsetsToTxnRequest,
    AddPartitionsToTxnRequest,
    EndTxnRequest,
    InitProducerIdRequest,
    TransactionRequest,
)
from algorithms.broker.records import KeyValue, RecordBatch
from algorithms.broker.topics import TopicPartition
from algorithms.broker.transactions import ending
from algorithms.broker.transactions.answering import answer, refuse
from algorithms.broker.transactions.initialising import init
from algorithms.broker.transactions.producer_ids import ProducerIds, init_idempotent
from algorithms.broker.transactions.transaction import (
    ONGOING,
    PREPARE_ABORT,
    PREPARE_COMMIT,
    Asker,
    Changed,
    Loaded,
    Transaction,
    TransactionState,
)
from algorithms.broker.view import TransactionView

if TYPE_CHECKING:
    from algorithms.broker.state import State

CHECK = 1_000_000
"""How often transactions are looked at for their timeout (us): Kafka's ten seconds / 10."""


class Coordinated:
    """One partition of the transactions topic that we lead."""

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch
        """Our coordinator epoch: the partition's leader epoch."""
        self.transactions: dict[str, Transaction] = {}
        self.is_loading = True
        """Whether something that we have read is not committed yet: it may be lost with us."""


class Transactions:
    """Everything that this broker coordinates."""

    def __init__(self) -> None:
        self.coordinated: dict[TopicPartition, Coordinated] = {}
        self.ids = ProducerIds()
        self.markers_out: dict[int, str] = {}
        """Marker requests under way: correlation id and transactional id."""
        self.is_checking = False
        """Whether the timer `transaction check` is set."""
        self.is_retrying = False
        """Whether the timer `transaction markers` is set."""


# ---------------------------------------------------------------- coming and going


def elected(state: State, partition: TopicPartition, leader_epoch: int) -> None:
    """We lead the partition now: read all of it, and when it is committed go on with what was decided."""
    coordinated = Coordinated(leader_epoch)
    state.transactions.coordinated[partition] = coordinated
    replica = state.replicas[partition]
    for batch in replica.log.batches:
        for record in batch.records:
            if isinstance(record.value, TransactionState):
                transaction = Transaction(record.value, state.now)
                coordinated.transactions[record.value.transactional_id] = transaction
    _check_later(state)
    if replica.high_watermark >= replica.log.end_offset:
        _serve(state, coordinated)
    else:
        delay(state, replica, replica.log.end_offset, -1, TransactionWritten("", Loaded(partition, leader_epoch)))


def _serve(state: State, coordinated: Coordinated) -> None:
    coordinated.is_loading = False
    for transaction in tuple(coordinated.transactions.values()):
        if transaction.is_decided:
            ending.begin_markers(state, coordinated.epoch, transaction)


def resigned(state: State, partition: TopicPartition) -> None:
    """Somebody else coordinates them now."""
    coordinated = state.transactions.coordinated.pop(partition, None)
    if coordinated is not None:
        for transaction in coordinated.transactions.values():
            ending.forget_marker_requests(state, transaction)


def coordinated_by(state: State, transactional_id: str) -> Coordinated | None:
    """The part that has this transactional id, if we coordinate it."""
    partition = partition_of(state, TRANSACTION, transactional_id)
    return state.transactions.coordinated.get(partition) if partition is not None else None


# ---------------------------------------------------------------- requests


def transaction_request(state: State, source: str, request: TransactionRequest) -> None:
    """Which rule takes which request, if we are the one to ask."""
    if isinstance(request, InitProducerIdRequest) and not request.transactional_id:
        init_idempotent(state, source, request)
        return
    coordinated = coordinated_by(state, request.transactional_id)
    if coordinated is None:
        refuse(state, source, request, Error.NOT_COORDINATOR)
    elif coordinated.is_loading:
        refuse(state, source, request, Error.COORDINATOR_LOAD_IN_PROGRESS)
    elif isinstance(request, InitProducerIdRequest):
        init(state, coordinated, source, request)
    else:
        transaction = coordinated.transactions.get(request.transactional_id)
        error = _why_not(transaction, request)
        if transaction is None or error is not Error.NONE:
            refuse(state, source, request, error)
        else:
            _take(state, coordinated, transaction, source, request)


def _why_not(transaction: Transaction | None, request: TransactionRequest) -> Error:
    """Who names another producer than the one on record is fenced. A retried EndTxn may name the epoch before."""
    if transaction is None:
        return Error.INVALID_PRODUCER_ID_MAPPING
    producer_id, epoch = transaction.now.given
    is_it = (request.producer_id, request.producer_epoch) == (producer_id, epoch)
    if not is_it and not ending.is_retry(transaction, request):
        known = producer_id, transaction.now.producer_id
        return Error.PRODUCER_FENCED if request.producer_id in known else Error.INVALID_PRODUCER_ID_MAPPING
    return Error.CONCURRENT_TRANSACTIONS if transaction.is_pending else Error.NONE


def _take(
    state: State,
    coordinated: Coordinated,
    transaction: Transaction,
    source: str,
    request: AddPartitionsToTxnRequest | AddOffsetsToTxnRequest | EndTxnRequest,
) -> None:
    match request:
        case EndTxnRequest():
            ending.end(state, coordinated.epoch, transaction, source, request)
        case AddPartitionsToTxnRequest(partitions=partitions):
            _add(state, transaction, source, request, partitions)
        case AddOffsetsToTxnRequest(group=group):
            partition = partition_of(state, GROUP, group)
            if partition is None:
                refuse(state, source, request, Error.COORDINATOR_NOT_AVAILABLE)
            else:
                _add(state, transaction, source, request, (partition,))
        case _:
            assert_never(request)


def _add(
    state: State,
    transaction: Transaction,
    source: str,
    request: AddPartitionsToTxnRequest | AddOffsetsToTxnRequest,
    partitions: tuple[TopicPartition, ...],
) -> None:
    """They are part of the transaction, which begins with the first ones."""
    now = transaction.now
    if now.state in (PREPARE_COMMIT, PREPARE_ABORT):
        refuse(state, source, request, Error.CONCURRENT_TRANSACTIONS)
        return
    if any(partition not in state.image.partitions for partition in partitions):
        # Perhaps it is new, and we have not heard of it. A marker could not be sent to it.
        refuse(state, source, request, Error.UNKNOWN_TOPIC_OR_PARTITION)
        return
    before = now.partitions if now.state == ONGOING else ()
    after = tuple(dict.fromkeys((*before, *partitions)))
    asked = "partitions" if isinstance(request, AddPartitionsToTxnRequest) else "offsets"
    asker = Asker(source, request.client_id, request.correlation_id)
    if now.state == ONGOING and after == before:
        answer(state, asked, asker, now, Error.NONE)
        return
    if now.state != ONGOING:
        transaction.began = state.now
    change(state, transaction, Changed(_ongoing(now, after), asked, asker))


def _ongoing(now: TransactionState, partitions: tuple[TopicPartition, ...]) -> TransactionState:
    return msgspec.structs.replace(now, state=ONGOING, partitions=partitions)


# ---------------------------------------------------------------- writing


def change(state: State, transaction: Transaction, what: Changed) -> None:
    """Write the change; it counts when it is committed."""
    after = what.after
    partition = partition_of(state, TRANSACTION, after.transactional_id)
    replica = state.leading(partition) if partition is not None else None
    if replica is None or not state.enough_in_sync(replica):
        _tell(state, what, Error.COORDINATOR_NOT_AVAILABLE)
        return
    transaction.is_pending = True
    key = f"transaction {after.transactional_id}"
    batch = RecordBatch((KeyValue(key, after, state.now),))
    append_as_leader(state, replica, batch, TransactionWritten(after.transactional_id, what))


def written(state: State, then: TransactionWritten, error: Error) -> None:
    """Something is committed; or we shall never know, for others coordinate now."""
    what = then.what
    lost = error not in (Error.NONE, Error.NOT_ENOUGH_REPLICAS_AFTER_APPEND)
    if isinstance(what, Loaded):
        loaded = state.transactions.coordinated.get(what.partition)
        if not lost and loaded is not None and loaded.epoch == what.coordinator_epoch:
            _serve(state, loaded)
        return
    assert isinstance(what, Changed), f"a transaction is changed by Changed, not by {what}"
    _changed(state, then, what, lost)


def _changed(state: State, then: TransactionWritten, what: Changed, lost: bool) -> None:
    coordinated = coordinated_by(state, then.transactional_id)
    transaction = coordinated.transactions.get(then.transactional_id) if coordinated is not None else None
    if lost or coordinated is None or transaction is None:
        _tell(state, what, Error.NOT_COORDINATOR)
        return
    transaction.is_pending = False
    transaction.now = what.after
    _tell(state, what, Error.NONE)
    if transaction.is_decided:
        ending.begin_markers(state, coordinated.epoch, transaction)


def _tell(state: State, what: Changed, error: Error) -> None:
    if what.asker is not None:
        answer(state, what.request, what.asker, what.after, error)


# ---------------------------------------------------------------- timeouts


def _check_later(state: State) -> None:
    if not state.transactions.is_checking:
        state.transactions.is_checking = True
        state.timer("transaction check", CHECK)


def ring(state: State, timer: str) -> None:
    """`transaction check` looks for what takes too long, `transaction markers` repeats what was not answered."""
    served = [each for each in state.transactions.coordinated.values() if not each.is_loading]
    if timer == "transaction markers":
        state.transactions.is_retrying = False
        for coordinated in served:
            _repeat_markers(state, coordinated)
        return
    state.transactions.is_checking = False
    for coordinated in served:
        for transaction in coordinated.transactions.values():
            _check(state, transaction)
    if state.transactions.coordinated:
        _check_later(state)


def _repeat_markers(state: State, coordinated: Coordinated) -> None:
    decided = [each for each in coordinated.transactions.values() if each.is_decided and not each.is_pending]
    for transaction in decided:
        if state.now - transaction.asked_at >= ending.RETRY:
            ending.send_markers(state, coordinated.epoch, transaction)
    if decided:
        ending.retry_later(state)


def _check(state: State, transaction: Transaction) -> None:
    now = transaction.now
    if now.state == ONGOING and not transaction.is_pending and state.now - transaction.began > now.timeout:
        state.note(f"aborts {now.transactional_id}: its transaction takes longer than its timeout", "KIP-98")
        ending.abort(state, transaction)


def views(state: State) -> tuple[TransactionView, ...]:
    """What we coordinate, for onlookers."""
    all_of_them = (
        each.now
        for coordinated in state.transactions.coordinated.values()
        for each in coordinated.transactions.values()
    )
    return tuple(
        TransactionView(now.transactional_id, now.producer_id, now.producer_epoch, now.state, now.partitions)
        for now in all_of_them
    )
