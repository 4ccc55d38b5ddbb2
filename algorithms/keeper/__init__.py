"""A ZooKeeper-like keeper: the tree of znodes, sessions and watches, and under them Zab, the atomic broadcast."""
