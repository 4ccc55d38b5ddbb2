"""What a keeper is asked for, as text and as values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from algorithms import kv
from algorithms.broker.commands import ElectLeader
from algorithms.broker.topics import TopicPartition
from algorithms.keeper import commands
from algorithms.keeper.commands import OPEN_ACL, Acl, Mode, WatchMode
from playground.commands import parse, write
from playground.commands.complete import complete
from playground.commands.keeper_verbs import KEEPER_VERBS
from playground.commands.values import Ask, Delete, Do, Named, OnNodes, Placed, PutFile, Verb, Wish
from playground.errors import BadInput
from playground.spec import KEEPER, Spec

PARTS = st.from_regex(r"[A-Za-z0-9_.#~+-]{1,8}", fullmatch=True).filter(lambda part: part not in (".", ".."))
PATHS = st.lists(PARTS, min_size=1, max_size=3).map(lambda parts: "/" + "/".join(parts))
DATA = st.text(max_size=6) | st.sampled_from(("1", "007", "true", "null", "-3", "on", "lock", "5s", "a;b"))
NAMES = st.from_regex(r"[a-z. ]{1,8}", fullmatch=True) | st.just("look")
ACLS = st.just(OPEN_ACL) | st.lists(
    st.builds(
        Acl, st.sampled_from(("world", "digest", "auth")), st.sampled_from(("anyone", "bob:x/y=", "")), st.just("crw")
    ),
    min_size=1,
    max_size=2,
).map(tuple)
VERSIONS = st.integers(-1, 99)
CREATIONS = st.builds(
    commands.Create,
    PATHS,
    DATA,
    st.sampled_from([mode for mode in Mode if "ttl" not in mode.value]),
    ACLS,
) | st.builds(
    commands.Create,
    PATHS,
    DATA,
    st.sampled_from((Mode.PERSISTENT_WITH_TTL, Mode.PERSISTENT_SEQUENTIAL_WITH_TTL)),
    ACLS,
    st.integers(1, 10**9),
)
CHANGES = CREATIONS | st.builds(commands.SetData, PATHS, DATA, VERSIONS) | st.builds(commands.Delete, PATHS, VERSIONS)
CHECKS = st.builds(commands.Check, PATHS, VERSIONS)
ANYWHERE = PATHS | st.just("/")
WISHES: st.SearchStrategy[Wish] = st.one_of(
    CHANGES,
    st.builds(commands.Multi, st.lists(CHANGES | CHECKS, min_size=1, max_size=3).map(tuple)),
    st.builds(commands.SetAcl, ANYWHERE, ACLS, VERSIONS),
    st.builds(commands.GetData, ANYWHERE, st.booleans()),
    st.builds(commands.Exists, ANYWHERE, st.booleans()),
    st.builds(commands.GetChildren, ANYWHERE, st.booleans()),
    st.builds(commands.GetStat, ANYWHERE),
    st.builds(commands.GetAcl, ANYWHERE),
    st.builds(commands.Sync, ANYWHERE),
    st.builds(commands.AddWatch, ANYWHERE, st.sampled_from((WatchMode.PERSISTENT, WatchMode.PERSISTENT_RECURSIVE))),
    st.builds(commands.RemoveWatches, ANYWHERE),
    st.builds(commands.AddAuth, st.just("digest"), st.sampled_from(("bob:secret", "a b:c:d"))),
    st.builds(commands.Reconnect, st.sampled_from(("", "n2"))),
    st.just(commands.CloseSession()),
    st.builds(commands.Lock, PATHS, st.booleans(), st.booleans(), st.booleans()),
    st.builds(commands.EnterBarrier, PATHS, st.integers(1, 9)),
    st.builds(commands.Enqueue, PATHS, DATA),
    st.builds(commands.Guarded, PATHS, NAMES, DATA),
    st.builds(commands.Look, NAMES),
    *(
        st.builds(each, PATHS)
        for each in (
            commands.Unlock,
            commands.Elect,
            commands.Resign,
            commands.LeaveBarrier,
            commands.Dequeue,
            commands.Join,
            commands.Leave,
            commands.Members,
        )
    ),
)


@given(WISHES, st.none() | st.just("c1"), st.none() | st.just("keeper"))
def test_what_is_written_is_read_as_the_same(wish: Wish, client: str | None, service: str | None) -> None:
    ask = Ask(wish, client, service)
    assert parse(write(ask)) == ask


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("get /a", commands.GetData("/a")),
        ("get a", kv.Get("a")),
        ('get "/a"', kv.Get("/a")),
        ("delete /a", commands.Delete("/a")),
        ('delete "/a"', Delete("/a")),
        ("elect /e", commands.Elect("/e")),
        ("elect orders/0", ElectLeader(TopicPartition("orders", 0))),
        ("file put /tmp/a(1).txt", PutFile("/tmp/a(1).txt")),
    ],
)
def test_a_path_that_is_not_quoted_is_a_znode(text: str, wish: Wish) -> None:
    assert parse(text) == Ask(wish)


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        ("create /a 007", Ask(commands.Create("/a", "007"))),
        ("create /a --ephemeral --sequential", Ask(commands.Create("/a", mode=Mode.EPHEMERAL_SEQUENTIAL))),
        ("create /a --ttl 2s", Ask(commands.Create("/a", mode=Mode.PERSISTENT_WITH_TTL, ttl=2_000_000))),
        (
            'create /a --acl "digest:bob:aGFzaA==:cdrwa,world:anyone:r"',
            Ask(commands.Create("/a", acl=(Acl("digest", "bob:aGFzaA==", "cdrwa"), Acl("world", "anyone", "r")))),
        ),
        ("keeper: ls / --watch on c2", Ask(commands.GetChildren("/", True), "c2", "keeper")),
        (
            "multi create /a 1;delete /b; check /c --version 3 on c1",
            Ask(
                commands.Multi((commands.Create("/a", "1"), commands.Delete("/b"), commands.Check("/c", 3))),
                "c1",
            ),
        ),
        ("auth digest bob:secret", Ask(commands.AddAuth("digest", "bob:secret"))),
        ("lock /l --no-guid --herd", Ask(commands.Lock("/l", herd=True, guid=False))),
    ],
)
def test_sentences_and_what_they_mean(text: str, ask: Ask) -> None:
    assert parse(text) == ask
    assert parse(write(ask)) == ask


def test_a_path_stands_unquoted_in_a_selector_and_in_a_condition() -> None:
    command = OnNodes(Do(Verb.PAUSE), (Placed("lock-holder", "/l"), Named("n1")))
    assert parse("pause lock-holder(/l) n1") == command
    assert write(command) == "pause lock-holder(/l) n1"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("create /a/ 1", "/a/ is no path of a znode; one is written like /a/b, or / for the root"),
        ("create /a//b", "/a//b is no path of a znode"),
        ("get /a/../b", "/a/../b is no path of a znode"),
        ("create / 1", "the root is always there"),
        ("delete /", "the root cannot be deleted"),
        ("create /a --ephemeral --container", "a znode cannot be --ephemeral and --container"),
        ("create /a --container --sequential", "a container is persistent and takes no number"),
        ("create /a --ttl 0ms", "--ttl must be a time like 2s, not 0"),
        ("create /a --ttl 5", "--ttl must be a time like 2s, not 5"),
        ("create /a --watch", "--watch means nothing for create; there are --ephemeral"),
        ("get /a --version 1", "--version means nothing for get PATH; there is --watch"),
        ("set /a 1 --version -1", "--version must be a whole number, 0 or above, not -1"),
        ("set /a 1 --version 1 --version 2", "--version is said twice"),
        (
            'acl /a --acl "world:anyone:xyz"',
            'is no ACL; write scheme, id and letters out of cdrwa, like "world:anyone:r"',
        ),
        ("acl /a --acl open", '"open" is no ACL'),
        ("acl /a --version 1", "--version means something only together with --acl"),
        ("auth world bob:secret", 'there is no scheme "world" to log in with; there is digest'),
        ('auth digest "bob"', 'credentials are written as user and password, like "bob:secret"'),
        ("barrier enter /b 0", "a barrier waits for 1 client or more, not for 0"),
        ("set /a", "something is missing here"),
        ("lock l", "does not fit here"),
        ("creat /a", 'did you mean "create"'),
    ],
)
def test_a_mistake_is_told_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse(text)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def offered(text: str) -> list[str]:
    return complete(text, len(text), Spec(clients=("c1", "c2"), services=(KEEPER,)))


def test_flags_are_offered_that_mean_something() -> None:
    assert offered("create /a --") == [
        "--ephemeral",
        "--sequential",
        "--container",
        "--ttl 2s",
        '--acl "world:anyone:r"',
    ]
    assert offered("create /a --ephemeral --") == ["--sequential", '--acl "world:anyone:r"']
    assert offered("get /a --") == ["--watch"]
    assert offered("lock /l --h") == ["--herd"]
    assert offered("reconnect n") == ["n1", "n2", "n3", "n4", "n5"]
    assert "leading(keeper)" in offered("kill l")
    assert "lock-holder(" in offered("pause l")


def test_every_command_of_a_keeper_has_its_words() -> None:
    assert set(KEEPER_VERBS) == set(commands.Operation.__args__) | set(commands.Recipe.__args__)  # type: ignore[attr-defined]
