"""Every command with its form, one line of help and an example: the one source for help texts, README and tests.

The law: each verb of the grammar stands here, and each example is a sentence of the grammar.
"""

from __future__ import annotations

from playground.commands import table_keeper, table_synod
from playground.commands.forms import Form, Question

COMMANDS: tuple[Form, ...] = (
    Form("kill", "kill NODES", "the process dies; what it wrote stays on disk", "kill leader(raft)"),
    Form("restart", "restart NODES", "boot from disk; a node that is up is killed first", "restart n3"),
    Form("power-loss", "power-loss NODES", "power fails: what was not synced may be gone or torn", "power-loss n2"),
    Form("pause", "pause NODES", "the process stands still; what arrives waits", "pause n2"),
    Form("resume", "resume NODES", "a paused process goes on", "resume n2"),
    Form("slow-node", "slow-node NODES TIME|off", "each turn takes so long", "slow-node n2 5ms"),
    Form("skew", "skew NODES TIME", "set the clock ahead of true time (negative: behind)", "skew n2 +150ms"),
    Form("drift", "drift NODES RATE", "let the clock run fast (negative: slow)", "drift n2 +500ppm"),
    Form("disk", "disk NODES slow TIME", "a sync takes so long", "disk n2 slow 50ms"),
    Form("disk", "disk NODES fail", "the next write fails and the node crashes itself", "disk n2 fail"),
    Form("disk", "disk NODES lie", "a sync returns at once and makes nothing durable", "disk n2 lie"),
    Form("disk", "disk NODES honest", "a sync is a sync again", "disk n2 honest"),
    Form("disk", "disk NODES wipe", "everything on the disk is gone; the node must be down", "disk n2 wipe"),
    Form("disk", "disk NODES ok", "honest and as quick as usual again", "disk n2 ok"),
    Form(
        "partition",
        "partition NODES | NODES ...",
        "nodes hear each other only within a group; one in two groups is a bridge, one in none hears all",
        "partition n1 n2 | n3 n4 n5",
    ),
    Form("isolate", "isolate NODES", "cut these off from every other server, both ways", "isolate n1"),
    Form("cut", "cut LINKS", "nothing passes: one way with ->, both ways with --", "cut n1 -> n2"),
    Form("heal", "heal", "every link is as new", "heal"),
    Form("heal", "heal NODES", "every link of these nodes is as new", "heal n1"),
    Form("heal", "heal LINKS", "these links are as new", "heal n1 -- n2"),
    Form("slow", "slow LINKS TIME|off", "every packet takes so much longer", "slow n1 -> n2 200ms"),
    Form(
        "delay",
        "delay LINKS TIME | TIME..TIME | exponential TIME [from TIME] | off",
        "the latency is this one instead of the spec's",
        "delay n1 -- n2 5ms..20ms",
    ),
    Form("lose", "lose LINKS SHARE", "this share of the packets is lost", "lose n1 -> n2 20%"),
    Form("duplicate", "duplicate LINKS SHARE", "this share of the packets comes twice", "duplicate n1 -- * 10%"),
    Form(
        "reorder",
        "reorder LINKS SHARE within TIME",
        "this share is held back, so that others overtake it",
        "reorder n1 -> n2 20% within 30ms",
    ),
    Form(
        "limit",
        "limit LINKS BANDWIDTH [queue SIZE] | off",
        "so many bytes a second pass; what finds the queue full is lost",
        "limit n1 -> n2 10kB/s queue 64kB",
    ),
    Form("calm", "calm", "all is well: links healed, disks as usual, no clock drifts, every node up", "calm"),
    Form(
        "put",
        "[SERVICE:] put KEY VALUE [--n N] [--w W] [on CLIENT]",
        "set a key; a ring writes it to N nodes, of which W must have it",
        "put x 1",
    ),
    Form(
        "get",
        "[SERVICE:] get KEY [--n N] [--r R] [on CLIENT]",
        "read a key; a ring asks N nodes, of which R must answer",
        "get x --r 1 on c1",
    ),
    Form("delete", "[SERVICE:] delete KEY [--n N] [--w W] [on CLIENT]", "delete a key of a ring", "delete x"),
    Form("cas", "[SERVICE:] cas KEY OLD NEW [on CLIENT]", "set a key if it has the old value", "cas x 1 2"),
    Form("append", "[SERVICE:] append KEY TEXT [on CLIENT]", "put a text behind a key's", 'append x "abc"'),
    Form("transfer", "[SERVICE:] transfer NODE", "let this node lead", "raft: transfer n3"),
    Form("members", "[SERVICE:] members NODES", "let these nodes be the voters", "members n1 n2 n3"),
    Form(
        "add",
        "[SERVICE:] add node NAME [--weight W]",
        "let this node join the ring; it is made if there is none of this name",
        "add node n6",
    ),
    Form(
        "remove", "[SERVICE:] remove node NODE", "let this node leave the ring; its process runs on", "remove node n2"
    ),
    Form("weight", "[SERVICE:] weight NODE W", "give it W times the usual share of the ring", "weight n3 2"),
    Form(
        "file",
        "[SERVICE:] file put PATH [as NAME]",
        "write a file of this machine to the ring, in chunks; `input` is what --input gave",
        'file put "report.pdf" as report',
    ),
    Form("file", "[SERVICE:] file get NAME", "read it back and compare it byte for byte", "file get report"),
    Form(
        "topic",
        "[SERVICE:] topic create TOPIC [--partitions N] [--replicas N] [--min-isr N] [--cleanup delete|compact] ...",
        "create a topic; also --retention TIME, --retention-bytes, --segment-bytes, --flush, --max-bytes, --unclean",
        "topic create orders --partitions 6 --replicas 3",
    ),
    Form(
        "topic",
        "[SERVICE:] topic alter TOPIC FLAGS",
        "set what is said; more partitions, too",
        "topic alter orders --min-isr 2",
    ),
    Form("topic", "[SERVICE:] topic delete TOPIC", "delete a topic with all it holds", "topic delete orders"),
    Form(
        "produce",
        "[SERVICE:] produce TOPIC KEY VALUE [--acks 0|1|all] [--partition N] [on CLIENT]",
        "produce a record; the key says to which partition",
        "produce orders k1 v1 --acks all",
    ),
    Form(
        "consume",
        "[SERVICE:] consume TOPICS [--group GROUP] [on CLIENT]",
        "read on and on, as a member of a group or all partitions",
        "consume orders --group g",
    ),
    Form("consume", "[SERVICE:] consume TOPIC/N [--offset N]", "read a partition once", "consume orders/0 --offset 5"),
    Form("consume", "[SERVICE:] consume stop [on CLIENT]", "read no more; leave the group", "consume stop on c2"),
    Form(
        "group", "[SERVICE:] group GROUP add CLIENT [TOPICS]", "let this client join the group", "group g add c1 orders"
    ),
    Form("group", "[SERVICE:] group GROUP remove CLIENT", "let it leave", "group g remove c1"),
    Form(
        "group", "[SERVICE:] group GROUP commit [on CLIENT]", "commit where this member stands", "group g commit on c1"
    ),
    Form(
        "reassign",
        "[SERVICE:] reassign TOPIC/N NODES [--throttle RATE] | cancel",
        "let these hold the partition, the first one preferred as its leader",
        "reassign orders/0 n1 n2 n3",
    ),
    Form("elect", "[SERVICE:] elect TOPIC/N [--unclean]", "let the preferred replica lead, or any", "elect orders/0"),
    Form("shut", "[SERVICE:] shut down NODE", "this broker hands over what it leads, and stops", "shut down n2"),
    Form(
        "transaction",
        "[SERVICE:] transaction begin|commit|abort [on CLIENT]",
        "what this client produces in between counts as a whole or not at all",
        "transaction begin",
    ),
    *table_synod.COMMANDS,
    *table_keeper.COMMANDS,
)
"""In the order in which help shows them. NODES are names or selectors (`SELECTORS`), LINKS are `NODES -> NODES` or
`NODES -- NODES`, and `*` at an end of a link is every other node, clients too."""

