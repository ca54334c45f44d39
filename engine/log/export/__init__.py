"""Exports of the log: one line for each entry, with what proves it where asked for (docs/export.md)."""
