"""Properties of the tree: whatever the requests, the same transactions make the same tree."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.keeper.commands import Check, Create, Delete, Mode, Multi, SetAcl, SetData, Write
from algorithms.keeper.preparing import Asking, Preparing
from algorithms.keeper.tree.data_tree import DataTree
from algorithms.keeper.txns import Body, CreateSessionTxn, ErrorTxn, Txn
from algorithms.keeper.zxid import Zxid

SESSIONS = (1, 2)
PATHS = ("/", "/a", "/b", "/a/b", "/a/c", "/a/b/c", "/q/")
VERSIONS = st.sampled_from((-1, 0, 1, 2))
PATH = st.sampled_from(PATHS)
CREATES = st.builds(Create, PATH, st.sampled_from(("", "x")), st.sampled_from(Mode), ttl=st.sampled_from((0, 5)))
PARTS = st.one_of(CREATES, st.builds(Delete, PATH, VERSIONS), st.builds(SetData, PATH, st.just("y"), VERSIONS))
CHECKS = st.builds(Check, PATH, VERSIONS)
ACLS = st.builds(SetAcl, PATH, st.just(Create("/x").acl), VERSIONS)
MULTIS = st.lists(st.one_of(PARTS, CHECKS), max_size=4).map(lambda parts: Multi(tuple(parts)))
WRITES = st.one_of(PARTS, PARTS, ACLS, MULTIS)
STEPS = st.lists(st.tuples(st.sampled_from(SESSIONS), WRITES, st.booleans()), max_size=30)
"""Who asks for what, and whether everything that is outstanding is delivered before it."""

Step = tuple[int, Write, bool]


class Primary:
    """A leader that proposes ahead of what it has delivered."""

    def __init__(self) -> None:
        self.tree = DataTree()
        self.preparing = Preparing(self.tree)
        self.proposed: list[tuple[Zxid, Txn]] = []
        self.delivered = 0
        for session_id in SESSIONS:
            self.propose(session_id, CreateSessionTxn(1_000, f"c{session_id}", ""))
        self.deliver()

    def propose(self, session_id: int, body: Body) -> None:
        zxid = Zxid(1, len(self.proposed) + 1)
        self.proposed.append((zxid, Txn(session_id, 1, zxid.counter, "n1", body)))
        self.preparing.proposed(zxid)

    def ask(self, session_id: int, write: Write) -> Body:
        body = self.preparing.prepare(write, Asking(session_id, (), 1_000))
        self.propose(session_id, body)
        return body

    def deliver(self) -> None:
        for zxid, txn in self.proposed[self.delivered :]:
            self.tree.apply(txn, zxid)
            self.preparing.delivered(zxid)
        self.delivered = len(self.proposed)


def ran(steps: list[Step], at_once: bool | None = None) -> Primary:
    primary = Primary()
    for session_id, write, deliver in steps:
        primary.ask(session_id, write)
        if deliver if at_once is None else at_once:
            primary.deliver()
    primary.deliver()
    return primary


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_to_apply_twice_is_to_apply_once(steps: list[Step]) -> None:
    primary = ran(steps)
    again = DataTree()
    for zxid, txn in primary.proposed:
        again.apply(txn, zxid)
        again.apply(txn, zxid)
    for zxid, txn in primary.proposed:
        assert again.apply(txn, zxid) == []
    assert again.contents() == primary.tree.contents()


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_equal_sequences_make_equal_trees_with_equal_digests(steps: list[Step]) -> None:
    assert ran(steps).tree.digest == ran(steps).tree.digest


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_what_is_decided_does_not_depend_on_how_far_the_leader_has_delivered(steps: list[Step]) -> None:
    assert ran(steps, at_once=True).proposed == ran(steps, at_once=False).proposed == ran(steps).proposed


@settings(max_examples=60, deadline=None)
@given(STEPS, st.integers(0, 30))
def test_a_snapshot_with_what_follows_is_the_same_as_all(steps: list[Step], after: int) -> None:
    primary = ran(steps)
    first, later = DataTree(), DataTree()
    for zxid, txn in primary.proposed[:after]:
        first.apply(txn, zxid)
    later.restore(first.contents())
    assert later.contents() == first.contents()
    for zxid, txn in primary.proposed[after:]:
        later.apply(txn, zxid)
    assert later.contents() == primary.tree.contents()
    assert later.ephemerals == primary.tree.ephemerals
    assert later.to_clean(100) == primary.tree.to_clean(100)


@settings(max_examples=60, deadline=None)
@given(STEPS, st.lists(st.one_of(PARTS, CHECKS), min_size=1, max_size=4))
def test_a_multi_is_done_as_a_whole_or_not_at_all(
    steps: list[Step], parts: list[Create | Delete | SetData | Check]
) -> None:
    primary = ran(steps)
    before = primary.tree.contents().znodes
    body = primary.ask(1, Multi(tuple(parts)))
    primary.deliver()
    one_by_one = ran(steps)
    refused = False
    for part in parts:
        single = one_by_one.ask(1, Multi((part,)))
        refused = refused or isinstance(single, ErrorTxn)
        one_by_one.deliver()
        if refused:
            break
    assert isinstance(body, ErrorTxn) == refused
    assert not refused or primary.tree.contents().znodes == before


@settings(max_examples=60, deadline=None)
@given(STEPS, st.sampled_from(SESSIONS))
def test_the_end_of_a_session_takes_every_ephemeral_that_it_will_have_by_then(steps: list[Step], ends: int) -> None:
    primary = Primary()
    for session_id, write, deliver in steps:
        primary.ask(session_id, write)
        if deliver:
            primary.deliver()
    primary.propose(ends, primary.preparing.close_session(ends, expired=True))
    for session_id, write, _ in steps:
        primary.ask(session_id, write)
    primary.deliver()
    assert ends not in primary.tree.sessions
    assert ends not in primary.tree.ephemerals
    owners = [each.ephemeral_owner for each in primary.tree.walk() if each.ephemeral_owner]
    assert ends not in owners


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_no_transaction_of_a_leader_is_senseless(steps: list[Step]) -> None:
    """Whatever it has decided really happens: the stat of what it has changed bears the transaction's zxid."""
    primary = ran(steps)
    tree = DataTree()
    for zxid, txn in primary.proposed:
        changes = tree.apply(txn, zxid)
        if type(txn.body).__name__ in ("CreateTxn", "DeleteTxn", "SetDataTxn"):
            assert changes, f"{txn.body} has changed nothing"