SELECTORS: tuple[Form, ...] = (
    Form("leader", "leader(SERVICE)", "the node that leads; of several the one with the newest term", "leader(raft)"),
    Form("follower", "follower(SERVICE)", "one follower, by dice", "follower(raft)"),
    Form("candidate", "candidate(SERVICE)", "one candidate, by dice", "candidate(raft)"),
    Form("owner", "owner(KEY)", "the node that owns the key: the first of its preference list", "owner(x)"),
    Form("replica", "replica(KEY, NUMBER)", "the node of this number in the preference list", "replica(x, 2)"),
    Form("outsider", "outsider(KEY)", "a member of the ring that is no replica of the key, by dice", "outsider(x)"),
    Form("partition-leader", "partition-leader(TOPIC/N)", "the broker that leads it", "partition-leader(orders/0)"),
    Form(
        "partition-follower",
        "partition-follower(TOPIC/N)",
        "one in-sync follower of it, by dice; if there is none, any follower",
        "partition-follower(orders/0)",
    ),
    Form("controller", "controller(SERVICE)", "the active controller of the brokers", "controller(broker)"),
    Form("coordinator", "coordinator(GROUP)", "the broker that coordinates the group", "coordinator(g)"),
    Form(
        "transaction-coordinator",
        "transaction-coordinator(ID)",
        "the broker that coordinates this transactional id",
        "transaction-coordinator(app)",
    ),
    *table_keeper.SELECTORS,
    Form("random", "random", "one server for which the command makes sense, by dice", "random"),
    Form("majority", "majority", "a smallest majority of the servers, by dice", "majority"),
    Form("minority", "minority", "the servers outside the command's majority", "minority"),
    Form("rest", "rest", "the servers that the command does not name", "rest"),
    Form("all", "all", "all servers", "all"),
)
"""Who can be meant without a name: decided when the command is carried out, and recorded as decided."""

