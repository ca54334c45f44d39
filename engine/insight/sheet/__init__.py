"""Playbooks told back in plain language: the sheet for staff and managers, and the flow chart."""
