"""Raft's invariants, watched after every turn that could break them (Ongaro and Ousterhout 2014, Figure 3).

The law: watching changes nothing and costs almost nothing. Most turns change neither term, role, commit index nor log,
and are left after a few comparisons. For the others each property is checked for what is new, because it held before:
Log Matching compares an appended entry, and the term in front of it, with what any log has had at this index
and term; and of what is committed, the newest entry stands for all in front of it.
"""

from __future__ import annotations

from algorithms.machine import Append, Save, Started
from algorithms.raft.machine import RaftMachine
from algorithms.raft.messages import Entry, Snapshot
from algorithms.raft.state import State
from nodes.observation import Observation, Turn
from nodes.world import World
from playground.checks.durability import lacking
from playground.checks.violation import Rule, Violation

MOST_VIOLATIONS = 100
"""Later ones are not kept: one broken rule breaks others, again and again."""


class Watched:
    """What one server was after its last turn."""

    __slots__ = ("commit_index", "current_term", "last_index", "name", "role", "state")

    def __init__(self, name: str, state: State) -> None:
        self.name = name
        self.state = state
        self.remember()

    def remember(self) -> None:
        """The turn is judged."""
        state = self.state
        self.role, self.current_term = state.role, state.current_term
        self.commit_index, self.last_index = state.commit_index, state.log.last_index