STEPS: tuple[Form, ...] = (
    Form("at", "at TIME COMMAND", "at this time of the scenario; at once if it is past", "at 2s kill leader(raft)"),
    Form("after", "after TIME COMMAND", "so long after the step before", "after 500ms restart it"),
    Form(
        "every",
        "every TIME for TIME COMMAND [then COMMAND [after TIME]] ...",
        "again and again, beside the steps that follow",
        "every 5s for 60s kill random then restart it after 2s",
    ),
    Form("wait", "wait TIME", "let time go on", "wait 500ms"),
    Form("wait", "wait until CONDITION within TIME", "go on when it holds", "wait until leader(raft) within 1s"),
    Form("expect", "expect CONDITION", "it must hold now", "expect value(x) == 1"),
    Form("expect", "expect CONDITION for TIME", "it must hold all that time", "expect leader(raft) == n1 for 2s"),
    Form("let", "let NAME = NODE", "give the node that is meant now a name", "let old = leader(raft)"),
    Form(
        "show",
        'show holdings ["LABEL"]',
        "put a table into the report: who holds how much of the ring",
        "show holdings",
    ),
    Form("show", 'show QUESTION ["LABEL"]', "put an answer into the report", 'show keys(n1) "keys of n1 before"'),
)
"""The lines of a scenario besides commands. `it` is whom the command before concerned."""


