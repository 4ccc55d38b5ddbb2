"""Channels: what TCP gives to protocols that ask for reliable FIFO links (Zab, a client of the keeper)."""
