"""What is asked of a ring: what it comes to, and what is refused before anything is sent."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from algorithms.machine import Ok, Record
from algorithms.ring import commands
from algorithms.ring.client_settings import RingClientSettings
from algorithms.ring.commands import Found, Quorum
from algorithms.ring.machine import RingMachine
from algorithms.ring.settings import RingSettings
from algorithms.ring.view import RingView
from nodes.agenda import Question
from playground.commands import parse, resolve
from playground.errors import BadInput
from playground.session import Session, replay
from playground.spec import ServiceSpec, Spec

SECOND = 1_000_000


def told(session: Session, text: str) -> str:
    before = len(session.interventions)
    with pytest.raises(BadInput) as caught:
        session.do(text)
    assert len(session.interventions) == before, "What is refused is not recorded."
    return str(caught.value)


def asked(session: Session, text: str) -> Record:
    """What the client machine is asked for."""
    session.do(text)
    (found,) = [item.command for _, _, item in session.world.agenda.heap if isinstance(item, Question)]
    return found


def outcome(session: Session, text: str, seconds: int = 5) -> Record | None:
    done = session.do(text)
    session.run_until(session.world.now + seconds * SECOND)
    assert done.request_id is not None
    return session.outcome(done.request_id)


def view(session: Session, node: str) -> RingView:
    found = session.world.view(node, "ring")
    assert isinstance(found, RingView)
    return found


# ---------------------------------------------------------------- what it comes to


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("put x 1", commands.Write("x", 1)),
        ("put x 1 --n 4 --w 3", commands.Write("x", 1, Quorum(4, 0, 3))),
        ("get x --r 1", commands.Read("x", Quorum(0, 1, 0))),
        ("delete x --w 1", commands.Delete("x", Quorum(0, 0, 1))),
        ("add node n6", commands.AddNode("n6")),
        ("add node n6 --weight 2.5", commands.AddNode("n6", 2.5)),
        ("remove node n2", commands.RemoveNode("n2")),
        ("weight n3 2", commands.SetWeight("n3", 2.0)),
    ],
)
def test_each_wish_comes_to_what_a_ring_client_is_asked(ring: Session, text: str, command: Record) -> None:
    assert asked(ring, text) == command


def test_a_put_and_a_get_go_round(ring: Session) -> None:
    assert outcome(ring, "put x 1") == Ok(None)
    assert outcome(ring, "get x on c2") == Found((1,))
    assert outcome(ring, "delete x on c2") == Ok(None)
    assert outcome(ring, "get x") == Found(())


def test_a_node_that_is_added_is_made_and_joins(ring: Session) -> None:
    assert outcome(ring, "add node n6 --weight 2") == Ok(None)
    assert ring.world.node("n6").up
    assert {member.name: member.weight for member in view(ring, "n1").ring.members}["n6"] == 2.0
    assert not ring.world.network.blocked("n6", "n3")
    assert ring.spec.nodes == ("n1", "n2", "n3", "n4", "n5")


def test_a_node_that_is_removed_runs_on_and_can_come_back(ring: Session) -> None:
    outcome(ring, "remove node n2")
    assert "n2" not in view(ring, "n1").ring.names
    assert ring.world.node("n2").up
    outcome(ring, "add node n2")
    assert "n2" in view(ring, "n1").ring.names


def test_it_means_the_node_that_was_added(ring: Session) -> None:
    ring.do("add node n6")
    assert ring.do("kill n6").text == "kill n6"


def test_a_recording_with_a_new_node_replays(ring: Session) -> None:
    for line in ("add node n6", "kill n6", "restart n6", "put x 1", "weight n6 0.5"):
        ring.do(line)
        ring.run_until(ring.world.now + SECOND)
    again = replay(ring.recording())
    assert again.interventions == ring.interventions
    assert again.world.turns == ring.world.turns
    assert [again.world.view(name, "ring") for name in again.world.names] == [
        ring.world.view(name, "ring") for name in ring.world.names
    ]


def test_selectors_know_a_new_node(ring: Session) -> None:
    ring.do("add node n6")
    assert ring.do("partition n1 n2 | rest").text == "partition n1 n2 | n3 n4 n5 n6"
    assert ring.do("isolate n6").text == "cut n6 -- n1 n2 n3 n4 n5"


def test_raft_on_a_new_node_waits_outside(both: Session) -> None:
    leader = both.leader("raft")
    both.do("add node n6")
    both.run_until(both.world.now + 5 * SECOND)
    assert both.leader("raft") == leader
    assert both.world.view("n6", "raft").role == "follower"  # type: ignore[union-attr]
    done = both.do("raft: members n1 n2 n3 n4 n5 n6")
    both.run_until(both.world.now + 3 * SECOND)
    assert done.request_id is not None
    assert both.outcome(done.request_id) == Ok(None)


# ---------------------------------------------------------------- what makes no sense


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("put x 1 --n 9", "N = 9 nodes cannot be asked: the ring has 5 members"),
        ("get x --r 4", "R = 4 cannot be more than N, which is 3"),
        ("put x 1 --w 4", "W = 4 cannot be more than N, which is 3"),
        ("delete x --n 2 --w 3", "W = 3 cannot be more than N, which is 2"),
        (
            "put x 1 --n 1",
            "W = 2 cannot be more than N, which is 1; say --w 1 too, for the store's own W is 2",
        ),
        ("cas x 1 2", 'ring does not know "cas": without one leader nobody can say what the value is'),
        ("append x a", 'ring does not know "append"'),
        ("transfer n1", 'ring does not know "transfer": it has no leader'),
        ("members n1 n2", 'ring does not know "members": its members come and go one by one'),
        ("kill leader(ring)", "ring has no leader: its servers are all alike"),
        ("add node n1", "n1 is a member of ring already"),
        ("add node c1", "c1 is a client; a node needs a name of its own"),
        ("add node it", 'a node cannot be called "it"'),
        ("add node ring", 'a node cannot be called "ring"'),
        ("remove node c1", "c1 is no member of the ring; members are n1, n2, n3, n4, n5"),
        ("weight n9 2", 'there is no node "n9"; did you mean "n5"?'),
        ("file get report", 'there is no file "report"; none has been put yet'),
        ("kill replica(x, 4)", "x has 3 replicas, so there is no number 4"),
    ],
)
def test_what_makes_no_sense_is_a_sentence_and_nothing_is_sent(ring: Session, text: str, sentence: str) -> None:
    assert told(ring, text).startswith(sentence)


def test_the_last_member_stays() -> None:
    alone = ServiceSpec("ring", "ring", RingSettings(n=1, r=1, w=1), RingClientSettings())
    session = Session(Spec(nodes=("n1",), services=(alone,)), 1)
    session.run_until(SECOND)
    assert told(session, "remove node n1") == "n1 is the last member of the ring; somebody must hold the keys"


def test_a_cluster_has_so_many_nodes_at_most(ring: Session) -> None:
    for number in range(6, 51):
        ring.do(f"add node n{number}")
    assert told(ring, "add node n51") == "there are 50 nodes, and a cluster has 50 at most"


def test_what_some_server_may_know_goes_through(ring: Session) -> None:
    """While no server is up, nobody can say who is a member."""
    ring.do("kill all")
    assert not isinstance(outcome(ring, "weight n1 2", 15), Ok)
    assert told(ring, "kill owner(x)") == "no server of ring is up that could say where x belongs"


# ---------------------------------------------------------------- who is asked


def test_a_verb_that_only_one_service_knows_goes_to_that_one(both: Session) -> None:
    assert both.do("put x 1").text == "raft: put x 1 on c1"
    assert both.do("put x 1 --w 1").text == "ring: put x 1 --w 1 on c1"
    assert both.do("delete x").text == "ring: delete x on c1"
    assert both.do("add node n6").text == "ring: add node n6 on c1"
    assert both.do("transfer n3").text == "raft: transfer n3 on c1"
    assert both.do("ring: get x").text == "ring: get x on c1"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("raft: put x 1 --w 2", "raft knows no --n, --r and --w: whatever it does, a majority of its voters does"),
        ("raft: delete x", 'raft does not know "delete"; it knows put, get, cas, append, transfer, members'),
        ("raft: add node n6", 'raft does not know "add node"; it knows'),
        ("ring: cas x 1 2", 'ring does not know "cas"'),
    ],
)
def test_a_service_that_is_named_must_know_the_verb(both: Session, text: str, sentence: str) -> None:
    assert told(both, text).startswith(sentence)


# ---------------------------------------------------------------- places of keys


def test_places_of_a_key_are_recorded_as_names(ring: Session) -> None:
    machine = ring.world.machine("n1", "ring")
    assert isinstance(machine, RingMachine)
    first, second, third = machine.state.preference_list("x")
    assert ring.do("pause owner(x)").text == f"pause {first}"
    assert ring.do("pause replica(x, 2) replica(x, 3)").text == f"pause {second} {third}"
    outsiders = {ring.do("slow-node outsider(x) 1ms").text.split()[1] for _ in range(20)}
    assert outsiders == set(ring.spec.nodes) - {first, second, third}


def test_two_outsiders_of_one_command_differ(ring: Session) -> None:
    _, one, other, _ = ring.do("slow-node outsider(x) outsider(x) 1ms").text.split()
    assert one != other
    assert told(ring, "kill outsider(x) outsider(x) outsider(x)") == "every other member of the ring is a replica of x"


def test_raft_has_no_places(stage: Any) -> None:
    with pytest.raises(BadInput, match=r"owner\(\) is asked of a service of kind ring, and this cluster has none"):
        resolve(parse("kill owner(x)"), stage.world, stage.spec, Random(1))
