"""What all requests and responses have in common.

The law: a response repeats the request's `client_id` and `correlation_id`; `client_id` names one life of one client or
broker (`c1.3`), so an answer to an earlier life is never taken for one to this.
"""

from __future__ import annotations

from algorithms.broker.errors import Error
from algorithms.machine import Record


class Request(Record, frozen=True):
    """Who asks, and under which number of its own (from 1 on)."""

    client_id: str
    correlation_id: int


class Response(Record, frozen=True):
    """The answer as a whole. `hint` names a broker to ask instead, if one is known; `message` says more than the
    error's own sentence."""

    client_id: str
    correlation_id: int
    error: Error = Error.NONE
    message: str = ""
    hint: str = ""
