"""A server and its clients: FIFO, local reads, writes through the log (Hunt, Konar, Junqueira, Reed 2010, 2.3, 4.4)."""

from __future__ import annotations

import pytest
from keeper_talk import Asked, Client, Talk

from algorithms.keeper.commands import (
    OPEN_ACL,
    Acl,
    AddAuth,
    AddWatch,
    Check,
    CloseSession,
    Create,
    Delete,
    Exists,
    GetAcl,
    GetChildren,
    GetData,
    GetStat,
    Mode,
    Multi,
    RemoveWatches,
    SetAcl,
    SetData,
    Sync,
    WatchMode,
)
from algorithms.keeper.errors import Error
from algorithms.keeper.messages import (
    AclIs,
    ChildrenAre,
    ConnectResponse,
    Created,
    DataIs,
    MultiResult,
    Nothing,
    Ping,
    Pong,
    Reply,
    StatIs,
    WatchEvent,
)
from algorithms.keeper.settings import KeeperSettings
from algorithms.keeper.tree.acl import digest_of
from algorithms.keeper.txns import CreateTxn, ErrorTxn, SyncTxn
from algorithms.keeper.zxid import ZERO, Zxid


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture
def client(talk: Talk) -> Client:
    return talk.connected("c1")


# ---------------------------------------------------------------- operations


def test_a_created_znode_can_be_read(client: Client) -> None:
    created = client.done(Create("/a", "x"))
    assert isinstance(created.result, Created)
    assert created.result.path == "/a"
    read = client.done(GetData("/a"))
    assert read.result == DataIs("x", created.result.stat)


def test_each_read_has_its_own_result(client: Client) -> None:
    client.done(Create("/a"))
    client.done(Create("/a/z"))
    created = client.done(Create("/a/b"))
    stat = client.done(GetStat("/a"))
    assert isinstance(stat.result, StatIs)
    assert client.done(GetChildren("/a")).result == ChildrenAre(("b", "z"), stat.result.stat)
    assert client.done(GetAcl("/a")).result == AclIs(OPEN_ACL, stat.result.stat)
    assert client.done(Exists("/a")).result == stat.result
    assert stat.result.stat.pzxid == created.zxid


def test_what_does_not_exist_is_no_error_for_exists(client: Client) -> None:
    reply = client.done(Exists("/x"))
    assert (reply.error, reply.is_missing, reply.result) == (Error.OK, True, Nothing())


def test_a_write_is_conditional_on_the_version(client: Client) -> None:
    client.done(Create("/a"))
    assert client.done(SetData("/a", "x", 1)).error is Error.BADVERSION
    first = client.done(SetData("/a", "x", 0))
    assert isinstance(first.result, StatIs)
    assert first.result.stat.version == 1
    assert client.done(Delete("/a", 0)).error is Error.BADVERSION
    assert client.done(Delete("/a", 1)) == Reply(client.xid, client.talk.zxid)


def test_sequential_znodes_get_numbers_that_their_parent_never_gives_again(client: Client) -> None:
    client.done(Create("/q"))
    make = Create("/q/item-", mode=Mode.PERSISTENT_SEQUENTIAL)
    results = []
    for _ in range(2):
        reply = client.done(make)
        assert isinstance(reply.result, Created)
        results.append(reply.result.path)
        client.done(Delete(reply.result.path))
    assert results == ["/q/item-0000000000", "/q/item-0000000001"]


