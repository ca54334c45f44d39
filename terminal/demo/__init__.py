"""A generated pet shop: members, tags and events as files, the same for the same seed."""
