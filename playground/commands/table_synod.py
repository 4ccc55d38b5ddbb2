"""The sentences and questions about Paxos for one value, for help texts, README and tests."""

from __future__ import annotations

from playground.commands.forms import Form, Question

COMMANDS: tuple[Form, ...] = (
    Form(
        "propose",
        "[SERVICE:] propose VALUE [at NODE] [on CLIENT]",
        "have this server propose a value; the answer is the value that was chosen",
        "propose red at n1",
    ),
    Form(
        "learn",
        "[SERVICE:] learn [at NODE] [on CLIENT]",
        "ask a server what was chosen; if the acceptors' answers do not say, it finds out by a proposal of its own",
        "learn at n3",
    ),
)

QUESTIONS: tuple[Question, ...] = (
    Question(
        "chosen",
        1,
        2,
        "chosen(SERVICE | NODE)",
        "what has been chosen, two values as a|b; of a node what it has learned",
        "chosen(synod) == red",
    ),
    Question("ballot", 1, 2, "ballot(SERVICE | NODE)", "the round of the newest ballot", "ballot(synod) < 10"),
    Question(
        "promised", 1, 2, "promised(NODE [, SERVICE])", "the round of the ballot it has promised", "promised(n2) == 1"
    ),
    Question("accepted", 1, 2, "accepted(NODE [, SERVICE])", "the value it has accepted last", "accepted(n2) == red"),
    Question(
        "acceptors", 1, 2, "acceptors(VALUE [, SERVICE])", "who has accepted this value", "count(acceptors(red)) == 3"
    ),
    Question(
        "no-ops",
        1,
        1,
        "no-ops(SERVICE)",
        "slots of a Paxos log that a leader has filled with a no-op",
        "no-ops(paxos) > 0",
    ),
    Question("phase", 1, 2, "phase(NODE [, SERVICE])", "idle, prepare, accept or waiting", "phase(n1) == accept"),
)
