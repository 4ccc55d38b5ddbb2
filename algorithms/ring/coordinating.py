"""The coordinator: any node takes a request, asks the replicas, and answers when enough of them have (Dynamo 4.3, 4.5).

The law: the answer is honest. `ok` only with a quorum (while ranges move, one in each ring for a write); `refused` only
if nothing was changed anywhere; `uncertain` otherwise. An epoch that begins meanwhile starts every request anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.ring import hints, reading, writing
from algorithms.ring.messages import Fetched, ReadRequest, RingResponse, Stored, WriteRequest
from algorithms.ring.operation import Operation
from algorithms.ring.versions import NOTHING, Versions, delta

if TYPE_CHECKING:
    from algorithms.ring.state import State

SOURCE = "Dynamo 4.5"


# ---------------------------------------------------------------- requests


def read_request(state: State, source: str, message: ReadRequest) -> None:
    """Coordinate a read."""
    if _is_second_copy(state, source, message):
        return
    n, r = message.quorum.n or _usual_n(state), message.quorum.r or state.settings.r
    problem = _problem(state, n, r, "R")
    if problem:
        respond(state, source, message, "refused", NOTHING, problem)
    else:
        _begin(state, Operation(source, message, n, r, state.now + state.settings.operation_timeout))


def write_request(state: State, source: str, message: WriteRequest) -> None:
    """Coordinate a write."""
    if _is_second_copy(state, source, message):
        return
    n, w = message.quorum.n or _usual_n(state), message.quorum.w or state.settings.w
    problem = _problem(state, n, w, "W")
    if problem:
        respond(state, source, message, "refused", NOTHING, problem)
        return
    operation = Operation(source, message, n, w, state.now + state.settings.operation_timeout)
    operation.delta = delta(message.context, message.version)
    _begin(state, operation)


def _usual_n(state: State) -> int:
    """The store's N; a ring that has shrunk below it holds fewer replicas."""
    return min(state.settings.n, len(state.ring.members))


def _problem(state: State, n: int, wanted: int, letter: str) -> str:
    members = len(state.ring.members)
    if n < 1 or wanted < 1:
        return f"{'N' if n < 1 else letter} must be at least 1, not {n if n < 1 else wanted}"
    if n > members:
        return f"N is {n}, and the ring has {members} nodes"
    if wanted > n:
        return f"{letter} is {wanted}, and N only {n}"
    return ""


def _is_second_copy(state: State, source: str, message: ReadRequest | WriteRequest) -> bool:
    """Links may double packets: what is under way here is answered once, and never refused beside that."""
    return any((each.client, each.request) == (source, message) for each in state.operations.values())


def _begin(state: State, operation: Operation) -> None:
    """Ask the replicas, if enough of them seem to be alive: nothing has been sent yet, so a no is a clear no."""
    state.coordinated += 1
    _find_owners(state, operation)
    alive = _most_answers(state, operation)
    if alive >= operation.wanted:
        _attempt(state, operation)
    else:
        what = f"UnavailableException: {operation.wanted} replicas are wanted, {alive} seem to be alive"
        respond(state, operation.client, operation.request, "refused", NOTHING, what)


def _find_owners(state: State, operation: Operation) -> None:
    operation.homes = state.preference_list(operation.key, operation.n)
    operation.coming = state.coming_list(operation.key, operation.n)


def _attempt(state: State, operation: Operation) -> None:
    state.operation_count += 1
    operation.begin(state.operation_count)
    state.operations[operation.number] = operation
    state.set_timer(f"op {operation.number}", state.settings.replica_timeout)
    (writing if operation.is_write else reading).ask(state, operation)


def _most_answers(state: State, operation: Operation) -> int:
    """So many can count; strictly, and while ranges move, as many as in the worse of the two lists."""
    if state.settings.sloppy_quorum and (state.settings.hinted_handoff or not operation.is_write):
        return sum(map(state.is_alive, state.everyone))
    alive = sum(map(state.is_alive, operation.homes))
    coming = sum(map(state.is_alive, operation.coming))
    return min(alive, coming) if coming < min(operation.wanted, len(operation.coming)) else alive


def start_anew(state: State) -> None:
    """The ring has changed: what is not answered yet begins again; what is, ends."""
    operations, state.operations = state.operations, {}
    for operation in operations.values():
        state.cancel_timer(f"op {operation.number}")
        if not operation.answered:
            _find_owners(state, operation)
            _attempt(state, operation)


# ---------------------------------------------------------------- answers of replicas


def stored(state: State, source: str, message: Stored) -> None:
    """A replica has a write, or a hint, on disk."""
    operation = state.operations.get(message.operation)
    if operation is None:
        hints.delivered(state, source, message)
    else:
        operation.responses[source] = NOTHING
        writing.heard(state, operation)


def fetched(state: State, source: str, message: Fetched) -> None:
    """A replica tells what it holds."""
    operation = state.operations.get(message.operation)
    if operation is not None:
        operation.responses[source] = message.versions
        reading.heard(state, operation)


def timer_ran_out(state: State, number: str) -> None:
    """First the replicas that are silent get stand-ins; then the coordinator gives up, or has done all it can."""
    operation = state.operations.get(int(number))
    if operation is None:
        return
    if operation.answered or operation.asked_others:
        _give_up(state, operation)
        return
    operation.asked_others = True
    left = min(operation.until - state.now, state.settings.operation_timeout)  # The clock may have been set back.
    state.set_timer(f"op {operation.number}", max(1, left))
    (writing if operation.is_write else reading).ask_others(state, operation)


def _give_up(state: State, operation: Operation) -> None:
    if operation.is_write:
        writing.give_up(state, operation)
    else:
        reading.give_up(state, operation)
    end(state, operation)


# ---------------------------------------------------------------- ends


def end(state: State, operation: Operation) -> None:
    """There is nothing more to wait for."""
    if state.operations.pop(operation.number, None) is not None:
        state.cancel_timer(f"op {operation.number}")


def finish(state: State, operation: Operation, status: str, versions: Versions, reason: str = "") -> None:
    """Tell the client, once."""
    operation.answered = True
    respond(state, operation.client, operation.request, status, versions, reason)


def respond(
    state: State,
    client: str,
    request: ReadRequest | WriteRequest,
    status: str,
    versions: Versions,
    reason: str,
) -> None:
    """The end of a request; what replicas have on disk is true whatever our own disk does."""
    response = RingResponse(request.client_id, request.sequence, status, versions, reason, tuple(state.everyone))
    state.send_at_once(client, response)
