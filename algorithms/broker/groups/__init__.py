"""Consumer groups: the coordinator's side (KIP-62, KIP-345, KIP-429) and the assignors."""
