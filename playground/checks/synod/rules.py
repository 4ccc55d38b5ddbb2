"""What Paxos promises about one value ("Paxos Made Simple", section 2.1), and the two things that it rests on (2.2).

The law: each rule is judged by evidence from outside, after every turn. What is wrong is wrong for good.
"""

from __future__ import annotations

from algorithms.machine import Answer, Ok, Received, Send, Started
from algorithms.paxos.ballot import NO_BALLOT, Ballot
from algorithms.paxos.synod.acceptor import AcceptorState
from algorithms.paxos.synod.machine import SynodMachine
from algorithms.paxos.synod.messages import Accept, Accepted, Prepare, Promise
from algorithms.paxos.view import Quorums
from nodes.observation import Observation, Turn
from nodes.world import World
from playground.checks.findings import Findings
from playground.checks.synod.evidence import Choice, Evidence

AGREEMENT, VALIDITY, LEARNED = "agreement", "validity", "learned-is-chosen"
DURABLE, UNIQUE, KEPT = "chosen-is-durable", "ballots-unique", "promises-kept"

SOURCES = {
    AGREEMENT: "only a single value is chosen, and servers and clients hear of no other [Paxos Made Simple 2.1]",
    VALIDITY: "only a value that has been proposed is chosen, or even accepted [Paxos Made Simple 2.1]",
    LEARNED: "nobody learns that a value was chosen unless it was [Paxos Made Simple 2.1]",
    DURABLE: "a chosen value stays on the disks of a quorum, also in later ballots [Paxos Made Simple 2.2, P2]",
    UNIQUE: "no two proposals have one ballot [Paxos Made Simple 2.2]",
    KEPT: "no acceptor goes back behind a promise, also in another life [Paxos Made Simple 2.2, P1a]",
}
NAMES = tuple(SOURCES)
"""The checks, in the order of a report."""
MILLISECOND = 1_000


