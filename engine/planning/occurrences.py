"""What occurrences are called outside of the store: those of members' own dates by when they fall due, not by the date.

An occurrence of that kind is named after the value, such as a birthday with its year; nobody outside needs to know it.
"""

from __future__ import annotations

from ..program.clock import iso_utc
from ..program.ir import MemberDate
from ..run.context import RunContext


def name_occurrences(ctx: RunContext) -> None:
    """Fills ``called`` with the names of all occurrences of an attempt."""
    by_value = {
        name
        for (name, _), loaded in ctx.versions.items()
        if any(isinstance(block.trigger, MemberDate) for block in loaded.playbook.blocks)
    }
    ctx.execute("DROP TABLE IF EXISTS temp.called")
    ctx.execute("CREATE TEMP TABLE called (occurrence INTEGER PRIMARY KEY, playbook TEXT NOT NULL, name TEXT NOT NULL)")
    ctx.execute("INSERT INTO called SELECT occurrence, playbook, name FROM run_occurrences")
    for name in sorted(by_value):
        found = ctx.rows("SELECT occurrence, at FROM run_occurrences WHERE playbook = :playbook", {"playbook": name})
        ctx.connection.executemany(
            "UPDATE called SET name = ? WHERE occurrence = ?", [(iso_utc(at), number) for number, at in found]
        )
