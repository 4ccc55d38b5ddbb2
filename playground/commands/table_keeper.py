"""The sentences, selectors and questions of a keeper, for help texts, README and tests."""

from __future__ import annotations

from playground.commands.forms import Form, Question

COMMANDS: tuple[Form, ...] = (
    Form(
        "create",
        "[SERVICE:] create PATH [DATA] [--ephemeral|--container|--ttl TIME] [--sequential] [--acl ACL] [on CLIENT]",
        "make a znode of a keeper; a PATH begins with / and is not quoted, which tells it from a key",
        "create /a 1 --ephemeral --sequential on c2",
    ),
    Form("set", "[SERVICE:] set PATH DATA [--version N]", "let it hold this", "set /a 2 --version 0"),
    Form("get", "[SERVICE:] get PATH [--watch]", "read its data at the server one is connected to", "get /a --watch"),
    Form("delete", "[SERVICE:] delete PATH [--version N]", "delete a znode without children", "delete /a --version 2"),
    Form("exists", "[SERVICE:] exists PATH [--watch]", "whether it is there; the watch waits for one", "exists /a"),
    Form("stat", "[SERVICE:] stat PATH", "its versions, zxids and owner", "stat /a"),
    Form("ls", "[SERVICE:] ls PATH [--watch]", "the names of its children", "ls / --watch on c1"),
    Form(
        "acl",
        "[SERVICE:] acl PATH [--acl ACL] [--version N]",
        'who may do what; or let these: "SCHEME:ID:PERMS", separated by commas',
        'acl /a --acl "world:anyone:r"',
    ),
    Form("sync", "[SERVICE:] sync PATH", "let one's server catch up with the leader before the next read", "sync /"),
    Form(
        "multi",
        "[SERVICE:] multi create ... ; set ... ; delete ... ; check PATH --version N",
        "all of them or none",
        "multi create /a/b 1; set /a 2 --version 0; delete /c; check /d --version 3",
    ),
    Form("watch", "[SERVICE:] watch PATH [--recursive]", "a watch that stays, below it, too", "watch /a --recursive"),
    Form("unwatch", "[SERVICE:] unwatch PATH", "forget one's watches of it", "unwatch /a"),
    Form("auth", "[SERVICE:] auth digest USER:PASSWORD", "log in, for ACLs", "auth digest bob:secret on c1"),
    Form("reconnect", "[SERVICE:] reconnect [NODE]", "take one's session to another server", "reconnect n2 on c1"),
    Form("close", "[SERVICE:] close session [on CLIENT]", "end it; its ephemeral znodes go", "close session on c1"),
    Form(
        "lock",
        "[SERVICE:] lock PATH [--shared] [--herd] [--no-guid] [on CLIENT]",
        "wait for the lock; the answer is its fencing token",
        "lock /l on c1",
    ),
    Form("unlock", "[SERVICE:] unlock PATH", "let it go", "unlock /l on c1"),
    Form("elect", "[SERVICE:] elect PATH", "let this client stand for election among clients", "elect /e on c1"),
    Form("resign", "[SERVICE:] resign PATH", "stand no more", "resign /e on c1"),
    Form("barrier", "[SERVICE:] barrier enter PATH N", "wait until N clients are in", "barrier enter /b 3 on c1"),
    Form("barrier", "[SERVICE:] barrier leave PATH", "wait until all have left", "barrier leave /b on c1"),
    Form("enqueue", "[SERVICE:] enqueue PATH ITEM", "put it into the queue", "enqueue /q x"),
    Form("dequeue", "[SERVICE:] dequeue PATH", "take the first item, or wait for one", "dequeue /q on c2"),
    Form("join", "[SERVICE:] join PATH", "be a member of the group while the session lives", "join /g on c1"),
    Form("leave", "[SERVICE:] leave PATH", "be a member no more", "leave /g on c1"),
    Form("membership", "[SERVICE:] membership PATH", "who is in the group", "membership /g"),
    Form(
        "guarded",
        "[SERVICE:] guarded PATH RESOURCE VALUE",
        "write to a resource outside of the keeper under a lock, with its token",
        "guarded /l ledger new on c1",
    ),
    Form("look", "[SERVICE:] look RESOURCE", "what the resource holds", "look ledger"),
)

SELECTORS: tuple[Form, ...] = (
    Form("leading", "leading(SERVICE)", "one that leads a keeper, or is about to", "leading(keeper)"),
    Form("following", "following(SERVICE)", "one that follows it, by dice, as follower(SERVICE)", "following(keeper)"),
    Form("looking", "looking(SERVICE)", "one that looks for a leader, by dice", "looking(keeper)"),
    Form("observing", "observing(SERVICE)", "one observer, by dice", "observing(keeper)"),
    Form("read_only", "read_only(SERVICE)", "one in read-only mode, by dice", "read_only(keeper)"),
    Form("lock-holder", "lock-holder(PATH)", "the client whose znode is first in the lock", "lock-holder(/l)"),
    Form("znode-owner", "znode-owner(PATH)", "the client whose session owns the ephemeral", "znode-owner(/a)"),
    Form("server-of", "server-of(CLIENT)", "the server that the client is connected to", "server-of(c1)"),
)

ROLES = ("leading", "following", "looking", "observing", "read_only")
PLACES = ("lock-holder", "znode-owner", "server-of")

QUESTIONS: tuple[Question, ...] = (
    Question("znode", 1, 2, "znode(PATH [, NODE])", "the znode exists, as the server has it", "znode(/a, n2)"),
    Question("data", 1, 2, "data(PATH [, NODE])", "what it holds", "data(/a) == 1"),
    Question("version", 1, 2, "version(PATH [, NODE])", "its version", "version(/a) == 0"),
    Question("children", 1, 2, "children(PATH [, NODE])", "how many children it has", "children(/l) == 50"),
    Question("zxid", 1, 1, "zxid(SERVICE | NODE)", "the last transaction applied, as a number", "zxid(n1) == zxid(n2)"),
    Question("logged", 1, 1, "logged(NODE)", "the last transaction in its log, as a number", "logged(n1) > zxid(n1)"),
    Question("reign", 1, 1, "reign(SERVICE | NODE)", "Zab's current epoch; the newest", "reign(keeper) == 2"),
    Question("sessions", 1, 1, "sessions(SERVICE | NODE)", "how many there are", "sessions(keeper) == 3"),
    Question("expired", 1, 1, "expired(SERVICE)", "how many sessions have expired", "expired(keeper) == 1"),
    Question("session", 1, 1, "session(CLIENT)", "connected, suspended, expired, ...", "session(c1) == connected"),
    Question("server-of", 1, 1, "server-of(CLIENT)", "where it is connected", "server-of(c1) == n2"),
    Question("lock-holder", 1, 1, "lock-holder(PATH)", "who is first in the lock", "lock-holder(/l) == c1"),
    Question("believers", 1, 1, "believers(PATH)", "clients that believe to hold it", "count(believers(/l)) == 1"),
    Question("watches", 1, 1, "watches(SERVICE | NODE)", "how many there are", "watches(n1) == 50"),
    Question("notified", 1, 1, "notified(SERVICE | NODE)", "watch events that clients got", "notified(c1) == 1"),
    Question("resource", 1, 1, "resource(NAME)", "what a resource holds", "resource(ledger) == new"),
    Question("rejected", 1, 1, "rejected(SERVICE)", "guarded writes that were fenced", "rejected(keeper) == 1"),
    Question("overwritten", 1, 1, "overwritten(SERVICE)", "those that were not", "overwritten(keeper) == 0"),
)
