"""What a report says of a keeper: reigns, sessions, the tree, watch events, guarded writes."""

from __future__ import annotations

from algorithms.machine import Record
from nodes.world import World
from playground.commands.amounts import write_duration
from playground.kinds import keeper_standing as standing
from playground.kinds.keeper_ledger import KeeperLedger, notifications
from playground.kinds.kind import Section


class KeeperFacts(Record, frozen=True):
    """All of a service. Times in us."""

    leader: str
    epoch: int
    reigns: int
    without_leader: int
    transactions: int
    last_zxid: int
    znodes: int
    ephemerals: int
    sessions: int
    sessions_opened: int
    sessions_expired: int
    watches: int
    notifications: int
    guarded_accepted: int
    guarded_rejected: int
    guarded_overwritten: int
    """Taken although the resource had seen a newer token: without fencing, lost updates."""


def section_of(world: World, service: str, ledger: KeeperLedger) -> Section | None:
    """None if no server is up."""
    state = standing.furthest(world, service)
    if state is None:
        return None
    leaders = standing.in_role(world, service, "leader")
    states = standing.servers(world, service).values()
    facts = KeeperFacts(
        leaders[0] if leaders else "",
        max(each.zab.state.current_epoch for each in states),
        len(ledger.reigns),
        ledger.without_leader,
        ledger.transactions,
        state.tree.last_zxid.number,
        len(state.tree),
        sum(map(len, state.tree.ephemerals.values())),
        len(state.tree.sessions),
        ledger.opened,
        ledger.expired,
        sum(len(each.watches.listed()) for each in states),
        notifications(world, service),
        ledger.accepted,
        ledger.rejected,
        ledger.overwritten,
    )
    return Section(service, _lines(facts, str(state.tree.last_zxid)), facts)


def _lines(facts: KeeperFacts, zxid: str) -> tuple[str, ...]:
    who = f"{facts.leader} leads" if facts.leader else "nobody leads"
    reigns, transactions = _count(facts.reigns, "reign"), _count(facts.transactions, "transaction")
    sessions, watches = _count(facts.sessions, "session"), _count(facts.watches, "watch", "es")
    lines = (
        f"{who} in epoch {facts.epoch}; {reigns}, {write_duration(facts.without_leader)} without a leader; "
        f"{transactions} up to {zxid}",
        f"{_count(facts.znodes, 'znode')}, {facts.ephemerals} of them ephemeral; {sessions} of {facts.sessions_opened} "
        f"opened, {facts.sessions_expired} expired; {watches} left, {_count(facts.notifications, 'watch event')} told",
    )
    tried = facts.guarded_accepted + facts.guarded_rejected
    if not tried:
        return lines
    return (
        *lines,
        f"{_count(tried, 'guarded write')}: {facts.guarded_rejected} rejected by their token, "
        f"{facts.guarded_overwritten} taken with an old token",
    )


def _count(number: int, thing: str, ending: str = "s") -> str:
    return f"{number:,} {thing}{'' if number == 1 else ending}"
