"""What falls due in a run: schedules, members' own dates, facts that start blocks, and the steps of members who wait."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from oracle import clock, own_dates, schedules
from oracle.conditions import View, exists
from oracle.journeys import looks
from oracle.lateness import fact_window, is_own_date_missed, made_up, step_window
from oracle.model import Enrolment, Member
from oracle.runs import Item, Run
from oracle.starts import Start, crossings, starts_of
from qingting.engine.program import ir

CROSSED = (ir.MarkReached, ir.TierMoves, ir.SegmentCrossed)


def by_schedule(run: Run) -> list[Item]:
    """The entries of schedules, by one clock for all or by each member's own."""
    found = []
    for playbook, block in _blocks(run):
        if isinstance(block.trigger, ir.EventTrigger):
            continue
        for zone in zones_of(run, playbook):
            if isinstance(block.trigger, ir.MemberDate):
                found += _own_dates(run, playbook, block, block.trigger, zone)
                continue
            for instant, shown in _caught_up(run, playbook, block, zone):
                name = clock.local_name(shown) if playbook.zone.per_member else clock.utc_name(instant)
                for member in run.members:
                    if run.zone_of(playbook, member, instant) == zone:
                        found.append(Item(instant, playbook, block, member, name, zone))
    return found


def _own_dates(
    run: Run, playbook: ir.Playbook, block: ir.Block, trigger: ir.MemberDate, zone: str
) -> list[Item]:
    """The entries by members' own dates."""
    found = []
    after, _ = run.progress(playbook, block)
    for member in run.members:
        for own in own_dates.dues(member, trigger, zone, after, run.at):
            inside = schedules.within(block.limits, own.instant, own.shown, zone, run.setup.library.holidays)
            if not inside or not is_active(playbook, own.instant, zone):
                continue
            if is_own_date_missed(playbook, own.instant, run.at):
                continue
            if run.zone_of(playbook, member, own.instant) == zone:
                item = Item(own.instant, playbook, block, member, own.name, zone, only=own.only)
                found.append(item)
    return found


def is_active(playbook: ir.Playbook, instant: int, zone: str) -> bool:
    """Whether an instant lies within a playbook's dates and activities."""
    if not clock.inside(instant, playbook.active, instant, zone):
        return False
    return all(clock.goes_on(during.times, instant, zone) != during.negated for during in playbook.during)


def zones_of(run: Run, playbook: ir.Playbook) -> list[str]:
    """The zones whose clocks a playbook may follow."""
    zones = {playbook.zone.name}
    if playbook.zone.per_member:
        for member in run.members:
            zones |= {str(f.value) for f in member.attributes if f.attribute == "timezone" and f.value is not None}
    return sorted(zones)


def _blocks(run: Run) -> list[tuple[ir.Playbook, ir.Block]]:
    return [(playbook, block) for playbook in run.live for block in playbook.blocks]


def _caught_up(run: Run, playbook: ir.Playbook, block: ir.Block, zone: str) -> list[tuple[int, int]]:
    """The occurrences since the last run that still run."""
    assert not isinstance(block.trigger, ir.EventTrigger)
    after, _ = run.progress(playbook, block)
    due = schedules.dues(block.trigger, zone, after, run.at, block.limits, run.setup.library.holidays)
    missed = [one for one in due if is_active(playbook, one[0], zone)]
    line = playbook.catch_up
    if line is not None and line.which == "latest":
        run.state.passed_over += len(made_up(replace(playbook, catch_up=replace(line, which="all")), missed, run.at)) > 1
    return made_up(playbook, missed, run.at)


# What starts blocks


def find_told(run: Run) -> None:
    """Finds what others brought since the last run: what starts blocks, and what members crossed by it."""
    for playbook, block in _blocks(run):
        handled, mark = run.progress(playbook, block)
        for member in run.members:
            for start in starts_of(_seen(run, playbook, member, run.mark), block.trigger):
                # What others brought and took at once was never held; what a run gives was given, whatever becomes of it.
                if (start.cause > mark or start.due > handled) and not (start.backfilled or start.is_brief):
                    run.told.append((playbook, block, start))
        if isinstance(block.trigger, ir.Entered):
            sent = [start for name, start in run.state.sent if name == playbook.name and start.cause > mark]
            run.told += [(playbook, block, start) for start in sent]
        if isinstance(block.trigger, CROSSED):
            run.told += _crossed(run, playbook, block, (handled, mark), run.mark)


def find_crossed(run: Run) -> None:
    """Finds what members crossed by what the run itself did."""
    for playbook, block in _blocks(run):
        if isinstance(block.trigger, CROSSED):
            known = {(p.name, b.index, start.member, start.name) for p, b, start in run.told + run.caused}
            for one in _crossed(run, playbook, block, (run.at, run.mark), run.seq):
                if (playbook.name, block.index, one[2].member, one[2].name) not in known:
                    run.caused.append(one)


