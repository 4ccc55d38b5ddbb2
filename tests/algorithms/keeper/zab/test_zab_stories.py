"""What Zab does about one misfortune at a time, told in whole worlds."""

from __future__ import annotations

import pytest
from zab_carrier import Write
from zab_world import SECOND, SERVICE, Chaos

from algorithms.keeper.settings import KeeperSettings
from algorithms.machine import Note, Record
from nodes.faults import Calm, Cut, Heal, Kill, Lose, Partition, Pause, PowerLoss, Restart, Resume
from nodes.observation import Observation, Turn
from nodes.world import MachineFailed


class Story(Chaos):
    """Three servers, or more, with nothing wrong yet and a leader. Laws hold throughout."""

    def __init__(self, servers: int = 3, observers: int = 0, seed: int = 1, **settings: object) -> None:
        super().__init__(seed, servers, observers, KeeperSettings(**settings))  # type: ignore[arg-type]
        self.notes: list[str] = []
        self.world.add_observer(self.listen)
        self.go_on(1)
        self.leader = self.leads()
        self.others = tuple(name for name in self.names if name != self.leader)

    def listen(self, seen: Observation) -> None:
        if isinstance(seen, Turn):
            self.notes += [f"{seen.node} {each.text}" for each in seen.effects if isinstance(each, Note)]

    def leads(self) -> str:
        """The one leader; of two, the one that does not know yet that it is none is left out."""
        leaders = [name for name in self.names if (carrier := self.carrier(name)) and carrier.zab.leads]
        return max(leaders, key=lambda name: self.running(name).zab.state.current_epoch, default="")

    def go_on(self, seconds: float) -> None:
        self.world.run_until(self.world.now + int(seconds * SECOND))

    def delivered(self, name: str) -> list[Record]:
        return [txn for _, txn in self.running(name).application.delivered]

    def logged(self, name: str) -> list[Record]:
        return [each.txn for each in self.running(name).zab.state.log.transactions]


def test_a_proposal_on_a_minority_is_truncated() -> None:
    story = Story()
    story.world.inject(Partition(((story.leader,), story.others)))
    story.write(story.leader)
    story.go_on(1)
    story.write(story.leads())
    story.go_on(0.1)
    story.world.inject(Heal())
    story.go_on(2)
    assert f"{story.leader} truncates its log behind 0x0_00000000: the leader has nothing of that" in story.notes
    assert [story.delivered(name) for name in story.names] == [[Write(2)]] * 3
    assert [story.logged(name) for name in story.names] == [[Write(2)]] * 3


def test_without_trunc_a_replica_differs_for_ever() -> None:
    """ZOOKEEPER-1154, as the lesson plays it."""
    story = Story(truncate_on_sync=False)
    story.world.inject(Partition(((story.leader,), story.others)))
    story.write(story.leader)
    story.go_on(1)
    story.write(story.leads())
    story.go_on(0.1)
    story.world.inject(Heal())
    with pytest.raises(MachineFailed, match="Total order"):
        story.go_on(2)


def test_a_proposal_on_a_quorum_survives_though_nobody_was_told_that_it_is_committed() -> None:
    story = Story()
    for other in story.others:
        story.world.inject(Cut(other, story.leader))
    story.write(story.leader)
    story.go_on(0.05)
    assert [story.logged(name) for name in story.names] == [[Write(1)]] * 3
    assert story.laws.order == []
    story.world.inject(Kill(story.leader))
    story.go_on(1)
    assert [story.delivered(name) for name in story.others] == [[Write(1)]] * 2
    story.world.inject(Calm())
    story.go_on(1)
    assert story.delivered(story.leader) == [Write(1)]


def test_a_leader_that_was_paused_finds_out_and_follows() -> None:
    story = Story()
    story.world.inject(Pause(story.leader))
    story.go_on(5)
    successor = story.leads()
    story.write(successor)
    story.go_on(0.1)
    story.world.inject(Resume(story.leader))
    story.write(story.leader)
    story.go_on(2)
    assert story.leads() == successor
    assert len(story.laws.established) == 2
    assert story.delivered(story.leader) == story.delivered(successor)


@pytest.mark.parametrize("servers", [1, 2, 3, 5, 7])
def test_all_lose_power_at_once_and_nothing_is_lost(servers: int) -> None:
    story = Story(servers)
    for _ in range(20):
        story.write(story.leader)
    story.go_on(0.5)
    assert len(story.laws.order) == 20
    for name in story.names:
        story.world.inject(PowerLoss(name))
    for name in story.names:
        story.world.inject(Restart(name))
    story.go_on(1)
    assert [len(story.delivered(name)) for name in story.names] == [20] * servers


def test_a_wiped_server_gets_a_snapshot_and_what_follows() -> None:
    story = Story(snap_count=10, keep_transactions=2)
    other = story.others[0]
    story.world.inject(Kill(other))
    for _ in range(25):
        story.write(story.leader)
    story.go_on(0.5)
    story.world.node(other).disk.wipe()
    story.world.inject(Restart(other))
    story.go_on(1)
    assert any(note.startswith(f"{other} installs the leader's snapshot") for note in story.notes)
    assert len(story.delivered(other)) == 25


def test_an_observer_is_told_of_everything_and_is_not_needed() -> None:
    story = Story(3, observers=2)
    assert "n5" not in story.running("n1").zab.state.voters
    story.write("n5")
    story.go_on(0.2)
    assert [story.delivered(name) for name in story.names] == [[Write(1)]] * 5
    story.world.inject(Kill("n4"))
    story.world.inject(Kill("n5"))
    story.write(story.leader)
    story.go_on(0.2)
    assert story.delivered(story.leader) == [Write(1), Write(2)]


def test_without_a_quorum_nobody_leads_and_nothing_is_delivered() -> None:
    story = Story()
    for other in story.others:
        story.world.inject(Kill(other))
    story.write(story.leader)
    story.go_on(3)
    assert story.running(story.leader).zab.state.role == "looking"
    assert story.running(story.leader).application.told == ["established", "lost"]
    assert story.laws.order == []


@pytest.mark.parametrize("deaf", [True, False])
def test_a_server_that_only_speaks_or_only_hears_keeps_nobody_from_leading(deaf: bool) -> None:
    story = Story(5)
    for other in story.others:
        story.world.inject(Cut(other, story.leader) if deaf else Cut(story.leader, other))
    story.go_on(2)
    assert story.leads() in story.others
    assert len(story.laws.established) == 2


def test_a_leader_stays_though_every_tenth_packet_is_lost() -> None:
    story = Story(5)
    for source in story.names:
        for target in story.names:
            if source != target:
                story.world.inject(Lose(source, target, 0.1))
    story.run(20, faults=False)
    assert len(story.laws.established) == 1
    assert len(story.laws.order) > 600


def test_the_same_seed_gives_the_same_history() -> None:
    one, other = (Chaos(3, 5, 1) for _ in range(2))
    for chaos in (one, other):
        chaos.run(10)
    assert (one.laws.order, one.world.turns, one.world.messages) == (
        other.laws.order,
        other.world.turns,
        other.world.messages,
    )


def test_a_request_of_a_follower_reaches_the_leader() -> None:
    story = Story()
    request = story.world.ask(story.others[0], SERVICE, Write(5))
    story.go_on(0.1)
    assert request in story.world.outcomes
    assert story.delivered(story.others[1]) == [Write(5)]
