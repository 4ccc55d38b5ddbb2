"""The synod: Paxos for one value (Paxos Made Simple, section 2)."""
