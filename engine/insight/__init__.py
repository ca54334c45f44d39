"""Explaining what the engine decides, and why."""
