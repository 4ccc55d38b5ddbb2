"""What is not calm while brokers are only getting to know something, or one of them has just gone."""

from __future__ import annotations

from playground.kinds.broker_standing import newest_image, unrest
from playground.session import Session


def unrests(session: Session, upto: int) -> list[str]:
    """What is told up to this time (us), five times a millisecond, each sentence once."""
    found: dict[str, None] = {}
    while session.world.now < upto:
        session.run_until(session.world.now + 200)
        found[unrest(session.world, "broker")] = None
    return list(found)


def test_a_broker_that_has_not_heard_of_a_partition_yet_is_unrest(brokers: Session) -> None:
    brokers.do("topic create more --partitions 1 --replicas 3")
    told = unrests(brokers, 2_500_000)
    assert any(each.endswith("has not heard of more-0 yet") for each in told)
    assert unrest(brokers.world, "broker") == ""


def test_a_broker_that_is_down_and_not_fenced_yet_is_unrest(brokers: Session) -> None:
    image = newest_image(brokers.world, "broker")
    assert image is not None
    follower = next(iter(image.partitions.values())).replicas[-1]
    brokers.do(f"kill {follower}")
    assert unrest(brokers.world, "broker") == f"{follower} is down"
