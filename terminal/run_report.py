"""A plan's or run's report for a reader: per playbook who came, per step what they got or why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..engine.answers import RunAnswer
from ..engine.program.builtin_names import channel_in_chinese
from ..engine.program.clock import iso
from ..engine.program.words.headers import budget_words, catch_up_words
from ..engine.program.words.values import money
from ..engine.run.foreseen import Again, Details, StaffVolume
from ..engine.run.lateness import taking
from ..engine.run.report import Blocked, BudgetLeft, PlaybookReport, RunReport, StepReport
from .blocks import Column, Screen, Table, rows_of
from .coming import coming_json, show_coming
from .diagnostics import diagnostics_json, show_diagnostics
from .instants import show_instant
from .session import Session

if TYPE_CHECKING:
    from ..engine.watching import Watched

MOST_INSTANTS = 4
MOST_MEMBERS = 10
MOST_ROWS = 24


def show_answer(session: Session, answer: RunAnswer, *, is_plan: bool) -> int:
    """Show a run or plan as text or JSON, and return its exit code."""
    for note in answer.notes:
        session.tell(session.word(note.code, **note.params))
    if session.as_json:
        problems = diagnostics_json(answer.problems, answer.texts, session.language)
        session.emit({**answer.report.to_json(), **_foresight_json(answer), **({"diagnostics": problems} if problems else {})})
        return answer.exit_code
    show_report(session, answer.report, is_plan=is_plan)
    _show_foresight(session, answer)
    if answer.problems:
        show_diagnostics(answer.problems, answer.texts, session.language, session.screen_on(session.err))
        session.tell(session.word("N122"))
    return answer.exit_code


def _foresight_json(answer: RunAnswer) -> dict[str, object]:
    """What a plan tells besides its report: what is coming, and what another version would do otherwise."""
    body: dict[str, object] = {}
    if answer.coming:
        body["next"] = [coming_json(coming) for coming in answer.coming]
    if answer.against is not None:
        from .moves import against_json

        body["against"] = against_json(answer.against, answer.report.zone)
    return body


def _show_foresight(session: Session, answer: RunAnswer) -> None:
    screen = session.screen()
    if answer.coming:
        screen.line()
        screen.line(session.word("T.coming"), "bold")
        show_coming(session, answer.coming)
    if answer.against is not None:
        from .moves import show_against

        show_against(session, screen, answer.against, answer.report.zone)


def show_watched(session: Session, watched: Watched) -> None:
    """Show one run of a watch, as one line of text or JSON."""
    report = watched.answer.report
    for note in watched.answer.notes:
        session.tell(session.word(note.code, **note.params))
    if session.as_json:
        session.emit({**report.to_json(), "next": iso(watched.wake, report.zone)})
        return
    times = [times for playbook in report.playbooks for times in (playbook.schedules, playbook.items)]
    late, skipped = sum(time.late for time in times), sum(time.skipped for time in times)
    line = session.word(
        "T.watched", at=show_instant(report.at, report.zone), records=report.records, late=late, skipped=skipped,
        blocked=len(report.blocked), next=show_instant(watched.wake, report.zone),
    )
    session.screen().line(line, "bad" if report.blocked or watched.answer.problems else "")


def show_report(session: Session, report: RunReport, *, is_plan: bool) -> None:
    """Show a report; what nothing happened to takes no room."""
    screen = session.screen()
    at = show_instant(report.at, report.zone)
    if report.earlier is not None:
        screen.line(session.word("N105", at=show_instant(report.earlier, report.zone)), "warning")
        return
    if is_plan:
        screen.line(session.word("T.plan", at=at), "bold")
    else:
        screen.line(session.word("T.run", at=at, run=report.run or "-", records=report.records), "bold")
    shown = [p for p in report.playbooks if _happened(p)]
    for playbook in shown:
        screen.line()
        _show_playbook(session, screen, playbook, report.details)
    if not shown:
        screen.line(session.word("N106"))
    if report.details is not None:
        _show_volumes(session, screen, report.details)
    if report.rules_wait:
        screen.line(session.word("T.rules_wait"), "bad")
    for blocked in report.blocked:
        screen.line(session.word("N117", playbook=blocked.playbook, reason=_why_blocked(session, blocked)), "bad")


def _show_volumes(session: Session, screen: Screen, details: Details) -> None:
    """Show how much goes out by channel and hour, and what comes upon whom."""
    volumes = details.volumes
    if volumes.hours:
        screen.line()
        _show_hours(session, screen, details)
    if volumes.staff:
        screen.line()
        headings = (Column(session.word("T.by_staff")), Column(session.word("T.pushes"), True), Column(session.word("T.tasks"), True))
        people = [(_person(session, one), one.pushes or None, one.tasks or None) for one in volumes.staff]
        screen.table(Table(headings, rows_of([*people[:MOST_ROWS], *_left(session, people, 2)])))


def _show_hours(session: Session, screen: Screen, details: Details) -> None:
    volumes = details.volumes
    channels = list(volumes.channels)
    by_hour: dict[int, dict[str, int]] = {}
    for volume in volumes.hours:
        by_hour.setdefault(volume.hour, {})[volume.channel] = volume.pushes
    columns = [Column(session.word("T.hour")), *(Column(_channel(session, name), True) for name in channels)]
    rows = [(show_instant(hour, details.zone), *(found.get(name) for name in channels)) for hour, found in sorted(by_hour.items())]
    total = (session.word("T.in_all"), *volumes.channels.values())
    screen.table(Table(tuple(columns), rows_of([*rows[:MOST_ROWS], *_left(session, rows, len(channels)), total])))


def _left(session: Session, rows: Sequence[object], columns: int) -> list[tuple[object, ...]]:
    more = len(rows) - MOST_ROWS
    return [(session.word("N114", number=more), *[None] * columns)] if more > 0 else []


def _channel(session: Session, name: str) -> str:
    return name if session.language == "en" else channel_in_chinese(name)


def _person(session: Session, one: StaffVolume) -> str:
    return session.word("T.nobody") if one.staff is None else f"{one.staff} {one.name}"


def _happened(report: PlaybookReport) -> bool:
    """Whether there is anything to tell of a playbook."""
    reached = any(step.audience for step in report.steps)
    instants = report.occurrences or report.missed or report.unknown_days
    return bool(reached or instants or report.entered or report.duplicate or report.late)


def _why_blocked(session: Session, blocked: Blocked) -> str:
    if blocked.codes:
        return ", ".join(blocked.codes)
    if blocked.limit is not None and blocked.reached is not None:
        return session.word("T.guard_line", reached=blocked.reached, limit=blocked.limit)
    return reason_word(session, blocked.reason)


def _show_playbook(session: Session, screen: Screen, report: PlaybookReport, details: Details | None) -> None:
    screen.line(f"{session.word('T.playbook')} {report.playbook}", "bold")
    for line in _facts(session, report):
        screen.line("  " + line)
    for left in report.funnel:
        screen.line(f"  {left.line:>4}  {left.text}  {session.word('T.left', number=left.left)}", "dim")
    steps = tuple(step for step in report.steps if step.audience)
    if steps:
        screen.table(_step_table(session, steps))
    for step in steps:
        if step.members:
            shown = " ".join(step.members[:MOST_MEMBERS])
            more = len(step.members) - MOST_MEMBERS
            screen.line(f"  {session.step(step.step)}: {shown}" + (f" … (+{more})" if more > 0 else ""), "dim")
        elif details is not None and (report.playbook, step.step) in details.samples:
            sample = details.samples[report.playbook, step.step]
            shown = " ".join(f"{one.name}({_clock(one.at, report.zone)})" for one in sample)
            screen.line(f"  {session.step(step.step)} · {session.word('T.sample')}: {shown}", "dim")
        if details is not None and (report.playbook, step.step) in details.again:
            screen.line("  " + _again_line(session, step.step, details.again[report.playbook, step.step]), "warning")


def _clock(at: int, zone: str) -> str:
    """An instant by its local clock alone."""
    return show_instant(at, zone).split(" ")[1]


def _again_line(session: Session, step: str, again: Again) -> str:
    line = session.word("T.already_today", step=session.step(step), number=again.count)
    shown = " ".join(one.name if one.member is None else one.member for one in again.members[:MOST_MEMBERS])
    more = again.count - min(len(again.members), MOST_MEMBERS)
    return f"{line}: {shown}" + (f" … (+{more})" if more > 0 else "")


def _facts(session: Session, report: PlaybookReport) -> list[str]:
    """What happened to the playbook as a whole, a line each."""
    lines = []
    if report.occurrences:
        lines.append(f"{session.word('T.occurrences')}: {_instants(report.occurrences, report.zone)}")
    if report.missed:
        lines.append(f"{session.word('T.missed')}: {_instants(report.missed, report.zone)}")
    if report.unknown_days:
        days = ", ".join(day.isoformat() for day in report.unknown_days)
        lines.append(f"{session.word('T.unknown_days')}: {days}")
    lines += _timeliness(session, report)
    counts = [session.word("T.entered", number=report.entered)]
    counts += [session.word("T.turned_away", number=report.duplicate)] if report.duplicate else []
    counts += [session.word("T.late_facts", number=report.late)] if report.late else []
    counts += [session.word("T.in_flight", number=report.in_flight)] if report.in_flight else []
    counts += [session.word(_GONE[why], number=number) for why, number in report.left.items()]
    lines.append(" · ".join(counts))
    for stock in report.stock:
        if stock.before is not None:
            after = f" → {stock.after}" if stock.after != stock.before else ""
            lines.append(f"{session.word('T.stock')} {stock.coupon}: {stock.before}{after}")
    for packet in report.packets:
        if packet.number:
            amount = money(packet.cents)
            lines.append(session.word("T.packets", redpacket=packet.redpacket, number=packet.number, amount=amount))
    lines += [_budget_line(session, left) for left in report.budgets]
    if report.guard is not None:
        lines.append(session.word("T.guard_room", reached=report.guard.reached, limit=report.guard.limit))
    return lines


_GONE = {
    "finished": "T.gone_finished", "goal_reached": "T.gone_goal_reached", "exited": "T.gone_exited",
    "stopped": "T.gone_stopped", "removed": "T.gone_removed", "merged": "T.gone_merged",
}


def _timeliness(session: Session, report: PlaybookReport) -> list[str]:
    """How much came late or was skipped, and the line that would have taken what was skipped; nothing where all was on time."""
    lines = [
        session.word(code, on_time=times.on_time, late=times.late, skipped=times.skipped)
        for code, times in (("T.occurrences_timely", report.schedules), ("T.items_timely", report.items))
        if times.late or times.skipped
    ]
    if report.late_by:
        lines.append(session.word("T.catch_up", line=catch_up_words(taking(report.late_by), session.language)))
    return lines


def _budget_line(session: Session, left: BudgetLeft) -> str:
    in_money = left.budget.kind == "money"
    before, after = (money(number) if in_money else str(number) for number in (left.before, left.after))
    packet = "" if left.redpacket is None else f"{left.redpacket} "
    return f"{packet}{budget_words(left.budget, session.language)}: {before} → {after}"


def _instants(instants: tuple[int, ...], zone: str) -> str:
    shown = ", ".join(show_instant(at, zone) for at in instants[:MOST_INSTANTS])
    more = len(instants) - MOST_INSTANTS
    return f"{shown} … (+{more})" if more > 0 else shown


def _step_table(session: Session, steps: tuple[StepReport, ...]) -> Table:
    columns = (
        Column("  " + session.word("T.step")),
        Column(session.word("T.audience"), True),
        Column(session.word("T.dispatched"), True),
        Column(session.word("T.deferred")),
        Column(session.word("T.suppressed")),
    )
    rows = [
        ("  " + session.step(s.step), s.audience, s.dispatched, reasons(session, s.deferred), reasons(session, s.suppressed))
        for s in steps
    ]
    return Table(columns, rows_of(rows))


def reasons(session: Session, numbers: Mapping[str, int]) -> str:
    """Numbers by reason in one line, the largest first."""
    ordered = sorted(numbers.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{reason_word(session, reason)} {number}" for reason, number in ordered if number)


def reason_word(session: Session, reason: str) -> str:
    """The word for a reason of removal."""
    return _word_or_itself(session, f"reason.{reason}", reason)


def status_word(session: Session, status: str) -> str:
    """The word for a record's status."""
    return _word_or_itself(session, f"status.{status}", status)


def outcome_word(session: Session, outcome: str) -> str:
    """The word for what became of a delivery."""
    return _word_or_itself(session, f"outcome.{outcome}", outcome)


def _word_or_itself(session: Session, code: str, text: str) -> str:
    word = session.word(code)
    return text if word == code else word