NO = [
    (GetData("/x"), Error.NONODE),
    (GetStat("/x"), Error.NONODE),
    (GetChildren("/x"), Error.NONODE),
    (GetData("x"), Error.BADARGUMENTS),
    (Exists("/x/"), Error.BADARGUMENTS),
    (AddWatch("x"), Error.BADARGUMENTS),
    (AddWatch("/x", WatchMode.STANDARD), Error.BADARGUMENTS),
    (Create("x"), Error.BADARGUMENTS),
    (Create("/a//b"), Error.BADARGUMENTS),
    (Create("/"), Error.NODEEXISTS),
    (Create("/a"), Error.NODEEXISTS),
    (Create("/x/y"), Error.NONODE),
    (Create("/e/y"), Error.NOCHILDRENFOREPHEMERALS),
    (Create("/x", acl=()), Error.INVALIDACL),
    (Create("/x", acl=(Acl("auth", "", "r"),)), Error.INVALIDACL),
    (Create("/x", ttl=5), Error.BADARGUMENTS),
    (Create("/x", mode=Mode.PERSISTENT_WITH_TTL), Error.BADARGUMENTS),
    (Create("/x", "x" * 101), Error.BADARGUMENTS),
    (SetData("/a", "x" * 101), Error.BADARGUMENTS),
    (SetData("/x", ""), Error.NONODE),
    (SetAcl("/x", OPEN_ACL), Error.NONODE),
    (SetAcl("/a", OPEN_ACL, 4), Error.BADVERSION),
    (SetAcl("/a", ()), Error.INVALIDACL),
    (Delete("/"), Error.BADARGUMENTS),
    (Delete("/x"), Error.NONODE),
    (Delete("/x/y"), Error.NONODE),
    (Delete("/a"), Error.NOTEMPTY),
    (AddAuth("digest", "nocolon"), Error.AUTHFAILED),
    (AddAuth("kerberos", "a:b"), Error.AUTHFAILED),
    (RemoveWatches("/a"), Error.NOWATCHER),
]


@pytest.mark.parametrize(("operation", "error"), NO, ids=str)
def test_each_no_has_zookeepers_name(operation: Asked, error: Error) -> None:
    client = Talk(KeeperSettings(max_data=100)).connected("c1")
    for made in (Create("/a"), Create("/a/b"), Create("/e", mode=Mode.EPHEMERAL)):
        client.done(made)
    before = client.talk.state.tree.digest
    assert client.done(operation).error is error
    assert client.talk.state.tree.digest == before


# ---------------------------------------------------------------- multi


def test_a_multi_has_a_result_for_each_part(client: Client) -> None:
    reply = client.done(Multi((Create("/a"), Check("/a", 0), SetData("/a", "x"), Delete("/a"))))
    assert isinstance(reply.result, MultiResult)
    created, checked, changed, deleted = reply.result.results
    assert isinstance(created, Created)
    assert isinstance(changed, StatIs)
    assert (created.stat.version, checked, changed.stat.version, deleted) == (0, Nothing(), 1, Nothing())


def test_a_multi_that_fails_leaves_nothing_and_names_the_culprit(client: Client) -> None:
    reply = client.done(Multi((Create("/a"), SetData("/x", ""), Create("/b"))))
    assert reply.error is Error.NONODE
    assert reply.result == MultiResult(errors=(Error.OK, Error.NONODE, Error.RUNTIMEINCONSISTENCY))
    assert client.done(GetChildren("/")).result == client.done(GetChildren("/")).result
    assert client.done(Exists("/a")).is_missing


# ---------------------------------------------------------------- ACLs


def test_an_acl_is_checked_against_what_the_session_has_told_of_itself(client: Client) -> None:
    client.done(AddAuth("digest", "ann:secret"))
    client.done(Create("/a", acl=(Acl("auth", "", "rw"), Acl("world", "anyone", "r"))))
    assert client.done(SetData("/a", "x")).error is Error.OK
    assert client.done(Create("/a/b")).error is Error.NOAUTH
    assert client.done(SetAcl("/a", OPEN_ACL)).error is Error.NOAUTH
    other = client.talk.connected("c2")
    assert other.done(GetData("/a")).error is Error.OK
    assert other.done(SetData("/a", "y")).error is Error.NOAUTH
    other.done(AddAuth("digest", "ann:secret"))
    assert other.done(SetData("/a", "y")).error is Error.OK


def test_auth_is_written_out_before_it_is_kept(client: Client) -> None:
    client.done(AddAuth("digest", "ann:secret"))
    client.done(Create("/a", acl=(Acl("auth", "", "cdrwa"),)))
    reply = client.done(GetAcl("/a"))
    assert isinstance(reply.result, AclIs)
    assert reply.result.acl == (Acl("digest", digest_of("ann:secret"), "cdrwa"),)