QUESTIONS: tuple[Question, ...] = (
    Question("role", 1, 2, "role(NODE [, SERVICE])", "what the node is", "role(n3) == follower"),
    Question("term", 1, 2, "term(SERVICE | NODE)", "the current term; of a service the newest", "term(raft) > 3"),
    Question("commit", 1, 2, "commit(SERVICE | NODE)", "the commit index; the highest", "commit(raft) >= 10"),
    Question("applied", 1, 2, "applied(SERVICE | NODE)", "the last applied index", "applied(n3) == commit(raft)"),
    Question("last", 1, 2, "last(SERVICE | NODE)", "the index of the log's last entry", "last(n3) < last(n1)"),
    Question("snapshot", 1, 2, "snapshot(SERVICE | NODE)", "the last index in the snapshot", "snapshot(n5) > 0"),
    Question(
        "value",
        1,
        2,
        "value(KEY [, SERVICE | NODE])",
        "what the store that is furthest ahead says; of a ring all copies together, siblings as a|b",
        "value(x) == 1",
    ),
    Question("up", 1, 1, "up(NODE)", "the node is up", "not up(n3)"),
    Question("paused", 1, 1, "paused(NODE)", "the node stands still", "paused(n3)"),
    Question("linked", 2, 2, "linked(NODE, NODE)", "packets pass from the first to the second", "linked(n1, n2)"),
    Question("voter", 1, 2, "voter(NODE [, SERVICE])", "the node counts in the leader's configuration", "voter(n4)"),
    Question("count", 1, 1, "count(ROLE(SERVICE))", "how many nodes have the role", "count(leader(raft)) == 1"),
    Question(
        "logs-equal",
        1,
        1,
        "logs-equal(SERVICE)",
        "every node that is up has the same log end, commit index and store",
        "logs-equal(raft)",
    ),
    Question(
        "answer",
        0,
        0,
        "answer()",
        "what the newest request found; done, failed or unknown; nothing while it lasts",
        'answer() == "1"',
    ),
    Question("epoch", 1, 1, "epoch(SERVICE | NODE)", "the ring's epoch; the newest", "epoch(ring) == 3"),
    Question("moving", 1, 1, "moving(SERVICE)", "ranges of the ring are being taken over", "not moving(ring)"),
    Question("member", 1, 1, "member(NODE)", "the node owns ranges of the ring", "member(n4)"),
    Question("weight", 1, 1, "weight(NODE)", "the member's weight in the ring", "weight(n1) == 2"),
    Question("alive", 2, 2, "alive(NODE, NODE)", "the second believes that the first is alive", "not alive(n3, n1)"),
    Question("owner", 1, 1, "owner(KEY)", "the node that owns the key", "owner(x) == n2"),
    Question("keys", 1, 1, "keys(NODE)", "how many keys it holds", "keys(n4) > 0"),
    Question("holds", 2, 2, "holds(NODE, KEY)", "it holds a value of the key", "holds(n1, x)"),
    Question("replicas", 1, 1, "replicas(KEY)", "how many members hold a value of the key", "replicas(x) == 3"),
    Question("siblings", 1, 1, "siblings(KEY)", "how many values it has side by side", "siblings(x) == 2"),
    Question("hints", 1, 1, "hints(SERVICE | NODE)", "how many hints are kept for others", "hints(ring) == 0"),
    Question("strays", 1, 1, "strays(SERVICE | NODE)", "how many keys are where they do not belong", "strays(n2) == 0"),
    Question("converged", 1, 1, "converged(SERVICE)", "every replica of every key is equal", "converged(ring)"),
    Question(
        "moved",
        3,
        3,
        "moved(PLACEMENT, NODES, NODES)",
        "of a hundred keys on so many nodes so many move when there are so many others: modulo, ring, rendezvous, jump",
        "moved(modulo, 10, 11) > 88",
    ),
    Question("topics", 1, 1, "topics(SERVICE)", "how many topics there are", "topics(broker) == 1"),
    Question("partition-leader", 1, 1, "partition-leader(TOPIC/N)", "who leads it", "partition-leader(orders/0) == n2"),
    Question("leader-epoch", 1, 1, "leader-epoch(TOPIC/N)", "its leader epoch", "leader-epoch(orders/0) > 0"),
    Question("isr", 1, 1, "isr(TOPIC/N)", "its in-sync replicas", "count(isr(orders/0)) == 3"),
    Question("elr", 1, 1, "elr(TOPIC/N)", "its eligible leader replicas", "count(elr(orders/0)) == 1"),
    Question("assigned", 1, 1, "assigned(TOPIC/N)", "the brokers that hold it", "count(assigned(orders/0)) == 3"),
    Question(
        "high-watermark",
        1,
        2,
        "high-watermark(TOPIC/N [, NODE])",
        "as the leader has it",
        "high-watermark(orders/0) == 5",
    ),
    Question(
        "log-end", 1, 2, "log-end(TOPIC/N [, NODE])", "the next offset to be written", "log-end(orders/0, n2) == 5"
    ),
    Question("log-start", 1, 2, "log-start(TOPIC/N [, NODE])", "the first offset there is", "log-start(orders/0) == 0"),
    Question(
        "records", 1, 1, "records(TOPIC)", "how many its leaders hold below the high watermark", "records(orders) == 9"
    ),
    Question("generation", 1, 1, "generation(GROUP)", "the group's generation", "generation(g) == 2"),
    Question("group-state", 1, 1, "group-state(GROUP)", "Empty, PreparingRebalance, ...", "group-state(g) == Stable"),
    Question("group-size", 1, 1, "group-size(GROUP)", "how many members the group has", "group-size(g) == 2"),
    Question("owned", 2, 2, "owned(GROUP, NODE)", "how many partitions this client has", "owned(g, c1) == 3"),
    Question(
        "committed", 2, 2, "committed(GROUP, TOPIC/N)", "the group's committed offset", "committed(g, orders/0) == 5"
    ),
    Question("lag", 1, 1, "lag(GROUP)", "records that the group has not committed yet", "lag(g) == 0"),
    Question("consumed", 1, 1, "consumed(NODE)", "records that this client was given", "consumed(c1) >= 10"),
    Question("produced", 1, 1, "produced(NODE)", "records of this client that were acknowledged", "produced(c1) == 10"),
    Question("lost", 1, 1, "lost(TOPIC)", "acknowledged records that its leaders do not hold", "lost(orders) == 0"),
    Question("doubled", 1, 1, "doubled(TOPIC)", "records that its leaders hold twice", "doubled(orders) == 0"),
    Question(
        "stopped",
        1,
        1,
        "stopped(GROUP)",
        "milliseconds that members had to do without partitions, summed",
        "stopped(g) < 900",
    ),
    Question("fenced", 1, 1, "fenced(NODE)", "the controller has fenced this broker", "fenced(n2)"),
    Question("controller", 1, 1, "controller(SERVICE)", "the active controller", "controller(broker) != n1"),
    Question("file", 1, 1, "file(NAME)", "whole or missing, once the newest file get is over", "file(report) == whole"),
    *table_synod.QUESTIONS,
    *table_keeper.QUESTIONS,
)
"""What conditions can ask besides `ROLE(SERVICE)`. A comparison with what is not there is never true."""

ROLES = ("leader", "follower", "candidate", "pre_candidate", *table_keeper.ROLES)
"""What a machine can be, over all services."""

PLACES = (
    "owner",
    "replica",
    "outsider",
    "partition-leader",
    "partition-follower",
    "controller",
    "coordinator",
    "transaction-coordinator",
    *table_keeper.PLACES,
)
"""Where a node can be, seen from a key of a ring, or from a partition or a group of brokers."""