class SynodRules:
    """All rules of one service. Give `observe` to the world, and `look` from time to time."""

    def __init__(self, world: World, service: str, quorums: Quorums) -> None:
        self.findings = Findings()
        self.evidence = Evidence(world, service, quorums)
        self._world, self._service, self._quorums = world, service, quorums
        self._judged = 0
        """How many choices have been judged."""
        self._heard: dict[str, str] = {}
        """By value that is said to be chosen: who says so, in words."""
        self._learned: dict[str, str] = {}
        """By server that is up: what it has learned in this life."""
        self._begun: dict[Ballot, tuple[str, int]] = {}
        """By ballot: which proposer began it, and in which life."""
        self._heard_of: dict[Ballot, None] = {}
        """Ballots that an acceptor has heard of. What died with its proposer, before it was on disk, is none."""
        self._issued: dict[Ballot, str] = {}
        self._lost = False

    def observe(self, observation: Observation) -> None:
        """Take one observation."""
        if isinstance(observation, Turn) and observation.service == self._service:
            self.evidence.confirm()
            self._judge_acceptor(observation)
            self._judge_proposer(observation)
            self.evidence.take(observation)
            self._judge_choices()
            if isinstance(observation.event, Started):
                self._learned.pop(observation.node, None)
                self._judge_disks()
            self._judge_learner(observation.node)
            self._judge_client(observation)

    def look(self) -> None:
        """Disks can lose what they had without any turn."""
        self.evidence.confirm()
        self._judge_choices()
        self._judge_disks()

    def _when(self) -> str:
        return f"at {self._world.now // MILLISECOND} ms"

    # ------------------------------------------------------------ promises and ballots

    def _judge_acceptor(self, turn: Turn) -> None:
        """P1a. `promised` is what was told or durable before this turn."""
        promised = self.evidence.promised.get(turn.node, NO_BALLOT)
        match turn.event:
            case Started(saved):
                state = saved.cell("acceptor")
                found = state.promised if isinstance(state, AcceptorState) else NO_BALLOT
                if found < promised:
                    sentence = f"{turn.node} had promised {promised} and comes back {self._when()} with {_told(found)}"
                    self.findings.add(KEPT, sentence)
            case Received(_, Prepare(ballot) | Accept(ballot)) if ballot < promised:
                if any(
                    isinstance(each, Send) and isinstance(each.message, Promise | Accepted) for each in turn.effects
                ):
                    what = "accepts" if isinstance(turn.event.message, Accept) else "promises"
                    self.findings.add(KEPT, f"{turn.node} {what} {ballot} {self._when()}, having promised {promised}")

    def _judge_proposer(self, turn: Turn) -> None:
        if isinstance(turn.event, Received) and isinstance(turn.event.message, Prepare | Accept):
            self._heard_of[turn.event.message.ballot] = None
        for effect in turn.effects:
            match effect:
                case Send(_, Prepare(ballot)):
                    self._begins(ballot, turn.node)
                case Send(_, Accept(ballot, value)):
                    self._begins(ballot, turn.node)
                    first = self._issued.setdefault(ballot, value)
                    if first != value:
                        self._issued[ballot] = value
                        self.findings.add(
                            UNIQUE, f"{turn.node} proposes {value} in {ballot}, where {first} was proposed"
                        )

    def _begins(self, ballot: Ballot, name: str) -> None:
        ours = name, self._world.node(name).life
        first = self._begun.get(ballot, ours)
        self._begun[ballot] = ours
        if first != ours and ballot in self._heard_of:
            who = first[0] if first[0] != name else "itself in an earlier life"
            self.findings.add(UNIQUE, f"{name} uses the ballot {ballot} {self._when()}, and so did {who}")

    # ------------------------------------------------------------ what is chosen

    def _judge_choices(self) -> None:
        evidence = self.evidence
        for ballot, value in evidence.fresh:
            if value not in evidence.proposed:
                who = ", ".join(evidence.accepts[ballot, value])
                self.findings.add(VALIDITY, f"{who} accepted {value} in {ballot}, which no client has asked for")
        evidence.fresh.clear()
        for choice in evidence.choices[self._judged :]:
            self._hear(choice.value, _words(choice))
            self._judge_disks()
        self._judged = len(evidence.choices)

    def _hear(self, value: str, words: str) -> None:
        """Somebody says, or an onlooker can see, that `value` is chosen."""
        if value not in self._heard:
            if self._heard:
                self.findings.add(AGREEMENT, f"{next(iter(self._heard.values()))}; and {words}")
            self._heard[value] = words

    def _judge_disks(self) -> None:
        """A choice binds all later ballots to its value, so a quorum has it from then on, in that ballot or above."""
        choices = self.evidence.choices
        if not choices or self._lost:
            return
        first = choices[0]
        holding = [name for name in self._world.names if self._holds(name, first)]
        if len(holding) < self._quorums.phase_2:
            self._lost = True
            there = ", ".join(holding) or "nobody"
            self.findings.add(DURABLE, f"{_words(first)}; {self._when()} only {there} has it on disk")

    def _holds(self, name: str, choice: Choice) -> bool:
        return any(
            each.accepted >= choice.ballot and each.value == choice.value for each in self.evidence.on_disk(name)
        )

    # ------------------------------------------------------------ who learns it

    def _judge_learner(self, name: str) -> None:
        machine = self._world.machine(name, self._service)
        learned = machine.learning.learner.chosen if isinstance(machine, SynodMachine) else None
        if learned is None:
            self._learned.pop(name, None)
        elif self._learned.get(name) != learned:
            self._learned[name] = learned
            self._told(learned, f"{name} has learned {learned} {self._when()}")

    def _judge_client(self, turn: Turn) -> None:
        if isinstance(self._world.machine(turn.node, self._service), SynodMachine):
            return
        for effect in turn.effects:
            if isinstance(effect, Answer) and isinstance(effect.result, Ok) and effect.result.value is not None:
                value = str(effect.result.value)
                self._told(value, f"{turn.node} was told {value} {self._when()}")

    def _told(self, value: str, words: str) -> None:
        if all(each.value != value for each in self.evidence.choices):
            self.findings.add(LEARNED, f"{words}, and no quorum had accepted it")
        self._hear(value, words)


def _words(choice: Choice) -> str:
    who = ", ".join(choice.acceptors)
    return f"{choice.value} was chosen in {choice.ballot} by {who} at {choice.at // MILLISECOND} ms"


def _told(ballot: Ballot) -> str:
    return f"a promise of {ballot} alone" if ballot > NO_BALLOT else "no promise at all"
