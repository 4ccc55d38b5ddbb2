"""The ring store: a Dynamo-style quorum store whose keys live on a consistent-hash ring.

Sources: DeCandia and others, "Dynamo: Amazon's Highly Available Key-value Store" (SOSP 2007), by section; SWIM (Das,
Gupta, Motivala 2002) for membership and suspicion; single-decree Paxos (Lamport 2001) for the epochs of the ring.
"""
