"""A replicated log, whoever agrees on it: the store and the sessions that its entries change, and its clients.

`log.py` says what a consensus must do to carry them; Raft and Multi-Paxos do.
"""
