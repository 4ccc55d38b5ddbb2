"""A broker's word to the controller: who it is, that it is up, that it is about to stop (KIP-500, KIP-631, KIP-841).

The law: each life registers once and gets an epoch of its own; until the controller has unfenced it, nobody asks it to
lead. A broker that is told that it has handed over everything stops.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.broker.checkpoints import leave_clean_mark
from algorithms.broker.errors import Error
from algorithms.broker.messages import (
    AdministrationResponse,
    BrokerHeartbeatRequest,
    BrokerHeartbeatResponse,
    BrokerRegistrationRequest,
    BrokerRegistrationResponse,
    ShutDownRequest,
)

if TYPE_CHECKING:
    from algorithms.broker.state import State

KIP_631 = "KIP-631"


def register(state: State, is_clean: bool) -> None:
    """Say that we have booted."""
    state.ask_controller(BrokerRegistrationRequest("", 0, state.name, state.incarnation, own_rack(state), is_clean))


def own_rack(state: State) -> str:
    """The rack of this node; empty without one."""
    racks = state.settings.racks
    return racks[state.nodes.index(state.name)] if racks and state.name in state.nodes else ""


def registered(state: State, response: BrokerRegistrationResponse) -> None:
    """We have an epoch. Heartbeats begin."""
    if response.error is not Error.NONE or state.broker_epoch >= response.broker_epoch:
        return
    state.broker_epoch = response.broker_epoch
    state.note(f"is registered with broker epoch {response.broker_epoch}, fenced until it has caught up", KIP_631)
    heartbeat(state)


def heartbeat(state: State) -> None:
    """Timer `heartbeat`. A lost one is not repeated: the next one comes soon enough."""
    if state.is_shut_down:
        return
    state.timer("heartbeat", state.settings.broker_heartbeat_interval)
    if state.controller:
        offset = state.raft.last_applied
        request = BrokerHeartbeatRequest(
            state.client_id, state.correlation(), state.name, state.broker_epoch, offset, state.is_shutting_down
        )
        state.send(state.controller, request)


def heard(state: State, response: BrokerHeartbeatResponse) -> None:
    """How the controller sees us; what is said to another life, or refused, says nothing."""
    if response.client_id != state.client_id or state.is_shut_down or response.error is not Error.NONE:
        return
    if response.is_fenced != state.is_fenced:
        state.is_fenced = response.is_fenced
        state.note("is fenced: the controller has not heard it" if state.is_fenced else "is unfenced", KIP_631)
    if response.should_shut_down:
        _stop(state)


# ---------------------------------------------------------------- controlled shutdown


def shut_down(state: State, source: str, request: ShutDownRequest) -> None:
    """Hand over everything, then stop. Whoever asked hears when it is done."""
    state.shut_down_callers.append((source, request.client_id, request.correlation_id))
    if state.is_shut_down:
        _tell_callers(state)
    elif not state.is_shutting_down:
        state.is_shutting_down = True
        state.note("is to shut down: asks the controller to give what it leads to others", "controlled shutdown")
        if state.broker_epoch >= 0:
            heartbeat(state)


def _stop(state: State) -> None:
    """Everything else was handed over. What is on disk stays; the metadata quorum goes on with us."""
    state.is_shut_down = True
    state.note("has handed over everything and stops; restart the node to have it back", "controlled shutdown")
    state.fetchers.clear()
    leave_clean_mark(state)
    _tell_callers(state)


def _tell_callers(state: State) -> None:
    callers, state.shut_down_callers = state.shut_down_callers, []
    for source, client_id, correlation_id in callers:
        state.send(source, AdministrationResponse(client_id, correlation_id))
