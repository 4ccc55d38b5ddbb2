"""From a world to a frame: what is shown is what is so, and looking changes nothing."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from nodes.observation import Observation
from nodes.world import World
from playground.session import Session
from playground.spec import DEFAULT_SPEC, Spec
from playground.standing import in_role
from tui.events import EventLog
from tui.frame import Frame, NodeFace, PacketFace
from tui.framing import Aim, take
from tui.glyphs import Kind, Role

SECOND = 1_000_000


class Scene:
    """A session, the log beside it, and frames of it."""

    def __init__(self, spec: Spec = DEFAULT_SPEC, at: int = SECOND) -> None:
        self.log = EventLog()
        self.session = Session(spec, 7, (self.log,))
        self.session.run_until(at)
        self.aim = Aim("raft", "n1", spec.clients, pace="0.003x", speed=0.003)

    @property
    def world(self) -> World:
        return self.session.world

    @property
    def leader(self) -> str:
        return in_role(self.world, "raft", "leader")[0]

    def do(self, text: str) -> None:
        self.session.do(text)

    def go(self, microseconds: int) -> None:
        self.session.run_until(self.world.now + microseconds)

    def go_until_packets(self, source: str, target: str) -> None:
        for _ in range(10_000):
            if any((each.source, each.target) == (source, target) for _, each in self.world.in_flight()):
                return
            self.world.step()
        raise AssertionError(f"Nothing ever goes from {source} to {target}.")

    def frame(self, **more: object) -> Frame:
        return take(self.world, self.log, replace(self.aim, **more))  # type: ignore[arg-type]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def face(frame: Frame, name: str) -> NodeFace:
    return next(node for node in frame.nodes if node.name == name)


def test_a_frame_has_every_node_and_knows_who_leads(scene: Scene) -> None:
    frame = scene.frame()
    assert [node.name for node in frame.nodes] == ["n1", "n2", "n3", "n4", "n5", "c1"]
    assert frame.leader is not None
    assert frame.leader.name == scene.leader
    assert [node.name for node in frame.nodes if node.client] == ["c1"]


def test_the_same_moment_gives_the_same_frame(scene: Scene) -> None:
    assert scene.frame() == scene.frame()


def test_looking_changes_nothing() -> None:
    def history(looks: bool) -> bytes:
        seen: list[Observation] = []
        scene = Scene(at=0)
        scene.world.add_observer(seen.append)
        for text in ("put x 1", "kill leader(raft)", "put y 2", "calm"):
            for _ in range(40):
                scene.go(20_000)
                if looks:
                    scene.frame()
            scene.do(text)
        return msgspec.msgpack.encode(seen)

    assert history(looks=True) == history(looks=False)


def test_a_quick_frame_moves_the_packets_and_keeps_the_panes(scene: Scene) -> None:
    before = scene.frame()
    scene.do("put x 1")
    scene.go(5_000)
    quick = take(scene.world, scene.log, scene.aim, before, quick=True)
    assert quick.now == before.now + 5_000
    assert (quick.logs, quick.happenings, quick.details, quick.course) == (
        before.logs, before.happenings, before.details, before.course,
    )  # fmt: skip
    assert quick.packets == scene.frame().packets


# ---------------------------------------------------------------- nodes


def test_a_follower_shows_how_long_it_will_still_wait(scene: Scene) -> None:
    follower = in_role(scene.world, "raft", "follower")[0]
    timer = scene.world.timer(follower, "raft", "election")
    bar = face(scene.frame(), follower).timer
    assert timer is not None
    assert bar is not None
    assert (bar.name, bar.left) == ("election", timer.due - scene.world.now)
    assert 0.0 < bar.fraction <= 1.0


def test_a_dead_node_shows_what_its_disk_still_has(scene: Scene) -> None:
    scene.do("put x 1")
    scene.go(200_000)
    victim = in_role(scene.world, "raft", "follower")[0]
    alive = next(row for row in scene.frame().logs if row.name == victim)
    scene.do(f"kill {victim}")
    dead = next(row for row in scene.frame().logs if row.name == victim)
    assert dead.role is Role.DOWN
    assert (dead.first, dead.terms, dead.term) == (alive.first, alive.terms, alive.term)


def test_a_frozen_node_and_one_that_nobody_hears_say_so(scene: Scene) -> None:
    scene.do("pause n2")
    scene.do("isolate n3")
    frame = scene.frame()
    assert (face(frame, "n2").frozen, face(frame, "n2").word) == (True, "frozen")
    assert (face(frame, "n3").isolated, face(frame, "n1").isolated) == (True, False)


def test_a_node_that_still_hears_others_is_not_isolated(scene: Scene) -> None:
    for other in ("n1", "n2", "n4", "n5"):
        scene.do(f"cut n3 -> {other}")
    assert not face(scene.frame(), "n3").isolated


def test_a_node_is_warm_after_it_has_received_something_and_cools(scene: Scene) -> None:
    target = in_role(scene.world, "raft", "follower")[0]
    scene.go_until_packets(scene.leader, target)
    due = next(due for due, each in scene.world.in_flight() if each.target == target)
    scene.session.run_until(due)
    assert face(scene.frame(), target).heat == 1.0
    scene.go(20_000)
    assert face(scene.frame(), target).heat == 0.0


def test_a_client_counts_how_its_requests_ended(scene: Scene) -> None:
    scene.do("put x 1")
    scene.go(1)
    assert face(scene.frame(), "c1").waiting == 1
    scene.go(SECOND)
    client = face(scene.frame(), "c1")
    assert (client.waiting, client.done, client.unsure) == (0, 1, 0)


# ---------------------------------------------------------------- packets


def between(frame: Frame, source: str, target: str) -> list[PacketFace]:
    return [packet for packet in frame.packets if (packet.source, packet.target) == (source, target)]


def test_a_packet_moves_with_virtual_time(scene: Scene) -> None:
    target = in_role(scene.world, "raft", "follower")[0]
    scene.go_until_packets(scene.leader, target)
    shares = []
    for _ in range(4):
        shares += [packet.progress for packet in between(scene.frame(), scene.leader, target)]
        scene.go(200)
    assert shares == sorted(set(shares))
    assert all(0.0 <= share <= 1.0 for share in shares)


def test_a_beat_and_an_append_are_of_different_kinds(scene: Scene) -> None:
    target = in_role(scene.world, "raft", "follower")[0]
    scene.go_until_packets(scene.leader, target)
    assert between(scene.frame(), scene.leader, target)[0].kind is Kind.BEAT
    scene.do(f"put x 1 on {scene.aim.clients[0]}")
    kinds = set()
    for _ in range(100):
        scene.go(500)
        kinds |= {packet.kind for packet in scene.frame().packets}
    assert {Kind.CLIENT, Kind.ANSWER, Kind.APPEND, Kind.ACK} <= kinds


def test_a_packet_over_a_cut_link_leaves_flashes_in_the_middle_and_is_gone(scene: Scene) -> None:
    leader, target = scene.leader, in_role(scene.world, "raft", "follower")[0]
    scene.do(f"cut {leader} -> {target}")
    scene.go(60_000)
    scene.log.lost.clear()
    while not scene.log.lost:
        scene.world.step()
    states = []
    for _ in range(60):
        states += between(scene.frame(), leader, target)
        scene.go(100)
    assert between(scene.frame(), leader, target) == []
    flying = [packet.progress for packet in states if packet.lost is None]
    flashing = [packet for packet in states if packet.lost is not None]
    assert flying == sorted(flying)
    assert flying[-1] <= 0.5
    assert {packet.progress for packet in flashing} == {0.5}
    ages = [packet.lost for packet in flashing]
    assert ages == sorted(ages)  # type: ignore[type-var]


def test_a_packet_that_finds_nobody_flashes_at_the_door(scene: Scene) -> None:
    leader, target = scene.leader, in_role(scene.world, "raft", "follower")[0]
    scene.do(f"kill {target}")
    scene.log.lost.clear()
    while not scene.log.lost:
        scene.world.step()
    (packet,) = between(scene.frame(), leader, target)
    assert packet.progress > 0.9
    assert packet.lost == 0.0


def test_packets_in_flight_are_counted_without_those_to_oneself(scene: Scene) -> None:
    scene.do("put x 1")
    scene.go_until_packets(scene.leader, scene.leader)
    assert scene.frame().under_way == sum(1 for _, each in scene.world.in_flight() if each.source != each.target)


# ---------------------------------------------------------------- links


def test_a_link_says_what_is_wrong_with_it(scene: Scene) -> None:
    scene.do("cut n1 -- n2")
    scene.do("cut n3 -> n1")
    scene.do("slow n2 -- n3 20ms")
    scene.do("lose n4 -> n5 20%")
    links = {(link.a, link.b): link for link in scene.frame().links}
    assert (links["n1", "n2"].there_blocked, links["n1", "n2"].back_blocked) == (True, True)
    assert (links["n1", "n3"].there_blocked, links["n1", "n3"].back_blocked) == (False, True)
    assert links["n2", "n3"].badge == "+20 ms"
    assert links["n4", "n5"].badge == "n4→n5 -20%"
    assert links["n1", "n4"].usual


def test_a_clients_link_is_only_there_when_something_is_wrong_with_it(scene: Scene) -> None:
    assert all("c1" not in (link.a, link.b) for link in scene.frame().links)
    scene.do("cut c1 -- n1")
    assert [(link.a, link.b) for link in scene.frame().links if "c1" in (link.a, link.b)] == [("n1", "c1")]


# ---------------------------------------------------------------- details


def test_the_inspector_knows_what_is_on_its_way(scene: Scene) -> None:
    target = in_role(scene.world, "raft", "follower")[0]
    scene.go_until_packets(scene.leader, target)
    details = scene.frame(selected=target).details
    assert details is not None
    (parcel,) = details.inbox
    assert (parcel.other, parcel.kind) == (scene.leader, Kind.BEAT)
    assert parcel.left > 0


def test_the_inspector_tells_what_is_wrong_with_a_node(scene: Scene) -> None:
    for text in ("skew n2 +150ms", "disk n2 slow 50ms", "cut n2 -- n5", "slow-node n2 2ms"):
        scene.do(text)
    details = scene.frame(selected="n2").details
    assert details is not None
    assert details.troubles == ("clock +150 ms", "slow: 2 ms a turn", "disk slow: 50 ms", "n5 cut")


def test_after_calm_nothing_is_wrong_with_a_node(scene: Scene) -> None:
    for text in ("drift n2 +500ppm", "disk n2 slow 50ms", "cut n2 -- n5", "slow-node n2 2ms", "calm"):
        scene.do(text)
    details = scene.frame(selected="n2").details
    assert details is not None
    assert details.troubles == ()


def test_a_one_way_cut_says_which_way(scene: Scene) -> None:
    scene.do("cut n2 -> n4")
    for name, words in (("n2", "→n4 cut"), ("n4", "←n2 cut")):
        details = scene.frame(selected=name).details
        assert details is not None
        assert details.troubles == (words,)


def test_a_leader_tells_what_it_believes_of_the_others(scene: Scene) -> None:
    details = scene.frame(selected=scene.leader).details
    assert details is not None
    assert len(details.peers) == 4


def test_a_dead_node_says_why(scene: Scene) -> None:
    scene.do("kill n2")
    details = scene.frame(selected="n2").details
    assert details is not None
    assert dict(details.facts)["why"] == scene.world.node("n2").down_reason


def test_the_clients_requests_are_told_as_one_types_them(scene: Scene) -> None:
    scene.do("put cart 3")
    scene.go(1)
    details = scene.frame(selected="c1").details
    assert details is not None
    assert any(value.startswith("put cart 3 to n") for _, value in details.facts)
