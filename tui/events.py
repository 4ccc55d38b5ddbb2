"""What an onlooker remembers of a run, for the event log, the timeline and the flashes on the map.

The law: an observer that changes nothing, costs about a microsecond a turn, and keeps a bounded amount however long
the run; frames take from it what they need, nothing is sent to the screen event by event.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import assert_never

from algorithms.broker.messages import SyncGroupResponse
from algorithms.machine import Append, Asked, Note, Received, Save, Send, SetTimer
from algorithms.raft.messages import AppendEntries
from algorithms.ring.table import Ring
from algorithms.ring.versions import Versions
from nodes.faults import Fault, Kill, LinkFault, PowerLoss, Restart
from nodes.observation import Booted, Crashed, Injected, Lost, Observation, Turn
from tui.broker_log import BrokerLog
from tui.fault_words import fault_line, link_words
from tui.frame import Happening, Happenings, Reign
from tui.glyphs import Sort
from tui.kinds import is_quiet, words_of
from tui.ring_log import RingLog
from tui.sorts import sort_of, sort_of_note

MOST_LINES = 5_000
MOST_MARKS = 400
MOST_LOST = 100
MOST_REIGNS = 200
SHOWN = 500
"""Lines in one frame."""

TOGETHER = 8
TOGETHER_TIME = 50_000
"""Nodes that say the same within so many lines and microseconds share one line."""

REQUESTS_TIME = 200_000
"""What one node says about clients' requests within so many microseconds is one line: retries would hide the rest."""

METADATA = "metadata log"
"""The journal of a broker's metadata (algorithms/broker/quorum.py)."""

MOST_BUCKETS = 2_048
"""When the run outgrows them, they become twice as wide."""


