"""From the keeper's views to a frame: the selected server's tree, the leader's sessions, the clients' recipes."""

from __future__ import annotations

from dataclasses import replace

from demo_keeper import CLIENTS, DONE, ELECTION, KEEPER, LATE, LOST, NAMES, VIEWS, framed, server, znode

from playground.spec import DEFAULT_SPEC, build_world
from tui.glyphs import Role
from tui.keeper_details import keeper_client_facts, keeper_client_rows, keeper_facts, keeper_rows
from tui.keeper_frame import QueueFace
from tui.keeper_framing import MOST_ZNODES, Keeper, keeper_face, keeper_frame, keeper_in_words
from tui.keeper_sentences import role_sentence
from tui.keeper_words import short_name


def test_only_an_established_leader_leads() -> None:
    elected = VIEWS | {"n2": server("n2", "leading", "discovery")}
    assert framed(elected).leader == ""
    assert (KEEPER.leader, KEEPER.epoch, KEEPER.quorum) == ("n2", 5, 3)
    assert role_sentence(framed(elected)) == "n2 is elected, discovery is under way; nobody can write yet"
    assert keeper_in_words("keeper", framed(elected)).words == "n2 recovers"


def test_roles_tell_recovery_from_serving() -> None:
    assert [row.role for row in KEEPER.rows] == [
        Role.FOLLOWING, Role.LEADING, Role.FOLLOWING, Role.SYNCHRONISING, Role.DOWN,
    ]  # fmt: skip
    assert [row.serves for row in KEEPER.rows] == [True, True, True, False, False]
    assert {row.role for row in ELECTION.rows[:4]} == {Role.LOOKING}


def test_the_tree_is_that_of_the_selected_server_and_may_be_old() -> None:
    old = framed(VIEWS, selected="n4")
    assert (old.tree_of, old.tree_zxid, old.behind) == ("n4", LATE, True)
    assert (framed(VIEWS, selected="c1").tree_of, KEEPER.tree_zxid) == ("n2", DONE)


def test_sequential_znodes_stand_in_the_order_of_their_numbers() -> None:
    tree = (znode("/"), znode("/c10.1.1-lock-0000000002"), znode("/c9.1.1-lock-0000000001"))
    paths = [each.path[-1] for each in framed({"n1": server("n1", znodes=tree)}).znodes]
    assert paths == ["/", "1", "2"]


def test_children_stand_below_their_parent_whatever_their_names_are() -> None:
    tree = (znode("/"), znode("/a"), znode("/a-b"), znode("/a/x"))
    paths = [each.path for each in framed({"n1": server("n1", znodes=tree)}).znodes]
    assert paths == ["/", "/a", "/a/x", "/a-b"]
    assert [each.lasts for each in framed({"n1": server("n1", znodes=tree)}).znodes] == [
        (), (False,), (False, True), (True,),
    ]  # fmt: skip


def test_of_a_large_tree_those_around_the_chosen_znode_are_shown() -> None:
    tree = (znode("/"), *(znode(f"/z{number:04}") for number in range(1_000)))
    made = framed({"n1": server("n1", znodes=tree)}, path="/z0700")
    assert (len(made.znodes), made.count) == (MOST_ZNODES, 1_001)
    assert "/z0700" in [each.path for each in made.znodes]


def test_watches_of_all_servers_are_counted() -> None:
    found = {each.path: each.watches for each in KEEPER.znodes}
    assert found["/config"] == 2
    assert found["/locks/task/lock-0000000007"] == 1


def test_a_session_s_time_is_what_is_left_by_the_leader_s_clock() -> None:
    left = {each.client: (each.left, each.server, each.expired) for each in KEEPER.sessions}
    assert left["c1"] == (820_000, "n1", False)
    world = build_world(DEFAULT_SPEC, 1)
    world.node("n2").clock.skew(0, 500_000)
    late = keeper_frame(world, Keeper("keeper", NAMES, CLIENTS), VIEWS)
    assert late.sessions[0].left == 320_000


def test_a_session_that_only_its_client_remembers_has_expired() -> None:
    assert [(each.client, each.expired) for each in LOST.sessions] == [("c1", False), ("c2", False), ("c3", True)]


def test_recipes_make_queues_in_the_order_of_their_znodes() -> None:
    assert KEEPER.queues == (QueueFace("/locks/task", "lock", ("c1",), ("c2", "c3"), (5 << 32) + 0x21),)
    words = {each.name: each.word for each in KEEPER.znodes if each.word}
    assert words["lock-0000000009"] == "c3 waits for c2"


def test_the_tree_is_made_once_as_long_as_nothing_in_it_changes() -> None:
    world, keeper = build_world(DEFAULT_SPEC, 1), Keeper("keeper", NAMES, CLIENTS, "n1")
    asked: list[str] = []

    def whole(name: str) -> object:
        asked.append(name)
        return VIEWS[name]

    first = keeper_frame(world, keeper, VIEWS, None, whole)  # type: ignore[arg-type]
    second = keeper_frame(world, keeper, VIEWS, first, whole)  # type: ignore[arg-type]
    third = keeper_frame(world, replace(keeper, path="/config"), VIEWS, second, whole)  # type: ignore[arg-type]
    assert (first, asked) == (second, ["n1", "n1"])
    assert third.stat[0] == "version 12"


def test_a_tree_that_nobody_looks_at_is_left_out() -> None:
    world = build_world(DEFAULT_SPEC, 1)
    made = keeper_frame(world, Keeper("keeper", NAMES, CLIENTS, "n1", looked_at=False), VIEWS)
    assert (made.znodes, made.count, made.leader) == ((), 0, "n2")


def test_cards_tell_role_and_zxid() -> None:
    node = build_world(DEFAULT_SPEC, 1).node("n2")
    leader = keeper_face(0, node, "keeper", KEEPER.rows[1], 1)
    looking = keeper_face(0, node, "keeper", ELECTION.rows[1], 0)
    assert leader.card is not None
    assert looking.card is not None
    assert (leader.role, leader.card.title, leader.card.short) == (Role.LEADING, "5_2b", "p1")
    assert (looking.card.short, looking.card.words) == ("→n2", "votes for n2")


def test_the_inspector_tells_log_sessions_and_watches() -> None:
    view = VIEWS["n3"]
    assert keeper_facts(view)[:2] == (("logged", "5_2b"), ("committed", "5_2a"))  # type: ignore[arg-type]
    assert keeper_rows(view)[:2] == (  # type: ignore[arg-type]
        ("session 0x5", "c2, timeout 1.2 s"),
        ("watch of c2", "/config data"),
    )
    assert dict(keeper_client_facts(VIEWS["c1"]))["session"] == "0x3 connected to n1"  # type: ignore[arg-type]
    assert keeper_client_rows(VIEWS["c2"])[0] == (  # type: ignore[arg-type]
        "lock", "/locks/task waiting, behind /locks/task/lock-0007",
    )  # fmt: skip


def test_names_of_sequential_znodes_are_short() -> None:
    assert short_name("lock-0000000007") == "lock-0007"
    assert short_name("c1.1.3-read-0000012345") == "read-12345"
    assert short_name("n_0000000001") == "n_0001"
    assert short_name("config") == "config"
