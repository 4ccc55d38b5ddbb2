"""One decree of the synod: a value is chosen once and for ever (Lamport, "Paxos Made Simple", 2001, section 2).

`acceptor.py`, `proposer.py` and `learner.py` are the paper's three agents; `machine.py` puts one of each on a node.
"""
