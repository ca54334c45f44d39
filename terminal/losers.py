"""``qingting explain --playbook``: who got nothing of a playbook, by step and reason, and to what they lost it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..grammar.diagnostics import UsageError
from .blocks import Branch
from .instants import read_instant
from .run_report import reason_word

if TYPE_CHECKING:
    from ..engine.insight.losing import Lost, LostTo
    from .session import Session


@dataclass(frozen=True, slots=True)
class Losers:
    """What is asked on the command line; instants as they were written."""

    playbook: str
    reason: str | None
    run: str | None
    since: str | None
    until: str | None
    reveal: bool


def explain_losers(session: Session, asked: Losers) -> int:
    """Show the groups, those with the most members first."""
    from ..engine.insight.losing import Loss
    from ..engine.program.clock import from_datetime, to_datetime

    if session.at is not None:
        raise UsageError("C252")
    workspace = session.workspace()
    known = workspace.playbook_names()
    if asked.playbook not in known:
        raise UsageError("C127", name=asked.playbook, known=", ".join(known))
    zone = workspace.settings.timezone
    since, until = (
        None if text is None else from_datetime(read_instant(text, zone)) for text in (asked.since, asked.until)
    )
    groups = workspace.who_lost(Loss(asked.playbook, asked.reason, asked.run, since, until), reveal=asked.reveal)
    archived = workspace.archives.stretches()
    lacks = bool(archived) and (since is None or since < archived[-1].until)
    if session.as_json:
        session.emit({
            "playbook": asked.playbook, "groups": [group.to_json() for group in groups],
            "archived_until": to_datetime(archived[-1].until, zone).isoformat() if lacks else None,
        })
    else:
        _show(session, asked.playbook, groups)
        if lacks:
            until_text = f"{to_datetime(archived[-1].until, zone):%Y-%m-%d %H:%M}"
            session.screen().line(session.word("N250", until=until_text, path=archived[-1].path))
    return 0


def _show(session: Session, playbook: str, groups: tuple[Lost, ...]) -> None:
    screen = session.screen()
    screen.line(f"{session.word('T.playbook')} {playbook}", "bold")
    if not groups:
        screen.line(session.word("lost.nobody"))
    for group in groups:
        text = session.word(
            "lost.group", step=session.step(group.step), reason=reason_word(session, group.reason), members=group.members,
            records=group.records,
        )
        screen.tree(Branch(text, "", tuple(_cause(session, group, cause) for cause in group.to)))


def _cause(session: Session, group: Lost, cause: LostTo) -> Branch:
    ids = tuple(Branch(member, "dim") for member in cause.ids)
    if cause.playbook is None:
        code = "lost.unknown" if group.reason in _LOST_TO_SOMEBODY else "lost.by_rule"
        return Branch(session.word(code, members=cause.members), "dim", ids)
    step = f" / {session.step(cause.step)}" if cause.step is not None else ""
    if cause.taken is not None:
        return Branch(session.word("lost.taken", winner=cause.playbook + step, number=cause.taken), "warning", ids)
    return Branch(session.word("lost.to", winner=cause.playbook + step, members=cause.members), "warning", ids)


_LOST_TO_SOMEBODY = ("cap", "exclusive")
