"""Coming occurrences for a reader and as JSON."""

from __future__ import annotations

from ..engine.answers import Coming
from ..engine.program.clock import iso
from .blocks import Column, Table, rows_of
from .instants import show_instant
from .session import Session


def coming_json(coming: Coming) -> dict[str, object]:
    """One occurrence with the keys of the command line's contract."""
    body: dict[str, object] = {"at": iso(coming.at, coming.zone)}
    if coming.playbook is not None:
        body["playbook"] = coming.playbook
    if coming.step is not None:
        body["step"] = coming.step
    if coming.members is not None:
        body["members"] = coming.members
    return body


def show_coming(session: Session, occurrences: tuple[Coming, ...]) -> None:
    """Show occurrences: of one schedule an instant a line, else a table with their playbooks and steps."""
    if all(o.playbook is None for o in occurrences):
        session.out.writelines(f"{show_instant(o.at, o.zone)}\n" for o in occurrences)
        return
    columns = [Column(session.word("T.at")), Column(session.word("T.playbook")), Column(session.word("T.step"))]
    rows = [[show_instant(o.at, o.zone), o.playbook, o.step and session.step(o.step)] for o in occurrences]
    if any(o.members is not None for o in occurrences):
        columns.append(Column(session.word("T.members"), True))
        for row, coming in zip(rows, occurrences, strict=True):
            row.append(None if coming.members is None else str(coming.members))
    session.screen().table(Table(tuple(columns), rows_of(rows)))