def test_to_delete_a_child_is_allowed_by_its_parent(client: Client) -> None:
    client.done(Create("/a", acl=(Acl("world", "anyone", "cr"),)))
    client.done(Create("/a/b"))
    assert client.done(Delete("/a/b")).error is Error.NOAUTH


def test_who_may_not_read_sets_no_watch(client: Client) -> None:
    client.done(Create("/a", acl=(Acl("world", "anyone", "w"),)))
    assert client.done(GetData("/a", watch=True)).error is Error.NOAUTH
    client.done(SetData("/a", "x"))
    assert client.all_of(WatchEvent) == []


def test_credentials_count_for_the_writes_behind_them_even_while_a_write_before_them_waits(client: Client) -> None:
    client.done(Create("/a", acl=(Acl("digest", digest_of("ann:secret"), "cdrwa"),)))
    client.talk.slow = True
    for operation in (Create("/b"), AddAuth("digest", "ann:secret"), SetData("/a", "x")):
        assert client.ask(operation) is None
    client.talk.drain()
    assert [each.error for each in client.all_of(Reply)[-3:]] == [Error.OK, Error.OK, Error.OK]


# ---------------------------------------------------------------- FIFO


def test_a_read_waits_behind_the_writes_of_the_same_client(client: Client) -> None:
    client.done(Create("/a", "old"))
    client.talk.slow = True
    assert client.ask(SetData("/a", "new")) is None
    assert client.ask(GetData("/a")) is None
    client.talk.drain()
    written, read = client.all_of(Reply)[-2:]
    assert isinstance(written.result, StatIs)
    assert read.result == DataIs("new", written.result.stat)


def test_a_read_of_another_client_does_not_wait(client: Client) -> None:
    other = client.talk.connected("c2")
    client.done(Create("/a", "old"))
    client.talk.slow = True
    client.ask(SetData("/a", "new"))
    read = other.done(GetData("/a"))
    assert isinstance(read.result, DataIs)
    assert read.result.data == "old"


def test_replies_come_in_the_order_of_the_requests(client: Client) -> None:
    client.talk.slow = True
    for operation in (Create("/a"), GetData("/a"), Create("/x/y"), Exists("/b"), Delete("/a"), GetData("/a")):
        client.ask(operation)
    client.talk.drain()
    replies = client.all_of(Reply)
    assert [each.xid for each in replies] == [1, 2, 3, 4, 5, 6]
    assert [each.error.name for each in replies] == ["OK", "OK", "NONODE", "OK", "OK", "NONODE"]


def test_a_write_is_answered_with_its_own_zxid_and_a_read_with_the_last_that_was_applied(client: Client) -> None:
    first, second = client.done(Create("/a")), client.done(Create("/b"))
    assert second.zxid == first.zxid.next()
    assert client.done(GetData("/a")).zxid == second.zxid


def test_what_fails_has_a_place_in_the_order_too(client: Client) -> None:
    reply = client.done(Create("/x/y"))
    assert client.talk.bodies()[-1] == ErrorTxn(Error.NONODE)
    assert reply.zxid == client.talk.zxid


def test_a_condition_is_decided_against_what_is_proposed_and_not_yet_delivered(client: Client) -> None:
    client.talk.slow = True
    for operation in (Create("/a"), Create("/a"), SetData("/a", "x", 0), SetData("/a", "y", 0), Delete("/a", 1)):
        client.ask(operation)
    client.talk.drain()
    assert [each.error.name for each in client.all_of(Reply)] == ["OK", "NODEEXISTS", "OK", "BADVERSION", "OK"]


def test_a_failed_multi_takes_its_outstanding_changes_back(client: Client) -> None:
    client.talk.slow = True
    for operation in (
        Create("/a"),
        Multi((SetData("/a", "x"), Create("/b"), Delete("/x"))),
        SetData("/a", "y", 0),
        Create("/b"),
    ):
        client.ask(operation)
    client.talk.drain()
    assert [each.error.name for each in client.all_of(Reply)] == ["OK", "NONODE", "OK", "OK"]


