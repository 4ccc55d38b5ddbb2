"""What a leader does of its own accord: containers and TTL znodes (ZOOKEEPER-2163, 2169); and its picture."""

from __future__ import annotations

from keeper_talk import SECOND, Talk

from algorithms.keeper.commands import Create, Delete, GetData, Mode, SetData
from algorithms.keeper.txns import DeleteTxn
from algorithms.keeper.view import ProposalView, SessionView, WatchView
from algorithms.keeper.zxid import ZERO


def test_an_empty_container_is_deleted_after_its_last_child() -> None:
    client = Talk().connected("c1", 4 * SECOND)
    client.done(Create("/c", mode=Mode.CONTAINER))
    client.talk.wait(SECOND)
    client.done(Create("/c/a"))
    client.talk.wait(SECOND)
    assert client.talk.state.tree.get("/c") is not None
    client.done(Delete("/c/a"))
    client.talk.wait(500_000)
    assert client.talk.bodies()[-1] == DeleteTxn("/c")


def test_a_ttl_znode_is_deleted_when_its_time_is_over() -> None:
    client = Talk().connected("c1", 4 * SECOND)
    client.done(Create("/t", mode=Mode.PERSISTENT_WITH_TTL, ttl=600_000))
    client.talk.wait(500_000)
    assert client.talk.state.tree.get("/t") is not None
    client.done(SetData("/t", "x"))
    client.talk.wait(500_000)
    assert client.talk.state.tree.get("/t") is not None
    client.talk.wait(500_000)
    assert client.talk.state.tree.get("/t") is None


def test_what_is_about_to_change_is_not_deleted() -> None:
    client = Talk().connected("c1", 4 * SECOND)
    client.done(Create("/c", mode=Mode.CONTAINER))
    client.done(Create("/c/a"))
    client.done(Delete("/c/a"))
    client.talk.slow = True
    client.ask(Create("/c/b"))
    client.talk.wait(SECOND)
    assert DeleteTxn("/c") not in client.talk.bodies()


def test_a_leader_looks_for_what_may_pass_only_if_there_is_any() -> None:
    client = Talk().connected("c1", 4 * SECOND)
    client.done(Create("/a"))
    assert "keeper clean" not in client.talk.timers
    client.done(Create("/t", mode=Mode.PERSISTENT_WITH_TTL, ttl=1))
    assert "keeper clean" in client.talk.timers
    client.talk.wait(SECOND)
    assert "keeper clean" not in client.talk.timers


# ---------------------------------------------------------------- its picture


def test_the_picture_shows_sessions_with_their_expiry_watches_and_the_tree() -> None:
    client = Talk().connected("c1", SECOND)
    began = client.talk.now
    client.done(Create("/e", "x", mode=Mode.EPHEMERAL))
    client.done(GetData("/e", watch=True))
    view, session_id = client.talk.machine.view(), client.session_id
    assert (view.role, view.phase, view.leader) == ("leading", "broadcast", "n1")
    assert view.sessions == (SessionView(session_id, "c1", SECOND, "n1", began + SECOND, 1),)
    assert view.connections == (SessionView(session_id, "c1", SECOND, "n1"),)
    assert view.watches == (WatchView("/e", session_id, "c1", "data"),)
    assert [(each.path, each.kind, each.watches) for each in view.znodes] == [
        ("/", "persistent", 0),
        ("/e", "ephemeral", 1),
    ]
    assert view.last_committed == client.talk.zxid > ZERO


def test_the_picture_tells_what_is_proposed_in_words() -> None:
    client = Talk().connected("c1")
    client.talk.slow = True
    client.ask(Create("/a"))
    (proposal,) = client.talk.machine.view().proposals
    assert isinstance(proposal, ProposalView)
    assert (proposal.what, proposal.acks) == ("create /a", ())


def test_looking_changes_nothing() -> None:
    client = Talk().connected("c1")
    client.done(Create("/a"))
    assert client.talk.machine.view() == client.talk.machine.view()