class RaftInvariants:
    """All of Figure 3, and that what is committed is durable; `world.add_observer(invariants.observe)`.

    It may begin with any world, also one under way; what happened before is not judged. It belongs to this world
    and is not pickled with it.
    """

    def __init__(self, world: World, service: str = "raft") -> None:
        self.world = world
        self.service = service
        self.rules = len(Rule)
        self.violations: list[Violation] = []
        self._watched: dict[str, Watched] = {}
        self._leaders: dict[int, tuple[str, int]] = {}
        """By term: who has led it, and in which life."""
        self._seen: dict[tuple[int, int], tuple[int, Entry]] = {}
        """By index and term: the term in front of the entry, and the entry."""
        self._committed: dict[int, Entry] = {}
        """By index: the entry that was first committed there."""
        self._committed_in: dict[int, tuple[int, int]] = {}
        """By the term of who first committed it: the last index, and the term of the entry there."""
        self._snapshots: dict[int, Snapshot] = {}
        for name in world.names:
            self._begin(name)

    def _begin(self, name: str) -> None:
        """Watch the life of `name` that is under way, if it is a Raft server's."""
        machine = self.world.machine(name, self.service)
        if isinstance(machine, RaftMachine):
            state = machine.state
            self._watched[name] = Watched(name, state)
            log = state.log
            self._match(name, state, log.first_index, tuple(log.entries))
            self._check_base(name, state)
            if state.role == "leader":
                self._leaders[state.current_term] = (name, self.world.node(name).life)

    def observe(self, observation: Observation) -> None:
        """Take one observation."""
        if observation.__class__ is not Turn or observation.service != self.service:
            return
        if observation.event.__class__ is Started:
            self._begin(observation.node)
            return
        watched = self._watched.get(observation.node)
        if watched is None:
            return
        state = watched.state
        if (
            state.commit_index == watched.commit_index
            and state.role == watched.role
            and state.current_term == watched.current_term
            and state.log.last_index == watched.last_index
        ):
            for effect in observation.effects:
                if effect.__class__ is Append or effect.__class__ is Save:
                    break
            else:
                return
        self._judge(observation, watched, state)

    def _judge(self, turn: Turn, watched: Watched, state: State) -> None:
        led = watched.role == "leader" and watched.current_term == state.current_term
        if state.role == "leader":
            if led:
                self._appends_only(turn, watched, state)
            else:
                self._elected(turn.node, state)
        for effect in turn.effects:
            if isinstance(effect, Append):
                self._match(turn.node, state, effect.index, effect.records)
            elif isinstance(effect, Save) and isinstance(effect.value, Snapshot):
                self._compare_snapshots(turn.node, effect.value)
        if state.commit_index != watched.commit_index:
            self._commit(watched, state)
        watched.remember()

    def _tell(self, rule: Rule, nodes: list[str], sentence: str) -> None:
        if len(self.violations) < MOST_VIOLATIONS:
            world = self.world
            self.violations.append(Violation(world.now, world.turns, rule, tuple(nodes), sentence))

    # ------------------------------------------------------------ leaders

    def _elected(self, name: str, state: State) -> None:
        """Election Safety, and Leader Completeness for the new leader."""
        term = state.current_term
        ours = (name, self.world.node(name).life)
        led = self._leaders.setdefault(term, ours)
        if led != ours:
            who = led[0] if led[0] != name else "itself before it crashed"
            nodes = [name] if led[0] == name else [led[0], name]
            self._tell(Rule.ELECTION_SAFETY, nodes, f"{name} is elected in term {term}, and so was {who}.")
        earlier = [last for committed_in, last in self._committed_in.items() if committed_in < term]
        index, of_term = max(earlier, default=(0, 0))
        log = state.log
        if index >= log.base_index and log.term_at(index) != of_term:
            has = (
                f"has one of term {log.term_at(index)} there"
                if index <= log.last_index
                else f"ends at {log.last_index}"
            )
            sentence = (
                f"{name} leads term {term}, but its log lacks the committed entry {index} of term {of_term}: it {has}."
            )
            self._tell(Rule.LEADER_COMPLETENESS, [name], sentence)

    def _appends_only(self, turn: Turn, watched: Watched, state: State) -> None:
        """Leader Append-Only, for a leader that led before this turn too."""
        last = watched.last_index
        written = [effect.index for effect in turn.effects if isinstance(effect, Append)]
        first = min((*written, state.log.last_index + 1))
        if first <= last:
            name, term = watched.name, state.current_term
            sentence = f"{name} leads term {term}, its log ended at {last}, and it writes or drops the entry {first}."
            self._tell(Rule.LEADER_APPEND_ONLY, [name], sentence)

    # ------------------------------------------------------------ logs

    def _match(self, name: str, state: State, index: int, records: tuple[object, ...]) -> None:
        """Log Matching, for entries that have just come into a log."""
        log, seen = state.log, self._seen
        before = log.term_at(index - 1) if index > log.base_index else -1
        for entry in records:
            assert isinstance(entry, Entry), f"{entry} stands in the log of {name}."
            known = seen.get((index, entry.term))
            if known is None:
                seen[index, entry.term] = (before, entry)
            elif (known[0] != before and before >= 0 and known[0] >= 0) or (
                known[1] is not entry and known[1] != entry
            ):
                self._mismatch(name, index, entry, before, known)
            before = entry.term
            index += 1

    def _mismatch(self, name: str, index: int, entry: Entry, before: int, known: tuple[int, Entry]) -> None:
        others = [each.name for each in self._watched.values() if each.state.log.term_at(index) == entry.term]
        nodes = [name, *(other for other in others if other != name)]
        if known[1] != entry:
            what = f"{known[1].payload} in one log and {entry.payload} in the other"
        else:
            what = f"behind an entry of term {known[0]} in one log and of term {before} in the other"
        self._tell(Rule.LOG_MATCHING, nodes, f"The entry {index} of term {entry.term} is {what} ({name}'s).")

    # ------------------------------------------------------------ what is committed

    def _commit(self, watched: Watched, state: State) -> None:
        """Everything about a commit index that has moved."""
        name, old, new = watched.name, watched.commit_index, state.commit_index
        if new < old:
            self._tell(Rule.COMMIT_INDEX_MONOTONE, [name], f"The commit index of {name} went from {old} back to {new}.")
            return
        log, committed, first_time = state.log, self._committed, False
        self._check_base(name, state)
        for index in range(max(old, log.base_index) + 1, min(new, log.last_index) + 1):
            entry = log.entries[index - log.base_index - 1]
            first = committed.get(index)
            if first is None:
                committed[index], first_time = entry, True
            elif first is not entry and first != entry:
                self._differ(name, index, first.term, entry.term)
        if first_time:
            self._committed_in[state.current_term] = (new, log.term_at(new))
            self._check_durability(watched, state)

    def _check_base(self, name: str, state: State) -> None:
        """State Machine Safety for the last entry that is in the snapshot."""
        log = state.log
        first = self._committed.get(log.base_index)
        if first is not None and first.term != log.base_term:
            self._differ(name, log.base_index, first.term, log.base_term)

    def _differ(self, name: str, index: int, committed: int, term: int) -> None:
        """State Machine Safety is broken."""
        others = [
            each.name for each in self._watched.values() if each.state.commit_index >= index and each.name != name
        ]
        sentence = (
            f"{name} takes its entry {index} of term {term} for committed, where another of term {committed} was."
        )
        self._tell(Rule.STATE_MACHINE_SAFETY, [name, *others], sentence)

    def _check_durability(self, watched: Watched, state: State) -> None:
        """What is committed is durable on a majority: of the configuration before this turn, or of that behind it."""
        log, index = state.log, state.commit_index
        term = log.term_at(index)
        before = log.configuration_at(max(watched.last_index, log.base_index))
        without = lacking(self.world, self.service, before, index, term)
        if without and before != log.configuration:
            without = lacking(self.world, self.service, log.configuration, index, term)
        if without:
            what = f"{watched.name} commits the entry {index} of term {term}"
            self._tell(
                Rule.COMMITTED_IS_DURABLE,
                [watched.name, *(name for name in without if name != watched.name)],
                f"{what}, but it is not durable on {', '.join(without)}.",
            )

    def _compare_snapshots(self, name: str, snapshot: Snapshot) -> None:
        """State Machine Safety as seen from its end: the same entries applied make the same store (paper 7)."""
        index = snapshot.last_included_index
        first = self._snapshots.setdefault(index, snapshot)
        if first is not snapshot and first.contents.store != snapshot.contents.store:
            others = [each.name for each in self._watched.values() if each.state.snapshot_index == index]
            nodes = [name, *(other for other in others if other != name)]
            self._tell(
                Rule.STATE_MACHINE_SAFETY, nodes, f"{name}'s store behind the entry {index} is not what others' was."
            )
