"""A client of the keeper: its session, wherever it is connected."""
