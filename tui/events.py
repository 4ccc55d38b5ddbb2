"""What an onlooker remembers of a run, for the event log, the timeline and the flashes on the map.

The law: an observer that changes nothing, costs about a microsecond a turn, and keeps a bounded amount however long
the run; frames take from it what they need, nothing is sent to the screen event by event.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import assert_never

from algorithms.broker.messages import SyncGroupResponse
from algorithms.keeper.zab.messages import Notification
from algorithms.machine import Append, Asked, Note, Received, Save, Send, SetTimer
from algorithms.paxos.synod.messages import Prepare
from algorithms.ring.table import Ring
from algorithms.ring.versions import Versions
from nodes.faults import Fault, Kill, LinkFault, PowerLoss, Restart
from nodes.observation import Booted, Crashed, Injected, Lost, Observation, Turn
from tui.broker_log import BrokerLog
from tui.fault_words import fault_line, link_words
from tui.frame import Happening, Happenings, Reign
from tui.glyphs import Sort
from tui.kinds import is_quiet, words_of
from tui.reign_log import SAID_BY_LEADERS, ReignLog
from tui.ring_log import RingLog
from tui.sorts import sort_of, sort_of_note
from tui.synod_log import SynodLog

MOST_LINES = 5_000
MOST_MARKS = 400
MOST_LOST = 100
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
        self.marks: deque[tuple[int, Sort, str]] = deque(maxlen=MOST_MARKS)
        """What stood out: when, of what sort, and in which service (empty: in none)."""
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
        self.synods: dict[str, SynodLog] = {}
        """What is remembered of each synod, by service."""
        self.reign_logs: dict[str, ReignLog] = {}
        """Who led each service when."""
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
        reigns = self.reign_logs.get(turn.service) or self.reign(turn.service)
        for effect in turn.effects:
            if type(effect) is Send:
                self._sent(turn, effect, reigns)
            elif type(effect) is Note:
                sort = sort or sort_of(turn, reigns.term)
                self._note(turn, sort, effect)
            elif type(effect) is Save:
                sort = self._saved(turn, effect) or sort
            elif type(effect) is Append and effect.journal == METADATA:
                self.broker(turn.service).appended(turn.at, effect)
            elif type(effect) is SetTimer and turn.node == reigns.leader:
                reigns.waits(turn, effect)

    def _sent(self, turn: Turn, send: Send, reigns: ReignLog) -> None:
        """What concerns reigns, groups of readers and ballots is remembered."""
        message = send.message
        kind = type(message)
        if kind in SAID_BY_LEADERS:
            reigns.said(turn, message)
        elif kind is Notification:
            reigns.votes(turn, message)  # type: ignore[arg-type]
        elif kind is SyncGroupResponse:
            self.broker(turn.service).assigned(turn.at, send.target, message)  # type: ignore[arg-type]
        elif kind is Prepare:
            self.synod(turn.service).begun_by(message)  # type: ignore[arg-type]

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

    def reign(self, service: str) -> ReignLog:
        """Who led this service when."""
        found = self.reign_logs.get(service)
        if found is None:
            found = self.reign_logs[service] = ReignLog()
        return found

    def marks_of(self, service: str) -> tuple[tuple[int, Sort], ...]:
        """What stood out in this service, and what happened to nodes and links."""
        return tuple((at, sort) for at, sort, whose in self.marks if not whose or whose == service)

    def reigns_of(self, service: str) -> tuple[Reign, ...]:
        """Of this service; of the first one that ever had a leader, if this one has none."""
        found = (log for log in (self.reign(service), *self.reign_logs.values()) if log.reigns)
        log = next(found, None)
        return tuple(log.reigns) if log is not None else ()

    def synod(self, service: str) -> SynodLog:
        """What is remembered of this synod."""
        found = self.synods.get(service)
        if found is None:
            found = self.synods[service] = SynodLog()
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

    def _end_reign(self, at: int, node: str) -> None:
        """Whoever is down leads nothing any more."""
        for reigns in self.reign_logs.values():
            reigns.end(at, node)

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
        if line.loud and (not self.marks or self.marks[-1] != (at, sort, service)):
            self.marks.append((at, sort, service))

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
