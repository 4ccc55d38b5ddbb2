"""A machine that another one carries: a Raft server whose log holds its carrier's records."""

from __future__ import annotations

from algorithms.broker.image import Image
from algorithms.broker.messages import MetadataQuorum
from algorithms.broker.metadata import MetadataRecords, TopicRecord
from algorithms.broker.quorum import admit, metadata_quorum
from algorithms.broker.settings import BrokerSettings
from algorithms.carrying import Inner
from algorithms.machine import Append, Cell, Effect, Failed, Journal, Ok, Save, Saved, Send, SetTimer
from algorithms.raft.messages import Entry, HardState, Snapshot
from algorithms.replicated.messages import Carried, NoOp

ALONE = BrokerSettings(controllers=1)
RECORDS = MetadataRecords((TopicRecord("orders"),))


def quorum(image: Image, nodes: tuple[str, ...] = ("n1",)) -> Inner:
    """n1's part, not started yet."""
    return metadata_quorum("n1", nodes, ALONE, image)


def alone(inner: Inner, effects: list[Effect]) -> list[Effect]:
    """Hand a server of one what it says to itself, until it is silent."""
    seen: list[Effect] = []
    while effects:
        effect = effects.pop(0)
        seen.append(effect)
        if isinstance(effect, Send) and effect.target == "n1":
            assert isinstance(effect.message, MetadataQuorum)
            effects += inner.receive("n1", effect.message.message, 0)
    return seen


def leading(image: Image) -> Inner:
    """A server of one that has been elected."""
    inner = quorum(image)
    inner.start(Saved(), 0)
    alone(inner, inner.ring("metadata election", 0))
    return inner


def test_timers_cells_and_journals_go_out_under_the_name() -> None:
    inner = quorum(Image())
    effects = inner.start(Saved(), 0) + inner.ring("metadata election", 0)
    assert {each.name for each in effects if isinstance(each, SetTimer)} == {"metadata election"}
    assert {each.cell for each in effects if isinstance(each, Save)} == {"metadata hard_state"}
    assert inner.owns("metadata election")
    assert not inner.owns("heartbeat")


def test_messages_go_out_wrapped() -> None:
    inner = quorum(Image())
    inner.start(Saved(), 0)
    sent = [each.message for each in inner.ring("metadata election", 0) if isinstance(each, Send)]
    assert all(isinstance(each, MetadataQuorum) for each in sent)


def test_it_finds_its_own_part_of_the_disk_and_nothing_else() -> None:
    inner = quorum(Image())
    cells = (Cell("hard_state", HardState(99)), Cell("metadata hard_state", HardState(7)))
    journals = (Journal("metadata log", 1, (Entry(7, NoOp()),)),)
    inner.start(Saved(cells, journals), 0)
    assert inner.machine.state.current_term == 7  # type: ignore[attr-defined]
    assert inner.machine.state.log.last_index == 1  # type: ignore[attr-defined]


def test_a_record_is_applied_when_it_is_committed() -> None:
    image = Image()
    inner = leading(image)
    effects, answer = inner.ask(Carried(RECORDS), 0)
    assert answer == Ok(2)
    assert image.topics == {}
    written = [each for each in effects if isinstance(each, Append)]
    assert written == [Append("metadata log", 2, (Entry(1, Carried(RECORDS)),))]
    alone(inner, effects)
    assert (tuple(image.topics), image.offset) == (("orders",), 2)


def test_who_does_not_lead_takes_no_records() -> None:
    inner = quorum(Image())
    inner.start(Saved(), 0)
    assert isinstance(inner.ask(Carried(RECORDS), 0)[1], Failed)


def test_a_snapshot_of_the_carrying_machine_brings_its_image_back() -> None:
    image, other = Image(), Image()
    inner = leading(image)
    alone(inner, inner.ask(Carried(RECORDS), 0)[0])
    state = inner.machine.state  # type: ignore[attr-defined]
    snapshot = Snapshot(2, 1, state.log.configuration, state.state_machine.contents())
    quorum(other).start(Saved((Cell("metadata snapshot", snapshot),)), 0)
    assert other.contents() == image.contents()


def test_a_node_that_is_new_learns_and_does_not_vote() -> None:
    inner = leading(Image())
    alone(inner, admit(inner, "n9", 0))
    configuration = inner.machine.state.configuration  # type: ignore[attr-defined]
    assert (configuration.voters, configuration.learners) == (("n1",), ("n9",))
