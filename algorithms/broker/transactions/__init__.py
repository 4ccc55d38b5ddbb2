"""Transactions and producer ids: the coordinator's side (KIP-98, KIP-360, KIP-890)."""
