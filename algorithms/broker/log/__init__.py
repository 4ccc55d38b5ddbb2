"""A partition's log: batches, epochs, segments, retention, compaction, and what it knows of producers."""
