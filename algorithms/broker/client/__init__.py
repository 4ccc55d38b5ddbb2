"""An application's side: producer, consumer and administrator in one machine."""
