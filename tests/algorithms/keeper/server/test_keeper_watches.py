"""Watches (programmer's guide, "ZooKeeper Watches"): set with a read, fired before the change can be read."""

from __future__ import annotations

import pytest
from keeper_talk import SECOND, Client, Talk

from algorithms.keeper.commands import (
    AddWatch,
    CloseSession,
    Create,
    Delete,
    Exists,
    GetChildren,
    GetData,
    Mode,
    Multi,
    RemoveWatches,
    SetData,
    WatchMode,
)
from algorithms.keeper.errors import Error
from algorithms.keeper.messages import EventType, Reply, SetWatch, SetWatches, WatchEvent

CREATED, DELETED = EventType.NODE_CREATED, EventType.NODE_DELETED
CHANGED, CHILDREN = EventType.NODE_DATA_CHANGED, EventType.NODE_CHILDREN_CHANGED


class Pair:
    """One client that watches, and one that writes."""

    def __init__(self) -> None:
        self.talk = Talk()
        self.watcher, self.writer = self.talk.connected("c1", 4 * SECOND), self.talk.connected("c2", 4 * SECOND)
        self.writer.done(Create("/a"))

    def told(self, client: Client | None = None) -> list[tuple[EventType, str]]:
        """What the watcher has been told since it was last asked."""
        events = (client or self.watcher).all_of(WatchEvent)
        (client or self.watcher).heard.clear()
        return [(each.event, each.path) for each in events]


@pytest.fixture
def pair() -> Pair:
    return Pair()


# ---------------------------------------------------------------- one-shot


def test_a_watch_fires_once(pair: Pair) -> None:
    pair.watcher.done(GetData("/a", watch=True))
    pair.writer.done(SetData("/a", "x"))
    pair.writer.done(SetData("/a", "y"))
    assert pair.told() == [(CHANGED, "/a")]


def test_a_data_watch_sees_no_children_and_a_child_watch_no_data(pair: Pair) -> None:
    pair.watcher.done(GetData("/a", watch=True))
    pair.writer.done(Create("/a/b"))
    assert pair.told() == []
    pair.watcher.done(GetChildren("/a", watch=True))
    pair.writer.done(SetData("/a", "x"))
    assert pair.told() == [(CHANGED, "/a")]
    pair.writer.done(Delete("/a/b"))
    assert pair.told() == [(CHILDREN, "/a")]


def test_exists_waits_for_what_is_not_there(pair: Pair) -> None:
    pair.watcher.done(Exists("/b", watch=True))
    pair.writer.done(Create("/b"))
    assert pair.told() == [(CREATED, "/b")]


def test_the_end_of_a_znode_is_told_once_however_it_is_watched(pair: Pair) -> None:
    pair.watcher.done(GetData("/a", watch=True))
    pair.watcher.done(GetChildren("/a", watch=True))
    pair.watcher.done(GetChildren("/", watch=True))
    pair.writer.done(Delete("/a"))
    assert pair.told() == [(DELETED, "/a"), (CHILDREN, "/")]


def test_who_waits_for_children_hears_that_their_parent_has_gone(pair: Pair) -> None:
    pair.watcher.done(GetChildren("/a", watch=True))
    pair.writer.done(Delete("/a"))
    assert pair.told() == [(DELETED, "/a")]


def test_a_read_that_fails_sets_no_watch(pair: Pair) -> None:
    pair.watcher.done(GetData("/b", watch=True))
    pair.writer.done(Create("/b"))
    assert pair.told() == []


def test_a_client_is_told_before_it_reads_the_change_and_before_its_own_reply(pair: Pair) -> None:
    client = pair.watcher
    client.done(GetData("/a", watch=True))
    client.heard.clear()
    pair.talk.slow = True
    client.ask(SetData("/a", "x"))
    client.ask(GetData("/a"))
    pair.talk.drain()
    assert [type(each) for each in client.heard] == [WatchEvent, Reply, Reply]


def test_an_event_bears_the_zxid_of_the_change(pair: Pair) -> None:
    pair.watcher.done(GetData("/a", watch=True))
    reply = pair.writer.done(SetData("/a", "x"))
    assert pair.watcher.all_of(WatchEvent) == [WatchEvent(CHANGED, "/a", reply.zxid)]


def test_a_multi_fires_for_each_of_its_parts(pair: Pair) -> None:
    pair.watcher.done(GetData("/a", watch=True))
    pair.watcher.done(Exists("/b", watch=True))
    pair.writer.done(Multi((Create("/b"), SetData("/a", "x"))))
    assert pair.told() == [(CREATED, "/b"), (CHANGED, "/a")]