def _crossed(
    run: Run, playbook: ir.Playbook, block: ir.Block, before: tuple[int, int], mark: int
) -> list[tuple[ir.Playbook, ir.Block, Start]]:
    """What members crossed since an earlier look at them; before the first run nobody has entered or left a segment."""
    at, seen = before
    if run.state.last_run is None and isinstance(block.trigger, ir.SegmentCrossed) and mark == run.mark:
        return []
    found = []
    for member in run.members:
        now = _seen(run, playbook, member, mark)
        then = replace(now, t=at, T=at, mark=seen)
        known = exists(member, at, at, seen)
        if run.knows(member, run.at):
            # What the run itself causes is never late.
            window = fact_window(playbook) if mark == run.mark else None
            found += [(playbook, block, start) for start in crossings(block.trigger, then, now, known, window)]
    return found


def _seen(run: Run, playbook: ir.Playbook, member: Member, mark: int) -> View:
    view = run.view(member, run.at, run.zone_of(playbook, member, run.at))
    return replace(view, mark=mark)


def _caused(run: Run) -> list[tuple[ir.Playbook, ir.Block, Start]]:
    """What the run itself has caused so far: facts, and what members crossed."""
    found = list(run.caused)
    for playbook, block in _blocks(run):
        for member in run.members:
            starts = starts_of(_seen(run, playbook, member, run.seq), block.trigger)
            found += [(playbook, block, start) for start in starts if start.cause > run.mark]
    # A tag that a rule takes at an earlier instant than somebody else did is lost once.
    told = {(p.name, b.index, start.member, start.fact, start.detail) for p, b, start in run.told}
    return [(p, b, one) for p, b, one in found if (p.name, b.index, one.member, one.fact, one.detail) not in told]


# What is still to be decided


def for_single_members(run: Run) -> list[Item]:
    """What is still to be decided for single members: what starts blocks, and steps."""
    told = [_entry(run, *one) for one in run.told]
    caused = _first_of_chains([item for one in _caused(run) if _is_active(item := _entry(run, *one))])
    caused = [item for item in caused if item.late or (item.member.id, item.playbook.name) not in run.started]
    starting = [item for item in told if _is_active(item)] + caused
    return [item for item in starting if item.name not in run.taken] + list(_steps(run))


def _is_active(item: Item) -> bool:
    return is_active(item.playbook, item.instant, item.playbook.zone.name)


def _first_of_chains(items: list[Item]) -> list[Item]:
    """Of what the run itself caused, the first for each member and playbook; what is late starts nothing and does not count."""
    first: dict[tuple[str, str], Item] = {}
    for item in sorted(items, key=_cause):
        if not item.late:
            first.setdefault((item.member.id, item.playbook.name), item)
    return [item for item in items if item.late] + list(first.values())


def _cause(item: Item) -> tuple[int, int, str]:
    assert item.start is not None
    return (item.start.cause, item.block.index, item.start.detail)


def _entry(run: Run, playbook: ir.Playbook, block: ir.Block, start: Start) -> Item:
    member, window = run.member(start.member), fact_window(playbook)
    late = window is not None and (start.arrived - start.at > window or run.at - start.due > window)
    zone = run.zone_of(playbook, member, start.due)
    return Item(start.due, playbook, block, member, start.name, zone, None, start, late or start.late)


def _steps(run: Run) -> Iterator[Item]:
    live = {playbook.name for playbook in run.live}
    for enrolment in run.state.enrolments:
        if enrolment.ended is not None or enrolment.playbook not in live:
            continue
        playbook, member = run.setup.version(enrolment), run.member(enrolment.member)
        block = next(block for block in playbook.blocks if block.index == enrolment.block)
        for instant in _dues(run, enrolment, block, member):
            zone = run.zone_of(playbook, member, instant)
            window = step_window(playbook)
            late = window is not None and run.at - instant > window
            name = enrolment.occurrence
            yield Item(instant, playbook, block, member, name, zone, enrolment, late=late)


def _dues(run: Run, enrolment: Enrolment, block: ir.Block, member: Member) -> list[int]:
    """When a journey goes on, or is looked at, next."""
    if enrolment.waited is not None:
        wait = block.code[enrolment.position]
        assert isinstance(wait, ir.WaitFor)
        instants = sorted(looks(enrolment, wait, member, run.setup.library, run.at, run.mark))
        return instants[:1]
    return [] if enrolment.due is None or enrolment.due > run.at else [enrolment.due]