class EventLog:
    """Add it to a world that has not begun, with `world.add_observer`."""

    def __init__(self) -> None:
        self.lines: deque[Happening] = deque(maxlen=MOST_LINES)
        self.total = 0
        self.marks: deque[tuple[int, Sort]] = deque(maxlen=MOST_MARKS)
        self.reigns: deque[Reign] = deque(maxlen=MOST_REIGNS)
        self.lost: deque[Lost] = deque(maxlen=MOST_LOST)
        self.heard: dict[str, int] = {}
        """When each node last received something from another."""
        self.width = 1_000
        self.buckets: list[int] = []
        """Messages received in each `width` microseconds."""
        self.rings: dict[str, RingLog] = {}
        """What is remembered of each ring store, by service."""
        self.brokers: dict[str, BrokerLog] = {}
        """What is remembered of each broker cluster, by service."""
        self._term = 0
        self._leader = ""
        self._told: dict[tuple[str, str, str], None] = {}
        self._last_fault: Fault | None = None
        self._shown: Happenings | None = None

    def __call__(self, seen: Observation) -> None:
        if type(seen) is Turn:
            self._turn(seen)
        else:
            self._rare(seen)

    def _rare(self, seen: Observation) -> None:
        match seen:
            case Turn():
                self._turn(seen)
            case Lost():
                self._lose(seen)
            case Injected(at, fault):
                self._told.clear()
                self._fault(at, fault)
            case Crashed(at, node, reason):
                self._say(at, Sort.DOWN, node, f"crashed itself: {reason}")
                self._end_reign(at, node)
            case Booted(at, node, life):
                if life > 1 and not isinstance(self._last_fault, Restart):
                    self._say(at, Sort.UP, node, f"begins life {life}")
            case _:
                assert_never(seen)

    # ------------------------------------------------------------ turns

    def _turn(self, turn: Turn) -> None:
        event = turn.event
        if type(event) is Received and event.source != turn.node:
            if not is_quiet(event.message):
                self.heard[turn.node] = turn.at
            self._count(turn.at)
        elif type(event) is Asked:
            self.ring(turn.service).asks(event)
        sort = None
        reigns = turn.node == self._leader
        for effect in turn.effects:
            if type(effect) is Send:
                message = effect.message
                if type(message) is AppendEntries and message.term > self._term:
                    self._crown(turn, message.term)
                elif type(message) is SyncGroupResponse:
                    self.broker(turn.service).assigned(turn.at, effect.target, message)
            elif type(effect) is Note:
                sort = sort or sort_of(turn, self._term)
                self._note(turn, sort, effect)
            elif type(effect) is Save:
                sort = self._saved(turn, effect) or sort
            elif type(effect) is Append and effect.journal == METADATA:
                self.broker(turn.service).appended(turn.at, effect)
            elif reigns and type(effect) is SetTimer and effect.name == "election":
                self._end_reign(turn.at, turn.node)

    def _saved(self, turn: Turn, save: Save) -> Sort | None:
        """What concerns a ring store is remembered; a new ring makes its turn one of another sort."""
        if type(save.value) is Versions:
            self.ring(turn.service).saved(turn, save)
        elif type(save.value) is Ring:
            return self.ring(turn.service).epoch(save.value)
        return None

    def ring(self, service: str) -> RingLog:
        """What is remembered of this ring store."""
        found = self.rings.get(service)
        if found is None:
            found = self.rings[service] = RingLog()
        return found

    def broker(self, service: str) -> BrokerLog:
        """What is remembered of this broker cluster."""
        found = self.brokers.get(service)
        if found is None:
            found = self.brokers[service] = BrokerLog()
        return found

    def _note(self, turn: Turn, sort: Sort, note: Note) -> None:
        """A line of its own, unless a recent one can hold it."""
        lines = self.lines
        for back in range(1, min(TOGETHER, len(lines)) + 1):
            joined = _joined(lines[-back], turn, sort, note)
            if joined is not None:
                lines[-back] = joined
                self._shown = None
                return
        self._say(turn.at, sort_of_note(note, sort), turn.node, note.text, note.source, turn.service)

    def _crown(self, turn: Turn, term: int) -> None:
        self._term, self._leader = term, turn.node
        self.reigns.append(Reign(turn.at, turn.node, term))

    def _end_reign(self, at: int, node: str) -> None:
        """Leaders wait for no election: whoever does, or is down, leads no more."""
        if node == self._leader:
            self._leader = ""
            self.reigns.append(Reign(at, "", self.reigns[-1].term))

    def _count(self, at: int) -> None:
        """One more message in the bucket of this instant."""
        place = at // self.width
        try:
            self.buckets[place] += 1
        except IndexError:
            self._reach(at)
            self.buckets[at // self.width] += 1

    def _reach(self, at: int) -> None:
        """Make buckets up to this instant."""
        while at // self.width >= MOST_BUCKETS:
            self._widen()
        self.buckets.extend([0] * (at // self.width + 1 - len(self.buckets)))

    def _widen(self) -> None:
        odd = [*self.buckets, 0]
        self.buckets = [odd[i] + odd[i + 1] for i in range(0, len(self.buckets), 2)]
        self.width *= 2

    # ------------------------------------------------------------ misfortunes

    def _lose(self, lost: Lost) -> None:
        """Every loss flashes on the map; the log tells the first for each reason since something last changed."""
        self.lost.append(lost)
        key = (lost.source, lost.target, lost.reason)
        if key not in self._told:
            self._told[key] = None
            words = f"{words_of(lost.message)} to {lost.target} is lost: {lost.reason}"
            self._say(lost.at, Sort.LOST, lost.source, words, service=lost.service)

    def _fault(self, at: int, fault: Fault) -> None:
        before, self._last_fault = self._last_fault, fault
        if isinstance(fault, Kill | PowerLoss | Restart):
            self._end_reign(at, fault.node)
        sort, node, words = fault_line(fault)
        if _is_way_back(before, fault) and self.lines and self.lines[-1].at == at:
            assert isinstance(fault, LinkFault), "Only faults of links have a way back."
            del self.lines[-1]
            self.total -= 1
            words = f"{fault.target} ⇄ {fault.source} {link_words(fault)}"
        self._say(at, sort, node, words)

    def _say(self, at: int, sort: Sort, node: str, text: str, source: str = "", service: str = "") -> None:
        self.total += 1
        line = Happening(self.total, at, sort, node, text, source, service=service)
        self.lines.append(line)
        if line.loud and (not self.marks or self.marks[-1] != (at, sort)):
            self.marks.append((at, sort))

    def report(self, at: int, sort: Sort, node: str, text: str, source: str = "") -> None:
        """Somebody else has a line for the log: a check that failed, a request that ended."""
        self._say(at, sort, node, text, source)

    # ------------------------------------------------------------ looking

    def happenings(self, filter: str = "") -> Happenings:
        """The newest lines that have `filter` in them, in any case; the same object while nothing is new."""
        shown = self._shown
        if shown is None or shown.total != self.total or shown.filter != filter:
            shown = self._shown = Happenings(_newest(self.lines, filter.lower()), self.total, filter)
        return shown


def _joined(line: Happening, turn: Turn, sort: Sort, note: Note) -> Happening | None:
    """`line` with this note in it: several nodes say the same, or one has much to say about its requests."""
    if line.service != turn.service:
        return None
    age, nodes = turn.at - line.at, line.node.split()
    if line.text == note.text and age < TOGETHER_TIME and turn.node not in nodes:
        return replace(line, node=f"{line.node} {turn.node}")
    if sort is Sort.CLIENT and line.sort is Sort.CLIENT and nodes == [turn.node] and age < REQUESTS_TIME:
        return replace(line, more=line.more + 1)
    return None


def _newest(lines: deque[Happening], wanted: str) -> tuple[Happening, ...]:
    found: list[Happening] = []
    for line in reversed(lines):
        if not wanted or wanted in f"{line.service}: {line.node} {line.text} {line.source}".lower():
            found.append(line)
            if len(found) == SHOWN:
                break
    return tuple(reversed(found))


def _is_way_back(before: Fault | None, fault: Fault) -> bool:
    """Whether both do the same to the two directions of one link."""
    if not isinstance(fault, LinkFault) or not isinstance(before, LinkFault) or type(fault) is not type(before):
        return False
    ends = (fault.source, fault.target) == (before.target, before.source)
    return ends and link_words(fault) == link_words(before)
