"""The sticky assignor (KIP-54): as even as can be, and then with as few moves as can be.

The law: no member could take a partition from another that has at least two more, and wants it too; within that,
whoever had a partition keeps it. Of two who say they had it, the one of the newer generation had (KIP-341).
"""

from __future__ import annotations

from algorithms.broker.groups.assignors.members import Owned, TopicCount, all_partitions
from algorithms.broker.messages.group import JoinedMember
from algorithms.broker.topics import TopicPartition

Readers = dict[str, list[str]]
"""By topic: the members that want it, in order."""


def sticky(members: tuple[JoinedMember, ...], topics: tuple[TopicCount, ...]) -> Owned:
    """What everybody had, then what nobody has to those with the least, then moves until it is even."""
    readers: Readers = {
        topic.topic: [member.member_id for member in members if topic.topic in member.subscription.topics]
        for topic in topics
    }
    wanted = [partition for partition in all_partitions(topics) if readers[partition.topic]]
    owned = _kept(members, wanted, readers)
    _give_away_what_is_too_much(owned, wanted, readers)
    taken = {partition: None for partitions in owned.values() for partition in partitions}
    for partition in _hardest_first(wanted, readers):
        if partition not in taken:
            least = min(readers[partition.topic], key=lambda name: len(owned[name]))
            owned[least].append(partition)
    _balance(owned, readers)
    return owned


def _kept(members: tuple[JoinedMember, ...], wanted: list[TopicPartition], readers: Readers) -> Owned:
    """What each had and still wants; of two claims the newer one counts, and of two equal ones neither."""
    exists = dict.fromkeys(wanted)
    newest: dict[TopicPartition, tuple[int, list[str]]] = {}
    for member in members:
        subscription = member.subscription
        for partition in subscription.owned_partitions:
            if partition in exists and member.member_id in readers[partition.topic]:
                generation, claimants = newest.get(partition, (-2, []))
                if subscription.generation > generation:
                    newest[partition] = (subscription.generation, [member.member_id])
                elif subscription.generation == generation:
                    claimants.append(member.member_id)
    owned: Owned = {member.member_id: [] for member in members}
    for partition, (_, claimants) in newest.items():
        if len(claimants) == 1:
            owned[claimants[0]].append(partition)
    for partitions in owned.values():
        partitions.sort()
    return owned


def _give_away_what_is_too_much(owned: Owned, wanted: list[TopicPartition], readers: Readers) -> None:
    """Where all want the same, nobody keeps more than its share, and no more members than must have one above it."""
    if any(len(names) != len(owned) for names in readers.values()) or not owned:
        return
    share, more = divmod(len(wanted), len(owned))
    for partitions in owned.values():
        bound = share + 1 if more > 0 else share
        if len(partitions) >= bound > share:
            more -= 1
        del partitions[bound:]


def _hardest_first(wanted: list[TopicPartition], readers: Readers) -> list[TopicPartition]:
    """Those that the fewest members can take first."""
    return sorted(wanted, key=lambda partition: (len(readers[partition.topic]), partition))


def _balance(owned: Owned, readers: Readers) -> None:
    """Move single partitions from those with more to those with at least two fewer, until there is none to move."""
    moved = True
    while moved:
        moved = False
        for giver in sorted(owned, key=lambda name: (-len(owned[name]), name)):
            moved = _move_one(owned, readers, giver)
            if moved:
                break


def _move_one(owned: Owned, readers: Readers, giver: str) -> bool:
    for partition in reversed(owned[giver]):
        taker = min(readers[partition.topic], key=lambda name: len(owned[name]))
        if len(owned[taker]) < len(owned[giver]) - 1:
            owned[giver].remove(partition)
            owned[taker].append(partition)
            return True
    return False
