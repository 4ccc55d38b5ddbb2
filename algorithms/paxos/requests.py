"""What clients and administrators ask for (Paxos Made Simple, section 3; dissertation 6).

The law: `not_leader` and `refused` mean surely not done. Whatever was sent to an acceptor is answered when it is
applied by the leader that proposed it, or never.
"""

from __future__ import annotations

from algorithms import kv
from algorithms.machine import Answer, Failed, Ok
from algorithms.paxos.leading import Caller
from algorithms.paxos.proposing import propose
from algorithms.paxos.reads import read_locally, take_read
from algorithms.paxos.reconfiguring import change_configuration
from algorithms.paxos.state import State
from algorithms.paxos.transfer import transfer_leadership
from algorithms.replicated.messages import Carried, ChangeConfiguration, ClientRequest, TransferLeadership


def client_request(state: State, source: str, message: ClientRequest) -> None:
    """The leader gives a command the next slot, and answers when it is chosen and applied."""
    request, how = message.request, state.settings.reads
    caller, command, leading = Caller(source, request.client_id, request.sequence), request.command, state.leading
    if isinstance(command, kv.Get) and how == "local":
        read_locally(state, caller, command.key)
    elif leading is None or leading.transfer is not None:
        _turn_away(state, caller)
    elif isinstance(command, kv.Get) and how != "log":
        take_read(state, leading, caller, command.key)
    else:
        leading.waiting[propose(state, leading, request)] = caller


def carry(state: State, request_id: int, record: Carried) -> None:
    """The machine that carries this one has a record. `Ok` has the slot in which it may be chosen one day."""
    leading = state.leading
    if leading is None or leading.transfer is not None:
        state.effects.append(Answer(request_id, Failed("this server does not lead")))
    else:
        state.effects.append(Answer(request_id, Ok(propose(state, leading, record))))


def administration(state: State, source: str, message: ChangeConfiguration | TransferLeadership) -> None:
    """Changes of who accepts and who leads."""
    leading = state.leading
    if leading is None:
        _turn_away(state, Caller(source, message.client_id, message.sequence))
    elif isinstance(message, TransferLeadership):
        transfer_leadership(state, leading, source, message)
    elif leading.transfer is not None:
        _turn_away(state, Caller(source, message.client_id, message.sequence))
    else:
        change_configuration(state, leading, source, message)


def _turn_away(state: State, caller: Caller) -> None:
    """Not done here; ask who leads, or is about to."""
    transfer = state.leading.transfer if state.leading is not None else None
    if transfer is not None:
        state.reply(caller, "not_leader", hint=transfer.target)
    else:
        state.turn_away(caller)
