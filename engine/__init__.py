"""The engine: from playbooks and a member store to decisions, an append-only log and deliveries."""
