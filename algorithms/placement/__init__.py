"""Where a key lives: consistent hashing and its rivals, as immutable values.

The law: a placement is a value. The same nodes and settings give the same owners in every process and on every machine.
"""
