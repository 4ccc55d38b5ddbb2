"""Drawing a client's view. The law: looking changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.broker.client.sending import transactional_id
from algorithms.broker.view import BrokerClientView

if TYPE_CHECKING:
    from algorithms.broker.client.machine import BrokerClient


def view_of(client: BrokerClient) -> BrokerClientView:
    """The client at this moment."""
    session, producer, consumer, outcomes = client.session, client.producer, client.consumer, client.outcomes
    transaction = (client.transactions.state or "ready") if transactional_id(session) else ""
    return BrokerClientView(
        name=session.name,
        client_id=session.client_id,
        producer_id=producer.identity.producer_id,
        producer_epoch=producer.identity.epoch,
        transaction=transaction,
        buffered=producer.accumulator.buffered,
        in_flight=producer.requests_out,
        group=consumer.group,
        member_id=consumer.member_id,
        generation=consumer.generation,
        consumer_state=consumer.state_word,
        consumed=consumer.consumed_view(),
        produced_records=producer.produced,
        consumed_records=consumer.consumed_records,
        done=outcomes.done,
        failed=outcomes.failed,
        unknown=outcomes.unknown,
    )
