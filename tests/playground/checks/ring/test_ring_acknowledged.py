"""An acknowledged write with R+W>N is never lost (Dynamo 4.5; Jepsen's set-full)."""

from __future__ import annotations

import pytest

from algorithms.machine import Erase, Save
from algorithms.ring.commands import Quorum
from algorithms.ring.hints import Hint
from algorithms.ring.versions import Versions
from nodes.faults import Calm, Kill

CHECK = "acknowledged-writes"


def test_a_write_that_its_homes_hold_is_there(stage) -> None:
    play = stage()
    play.put("k", "a")
    assert play.verdict(CHECK).detail == "1 acknowledged write: 0 stable, 0 stale, 1 never read"
    play.get("k", play.homes("k"))
    assert play.verdict(CHECK).detail == "1 acknowledged write: 1 stable, 0 stale, 0 never read"
    assert play.failed() == {}


def test_one_home_is_enough_for_it_to_be_there(stage) -> None:
    play = stage()
    play.put("k", "a", at=play.homes("k")[2:])
    assert play.verdict(CHECK).verdict == "pass"


def test_a_write_that_no_replica_saved_is_lost(stage) -> None:
    play = stage()
    play.put("k", "a", at=())
    homes = play.homes("k")
    assert play.failed()[CHECK] == (
        f'1 lost: k = "a", acknowledged to c1 by n1 at 0.026 s, is not at its homes {homes[0]}, {homes[1]} and '
        f"{homes[2]}, nor is anything that replaced it; "
        "1 acknowledged write: 0 stable, 0 stale, 0 never read [Dynamo 4.5: R + W > N]"
    )


def test_a_write_whose_place_was_overwritten_is_lost(stage) -> None:
    play = stage()
    play.put("k", "a")
    play.put("k", "b", at=())
    assert play.failed()[CHECK].startswith('1 lost: k = "b"')


def test_a_write_that_was_replaced_by_an_acknowledged_one_is_not_missed(stage) -> None:
    play = stage()
    seen = play.put("k", "a")
    play.put("k", "b", seen=seen, by="c2", via="n3")
    assert play.verdict(CHECK).verdict == "pass"


def test_a_write_that_was_replaced_by_a_lost_one_is_not_lost_twice(stage) -> None:
    play = stage()
    seen = play.put("k", "a", at=())
    play.put("k", "b", seen=seen, at=())
    assert play.failed()[CHECK].startswith('1 lost: k = "b"')


def test_a_write_may_be_replaced_by_one_that_took_effect_though_nobody_was_told(stage) -> None:
    play = stage()
    seen = play.put("k", "a")
    play.put("k", "b", seen=seen, acknowledged=False)
    assert play.verdict(CHECK).verdict == "pass"


def test_a_write_may_not_be_replaced_by_one_that_is_gone_itself(stage) -> None:
    play = stage()
    seen = play.put("k", "a")
    play.put("k", "b", seen=seen, acknowledged=False)
    for node in play.homes("k"):
        play.act(node, Erase("key/k"))
    play.run(0.1)
    assert play.failed()[CHECK].startswith('1 lost: k = "a"')


def test_a_stand_in_is_no_home_and_when_its_hint_expires_the_write_is_lost(stage) -> None:
    """The planted bug: a coordinator that counts a stand-in's copy as a home's, with hints that expire too soon."""
    play = stage()
    outsider, homes = play.outsider("k"), play.homes("k")
    play.inject(Kill(homes[0]))
    play.put("k", "a", at=(outsider,), via=homes[1])
    held = play.held(outsider, "k")
    play.act(outsider, Save(f"hint/{homes[0]}/k", Hint(homes[0], "k", held, 0)), Erase("key/k"))
    play.run(0.1)
    waiting = play.verdict(CHECK)
    assert waiting.verdict == "unknown"
    assert waiting.detail.startswith("1 still on its way")
    assert f"; {outsider} as a hint for {homes[0]} has it" in waiting.detail
    play.inject(Calm())
    play.run(11)
    assert f"; {outsider} as a hint for {homes[0]} has it" in play.failed()[CHECK]
    assert play.verdict("durable-copies").verdict == "pass"
    play.act(outsider, Erase(f"hint/{homes[0]}/k"))
    play.run(0.1)
    assert play.failed()[CHECK].startswith('1 lost: k = "a"')
    assert f"when {outsider} erases hint/{homes[0]}/k" in play.failed()["durable-copies"]


def test_last_write_wins_loses_the_write_with_the_earlier_clock(stage) -> None:
    play = stage(conflicts="last_write_wins")
    play.put("k", "a", written_at=2_000_000)
    play.put("k", "b", by="c2", written_at=1_000_000)
    assert play.failed()[CHECK].startswith('1 lost: k = "b", acknowledged to c2')


def test_what_the_last_write_has_pushed_out_is_lost_though_a_later_write_seems_to_know_it(stage) -> None:
    """Whoever reads the winner is told of both dots, so its next write seems to replace the loser too."""
    play = stage(conflicts="last_write_wins")
    homes = play.homes("k")
    play.put("k", "a", written_at=2_000_000)
    winner = play.held(homes[0], "k").siblings
    play.put("k", "b", by="c2", written_at=1_000_000)
    both = play.held(homes[0], "k").clock
    for node in homes:
        play.hold(node, "k", Versions(both, winner))
    play.put("k", "c", seen=both, written_at=3_000_000)
    assert play.failed()[CHECK].startswith(
        f'1 lost: k = "b", acknowledged to c2 by n1 at 0.066 s, {homes[0]} had dropped it by'
    )
    assert 'for k = "a", which did not know it' in play.failed()[CHECK]


def test_siblings_are_both_there_with_vector_clocks(stage) -> None:
    play = stage()
    play.put("k", "a", written_at=2_000_000)
    play.put("k", "b", by="c2", written_at=1_000_000)
    assert play.verdict(CHECK).verdict == "pass"


def test_a_delete_is_a_write_too(stage) -> None:
    play = stage()
    seen = play.put("k", "a")
    play.delete("k", seen=seen, at=())
    assert play.failed()[CHECK].startswith("1 lost: the delete of k, acknowledged to c1")


@pytest.mark.parametrize(("grace", "verdict"), [(1_000_000, "pass"), (60_000_000, "fail")])
def test_a_tombstone_may_go_once_its_grace_is_over(stage, grace: int, verdict: str) -> None:
    play = stage(tombstone_grace=grace)
    seen = play.put("k", "a")
    play.delete("k", seen=seen)
    play.run(2)
    play.collect(*play.homes("k"))
    assert play.verdict(CHECK).verdict == verdict


def test_a_write_with_a_narrow_quorum_promises_nothing(stage) -> None:
    play = stage()
    play.put("k", "a", at=(), quorum=Quorum(r=1, w=2))
    result = play.verdict(CHECK)
    assert result.verdict == "pass"
    assert "1 more with R+W≤N, which promise nothing" in result.detail


def test_a_write_that_nobody_was_told_of_is_not_missed(stage) -> None:
    play = stage()
    play.put("k", "a", at=(), acknowledged=False)
    assert play.verdict(CHECK).verdict == "pass"


def test_a_write_that_was_missed_at_first_is_stale(stage) -> None:
    play = stage()
    first, *_, last = play.homes("k")
    play.put("k", "a", at=(first,))
    play.get("k", (last,))
    play.get("k", (first, last))
    assert play.verdict(CHECK).detail.startswith("1 acknowledged write: 0 stable, 1 stale")
