"""The tree as transactions change it (Hunt, Konar, Junqueira, Reed 2010, 4.1; programmer's guide, "ZooKeeper Stat")."""

from __future__ import annotations

from algorithms.keeper.commands import OPEN_ACL, Acl
from algorithms.keeper.errors import Error
from algorithms.keeper.messages import Created, EventType, Nothing, StatIs
from algorithms.keeper.tree.data_tree import Change, DataTree, Done
from algorithms.keeper.txns import (
    Body,
    CloseSessionTxn,
    CreateSessionTxn,
    CreateTxn,
    DeleteTxn,
    ErrorTxn,
    MultiTxn,
    SetAclTxn,
    SetDataTxn,
    Txn,
)
from algorithms.keeper.view import Stat
from algorithms.keeper.zxid import ZERO, Zxid

SESSION = 7


def z(counter: int) -> Zxid:
    return Zxid(1, counter)


def create(path: str, created: int = 1, kind: str = "persistent", owner: int = 0, data: str = "", ttl: int = 0) -> Body:
    return CreateTxn(path, data, OPEN_ACL, kind, owner, created, ttl)


def tree_of(*bodies: Body) -> DataTree:
    """Each at its own zxid, at the instant of ten times its counter."""
    tree = DataTree()
    for counter, body in enumerate(bodies, 1):
        tree.apply(Txn(SESSION, counter, 10 * counter, "n1", body), z(counter))
    return tree


def applied(tree: DataTree, counter: int, body: Body) -> list[Change]:
    return tree.apply(Txn(SESSION, counter, 10 * counter, "n1", body), z(counter))


def stat(tree: DataTree, path: str) -> Stat:
    znode = tree.get(path)
    assert znode is not None, f"there is no {path}"
    return znode.stat


# ---------------------------------------------------------------- Stat


def test_a_new_znode_was_created_and_modified_by_the_same_transaction() -> None:
    tree = tree_of(create("/a", data="four"))
    assert stat(tree, "/a") == Stat(z(1), z(1), z(1), 10, 10, 0, 0, 0, 0, 4, 0)


def test_data_length_is_in_bytes() -> None:
    assert stat(tree_of(create("/a", data="ä")), "/a").data_length == 2


def test_setting_data_changes_mzxid_mtime_and_version_and_nothing_else() -> None:
    tree = tree_of(create("/a"), SetDataTxn("/a", "b", 1))
    assert stat(tree, "/a") == Stat(z(1), z(2), z(1), 10, 20, 1, 0, 0, 0, 1, 0)


def test_setting_the_acl_changes_aversion_and_no_zxid() -> None:
    acl = (Acl("world", "anyone", "r"),)
    tree = tree_of(create("/a"), SetAclTxn("/a", acl, 1))
    assert stat(tree, "/a") == Stat(z(1), z(1), z(1), 10, 10, 0, 0, 1, 0, 0, 0)
    znode = tree.get("/a")
    assert znode is not None
    assert znode.acl == acl


def test_a_child_that_comes_or_goes_changes_its_parents_pzxid_and_cversion() -> None:
    tree = tree_of(create("/a"), create("/a/b", 1), create("/a/c", 2), DeleteTxn("/a/b"))
    told = stat(tree, "/a")
    assert (told.czxid, told.mzxid, told.pzxid) == (z(1), z(1), z(4))
    assert (told.version, told.cversion, told.num_children) == (0, 3, 1)


def test_a_grandchild_changes_nothing() -> None:
    before = tree_of(create("/a"), create("/a/b"))
    after = tree_of(create("/a"), create("/a/b"), create("/a/b/c"))
    assert stat(before, "/a") == stat(after, "/a")


def test_an_ephemeral_names_its_owner() -> None:
    tree = tree_of(create("/a", kind="ephemeral", owner=SESSION))
    assert stat(tree, "/a").ephemeral_owner == SESSION
    assert tree.paths_of(SESSION) == ("/a",)


# ---------------------------------------------------------------- what watches may wait for


def test_a_creation_is_a_change_of_the_znode_and_of_its_parents_children() -> None:
    tree = tree_of(create("/a"))
    assert applied(tree, 2, create("/a/b")) == [
        Change(EventType.NODE_CREATED, "/a/b"),
        Change(EventType.NODE_CHILDREN_CHANGED, "/a"),
    ]


def test_a_deletion_is_one_too() -> None:
    tree = tree_of(create("/a"))
    assert applied(tree, 2, DeleteTxn("/a")) == [
        Change(EventType.NODE_DELETED, "/a"),
        Change(EventType.NODE_CHILDREN_CHANGED, "/"),
    ]


def test_new_data_are_a_change_of_the_znode_alone() -> None:
    tree = tree_of(create("/a"))
    assert applied(tree, 2, SetDataTxn("/a", "", 1)) == [Change(EventType.NODE_DATA_CHANGED, "/a")]


