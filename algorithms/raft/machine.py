"""A Raft server: the one door, and which rule each event goes to.

The law: `handle` is deterministic and touches nothing but `state`. Everything durable comes with `Started`: the cells
`hard_state` and `snapshot`, and the journal `log`, where an entry's number is its index.

Invariants may read, at any time and cheaply: `state.current_term`, `.voted_for`, `.role`, `.leader`, `.commit_index`,
`.last_applied`, `.configuration`, `.snapshot_index`, `.snapshot`, and `.log` with `first_index`, `last_index`,
`last_term`, `term_at(index)`, `entry(index)`, `configuration_index`.

The timers are `election`, and a leader's `heartbeat`, `check_quorum`, `transfer` and `catch_up`.
"""

from __future__ import annotations

from typing import assert_never

from algorithms.machine import Answer, Asked, Effect, Event, Failed, Received, Record, Started, TimerFired
from algorithms.raft.acknowledging import append_entries_response, install_snapshot_response, log_saved
from algorithms.raft.booting import boot
from algorithms.raft.election import election_timer_ran_out, request_vote_response, timeout_now
from algorithms.raft.following import append_entries, install_snapshot
from algorithms.raft.leadership import check_quorum, heartbeat_is_due
from algorithms.raft.membership import admit_learner, look_after_learners
from algorithms.raft.messages import (
    AdmitLearner,
    AppendEntries,
    AppendEntriesResponse,
    Configuration,
    InstallSnapshot,
    InstallSnapshotResponse,
    LogSaved,
    RequestVote,
    RequestVoteResponse,
    TimeoutNow,
)
from algorithms.raft.picture import view_of
from algorithms.raft.requests import administration, client_request, propose
from algorithms.raft.settings import RaftSettings
from algorithms.raft.state import State
from algorithms.raft.transfer import abort
from algorithms.raft.view import RaftView
from algorithms.raft.voting import request_vote
from algorithms.replicated.messages import Carried, ChangeConfiguration, ClientRequest, TransferLeadership
from algorithms.replicated.state_machine import StateMachine


class RaftMachine:
    """One server. `configuration` is the first one, before the log says otherwise; it may leave this server out, and
    then it waits to be told of a leader."""

    def __init__(
        self, name: str, configuration: Configuration, settings: RaftSettings, state_machine: StateMachine | None = None
    ) -> None:
        self.state = State(name, configuration, settings, state_machine)

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
                propose(state, request_id, record)
            case Asked(_, AdmitLearner(name)) if state.leading is not None:
                admit_learner(state, state.leading, name)
            case Asked():
                effects.append(Answer(event.request_id, Failed("a Raft server takes requests as messages")))
            case _:
                assert_never(event)
        return effects

    def view(self) -> RaftView:
        """Figure 2, and the end of the log."""
        return view_of(self.state)


def receive(state: State, source: str, message: Record) -> None:
    """Which rule takes which message.

    The two halves of a heartbeat are nearly all that ever comes, and patterns would make up a fifth of their cost.
    """
    if type(message) is AppendEntries:
        append_entries(state, source, message)
    elif type(message) is AppendEntriesResponse:
        append_entries_response(state, source, message)
    else:
        receive_another(state, source, message)


def receive_another(state: State, source: str, message: Record) -> None:
    """Every other message; the most frequent ones come first."""
    match message:
        case ClientRequest():
            client_request(state, source, message)
        case LogSaved():
            log_saved(state, message)
        case RequestVote():
            request_vote(state, source, message)
        case RequestVoteResponse():
            request_vote_response(state, source, message)
        case InstallSnapshot():
            install_snapshot(state, source, message)
        case InstallSnapshotResponse():
            install_snapshot_response(state, source, message)
        case TimeoutNow():
            timeout_now(state, source, message)
        case ChangeConfiguration() | TransferLeadership():
            administration(state, source, message)
        case _:
            raise AssertionError(f"{source} sent a Raft server {message}")


def ring(state: State, timer: str) -> None:
    """Which rule takes which timer. A leader's timers end with its leadership, but one may have run out just before."""
    match timer:
        case "heartbeat":
            heartbeat_is_due(state)
        case "election":
            election_timer_ran_out(state)
        case "check_quorum":
            check_quorum(state)
        case "transfer" if state.leading is not None:
            abort(state, state.leading)
        case "catch_up" if state.leading is not None:
            look_after_learners(state, state.leading)
        case "transfer" | "catch_up":
            pass
        case _:
            raise AssertionError(f"a Raft server has no timer {timer}")
