"""Hashes: the numbers that others publish, in every process."""

from __future__ import annotations

import subprocess
import sys
from hashlib import blake2b
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from algorithms.placement.hashing import HASHES, hash_named
from algorithms.placement.murmur3 import murmur3_x64_128

ROOT = Path(__file__).parents[3]

PUBLISHED = [
    ("md5", "abc", 0x900150983CD24FB0),  # RFC 1321, A.5
    ("md5", "", 0xD41D8CD98F00B204),
    ("fnv1a", "", 0xCBF29CE484222325),  # draft-eastlake-fnv, test vectors
    ("fnv1a", "a", 0xAF63DC4C8601EC8C),
    ("fnv1a", "foobar", 0x85944171F73967E8),
    ("crc32", "123456789", 0xCBF43926 << 32),  # the check value of CRC-32/ISO-HDLC
    ("murmur3", "", 0),
    ("murmur3", "The quick brown fox jumps over the lazy dog", 0xE34BBC7BBC071B6C),
]


@pytest.mark.parametrize(("name", "text", "number"), PUBLISHED)
def test_a_hash_gives_the_published_numbers(name: str, text: str, number: int) -> None:
    assert hash_named(name).of(text) == number


def test_blake2b_words_are_those_of_rfc_7693_appendix_a() -> None:
    words = hash_named("blake2b").words("abc")
    assert words[:2] == (0xBA80A53F981C4D0D, 0x6A2797B69F12F6E9)
    assert len(words) == 8


@given(st.text())
def test_blake2b_is_the_digest_of_eight_bytes(text: str) -> None:
    digest = blake2b(text.encode(), digest_size=8).digest()
    assert hash_named("blake2b").of(text) == int.from_bytes(digest, "big")


def test_murmur3_gives_the_verification_value_of_smhasher() -> None:
    """SMHasher's VerificationTest, KeysetTest.cpp: keys of 0 to 255 bytes, each with another seed, then all of them."""

    def digest(data: bytes, seed: int) -> bytes:
        h1, h2 = murmur3_x64_128(data, seed)
        return h1.to_bytes(8, "little") + h2.to_bytes(8, "little")

    every = b"".join(digest(bytes(range(length)), 256 - length) for length in range(256))
    assert int.from_bytes(digest(every, 0)[:4], "little") == 0x6384BA69


@pytest.mark.parametrize("name", HASHES)
def test_more_tokens_begin_with_the_fewer(name: str) -> None:
    """So that a change of weight moves keys only to the node, or only from it."""
    hashing = hash_named(name)
    many = hashing.tokens("n1", 50)
    assert len(many) == 50
    assert all(hashing.tokens("n1", count) == many[:count] for count in range(50))


@pytest.mark.parametrize("name", HASHES)
def test_numbers_have_64_bits(name: str) -> None:
    hashing = hash_named(name)
    numbers = [hashing.of(f"{number}-key") for number in range(1_000)]
    assert all(0 <= number < 2**64 for number in numbers)
    assert max(numbers) > 2**63


def test_an_unknown_hash_is_told_with_those_there_are() -> None:
    with pytest.raises(ValueError, match='there is no hash "sha0"; there are blake2b, md5, murmur3, fnv1a, crc32'):
        hash_named("sha0")


SAY_OWNERS = """
from placements import EVERY, KEYS, names
for name, make in EVERY.items():
    print(name, *(make(names(7)).owner(key) for key in KEYS[:40]), *make(names(7)).preference_list("k", 7))
"""


def said(seed: str) -> str:
    """Owners of every strategy in a process with this salt for the built-in hash."""
    path = f"{ROOT}:{Path(__file__).parent}"
    ran = subprocess.run(
        [sys.executable, "-c", SAY_OWNERS],
        env={"PYTHONHASHSEED": seed, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_owners_are_the_same_in_every_process() -> None:
    first = said("1")
    assert first.count("\n") == 6
    assert said("2") == first == said("random")
