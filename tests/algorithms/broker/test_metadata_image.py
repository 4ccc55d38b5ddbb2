"""The image: equal wherever the same records were applied, and wherever its contents were restored."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from algorithms.broker.image import Contents, Image
from algorithms.broker.metadata import (
    BrokerRegistrationChangeRecord,
    MetadataRecord,
    PartitionRecord,
    ProducerIdsRecord,
    RegisterBrokerRecord,
    RemoveTopicRecord,
    TopicRecord,
)
from algorithms.broker.topics import TopicPartition

BROKERS = ("n1", "n2", "n3")


def records() -> st.SearchStrategy[list[MetadataRecord]]:
    """Brokers first, then anything."""
    name, topic = st.sampled_from(BROKERS), st.sampled_from(("a", "b"))
    anything = st.one_of(
        st.builds(BrokerRegistrationChangeRecord, name, st.just(1), st.booleans(), st.booleans()),
        st.builds(TopicRecord, topic),
        st.builds(RemoveTopicRecord, topic),
        st.builds(
            PartitionRecord,
            st.builds(TopicPartition, topic, st.integers(0, 2)),
            st.just(BROKERS),
            st.just(BROKERS),
            name,
            st.integers(0, 9),
        ),
        st.builds(ProducerIdsRecord, name, st.integers(0, 9_999)),
    )
    first: list[MetadataRecord] = [RegisterBrokerRecord(each, 1, "") for each in BROKERS]
    return st.lists(anything, max_size=20).map(lambda rest: [*first, *rest])


def made_of(written: list[MetadataRecord]) -> Image:
    """The image after these."""
    image = Image()
    for offset, record in enumerate(written, 1):
        image.apply(record, offset)
    return image


@given(records())
def test_a_snapshot_is_the_image(written: list[MetadataRecord]) -> None:
    image, other = made_of(written), Image()
    text = msgspec.json.encode(image.contents())
    other.restore(msgspec.json.decode(text, type=Contents))
    assert other.contents() == image.contents()
    assert other.of_topic("a") == image.of_topic("a")


@given(records(), st.data())
def test_a_copy_lives_a_life_of_its_own(written: list[MetadataRecord], data: st.DataObject) -> None:
    image = made_of(written)
    before, copy = image.contents(), image.copy()
    copy.apply(data.draw(records())[-1], 99)
    assert image.contents() == before


def test_the_epoch_of_a_broker_is_the_offset_of_its_registration() -> None:
    image = made_of([RegisterBrokerRecord("n1", 1, ""), RegisterBrokerRecord("n1", 2, "")])
    assert (image.brokers["n1"].broker_epoch, image.brokers["n1"].is_fenced) == (2, True)


def test_what_has_changed_is_told_once() -> None:
    image = made_of([PartitionRecord(TopicPartition("a", 0), BROKERS, BROKERS, "n1")])
    assert image.take_changed() == (TopicPartition("a", 0),)
    assert image.take_changed() == ()
