"""Changes of members: from a wish to the next epoch, and from an epoch in which ranges move to the one that ends it.

The law: a change only ever changes what is `coming`; that takes the place of `members` in one step, once every node
that gains ranges has said that it holds them on disk. (Dynamo 4.8.1 leaves membership to an administrator and to
gossip; agreeing on each epoch is what Cassandra came to in CEP-21.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.placement.ring import Member
from algorithms.ring import agreement, coordinating, moving, reconciling
from algorithms.ring.changing_state import Wanted
from algorithms.ring.commands import AddNode, RemoveNode, SetWeight
from algorithms.ring.messages import Accepted, ChangeRequest, RangesHeld, RingIs, RingResponse
from algorithms.ring.table import Ring, zone_of
from algorithms.ring.versions import Versions

if TYPE_CHECKING:
    from algorithms.ring.state import State

Change = AddNode | RemoveNode | SetWeight
PATIENCE = 500_000
"""How long a server pursues a change that does not come about, microseconds. Not for long: the client asks another
server meanwhile, and what was done there may have been taken back since."""
MEMBERSHIP = "Dynamo 4.8"


# ---------------------------------------------------------------- wishes


def change_request(state: State, source: str, message: ChangeRequest) -> None:
    """Pursue the change, or say at once why it makes no sense."""
    if _is_so(state.ring, message.change):
        _answer(state, source, message, "ok", "")
        return
    refusal = _refusal(state, message.change)
    if refusal:
        _answer(state, source, message, "refused", refusal)
        return
    if any(each.request == message for each in state.changing.wanted):
        return  # A second copy.
    state.changing.wanted.append(Wanted(source, message, state.now + PATIENCE))
    if state.proposal is None:
        _pursue(state)


def _is_so(ring: Ring, change: Change) -> bool:
    """Whether the ring that is or comes is as the change wants it."""
    found = next((member for member in ring.goal if member.name == change.node), None)
    match change:
        case AddNode():
            return found is not None
        case RemoveNode():
            return found is None
        case SetWeight(_, weight):
            return found is not None and found.weight == weight


def _refusal(state: State, change: Change) -> str:
    names = [member.name for member in state.ring.goal]
    match change:
        case RemoveNode(node) if len(names) == 1:
            return f"{node} is the last node of the ring; somebody must hold the keys"
        case RemoveNode(node) if len(names) - 1 < max(state.settings.r, state.settings.w):
            asked = max(state.settings.r, state.settings.w)
            return f"without {node} the ring has {len(names) - 1} nodes, and a request needs {asked}"
        case SetWeight(node, _) if node not in names:
            return f"{node} is not in the ring"
        case AddNode(node, weight) | SetWeight(node, weight) if weight <= 0:
            return f"the weight of {node} must be above 0, not {weight:g}"
        case _:
            return ""


def _changed(state: State, change: Change) -> Ring:
    """The next epoch, with `change` in what is coming. What comes to the present members again, moves nothing."""
    ring = state.ring
    others = tuple(member for member in ring.goal if member.name != change.node)
    match change:
        case AddNode(node, weight):
            goal = (*ring.goal, Member(node, weight, zone_of(node, state.settings)))
        case RemoveNode():
            goal = others
        case SetWeight(node, weight):
            goal = (*others, Member(node, weight, zone_of(node, state.settings)))
    goal = tuple(sorted(goal, key=lambda member: member.name))
    return Ring(ring.epoch + 1, ring.members, () if goal == ring.members else goal, state.name)


def _settled(state: State) -> Ring:
    return Ring(state.ring.epoch + 1, state.ring.coming, (), state.name)


# ---------------------------------------------------------------- towards the next epoch


def _pursue(state: State) -> None:
    """Propose what is wanted next: first that the moves are over, then whatever was asked for first."""
    state.proposal = None
    if state.changing.settle:
        _propose(state, _settled(state))
    elif state.changing.wanted:
        _propose(state, _changed(state, state.changing.wanted[0].request.change))


def _propose(state: State, ring: Ring) -> None:
    if state.settings.membership == "gossip":
        adopt(state, ring)
        _spread(state, ring, ring.everyone)
    else:
        agreement.propose(state, ring)


def proposal_ran_out(state: State) -> None:
    """No majority has answered in time; try again under a higher ballot, unless nobody waits for it any more."""
    for each in [each for each in state.changing.wanted if each.until <= state.now]:
        state.changing.wanted.remove(each)
        reason = f"a majority of {', '.join(state.ring.names)} did not agree in time"
        _answer(state, each.source, each.request, "uncertain", reason)
    if state.changing.settle:
        agreement.propose(state, _settled(state))
    elif state.changing.wanted:
        agreement.propose(state, _changed(state, state.changing.wanted[0].request.change))
    else:
        state.proposal = None


def accepted(state: State, source: str, message: Accepted) -> None:
    """If the ring is chosen by that, believe in it and tell everybody who is or was concerned."""
    ring = agreement.accepted(state, source, message)
    if ring is not None:
        concerned = (*state.ring.everyone, *ring.everyone)
        adopt(state, ring)
        _spread(state, ring, tuple(dict.fromkeys(concerned)))


def _spread(state: State, ring: Ring, nodes: tuple[str, ...]) -> None:
    for node in nodes:
        if node != state.name:
            state.send(node, RingIs(ring))


# ---------------------------------------------------------------- a new epoch


def ring_is(state: State, message: RingIs) -> None:
    """Believe in a newer ring. With gossip alone there may be two of one epoch: then names decide."""
    theirs, ours = message.ring, state.ring
    agreed = state.settings.membership == "agreed"
    assert not agreed or theirs.epoch != ours.epoch or theirs == ours, (
        f"epoch {ours.epoch} was agreed twice: {ours} and {theirs}"
    )
    if (theirs.epoch, theirs.proposer) > (ours.epoch, ours.proposer):
        adopt(state, theirs)


def adopt(state: State, ring: Ring) -> None:
    """A new epoch begins here: on disk first, then everything that was begun in the old one is begun anew."""
    before = state.ring
    state.set_ring(ring)
    state.save("ring", ring)
    state.belongings.ring_changed(state, before)
    state.note(_sentence(before, ring), MEMBERSHIP)
    state.proposal = None
    state.cancel_timer("proposal")
    state.changing.held, state.changing.settle = {}, False
    reconciling.drop_all(state)
    moving.ring_changed(state)
    coordinating.start_anew(state)
    _answer_what_is_so(state)
    look_whether_all_hold(state)
    if state.proposal is None:
        _pursue(state)


def _answer_what_is_so(state: State) -> None:
    waiting = state.changing.wanted
    state.changing.wanted = []
    for each in waiting:
        refusal = _refusal(state, each.request.change)
        if _is_so(state.ring, each.request.change):
            _answer(state, each.source, each.request, "ok", "")
        elif refusal:
            _answer(state, each.source, each.request, "refused", refusal)
        else:
            state.changing.wanted.append(each)


def _answer(state: State, source: str, request: ChangeRequest, status: str, reason: str) -> None:
    everyone = state.ring.everyone
    state.send(source, RingResponse(request.client_id, request.sequence, status, Versions(), reason, everyone))


def _sentence(before: Ring, ring: Ring) -> str:
    if ring.coming:
        return f"epoch {ring.epoch}: {_difference(ring.members, ring.coming)}; ranges move"
    if before.coming and ring.members == before.members:
        return f"epoch {ring.epoch}: the change was taken back, the ring stays {' '.join(ring.names)}"
    return f"epoch {ring.epoch}: the ring is {' '.join(ring.names)}"


def _difference(old: tuple[Member, ...], new: tuple[Member, ...]) -> str:
    """`n6 joins, n2 leaves, n3 gets weight 2`."""
    before = {member.name: member for member in old}
    after = {member.name: member for member in new}
    words = [f"{name} joins" for name in after if name not in before]
    words += [f"{name} leaves" for name in before if name not in after]
    words += [f"{name} gets weight {after[name].weight:g}" for name in after if _weighs(before, name, after)]
    return ", ".join(words) or "the same members"


def _weighs(before: dict[str, Member], name: str, after: dict[str, Member]) -> bool:
    return name in before and before[name].weight != after[name].weight


# ---------------------------------------------------------------- the end of a move


def ranges_held(state: State, source: str, message: RangesHeld) -> None:
    """One node holds what it gains."""
    if message.epoch == state.ring.epoch and state.ring.coming:
        state.changing.held[source] = None
        look_whether_all_hold(state)


def look_whether_all_hold(state: State) -> None:
    """If everybody holds what it gains, let the epoch end; at random, so that not all propose at once."""
    if not state.ring.coming or state.changing.settle:
        return
    concerns_us = state.changing.held or state.name in moving.settlers(state)
    if concerns_us and all(node in state.changing.held for node in moving.gainers(state)):
        state.changing.settle = True
        state.set_timer("settle", 0, state.settings.exchange_timeout)


def settle(state: State) -> None:
    """The timer of `look_whether_all_hold` ran out in the same epoch."""
    if state.changing.settle and state.proposal is None:
        _pursue(state)
