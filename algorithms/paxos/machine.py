"""A Multi-Paxos server: the one door, and which rule each event goes to.

The law: `handle` is deterministic and touches nothing but `state`. Everything durable comes with `Started`: the cells
`acceptor` and `snapshot`, and the journal `log`, which has the proposals in the order in which they were accepted.

Invariants may read, at any time and cheaply: `state.promised`, `.accepted`, `.chosen(slot)`, `.commit_index`,
`.last_applied`, `.leader`, `.role`, `.ballot`, `.snapshot_index`, `.configuration_for(slot)` and `.quorums_for(slot)`.

The timers are `election`, and a proposer's `prepare`, `heartbeat`, `check_quorum`, `transfer` and `catch_up`.
"""

from __future__ import annotations

from typing import assert_never

from algorithms.machine import Answer, Asked, Effect, Event, Failed, Received, Record, Started, TimerFired
from algorithms.paxos.accepting import accept, heartbeat
from algorithms.paxos.booting import boot
from algorithms.paxos.catching_up import catch_up, chosen, install_snapshot, promise
from algorithms.paxos.deciding import accepted, heartbeat_reply
from algorithms.paxos.election import election_timer_ran_out, pre_promise, take_over
from algorithms.paxos.leadership import check_quorum, heartbeat_is_due
from algorithms.paxos.messages import (
    Accept,
    Accepted,
    CatchUp,
    Chosen,
    Configuration,
    Heartbeat,
    HeartbeatReply,
    InstallSnapshot,
    Prepare,
    PrePrepare,
    PrePromise,
    Promise,
    Refused,
    TakeOver,
)
from algorithms.paxos.newcomers import look_after_learners
from algorithms.paxos.picture import view_of
from algorithms.paxos.preparing import prepare_again, refused
from algorithms.paxos.promising import pre_prepare, prepare
from algorithms.paxos.quorums import why_broken
from algorithms.paxos.requests import administration, carry, client_request
from algorithms.paxos.settings import PaxosSettings
from algorithms.paxos.state import State
from algorithms.paxos.transfer import abort
from algorithms.paxos.view import PaxosView
from algorithms.replicated.messages import Carried, ChangeConfiguration, ClientRequest, TransferLeadership
from algorithms.replicated.state_machine import StateMachine


class PaxosMachine:
    """One server. `configuration` is the first one, before the log says otherwise; it may leave this server out, and
    then it waits to be told of a leader."""

    def __init__(
        self,
        name: str,
        configuration: Configuration,
        settings: PaxosSettings,
        state_machine: StateMachine | None = None,
    ) -> None:
        self.state = State(name, configuration, settings, state_machine)
        reason = why_broken(len(configuration.acceptors), self.state.quorums_among(configuration))
        assert settings.allow_broken_quorums or not reason, reason

    def handle(self, event: Event, now: int) -> list[Effect]:
        """One turn. The first event of a life is `Started`; `now` is local time in microseconds."""
        state = self.state
        state.now = now
        effects: list[Effect] = []
        state.effects = effects
        match event:
            case Received():
                receive(state, event.source, event.message)
            case TimerFired():
                ring(state, event.name)
            case Started():
                boot(state, event.saved)
            case Asked(request_id, Carried() as record):
                carry(state, request_id, record)
            case Asked():
                effects.append(Answer(event.request_id, Failed("a Paxos server takes requests as messages")))
            case _:
                assert_never(event)
        return effects

    def view(self) -> PaxosView:
        """Acceptor, proposer and learner, and the end of the log."""
        return view_of(self.state)


def receive(state: State, source: str, message: Record) -> None:
    """Which rule takes which message.

    The two halves of a heartbeat are nearly all that ever comes, and patterns would make up a fifth of their cost.
    """
    if type(message) is Heartbeat:
        heartbeat(state, source, message)
    elif type(message) is HeartbeatReply:
        heartbeat_reply(state, source, message)
    else:
        receive_another(state, source, message)


def receive_another(state: State, source: str, message: Record) -> None:
    """Every other message; the most frequent ones come first."""
    match message:
        case Accept():
            accept(state, source, message)
        case Accepted():
            accepted(state, source, message)
        case ClientRequest():
            client_request(state, source, message)
        case CatchUp() | Chosen() | InstallSnapshot():
            receive_as_learner(state, source, message)
        case ChangeConfiguration() | TransferLeadership():
            administration(state, source, message)
        case _:
            receive_about_ballots(state, source, message)


def receive_as_learner(state: State, source: str, message: CatchUp | Chosen | InstallSnapshot) -> None:
    """What a learner asks, and what it is told."""
    match message:
        case CatchUp():
            catch_up(state, source, message)
        case Chosen():
            chosen(state, source, message)
        case InstallSnapshot():
            install_snapshot(state, source, message)


def receive_about_ballots(state: State, source: str, message: Record) -> None:
    """Phase 1, and what leads to it."""
    match message:
        case PrePrepare():
            pre_prepare(state, source, message)
        case PrePromise():
            pre_promise(state, source, message)
        case Prepare():
            prepare(state, source, message)
        case Promise():
            promise(state, source, message)
        case Refused():
            refused(state, source, message)
        case TakeOver():
            take_over(state, source, message)
        case _:
            raise AssertionError(f"{source} sent a Paxos server {message}")


def ring(state: State, timer: str) -> None:
    """Which rule takes which timer. A proposer's timers end with its ballot, but one may have run out just before."""
    match timer:
        case "heartbeat":
            heartbeat_is_due(state)
        case "election":
            election_timer_ran_out(state)
        case "prepare":
            prepare_again(state)
        case "check_quorum":
            check_quorum(state)
        case "transfer" if state.leading is not None:
            abort(state, state.leading)
        case "catch_up" if state.leading is not None:
            look_after_learners(state, state.leading)
        case "transfer" | "catch_up":
            pass
        case _:
            raise AssertionError(f"a Paxos server has no timer {timer}")
