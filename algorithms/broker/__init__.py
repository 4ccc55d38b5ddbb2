"""A Kafka-like broker cluster: partitioned logs, in-sync replicas, a controller on Raft, groups, transactions.

The law: words, guarantees and ways to lose data are Kafka's. Times are Kafka's defaults divided by ten, so that a
person need not wait for them.
"""