# ---------------------------------------------------------------- sync


def test_a_sync_waits_behind_what_is_proposed(client: Client) -> None:
    other = client.talk.connected("c2")
    client.talk.slow = True
    client.ask(Create("/a"))
    assert other.ask(Sync("/")) is None
    logged = len(client.talk.logged)
    client.talk.drain()
    assert other.all_of(Reply) == [Reply(1, client.talk.zxid)]
    assert len(client.talk.logged) == logged


def test_a_sync_with_nothing_before_it_is_answered_at_once(client: Client) -> None:
    client.talk.slow = True
    assert client.done(Sync("/")).error is Error.OK


def test_a_sync_through_the_log_waits_for_a_quorum() -> None:
    client = Talk(KeeperSettings(sync_is_quorum=True)).connected("c1")
    client.talk.slow = True
    assert client.ask(Sync("/")) is None
    client.talk.drain()
    assert client.talk.bodies()[-1] == SyncTxn()
    assert client.all_of(Reply)[-1].error is Error.OK


# ---------------------------------------------------------------- the server's limits


def test_requests_beyond_the_limit_wait_in_their_order() -> None:
    talk = Talk(KeeperSettings(max_in_flight=2))
    client, other = talk.connected("c1"), talk.connected("c2")
    talk.slow = True
    client.ask(Create("/a"))
    other.ask(Create("/b"))
    for operation in (Create("/c"), GetData("/c"), Delete("/c")):
        assert client.ask(operation) is None
    assert other.ask(Exists("/b")) is None
    assert [type(each) for each in talk.bodies()[-2:]] == [CreateTxn, CreateTxn]
    talk.drain()
    assert [each.xid for each in client.all_of(Reply)] == [1, 2, 3, 4]
    assert [each.error for each in client.all_of(Reply)] == [Error.OK] * 4
    assert [(each.xid, each.is_missing) for each in other.all_of(Reply)] == [(1, False), (2, False)]
    assert talk.state.in_flight == 0


def test_a_client_that_goes_makes_room_for_others() -> None:
    talk = Talk(KeeperSettings(max_in_flight=1))
    client, other = talk.connected("c1"), talk.connected("c2")
    talk.slow = True
    client.ask(Create("/a"))
    assert other.ask(Create("/b")) is None
    client.connect_again()
    talk.drain()
    assert other.all_of(Reply)[-1].error is Error.OK


# ---------------------------------------------------------------- connections


def test_a_ping_is_answered_with_the_last_zxid(client: Client) -> None:
    client.say(Ping())
    assert client.heard[-1] == Pong(client.talk.zxid)


def test_a_client_that_has_seen_more_than_this_server_is_not_let_in(talk: Talk) -> None:
    response = talk.client("c1").connect(last=Zxid(9, 9))
    assert response is not None
    assert response.refused == f"n1 has applied {ZERO}, and the client has seen {Zxid(9, 9)}"
    assert not talk.state.connections


def test_the_session_is_in_the_log_before_the_client_has_it(talk: Talk) -> None:
    talk.slow = True
    client = talk.client("c1")
    assert client.connect() is None
    talk.drain()
    (response,) = client.heard
    assert isinstance(response, ConnectResponse)
    assert list(talk.state.tree.sessions) == [response.session_id]


def test_requests_on_a_connection_that_the_server_has_given_up_break_it(talk: Talk) -> None:
    client = talk.client("c1")
    client.connect(last=Zxid(9, 9))
    client.ask(GetData("/"))
    assert client.broken


def test_the_end_of_a_session_is_answered_and_takes_its_ephemerals(client: Client) -> None:
    other = client.talk.connected("c2")
    client.done(Create("/e", mode=Mode.EPHEMERAL))
    assert client.done(CloseSession()).error is Error.OK
    assert other.done(Exists("/e")).is_missing
    assert client.session_id not in client.talk.state.tree.sessions
