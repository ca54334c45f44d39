"""What moved between two sets of decisions, for a reader and as JSON: since a plan, or against another version."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..engine.answers import Against, Coming, ComingMoved
from ..engine.planning.comparing import CHANGES, Shown, StepMoves, total
from ..engine.planning.parts import PartMoved
from ..engine.program.clock import iso
from .blocks import Column, Screen, Table, rows_of
from .instants import show_instant
from .run_report import reason_word
from .session import Session

if TYPE_CHECKING:
    from ..engine.planning.carrying_out import Moved, PlanMoved

_LABELS = {
    "newly": "T.newly", "no_longer": "T.no_longer", "time": "T.other_time", "content": "T.other_content",
    "reason": "T.other_reason",
}
MOST_MEMBERS = 10
MOST_INSTANTS = 3
MOST_PARTS = 20
_BOTH = 2
_DAY = len("2026-11-20")


def show_moved(session: Session, refusal: PlanMoved) -> int:
    """Show why a plan is not carried out, and return the exit code."""
    zone = session.workspace().settings.timezone
    moved = refusal.moved
    if session.as_json:
        return session.fault(refusal, moved=moved_json(moved, zone))
    screen = session.screen()
    screen.line(session.word("T.moved"), "bold")
    _show_parts(session, screen, moved.parts)
    _show_steps(session, screen, moved.steps, zone)
    for playbook, (before, after) in moved.journeys.items():
        screen.line("  " + session.word("N224", playbook=playbook, before=before, after=after))
    for kind in moved.rules:
        screen.line("  " + session.word("N225", kind=session.word(f"part.{kind}")))
    for playbook in moved.left_out:
        screen.line("  " + session.word("N226", playbook=playbook), "bad")
    return session.fault(refusal)


def moved_json(moved: Moved, zone: str) -> dict[str, object]:
    """What moved since a plan."""
    return {
        "parts": [part.to_json() for part in moved.parts],
        "totals": total(moved.steps),
        "steps": [_step_json(step, zone) for step in moved.steps],
        "journeys": {name: {"before": before, "after": after} for name, (before, after) in moved.journeys.items()},
        "rules": list(moved.rules),
        "left_out": list(moved.left_out),
    }


def against_json(against: Against, zone: str) -> dict[str, object]:
    """How a plan differs from that of another version."""
    contrast = against.contrast
    return {
        "version": against.version,
        "commit": against.commit,
        "parts": [part.to_json() for part in contrast.parts],
        "totals": total(contrast.steps),
        "steps": [_step_json(step, zone) for step in contrast.steps],
        "blocked": [blocked.to_json() for blocked in contrast.former.blocked],
        "schedules": [
            {"playbook": moved.playbook, "before": _instants(moved.former), "after": _instants(moved.present)}
            for moved in against.coming
        ],
    }


def _instants(coming: Iterable[Coming]) -> list[str]:
    return [iso(one.at, one.zone) for one in coming]


def _step_json(step: StepMoves, zone: str) -> dict[str, object]:
    body: dict[str, object] = {"playbook": step.playbook, "step": step.step, **step.numbers}
    if step.formerly is not None:
        body["formerly"] = step.formerly
    body["members"] = {change: [_shown_json(one, zone) for one in step.lists.get(change, ())] for change in CHANGES}
    return body


def _shown_json(shown: Shown, zone: str) -> dict[str, object]:
    body: dict[str, object] = {} if shown.member is None else {"member": shown.member}
    before, after = (None if at is None else iso(at, zone) for at in (shown.before, shown.after))
    return {**body, "name": shown.name, "before": before, "after": after, "was": shown.was, "now": shown.now}


def show_against(session: Session, screen: Screen, against: Against, zone: str) -> None:
    """Show how a plan differs from that of another version."""
    contrast = against.contrast
    commit = "" if against.commit is None else f" ({against.commit[:12]})"
    screen.line()
    screen.line(session.word("T.against", version=against.version + commit), "bold")
    _show_parts(session, screen, contrast.parts)
    if contrast.steps:
        _show_steps(session, screen, contrast.steps, zone)
    else:
        screen.line("  " + session.word("N223"))
    for moved in against.coming:
        screen.line("  " + _schedule_line(session, moved))
    left_out = [blocked.playbook for blocked in contrast.former.blocked]
    if left_out:
        note = session.word("N222", version=against.version, number=len(left_out), playbooks=", ".join(left_out))
        screen.line("  " + note, "bad")


def _schedule_line(session: Session, moved: ComingMoved) -> str:
    shown = [_few(session, coming) for coming in (moved.former, moved.present)]
    return session.word("T.schedule_moved", playbook=moved.playbook, before=shown[0], after=shown[1])


def _few(session: Session, coming: tuple[Coming, ...]) -> str:
    if not coming:
        return session.word("T.none")
    more = " …" if len(coming) > MOST_INSTANTS else ""
    return ", ".join(show_instant(one.at, one.zone) for one in coming[:MOST_INSTANTS]) + more


def _show_parts(session: Session, screen: Screen, parts: tuple[PartMoved, ...]) -> None:
    for part in parts[:MOST_PARTS]:
        words = (session.word("part." + part.kind), part.name, session.word("how." + part.how))
        screen.line("  " + " ".join(word for word in words if word))
    if len(parts) > MOST_PARTS:
        screen.line("  " + session.word("N114", number=len(parts) - MOST_PARTS))


def _show_steps(session: Session, screen: Screen, steps: tuple[StepMoves, ...], zone: str) -> None:
    if not steps:
        return
    headings = [Column("  " + session.word("T.playbook")), Column(session.word("T.step"))]
    headings += [Column(session.word(_LABELS[change]), True) for change in CHANGES]
    rows = [("  " + s.playbook, _name(session, s), *(s.numbers[change] or None for change in CHANGES)) for s in steps]
    screen.table(Table(tuple(headings), rows_of(rows)))
    for step in steps:
        for change, shown in step.lists.items():
            line = " ".join(_who(session, one, change, zone) for one in shown[:MOST_MEMBERS])
            more = step.numbers[change] - min(len(shown), MOST_MEMBERS)
            ending = f" … (+{more})" if more > 0 else ""
            screen.line(f"  {session.step(step.step)} · {session.word(_LABELS[change])}: {line}{ending}", "dim")


def _name(session: Session, step: StepMoves) -> str:
    if step.formerly is None:
        return session.step(step.step)
    return session.word("T.renamed", step=session.step(step.step), before=session.step(step.formerly))


def _who(session: Session, shown: Shown, change: str, zone: str) -> str:
    who = shown.name if shown.member is None else shown.member
    match change:
        case "time":
            about = _times(shown.before, shown.after, zone)
        case "newly":
            about = _state(session, shown.was)
        case "no_longer":
            about = _state(session, shown.now)
        case "reason":
            about = f"{_state(session, shown.was) or '-'}→{_state(session, shown.now) or '-'}"
        case _:
            about = ""
    return f"{who}({about})" if about else who


def _state(session: Session, state: str | None) -> str:
    """Why somebody gets nothing; nothing of who is not meant at all."""
    return "" if state is None else reason_word(session, state)


def _times(before: int | None, after: int | None, zone: str) -> str:
    shown = [show_instant(at, zone) for at in (before, after) if at is not None]
    if len(shown) == _BOTH and shown[0][:_DAY] == shown[1][:_DAY]:
        shown = [shown[0].rpartition(" ")[0], shown[1][_DAY:].strip()]
    return "→".join(shown)
