"""Simulating: what playbooks would have done in the past, or will do, played on a private copy of the store."""
