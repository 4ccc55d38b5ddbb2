"""What waited for the high watermark, and is to be done now.

The law: one place knows who handles which kind of waiting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

import msgspec

from algorithms.broker.awaiting import GroupWritten, MarkersWritten, ProduceWaits, Reply, Then, TransactionWritten
from algorithms.broker.errors import Error

if TYPE_CHECKING:
    from algorithms.broker.state import State


def complete(state: State, then: Then, error: Error) -> None:
    """Do it. With `error` other than NONE, the records will never be known to be committed."""
    from algorithms.broker import producing
    from algorithms.broker.groups import coordinator as groups
    from algorithms.broker.transactions import coordinator as transactions
    from algorithms.broker.transactions import markers

    match then:
        case Reply(target, response):
            failed = error is not Error.NONE
            state.send(target, msgspec.structs.replace(response, error=error) if failed else response)
        case ProduceWaits():
            producing.committed(state, then, error)
        case GroupWritten():
            groups.written(state, then, error)
        case TransactionWritten():
            transactions.written(state, then, error)
        case MarkersWritten():
            markers.markers_committed(state, then, error)
        case _:
            assert_never(then)
