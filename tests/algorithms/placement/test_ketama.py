"""The ketama ring: the owners that libketama and libmemcached find."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from hashlib import md5

import pytest
from placements import members, names

from algorithms.placement.ketama import DIGESTS, KetamaRing, digests_of, ketama_hash
from algorithms.placement.members import Member

WEIGHTS = (600, 300, 200, 350, 1000, 800, 950, 100)


def servers(port: str = "") -> KetamaRing:
    """The servers of libketama's ketama.servers, with its weights; libmemcached's tests use the same without ports."""
    return KetamaRing(tuple(Member(f"10.0.1.{i}{port}", weight) for i, weight in enumerate(WEIGHTS, 1)))


def test_a_million_keys_have_the_points_and_owners_of_libketama() -> None:
    """libketama/test.sh of RJ/ketama: the MD5 of what ketama_test.c prints, an empty line and a million keys."""
    ring = servers(":11211")
    printed = md5(b"\n")
    for number in range(1_000_000):
        place = ketama_hash(str(number))
        point = ring.bounds[bisect_left(ring.bounds, place) % len(ring.bounds)]
        printed.update(b"%d %d %s\n" % (place, point, ring.owner(str(number)).encode()))
    assert printed.hexdigest() == "5672b131391f5aa2b280936aec1eea74"


@pytest.mark.parametrize(
    ("key", "place", "point", "server"),
    [
        ("SVa_]_V41)", 443691461, 445379617, "10.0.1.7"),
        ("*/Z;?V(.\\8", 1422915503, 1428303028, "10.0.1.1"),
        ("30C1*Z*S/_", 1473165754, 1480075959, "10.0.1.2"),
        ("\\39DKW^)N_", 3548879868, 3550704865, "10.0.1.3"),
        ("EM75N0+[X1", 1558531507, 1559308507, "10.0.1.4"),
        ("1I=cTMNTKF", 2882686667, 2885206587, "10.0.1.5"),
        ("6,cEI`F_P>", 3972869246, 3974773167, "10.0.1.6"),
        ("P1[Ma3=K1/", 1989324036, 1994028240, "10.0.1.8"),
    ],
)
def test_keys_have_the_places_points_and_owners_of_libmemcached(key: str, place: int, point: int, server: str) -> None:
    """tests/ketama_test_cases.h of libmemcached."""
    ring = servers()
    assert ketama_hash(key) == place
    assert ring.bounds[bisect_left(ring.bounds, place)] == point
    assert ring.owner(key) == server


def test_a_key_behind_the_last_point_belongs_to_the_first() -> None:
    """VDEAAAAA is the key of libmemcached's test of the same."""
    ring = servers()
    assert ketama_hash("VDEAAAAA") == 0xFFFCD1B5 > ring.bounds[-1]
    assert ring.owner("VDEAAAAA") == ring._owners[0]


def test_two_servers_of_libketamas_python_test() -> None:
    """python_ketama/tests.py of RJ/ketama."""
    ring = KetamaRing((Member("127.0.0.1:11211", 600), Member("127.0.0.1:11212", 400)))
    assert ketama_hash("test") == 3446378249
    assert ring.bounds[bisect_left(ring.bounds, ketama_hash("test"))] == 3454255383
    assert ring.owner("test") == "127.0.0.1:11211"
    assert len(ring.bounds) == 160 * 2


def test_a_server_has_digests_as_libketama_counts_in_single_precision() -> None:
    digests = {count: digests_of(Member("n1"), members(names(count))) for count in range(1, 125)}
    assert [count for count in digests if digests[count] != DIGESTS] == [61, 122]
    assert digests[61] == DIGESTS - 1


def test_points_that_meet_belong_to_the_server_that_stands_first() -> None:
    """A stable sort leaves them in that order, and libketama's search finds the first. n81 and n975 have one such."""
    one, other = KetamaRing(members(("n81", "n975"))), KetamaRing(members(("n975", "n81")))
    assert one.bounds == other.bounds
    assert len(one.bounds) == 2 * 160 - 1
    assert [pair for pair in zip(one._owners, other._owners, strict=True) if pair[0] != pair[1]] == [("n81", "n975")]


def test_a_server_without_points_comes_last() -> None:
    ring = KetamaRing((Member("tiny", 0.001), Member("a"), Member("b")))
    assert Counter(map(ring.owner, map(str, range(1_000))))["tiny"] == 0
    assert all(ring.preference_list(str(number), 3)[2] == "tiny" for number in range(50))
    assert ring.preference_list("x", 2) == ring.preference_list("x", 3)[:2]
