"""Playbook tests: cases in YAML, played through with the real engine on a store of their own, and judged."""
