"""The controller: who leads which partition, decided on committed metadata alone (KIP-500, KIP-631)."""