def test_a_new_acl_and_an_error_change_nothing_that_anybody_waits_for() -> None:
    tree = tree_of(create("/a"))
    assert applied(tree, 2, SetAclTxn("/a", OPEN_ACL, 1)) == []
    assert applied(tree, 3, ErrorTxn(Error.NONODE)) == []
    assert tree.last_zxid == z(3)


# ---------------------------------------------------------------- idempotent and total


def test_a_transaction_that_was_applied_already_changes_nothing() -> None:
    tree = tree_of(create("/a"), SetDataTxn("/a", "b", 1))
    before = tree.contents()
    assert applied(tree, 1, create("/a")) == []
    assert applied(tree, 2, SetDataTxn("/a", "c", 2)) == []
    assert tree.contents() == before


def test_what_makes_no_sense_in_this_history_changes_nothing() -> None:
    tree = tree_of(create("/a"), create("/a/b"))
    before = tree.contents().znodes
    senseless = (create("/x/y"), create("/a"), DeleteTxn("/x"), DeleteTxn("/a"), SetDataTxn("/x", "", 1))
    for counter, body in enumerate((*senseless, SetAclTxn("/x", OPEN_ACL, 1), CloseSessionTxn(("/x",), True)), 3):
        assert applied(tree, counter, body) == []
    assert tree.contents().znodes == before


# ---------------------------------------------------------------- multi


def test_the_parts_of_a_multi_happen_at_one_zxid() -> None:
    tree = DataTree()
    done: list[Done] = []
    body = MultiTxn((create("/a"), SetDataTxn("/a", "x", 1), DeleteTxn("/a")))  # type: ignore[arg-type]
    tree.apply(Txn(SESSION, 1, 10, "n1", body), z(1), done)
    created, changed, deleted = done
    assert isinstance(created, Created)
    assert isinstance(changed, StatIs)
    assert (created.stat.version, changed.stat.version, deleted) == (0, 1, Nothing())
    assert created.stat.czxid == changed.stat.mzxid == z(1)
    assert tree.get("/a") is None


# ---------------------------------------------------------------- sessions


def test_a_session_begins_with_its_transaction_and_ends_with_its_ephemerals() -> None:
    tree = tree_of(
        CreateSessionTxn(1_000, "c1", "secret"),
        create("/a"),
        create("/a/e", kind="ephemeral", owner=SESSION),
        create("/f", 2, kind="ephemeral", owner=SESSION),
    )
    assert tree.sessions[SESSION].client == "c1"
    assert applied(tree, 5, CloseSessionTxn(("/a/e", "/f"), expired=True)) == [
        Change(EventType.NODE_DELETED, "/a/e"),
        Change(EventType.NODE_CHILDREN_CHANGED, "/a"),
        Change(EventType.NODE_DELETED, "/f"),
        Change(EventType.NODE_CHILDREN_CHANGED, "/"),
    ]
    assert not tree.sessions
    assert not tree.ephemerals
    assert stat(tree, "/a").pzxid == z(5)


# ---------------------------------------------------------------- containers and TTL znodes


def test_a_container_goes_once_it_has_had_children_and_has_none() -> None:
    tree = tree_of(create("/c", kind="container"))
    assert tree.to_clean(0) == ()
    applied(tree, 2, create("/c/a"))
    assert tree.to_clean(0) == ()
    applied(tree, 3, DeleteTxn("/c/a"))
    assert tree.to_clean(0) == ("/c",)


def test_a_ttl_znode_goes_when_it_has_lain_unchanged_and_without_children_for_so_long() -> None:
    tree = tree_of(create("/t", kind="ttl", ttl=100))
    assert tree.to_clean(110) == ()
    assert tree.to_clean(111) == ("/t",)
    applied(tree, 2, SetDataTxn("/t", "", 1))
    assert tree.to_clean(111) == ()
    applied(tree, 3, create("/t/a"))
    assert tree.to_clean(1_000) == ()


def test_what_has_gone_is_looked_for_no_more() -> None:
    tree = tree_of(create("/t", kind="ttl", ttl=1), create("/p"))
    assert tree.may_pass
    applied(tree, 3, DeleteTxn("/t"))
    assert not tree.may_pass


# ---------------------------------------------------------------- as a value


def test_the_beginning_is_a_root_that_anyone_may_use() -> None:
    tree = tree_of(create("/a"))
    tree.restore(None)
    assert tree.contents() == DataTree().contents()
    assert tree.last_zxid == ZERO
    root = tree.get("/")
    assert root is not None
    assert root.acl == OPEN_ACL


def test_equal_trees_have_equal_digests_whatever_brought_them_there() -> None:
    one = tree_of(create("/a"))
    other = tree_of(create("/a"), ErrorTxn(Error.NONODE))
    assert one.digest == other.digest
    applied(other, 3, SetDataTxn("/a", "x", 1))
    assert one.digest != other.digest
