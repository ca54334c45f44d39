"""From the outbox to the channels: texts, hand-over, and what became of it."""
