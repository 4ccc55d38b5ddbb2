"""ZooKeeper programmer's guide, "ZooKeeper access control using ACLs"."""

from __future__ import annotations

import pytest

from algorithms.keeper.commands import OPEN_ACL, Acl
from algorithms.keeper.errors import Error
from algorithms.keeper.tree.acl import allows, digest_of, fixed

ANN = ("digest", digest_of("ann:secret"))
BOB = ("digest", digest_of("bob:secret"))


def test_a_digest_is_the_user_and_the_base64_of_the_sha_1_of_user_and_password() -> None:
    # The guide's own example of DigestAuthenticationProvider.
    assert digest_of("super:superpw") == "super:g9oN2HttPfn8MMWJZ2r45Np/LIA="


@pytest.mark.parametrize("permission", "cdrwa")
def test_the_open_acl_allows_everything_to_anyone(permission: str) -> None:
    assert allows(OPEN_ACL, permission, ())


def test_a_digest_entry_allows_what_it_names_to_who_knows_the_password() -> None:
    acl = (Acl(*ANN, "rw"),)
    assert allows(acl, "r", (ANN,))
    assert not allows(acl, "d", (ANN,))
    assert not allows(acl, "r", (BOB,))
    assert not allows(acl, "r", ())


def test_one_entry_that_allows_is_enough() -> None:
    acl = (Acl("world", "anyone", "r"), Acl(*ANN, "w"))
    assert allows(acl, "r", ())
    assert not allows(acl, "w", ())
    assert allows(acl, "w", (BOB, ANN))


def test_auth_stands_for_everybody_whom_the_session_has_told_to_be() -> None:
    assert fixed((Acl("auth", "", "rw"),), (ANN, BOB)) == (Acl(*ANN, "rw"), Acl(*BOB, "rw"))


def test_auth_without_credentials_is_no_acl() -> None:
    assert fixed((Acl("auth", "", "rw"),), ()) is Error.INVALIDACL


@pytest.mark.parametrize(
    "acl",
    [
        (),
        (Acl("world", "somebody", "r"),),
        (Acl("ip", "10.0.0.1", "r"),),
        (Acl("digest", "ann", "r"),),
        (Acl("world", "anyone", ""),),
        (Acl("world", "anyone", "rx"),),
    ],
)
def test_what_is_no_acl_is_refused(acl: tuple[Acl, ...]) -> None:
    assert fixed(acl, ()) is Error.INVALIDACL


def test_the_same_entry_twice_is_kept_once() -> None:
    assert fixed(OPEN_ACL + OPEN_ACL, ()) == OPEN_ACL
