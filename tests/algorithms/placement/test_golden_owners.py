"""Owners that must never change: a store finds its keys by them after an upgrade too."""

from __future__ import annotations

import pytest
from placements import EVERY, KEYS, names

GOLDEN = {
    "modulo": "63651671121132627767111645165145",
    "ring": "45454621244515677223725665222257",
    "ketama": "56577647716544557631132215554564",
    "rendezvous": "37145346216327334736124541152434",
    "jump": "55675575346157453423722212327145",
    "maglev": "53454645663557713644574674455123",
}
"""The number of the node of each of 32 keys on seven nodes."""


@pytest.mark.parametrize("name", EVERY)
def test_the_owners_of_the_first_keys_are_what_they_have_been(name: str) -> None:
    placement = EVERY[name](names(7))
    assert "".join(placement.owner(key)[1:] for key in KEYS[:32]) == GOLDEN[name]
