"""What must hold of a keeper's servers, whatever clients do (Junqueira, Reed, Serafini 2011, sections 2 and 3).

The law: it looks at what each server has delivered after its turns, at disks when something is committed first, and at
whole trees ten times a second.
"""

from __future__ import annotations

from algorithms.keeper.machine import KeeperMachine
from algorithms.keeper.state import State
from algorithms.keeper.txns import Txn
from algorithms.keeper.zab.messages import AckNewLeader, PeerSegment, Snapshot, Transaction
from algorithms.keeper.zab.state import LOG, SNAPSHOT
from algorithms.keeper.zxid import Zxid, zxid_of
from algorithms.machine import Append, Received, Save
from nodes.disk import Disk
from nodes.faults import WipeDisk
from nodes.observation import Booted, Injected, Observation, Turn
from nodes.world import World
from playground.checks.findings import Findings
from playground.checks.keeper.names import DURABLE, EPHEMERALS, EQUAL, LEADERS, TOTAL_ORDER, ZXIDS
from playground.checks.keeper.sequence import Sequence

MANY = 4_096
"""So many digests are remembered."""


class ServerRules:
    """The servers of one service; `sequence` grows with what they deliver, with `histories` or without."""

    def __init__(self, world: World, service: str, findings: Findings, histories: bool = True) -> None:
        self._world, self._service, self._findings = world, service, findings
        self.sequence = Sequence(findings, histories)
        self._delivered: dict[str, int] = {}
        """By node: the zxid of the last transaction that it has delivered in this life."""
        self._logs: dict[str, list[tuple[int, Transaction]]] = {}
        """By node: what it has logged and not delivered, with its number in the journal. Its own log may have forgotten
        what it has delivered in this very turn."""
        self._leaders: dict[int, str] = {}
        self._proposed: dict[int, Txn] = {}
        self._acknowledged: dict[str, int] = {}
        """By node: the newest epoch that a leader has heard of it as acknowledged."""
        self._digests: dict[int, tuple[str, str]] = {}
        self._looked: dict[str, int] = {}

    def observe(self, observation: Observation) -> None:
        """Take one observation."""
        if observation.__class__ is Turn:
            if observation.service == self._service:
                machine = self._world.machine(observation.node, self._service)
                if isinstance(machine, KeeperMachine):
                    self._turn(observation, machine.state)
        elif isinstance(observation, Booted):
            self._delivered.pop(observation.node, None)
            self._logs.pop(observation.node, None)
            self._looked.pop(observation.node, None)
        elif isinstance(observation, Injected) and isinstance(observation.fault, WipeDisk):
            self._acknowledged.pop(observation.fault.node, None)

    def _turn(self, turn: Turn, state: State) -> None:
        node, zab = turn.node, state.zab.state
        for effect in turn.effects:
            if effect.__class__ is Append and effect.journal == LOG:
                self._logged(node, effect)
        if node not in self._delivered:
            self._booted(node, state)
        elif zab.last_committed.number != self._delivered[node]:
            self._moved(node, state)
        if zab.role == "leading" and zab.phase == "broadcast":
            first = self._leaders.setdefault(zab.current_epoch, node)
            if first != node:
                self._findings.add(LEADERS, f"{first} and {node} both led epoch {zab.current_epoch}")
        event = turn.event
        if event.__class__ is Received and isinstance(event.message, PeerSegment):
            carried = event.message.segment.carried
            if isinstance(carried, AckNewLeader):
                source = event.source
                self._acknowledged[source] = max(self._acknowledged.get(source, 0), carried.epoch)

    # ------------------------------------------------------------ zxids and epochs

    def _logged(self, node: str, append: Append) -> None:
        log = self._logs.setdefault(node, [])
        while log and log[-1][0] >= append.index:
            log.pop()
        for index, each in enumerate(append.records, append.index):
            assert isinstance(each, Transaction), f"a keeper's log holds {each}"
            first = self._proposed.setdefault(each.zxid.number, each.txn)  # type: ignore[arg-type]
            if first is not each.txn and first != each.txn:
                self._findings.add(ZXIDS, f"{node} logs {each.txn} as {each.zxid}, which was {first} before")
            log.append((index, each))

    def _booted(self, node: str, state: State) -> None:
        zab = state.zab.state
        self._delivered[node] = zab.last_committed.number
        self._logs[node] = [*enumerate(zab.log.transactions, zab.log.first_index)]
        known = self._acknowledged.get(node, 0)
        if zab.current_epoch < known:
            sentence = f"{node} had acknowledged epoch {known}, and came back with {zab.current_epoch}"
            self._findings.add(ZXIDS, sentence)
        if zab.last_committed.number:
            self._must_be_known(node, zab.last_committed.number)

    # ------------------------------------------------------------ delivering

    def _moved(self, node: str, state: State) -> None:
        """It has delivered something, or has taken over a snapshot."""
        zab, before = state.zab.state, self._delivered[node]
        now = self._delivered[node] = zab.last_committed.number
        if now < before:
            self._findings.add(TOTAL_ORDER, f"{node} had delivered {zxid_of(before)}, and is at {zxid_of(now)} again")
            return
        log, floor = self._logs.get(node, []), zab.log.floor.number
        if floor > before and not any(each.zxid.number == floor for _, each in log):
            self._must_be_known(node, floor)
            before = floor
        for _, each in log:
            if before < each.zxid.number <= now:
                self._deliver(node, before, each)
                before = each.zxid.number
        self._logs[node] = [each for each in log if each[1].zxid.number > now]

    def _must_be_known(self, node: str, zxid: int) -> None:
        """A snapshot stands for all up to its zxid."""
        if zxid not in self.sequence.place:
            self._findings.add(TOTAL_ORDER, f"{node} has a snapshot up to {zxid_of(zxid)}, which nobody has delivered")

    def _deliver(self, node: str, before: int, each: Transaction) -> None:
        sequence, zxid, txn = self.sequence, each.zxid.number, each.txn
        assert isinstance(txn, Txn), f"a keeper's log holds {txn}"
        place = sequence.place.get(zxid)
        if place is None:
            self._first(node, before, zxid, txn)
            return
        there = sequence.txns[place]
        if there is not txn and there != txn:
            self._findings.add(TOTAL_ORDER, f"{node} delivered {txn} as {each.zxid}, others {there}")
        previous = sequence.order[place - 1] if place else 0
        if previous != before:
            what = f"{node} delivered {each.zxid} right behind {zxid_of(before)}"
            self._findings.add(TOTAL_ORDER, f"{what}, others behind {zxid_of(previous)}")

    def _first(self, node: str, before: int, zxid: int, txn: Txn) -> None:
        sequence = self.sequence
        if zxid < sequence.last:
            what = f"{node} delivered {zxid_of(zxid)}, which others have passed over on their way to"
            self._findings.add(TOTAL_ORDER, f"{what} {zxid_of(sequence.last)}")
            return
        if before != sequence.last:
            what = f"{node} delivered {zxid_of(zxid)} right behind {zxid_of(before)}"
            self._findings.add(TOTAL_ORDER, f"{what}, and others had {zxid_of(sequence.last)} already")
        sequence.append(zxid, txn)
        self._on_a_quorum(node, zxid)

    def _on_a_quorum(self, node: str, zxid: int) -> None:
        machine = self._world.machine(node, self._service)
        assert isinstance(machine, KeeperMachine), f"{node} has just delivered something"
        voters, wanted = machine.state.zab.state.voters, zxid_of(zxid)
        lacking = [name for name in voters if not _durable_on(self._world.node(name).disk, self._service, wanted)]
        if 2 * (len(voters) - len(lacking)) <= len(voters):
            sentence = f"{wanted} was committed, and is not on the disks of {', '.join(lacking)}"
            self._findings.add(DURABLE, sentence)

    # ------------------------------------------------------------ trees

    def look(self) -> None:
        """Compare whole trees."""
        for name in self._world.names:
            machine = self._world.machine(name, self._service)
            if isinstance(machine, KeeperMachine):
                self._look_at(name, machine.state)

    def _look_at(self, node: str, state: State) -> None:
        tree = state.tree
        zxid = tree.last_zxid.number
        if self._looked.get(node) == zxid:
            return
        self._looked[node] = zxid
        for session_id, paths in tree.ephemerals.items():
            if session_id not in tree.sessions:
                self._stale(node, next(iter(paths), "?"), session_id, tree.last_zxid)
        for znode in tree.walk():
            if znode.ephemeral_owner and znode.ephemeral_owner not in tree.sessions:
                self._stale(node, znode.path, znode.ephemeral_owner, tree.last_zxid)
        if zxid == self.sequence.last and zxid not in self._digests:
            self._digests[zxid] = self.sequence.tree.digest, "one copy of it all"
        digest, first = self._digests.setdefault(zxid, (tree.digest, node))
        if digest != tree.digest:
            self._findings.add(EQUAL, f"at {tree.last_zxid} the tree of {node} is another one than that of {first}")
        if len(self._digests) > MANY:
            del self._digests[next(iter(self._digests))]

    def _stale(self, node: str, path: str, session_id: int, zxid: Zxid) -> None:
        sentence = f"on {node} at {zxid} {path} is of session {session_id:#x}, which is over"
        self._findings.add(EPHEMERALS, sentence)


def _durable_on(disk: Disk, service: str, zxid: Zxid) -> bool:
    """Whether log or snapshot on this disk have it. A lying disk is taken at its word: no server knows better."""
    snapshot = disk.durable.cells.get((service, SNAPSHOT))
    if isinstance(snapshot, Snapshot) and snapshot.zxid >= zxid:
        return True
    journal = disk.durable.journals.get((service, LOG))
    for each in reversed(journal.records if journal is not None else ()):
        if isinstance(each, Transaction) and each.zxid <= zxid:
            if each.zxid == zxid:
                return True
            break
    return any(_holds(write, zxid) for owner, write in disk.lied_about() if owner == service)


def _holds(write: object, zxid: Zxid) -> bool:
    match write:
        case Append(_, _, records):
            return any(isinstance(each, Transaction) and each.zxid == zxid for each in records)
        case Save(_, Snapshot() as snapshot):
            return snapshot.zxid >= zxid
        case _:
            return False
