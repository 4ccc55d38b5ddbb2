"""Keys that are not one's own go to all their homes, and only then away (Dynamo 4.6, 4.9)."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ring_postman import Postman
from ring_server_talk import NODES, booted, fired, notes, sent, told
from ring_values import disk, written

from algorithms.lives import Life
from algorithms.machine import Cell, Erase, Saved
from algorithms.placement.ring import Member
from algorithms.ring.machine import RingMachine
from algorithms.ring.messages import FetchKeys, KeysFetched, Ping, RingIs, Status, Store
from algorithms.ring.settings import RingSettings
from algorithms.ring.table import Ring, first_ring, placement
from algorithms.ring.versions import NOTHING, Versions, join

SETTINGS = RingSettings(virtual_nodes=8, transfer_chunk=1_000)
FIVE = first_ring(NODES, SETTINGS).members
SIX = (*FIVE, Member("n6"))


def homes(key: str, members: tuple[Member, ...] = FIVE) -> tuple[str, ...]:
    return placement(members, SETTINGS).preference_list(key, 3)


def keys_where(wanted) -> list[str]:
    """The first few keys of which this is true."""
    found = (key for key in (f"k{number}" for number in range(10_000)) if wanted(key))
    return [key for key, _ in zip(found, range(60), strict=False)]


ELSEWHERE = keys_where(lambda key: "n1" not in homes(key))
K = ELSEWHERE[0]
H = homes(K)


def holding(*keys: str, settings: RingSettings = SETTINGS, value: str = "x") -> RingMachine:
    return booted("n1", saved=disk({key: written(value) for key in keys}), settings=settings)


def offers(effects) -> dict[str, FetchKeys]:
    return dict(sent(effects, FetchKeys))


def confirm(machine: RingMachine, home: str, offer: FetchKeys):
    return told(machine, home, KeysFetched(offer.exchange, offer.step, (), ()))


def erased(effects) -> list[str]:
    return [each.cell for each in effects if isinstance(each, Erase)]


# ---------------------------------------------------------------- to whom


def test_a_stray_is_handed_to_all_its_homes() -> None:
    found = offers(fired(holding(K), "strays"))
    assert sorted(found) == sorted(H)
    assert {(each.keys, each.versions, each.wanted) for each in found.values()} == {((K,), (written("x"),), ())}


def test_what_is_ones_own_stays() -> None:
    [own, *_] = keys_where(lambda key: "n1" in homes(key))
    assert offers(fired(holding(own), "strays")) == {}


def test_what_is_written_here_for_others_is_a_stray() -> None:
    machine = holding()
    fired(machine, "strays")
    told(machine, "n2", Store(1, 5, K, written("x")))
    assert sorted(offers(fired(machine, "strays"))) == sorted(H)


def test_a_home_that_seems_dead_is_waited_for() -> None:
    machine = holding(K)
    told(machine, H[1], Ping(1, 1, "", (Status(H[0], "dead", 99),)))
    found = offers(fired(machine, "strays"))
    assert sorted(found) == sorted(H[1:])
    for home, offer in found.items():
        assert erased(confirm(machine, home, offer)) == []
    told(machine, H[0], Ping(1, 1, "", ()))
    assert list(offers(fired(machine, "strays"))) == [H[0]]


# ---------------------------------------------------------------- when it goes


@pytest.mark.parametrize("few", [each for count in range(3) for each in combinations(range(3), count)])
def test_it_is_not_erased_before_every_home_has_confirmed(few: tuple[int, ...]) -> None:
    machine = holding(K)
    found = offers(fired(machine, "strays"))
    for place in few:
        assert erased(confirm(machine, H[place], found[H[place]])) == []
    assert erased(fired(machine, "strays")) == []
    assert K in machine.state.storage.keys


def test_it_is_erased_when_the_last_home_has_confirmed() -> None:
    machine = holding(K)
    found = offers(fired(machine, "strays"))
    effects = [confirm(machine, home, found[home]) for home in H]
    assert [erased(each) for each in effects] == [[], [], [f"key/{K}"]]
    assert notes(effects[2]) == ["gave up 1 keys: all their homes have them on disk"]


def test_one_home_counts_once() -> None:
    machine = holding(K)
    found = offers(fired(machine, "strays"))
    for _ in range(3):
        assert erased(confirm(machine, H[0], found[H[0]])) == []


def test_a_home_speaks_for_itself_only() -> None:
    machine = holding(K)
    found = offers(fired(machine, "strays"))
    for home in H:
        assert erased(confirm(machine, "n1", found[home])) == []
    for one, other in ((H[0], H[1]), (H[1], H[2]), (H[2], H[0])):
        assert erased(confirm(machine, one, found[other])) == []


def test_what_has_changed_meanwhile_stays_and_is_handed_over_again() -> None:
    machine = holding(K)
    found = offers(fired(machine, "strays"))
    told(machine, "n2", Store(1, 5, K, written("y", "c2.1")))
    for home in H:
        assert erased(confirm(machine, home, found[home])) == []
    again = offers(fired(machine, "strays"))
    assert sorted(again) == sorted(H)
    assert all(each.versions == (join(written("x"), written("y", "c2.1")),) for each in again.values())
    assert [erased(confirm(machine, home, again[home])) for home in H][-1] == [f"key/{K}"]


def test_what_goes_while_it_is_under_way_is_gone() -> None:
    machine = holding(K)
    found = offers(fired(machine, "strays"))
    machine.state.storage.erase(machine.state, K)
    for home in H:
        assert erased(confirm(machine, home, found[home])) == []
    assert offers(fired(machine, "strays", 500_000)) == {}


def test_what_was_not_answered_is_sent_again() -> None:
    machine = holding(K)
    found = offers(fired(machine, "strays"))
    confirm(machine, H[0], found[H[0]])
    assert sorted(offers(fired(machine, "strays", 500_000))) == sorted(H[1:])


def test_who_does_not_answer_is_asked_less_and_less_often() -> None:
    machine = holding(K)
    times = [time for time in range(0, 16_000_000, 500_000) if H[0] in offers(fired(machine, "strays", time))]
    assert times == [0, 500_000, 1_500_000, 3_500_000, 7_500_000, 11_500_000, 15_500_000]


def test_a_clock_that_is_set_back_does_not_stop_the_handing_over() -> None:
    machine = holding(K)
    fired(machine, "strays", 3_600_000_000)
    assert sorted(offers(fired(machine, "strays", 0))) == sorted(H)


def test_an_answer_that_took_longer_than_the_interval_counts() -> None:
    """Or a slow disk at a home would keep it a stray for ever."""
    machine = holding(K)
    first = offers(fired(machine, "strays"))
    again = offers(fired(machine, "strays", 500_000))
    assert again == first
    assert [erased(confirm(machine, home, first[home])) for home in H][-1] == [f"key/{K}"]


def test_an_answer_to_an_earlier_life_does_not_count() -> None:
    """Then there was one stray in the first message; now there are two, and nobody has said that he has the other."""
    same = [key for key in ELSEWHERE if homes(key) == H][:2]
    answered = offers(fired(holding(same[0]), "strays"))
    cells = (*disk({key: written("x") for key in same}).cells, Cell("life", Life(1)))
    machine = booted("n1", saved=Saved(cells), settings=SETTINGS)
    fired(machine, "strays")
    for home in H:
        assert erased(confirm(machine, home, answered[home])) == []
    assert len(machine.state.storage) == 2


# ---------------------------------------------------------------- when the ring changes


def test_while_ranges_move_the_homes_of_both_rings_must_have_it() -> None:
    [key, *_] = keys_where(lambda key: "n1" not in homes(key) and "n6" in homes(key, SIX))
    machine = holding(key)
    told(machine, "n2", RingIs(Ring(2, FIVE, SIX, "n2")))
    found = offers(fired(machine, "strays"))
    assert sorted(found) == sorted({*homes(key), "n6"})
    for home in homes(key):
        assert erased(confirm(machine, home, found[home])) == []
    assert erased(confirm(machine, "n6", found["n6"])) == [f"key/{key}"]


def test_what_a_node_owns_until_ranges_have_moved_is_no_stray_before() -> None:
    [key, *_] = keys_where(lambda key: "n1" in homes(key) and "n1" not in homes(key, SIX))
    machine = holding(key)
    told(machine, "n2", RingIs(Ring(2, FIVE, SIX, "n2")))
    assert offers(fired(machine, "strays")) == {}
    told(machine, "n2", RingIs(Ring(3, SIX, (), "n2")))
    assert sorted(offers(fired(machine, "strays"))) == sorted(homes(key, SIX))


def test_what_a_node_will_own_is_no_stray_any_more() -> None:
    """Answers of the old epoch that are still under way take nothing from it."""
    four = tuple(member for member in FIVE if member.name != "n5")
    [key, *_] = keys_where(lambda key: "n1" not in homes(key) and "n1" in homes(key, four))
    machine = holding(key)
    found = offers(fired(machine, "strays"))
    told(machine, "n2", RingIs(Ring(2, FIVE, four, "n2")))
    for home in homes(key):
        assert erased(confirm(machine, home, found[home])) == []
    assert offers(fired(machine, "strays")) == {}
    assert key in machine.state.storage.keys


def test_what_was_confirmed_in_another_epoch_must_be_confirmed_again() -> None:
    machine = holding(K)
    found = offers(fired(machine, "strays"))
    for home in H[:2]:
        confirm(machine, home, found[home])
    told(machine, "n2", RingIs(Ring(2, FIVE, (), "n2")))
    assert erased(confirm(machine, H[2], found[H[2]])) == []
    again = offers(fired(machine, "strays"))
    assert {each.epoch for each in again.values()} == {2}
    assert sorted(again) == sorted(H)


def test_with_gossip_two_rings_of_one_epoch_are_two_rings() -> None:
    settings = RingSettings(virtual_nodes=8, membership="gossip")
    machine = holding(K, settings=settings)
    told(machine, "n2", RingIs(Ring(2, FIVE, (), "n2")))
    found = offers(fired(machine, "strays"))
    for home in H[:2]:
        confirm(machine, home, found[home])
    told(machine, "n3", RingIs(Ring(2, FIVE, (), "n3")))
    assert erased(confirm(machine, H[2], found[H[2]])) == []
    assert sorted(offers(fired(machine, "strays"))) == sorted(H)


def test_who_has_left_the_ring_hands_on_everything() -> None:
    others = tuple(member for member in FIVE if member.name != "n1")
    keys = [f"k{number}" for number in range(30)]
    machine = holding(*keys)
    told(machine, "n2", RingIs(Ring(2, FIVE, others, "n2")))
    told(machine, "n2", RingIs(Ring(3, others, (), "n2")))
    post = Postman(machine, *(booted(name, settings=SETTINGS) for name in NODES[1:]))
    for name in NODES[1:]:
        told(post.machines[name], "n1", RingIs(Ring(3, others, (), "n2")))
    post.fire("n1", "strays")
    post.deliver_all()
    assert post.held("n1") == {}
    for key in keys:
        assert all(key in post.held(home) for home in homes(key, others))


# ---------------------------------------------------------------- many


def test_a_message_takes_a_chunk_and_the_next_goes_when_it_is_answered() -> None:
    keys = [key for key in ELSEWHERE if homes(key) == H][:5]
    assert len(keys) == 5
    machine = holding(*keys, value="v" * 400)
    handed: list[str] = []
    offer = offers(fired(machine, "strays"))[H[0]]
    while True:
        assert len(offer.keys) <= 2
        handed += offer.keys
        following = offers(confirm(machine, H[0], offer))
        if not following:
            break
        offer = following[H[0]]
    assert sorted(handed) == sorted(keys)


def test_what_goes_while_it_waits_for_its_turn_is_not_handed_over() -> None:
    keys = [key for key in ELSEWHERE if homes(key) == H][:5]
    machine = holding(*keys, value="v" * 900)
    first = offers(fired(machine, "strays"))[H[0]]
    [gone, *left] = [key for key in keys if key not in first.keys]
    machine.state.storage.erase(machine.state, gone)
    handed = []
    following = {H[0]: first}
    while following:
        handed += following[H[0]].keys
        following = offers(confirm(machine, H[0], following[H[0]]))
    assert sorted(handed) == sorted([*first.keys, *left])


def test_a_value_larger_than_a_chunk_goes_alone() -> None:
    offer = offers(fired(holding(*ELSEWHERE[:3], value="v" * 5_000), "strays"))
    assert {len(each.keys) for each in offer.values()} == {1}


MOVES = st.lists(st.tuples(st.sampled_from(["carry", "lose", "double", "late", "look", "write"]), st.integers(0, 9)))


@settings(max_examples=60, deadline=None)
@given(MOVES)
def test_whatever_the_network_does_a_key_never_goes_before_its_homes_have_it(moves: list[tuple[str, int]]) -> None:
    keys = ELSEWHERE[:3]
    machine = holding(*keys, value="v" * 600)
    post = Postman(machine, *(booted(name, settings=SETTINGS) for name in NODES[1:]))
    post.fire("n1", "strays")
    for number, (move, which) in enumerate(moves):
        before = post.held("n1")
        if move == "look":
            post.fire("n1", "strays", number * 1_000_000)
        elif move == "write":
            versions = written(f"w{number}", f"c{number}.1")
            post.collect("n1", told(machine, "n9", Store(1, 1, keys[which % 3], versions)))
        elif post.under_way:
            post.under_way.rotate(-which % len(post.under_way) if move == "late" else 0)
            if move == "double":
                post.under_way.append(post.under_way[0])
            if move == "lose":
                post.under_way.popleft()
            else:
                post.deliver()
        for key in before.keys() - post.held("n1").keys():
            assert all(_has(post.held(home), key, before[key]) for home in homes(key)), key
    for number in range(6):
        post.fire("n1", "strays", 1_000_000_000 + number * 10_000_000)
        post.deliver_all()
    assert post.held("n1") == {}


def _has(held: dict[str, Versions], key: str, versions: Versions) -> bool:
    return join(held.get(key, NOTHING), versions) == held.get(key, NOTHING)
