"""What the synod is asked for: read, written, completed, and what is wrong with it."""

from __future__ import annotations

import pytest

from algorithms.paxos.synod.commands import Learn, Propose
from algorithms.paxos.synod.settings import SynodClientSettings, SynodSettings
from playground.commands import complete, parse, write
from playground.commands.naming import Names
from playground.commands.values import Ask
from playground.errors import BadInput
from playground.session import Session
from playground.spec import ServiceSpec, Spec

SYNOD = ServiceSpec("synod", "synod", SynodSettings(), SynodClientSettings())
SPEC = Spec(("n1", "n2", "n3"), ("c1", "c2"), (SYNOD,))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('propose "red"', Ask(Propose("red"))),
        ('propose "red" at n1', Ask(Propose("red", "n1"))),
        ('synod: propose "two words" at n2 on c2', Ask(Propose("two words", "n2"), "c2", "synod")),
        ("learn", Ask(Learn())),
        ("synod: learn at n3 on c1", Ask(Learn("n3"), "c1", "synod")),
    ],
)
def test_a_sentence_is_read_and_written(text: str, value: Ask) -> None:
    assert parse(text) == value
    assert write(value) == text


def test_numbers_and_truths_are_proposed_as_texts() -> None:
    assert parse("propose 7") == Ask(Propose("7"))
    assert parse("propose true at n1") == Ask(Propose("true", "n1"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("propose red at n7", 'there is no node "n7"'),
        ("propose", "something is missing here"),
        ("propose red to n1", '"to" does not fit here'),
        ("learn n1", '"n1" does not fit here'),
        ("prpose red", 'there is no command "prpose"; did you mean "propose"?'),
    ],
)
def test_a_mistake_is_told(text: str, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse(text, names=Names(("n1", "n2", "n3"), ("synod",)))
    assert sentence in str(caught.value)


def test_a_name_that_was_given_can_be_asked() -> None:
    session = Session(SPEC, 1)
    with pytest.raises(BadInput, match="c2 has no server of synod"):
        session.do("propose red at c2")
    with pytest.raises(BadInput, match="n9 has no server of synod; did you mean"):
        session.do("learn at n9")


def test_nodes_are_offered_behind_at() -> None:
    text = "propose red at "
    assert complete(text, len(text), SPEC) == ["n1", "n2", "n3"]
    assert "at" in complete("learn ", 6, SPEC)
    assert "propose" in complete("pro", 3, SPEC)
