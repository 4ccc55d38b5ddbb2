"""A broker's own requests to the active controller, and what comes back.

The law: such a request is asked until it is answered; NOT_CONTROLLER is no answer. The answer goes to whoever handles
its type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.broker import in_sync, registering
from algorithms.broker.errors import Error
from algorithms.broker.messages import (
    AllocateProducerIdsResponse,
    AlterPartitionResponse,
    BrokerRegistrationResponse,
    Response,
)
from algorithms.broker.transactions import producer_ids

if TYPE_CHECKING:
    from algorithms.broker.state import State

RETRY = 50_000
"""How long to wait before somebody else is asked (us)."""


def answered(state: State, response: Response) -> None:
    """The controller has answered, or a broker that is none."""
    number = response.correlation_id
    if response.client_id != state.client_id or number not in state.asked:
        return
    if response.error is Error.NOT_CONTROLLER:
        state.timer(f"controller {number}", RETRY)
        return
    del state.asked[number]
    state.cancel(f"controller {number}")
    match response:
        case BrokerRegistrationResponse():
            registering.registered(state, response)
        case AlterPartitionResponse():
            in_sync.partition_altered(state, response)
        case AllocateProducerIdsResponse():
            producer_ids.allocated(state, response)
        case _:
            pass  # A topic of our own that was created; it comes with the metadata.


def is_silent(state: State, number: int) -> None:
    """No answer: ask again, whoever seems to be the controller now."""
    if number in state.asked:
        state.ask_again(number)