def test_the_end_of_a_session_fires_for_its_ephemerals(pair: Pair) -> None:
    pair.writer.done(Create("/e", mode=Mode.EPHEMERAL))
    pair.watcher.done(Exists("/e", watch=True))
    pair.writer.done(CloseSession())
    assert pair.told() == [(DELETED, "/e")]


def test_one_change_of_a_predecessor_wakes_one_waiter(pair: Pair) -> None:
    """The herd effect is a matter of what is watched."""
    talk, herd = pair.talk, [pair.talk.connected(f"c{number}") for number in range(3, 8)]
    for waiter in herd:
        waiter.done(Exists("/a", watch=True))
    pair.watcher.done(Exists("/b", watch=True))
    pair.writer.done(Delete("/a"))
    assert [pair.told(each) for each in herd] == [[(DELETED, "/a")]] * 5
    assert pair.told() == []
    assert talk.state.watches.count("/a") == 0


# ---------------------------------------------------------------- those that stay


def test_a_persistent_watch_sees_data_and_children_until_it_is_removed(pair: Pair) -> None:
    pair.watcher.done(AddWatch("/a"))
    for operation in (SetData("/a", "x"), Create("/a/b"), SetData("/a/b", "y"), Delete("/a/b"), SetData("/a", "z")):
        pair.writer.done(operation)
    assert pair.told() == [(CHANGED, "/a"), (CHILDREN, "/a"), (CHILDREN, "/a"), (CHANGED, "/a")]
    assert pair.watcher.done(RemoveWatches("/a")).error is Error.OK
    pair.writer.done(SetData("/a", "w"))
    assert pair.told() == []


def test_a_recursive_watch_sees_every_znode_below_and_no_word_of_children(pair: Pair) -> None:
    pair.watcher.done(AddWatch("/a", WatchMode.PERSISTENT_RECURSIVE))
    for operation in (Create("/a/b"), Create("/a/b/c"), SetData("/a/b", "x"), Create("/ab"), Delete("/a/b/c")):
        pair.writer.done(operation)
    assert pair.told() == [(CREATED, "/a/b"), (CREATED, "/a/b/c"), (CHANGED, "/a/b"), (DELETED, "/a/b/c")]


def test_an_event_says_what_sort_of_watch_has_fired(pair: Pair) -> None:
    pair.watcher.done(AddWatch("/a", WatchMode.PERSISTENT_RECURSIVE))
    pair.writer.done(SetData("/a", "x"))
    assert [each.mode for each in pair.watcher.all_of(WatchEvent)] == [WatchMode.PERSISTENT_RECURSIVE]


# ---------------------------------------------------------------- after a reconnect


def set_again(pair: Pair, *watches: SetWatch) -> list[tuple[EventType, str]]:
    """The watcher comes back with these, having last seen what is applied now; the writer has gone on meanwhile."""
    pair.watcher.say(SetWatches(pair.talk.zxid, watches))
    return pair.told()


def test_what_a_client_has_missed_fires_at_once(pair: Pair) -> None:
    for path in ("/data", "/gone", "/child"):
        pair.writer.done(Create(path))
    seen = pair.talk.zxid
    for operation in (SetData("/data", "x"), Delete("/gone"), Create("/child/b"), Create("/come")):
        pair.writer.done(operation)
    pair.watcher.connect_again(seen)
    kinds = {"/data": "data", "/gone": "data", "/child": "child", "/come": "exists"}
    pair.watcher.say(SetWatches(seen, tuple(SetWatch(kind, path) for path, kind in kinds.items())))
    assert pair.told() == [(CHANGED, "/data"), (DELETED, "/gone"), (CHILDREN, "/child"), (CREATED, "/come")]
    assert pair.talk.state.watches.listed() == ()


def test_what_has_not_changed_is_waited_for_again(pair: Pair) -> None:
    kinds = (("data", "/a"), ("child", "/a"), ("exists", "/b"), ("persistent", "/a"), ("persistent_recursive", "/"))
    assert set_again(pair, *(SetWatch(kind, path) for kind, path in kinds)) == []
    assert [(path, kind) for path, kind, _ in pair.talk.state.watches.listed()] == [
        ("/", "persistent_recursive"),
        ("/a", "child"),
        ("/a", "data"),
        ("/a", "persistent"),
        ("/b", "exists"),
    ]


def test_watches_of_a_connection_end_with_it(pair: Pair) -> None:
    pair.watcher.done(GetData("/a", watch=True))
    pair.watcher.connect_again()
    assert pair.talk.state.watches.listed() == ()
