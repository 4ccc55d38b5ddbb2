"""Merkle trees: equal contents have equal roots, other contents other roots (Dynamo 4.7)."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from algorithms.ring.merkle import LEAVES, ROOT, Tree, children
from algorithms.ring.settings import RingSettings
from algorithms.ring.table import position_of

Content = dict[str, tuple[int, int]]
"""Keys with their positions and digests."""
POSITIONS = st.integers(0, 2**64 - 1)
DIGESTS = st.integers(0, 2**63 - 1)
CONTENTS = st.dictionaries(st.text(max_size=4), st.tuples(POSITIONS, DIGESTS), max_size=60)


def tree(content: Content) -> Tree:
    return Tree((position, key, digest) for key, (position, digest) in content.items())


def leaves_below(path: int) -> list[int]:
    return [path] if path >= LEAVES else [leaf for child in children(path) for leaf in leaves_below(child)]


@given(CONTENTS, st.randoms(use_true_random=False))
def test_equal_contents_have_equal_roots_whoever_builds_them(content: Content, dice) -> None:
    keys = list(content)
    dice.shuffle(keys)
    assert tree(content).digest(ROOT) == tree({key: content[key] for key in keys}).digest(ROOT)


@given(CONTENTS, CONTENTS)
def test_other_contents_have_other_roots(one: Content, other: Content) -> None:
    assume(one != other)
    places = {key: position for key, (position, _) in (other | one).items()}
    # A key lies where it lies, whoever holds it.
    one = {key: (places[key], digest) for key, (_, digest) in one.items()}
    other = {key: (places[key], digest) for key, (_, digest) in other.items()}
    assert (tree(one).digest(ROOT) == tree(other).digest(ROOT)) == (one == other)


@given(CONTENTS.filter(len), st.data())
def test_one_changed_key_changes_exactly_the_way_to_it(content: Content, data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(content)))
    position, digest = content[key]
    before, after = tree(content), tree(content | {key: (position, digest ^ 1)})
    paths = [ROOT, *children(ROOT), *(leaf for child in children(ROOT) for leaf in children(child))]
    changed = [path for path in paths if before.digest(path) != after.digest(path)]
    assert len(changed) == 3
    assert changed[1] in children(changed[0])
    assert changed[2] in children(changed[1])
    assert all(key in dict(after.under(path)) for path in changed)


@given(CONTENTS, st.lists(st.tuples(st.text(max_size=1), POSITIONS, st.none() | DIGESTS), max_size=30))
def test_a_tree_that_was_changed_step_by_step_is_one_made_at_once(
    content: Content, steps: list[tuple[str, int, int | None]]
) -> None:
    grown = tree(content)
    places = {key: position for key, (position, _) in content.items()}
    for key, drawn, digest in steps:
        position = places.setdefault(key, drawn)
        grown.digest(ROOT)  # so that digests are kept that must be forgotten now
        if digest is None:
            grown.drop(position, key)
            content = {other: held for other, held in content.items() if other != key}
        else:
            grown.put(position, key, digest)
            content = content | {key: (position, digest)}
    made = tree(content)
    paths = [ROOT, *children(ROOT), *leaves_below(ROOT)]
    assert [grown.digest(path) for path in paths] == [made.digest(path) for path in paths]
    assert grown.under(ROOT) == made.under(ROOT)


def test_the_tree_of_nothing_is_zero_everywhere() -> None:
    empty = tree({})
    assert empty.digest(ROOT) == 0
    assert empty.under(ROOT) == []


@given(CONTENTS.filter(len))
def test_something_is_never_zero(content: Content) -> None:
    full = tree(content)
    assert all((full.digest(path) != 0) == bool(full.under(path)) for path in (ROOT, *children(ROOT)))


@given(CONTENTS)
def test_every_key_is_below_one_leaf_and_every_node_on_the_way_to_it(content: Content) -> None:
    full = tree(content)
    wanted = sorted((key, digest) for key, (_, digest) in content.items())
    assert full.under(ROOT) == wanted
    assert sorted(pair for leaf in leaves_below(ROOT) for pair in full.under(leaf)) == wanted
    for path in (ROOT, *children(ROOT)):
        assert full.count(path) == len(full.under(path))
    for child in children(ROOT):
        assert full.under(child) == sorted(pair for leaf in leaves_below(child) for pair in full.under(leaf))


def test_a_tree_is_as_wide_as_it_should_be() -> None:
    assert [len(children(ROOT)), len(leaves_below(ROOT))] == [16, 256]
    assert len(set(leaves_below(ROOT))) == 256


def test_keys_spread_over_all_leaves() -> None:
    full = tree({f"k{number}": (position_of(RingSettings())(f"k{number}"), 1) for number in range(5_000)})
    held = [len(full.under(leaf)) for leaf in leaves_below(ROOT)]
    assert min(held) >= 5
    assert max(held) <= 50


@given(CONTENTS)
def test_digests_fit_into_63_bits(content: Content) -> None:
    assert 0 <= tree(content).digest(ROOT) < 2**63
