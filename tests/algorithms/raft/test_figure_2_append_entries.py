"""Figure 2, AppendEntries RPC, the receiver's rules (paper 5.3)."""

from __future__ import annotations

import pytest
from raft_server_talk import append_entries, entries, hear, is_behind, notes, server, terms, told, writes

from algorithms.machine import Append, Send
from algorithms.raft.messages import AppendEntriesResponse


def test_1_a_leader_of_an_old_term_is_refused() -> None:
    follower = server(log=(1,), term=5)
    assert told(hear(follower, "n2", append_entries(4, (1, 1), (4,))), "n2") == AppendEntriesResponse(
        5, False, 1, 1, 0, 1
    )
    assert terms(follower) == (1,)


def test_2_a_log_that_ends_before_prev_log_index_is_told_where_it_ends() -> None:
    follower = server(log=(1, 1), term=2)
    assert told(hear(follower, "n2", append_entries(2, (4, 2))), "n2") == AppendEntriesResponse(2, False, 4, 1, 0, 3)


def test_2_an_entry_of_another_term_at_prev_log_index_is_named_with_where_that_term_begins() -> None:
    follower = server(log=(1, 2, 2, 2), term=3)
    assert told(hear(follower, "n2", append_entries(3, (4, 3))), "n2") == AppendEntriesResponse(3, False, 4, 1, 2, 2)


def test_2_without_fast_backup_a_refusal_says_only_no() -> None:
    follower = server(log=(1, 2, 2, 2), term=3, fast_backup=False)
    assert told(hear(follower, "n2", append_entries(3, (4, 3))), "n2") == AppendEntriesResponse(3, False, 4, 1, 0, 4)


def test_3_a_conflicting_entry_is_deleted_with_all_that_follow_it() -> None:
    follower = server(log=(1, 2, 2, 2), term=3)
    effects = hear(follower, "n2", append_entries(3, (1, 1), (3,)))
    assert terms(follower) == (1, 3)
    assert writes(effects) == [Append("log", 2, entries(2, 3))]
    assert "truncates its log from index 2 on" in notes(effects)


def test_3_entries_that_do_not_conflict_stay_even_behind_the_last_new_one() -> None:
    follower = server(log=(1, 1, 1), term=1)
    effects = hear(follower, "n2", append_entries(1, (0, 0), (1,)))
    assert terms(follower) == (1, 1, 1)
    assert writes(effects) == []
    assert told(effects, "n2") == AppendEntriesResponse(1, True, 1, 1)


def test_3_a_heartbeat_about_the_past_deletes_nothing() -> None:
    follower = server(log=(1, 1, 1), term=1)
    hear(follower, "n2", append_entries(1, (1, 1)))
    assert terms(follower) == (1, 1, 1)


def test_4_entries_that_are_not_in_the_log_are_appended() -> None:
    follower = server(log=(1, 1), term=1)
    effects = hear(follower, "n2", append_entries(1, (1, 1), (1, 1, 1)))
    assert terms(follower) == (1, 1, 1, 1)
    assert writes(effects) == [Append("log", 3, entries(3, 1, 1))]
    assert told(effects, "n2") == AppendEntriesResponse(1, True, 4, 1)


def test_4_the_same_message_twice_is_the_same_as_once() -> None:
    follower = server(log=(1,), term=1)
    hear(follower, "n2", append_entries(1, (1, 1), (1, 1)))
    effects = hear(follower, "n2", append_entries(1, (1, 1), (1, 1)))
    assert terms(follower) == (1, 1, 1)
    assert writes(effects) == []
    assert told(effects, "n2") == AppendEntriesResponse(1, True, 3, 1)


@pytest.mark.parametrize(
    ("leader_commit", "commit_index"),
    [(1, 1), (2, 2), (9, 2)],
    ids=["one of them", "all of them", "more than we know of"],
)
def test_5_commit_index_is_the_leaders_but_not_beyond_the_last_new_entry(leader_commit: int, commit_index: int) -> None:
    follower = server(log=(1, 1, 1), term=1)
    hear(follower, "n2", append_entries(1, (1, 1), (1,), commit=leader_commit))
    assert follower.state.commit_index == commit_index


def test_5_commit_index_never_falls() -> None:
    follower = server(log=(1, 1), term=1)
    hear(follower, "n2", append_entries(1, (2, 1), commit=2))
    hear(follower, "n2", append_entries(1, (2, 1), commit=1))
    assert follower.state.commit_index == 2


def test_a_reply_waits_for_the_disk() -> None:
    effects = hear(server(), "n2", append_entries(1, (0, 0), (1,)))
    assert is_behind(effects, Send, Append)


def test_entries_that_a_snapshot_has_swallowed_agree_for_they_were_committed() -> None:
    follower = server(log=(1, 1, 1), term=1, snapshot_after=2, keep_entries=0)
    hear(follower, "n2", append_entries(1, (3, 1), commit=2))
    assert follower.state.log.first_index == 3
    reply = told(hear(follower, "n2", append_entries(1, (0, 0), (1, 1, 1, 1))), "n2")
    assert reply == AppendEntriesResponse(1, True, 4, 1)
    assert terms(follower) == (1, 1)


def test_a_reply_repeats_the_round_so_that_it_proves_leadership() -> None:
    """Dissertation 6.4."""
    follower, message = server(), append_entries(1)
    reply = told(hear(follower, "n2", message), "n2")
    assert isinstance(reply, AppendEntriesResponse)
    assert reply.round == message.round
