"""What falls due in a run: schedules, members' own dates, tags gained, and the steps of members who wait.

Of missed schedules the latest is caught up, if it is at most two hours old. A fact that arrived, or is handled, more
than a day late is late.
"""

from __future__ import annotations

from dataclasses import replace

from oracle import clock, own_dates, schedules
from oracle.conditions import text_matches
from oracle.model import Member, TagFact
from oracle.runs import Item, Run
from qingting.engine.program import ir

CATCH_UP = 2 * ir.HOUR
LATE = ir.DAY


def by_schedule(run: Run) -> list[Item]:
    """The entries of schedules, by one clock for all or by each member's own."""
    found = []
    for playbook, block in _blocks(run):
        if isinstance(block.trigger, ir.TagGained):
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
    """The entries by members' own dates, each caught up for two hours."""
    found = []
    after = run.state.handled.get((playbook.name, block.index), run.setup.start)
    for member in run.members:
        for own in own_dates.dues(member, trigger, zone, after, run.at):
            inside = schedules.within(block.limits, own.instant, own.shown, zone, run.setup.library.holidays)
            if not inside or not is_active(playbook, own.instant, zone) or run.at - own.instant > CATCH_UP:
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


def for_single_members(run: Run) -> list[Item]:
    """What is still to be decided for single members: tags gained, and steps."""
    return [item for item in _tags_gained(run) if item.name not in run.taken] + _steps(run)


def _blocks(run: Run) -> list[tuple[ir.Playbook, ir.Block]]:
    return [(playbook, block) for playbook in run.live for block in playbook.blocks]


def _caught_up(run: Run, playbook: ir.Playbook, block: ir.Block, zone: str) -> list[tuple[int, int]]:
    """The latest occurrence since the last run, if it is at most two hours old."""
    assert not isinstance(block.trigger, ir.TagGained)
    after = run.state.handled.get((playbook.name, block.index), run.setup.start)
    due = schedules.dues(block.trigger, zone, after, run.at, block.limits, run.setup.library.holidays)
    due = [one for one in due if is_active(playbook, one[0], zone)]
    return [one for one in due[-1:] if run.at - one[0] <= CATCH_UP]


def _tags_gained(run: Run) -> list[Item]:
    found = []
    for playbook, block in _blocks(run):
        if isinstance(block.trigger, ir.TagGained):
            for member in run.members:
                told = [f for f in _gains(run, member, block.trigger.pattern, run.mark) if f.seq <= run.mark]
                own = [f for f in _gains(run, member, block.trigger.pattern, run.seq) if f.seq > run.mark]
                for fact in told + own:
                    if not _seen_before(run, playbook, block, fact):
                        found.append(_entry(run, playbook, block, member, fact))
    active = [item for item in found if _is_active(item)]
    return [item for item in active if item.fact is None or item.fact <= run.mark] + _first_of_chains(run, active)


def _is_active(item: Item) -> bool:
    return is_active(item.playbook, item.instant, item.playbook.zone.name)


def _first_of_chains(run: Run, items: list[Item]) -> list[Item]:
    """Of what the run itself caused, the first for each member and playbook."""
    first: dict[tuple[str, str], Item] = {}
    own = [item for item in items if item.fact is not None and item.fact > run.mark]
    for item in sorted(own, key=lambda item: (item.fact or 0, item.block.index)):
        first.setdefault((item.member.id, item.playbook.name), item)
    return list(first.values())


def _gains(run: Run, member: Member, pattern: ir.TextPattern, mark: int) -> list[TagFact]:
    """The facts up to a mark by which the member gained a matching tag that was not held at that moment.

    What others brought is found when the run begins; only what the run causes is found on the way.
    """
    found = []
    for tag in sorted({fact.tag for fact in member.tags if text_matches(fact.tag, pattern)}):
        held, until = False, None
        for fact in replace(run.view(member, run.at), mark=mark).seen(f for f in member.tags if f.tag == tag):
            still = held and (until is None or fact.at < until)
            if fact.given and not still:
                found.append(fact)
            held, until = fact.given, fact.expires
    return found


def _seen_before(run: Run, playbook: ir.Playbook, block: ir.Block, fact: TagFact) -> bool:
    if fact.backfilled:
        return True
    handled, mark = run.state.seen.get((playbook.name, block.index), (run.setup.start, 0))
    return fact.at <= handled and fact.arrived <= handled and fact.seq <= mark


def _entry(run: Run, playbook: ir.Playbook, block: ir.Block, member: Member, fact: TagFact) -> Item:
    instant = max(fact.at, fact.arrived)
    name = f"{clock.utc_name(instant)}#{fact.seq}"
    late = fact.arrived - fact.at > LATE or run.at - instant > LATE
    return Item(instant, playbook, block, member, name, run.zone_of(playbook, member, instant), None, fact.seq, late)


def _steps(run: Run) -> list[Item]:
    found = []
    playbooks = {playbook.name: playbook for playbook in run.live}
    for enrolment in run.state.enrolments:
        playbook = playbooks.get(enrolment.playbook)
        if enrolment.ended or enrolment.due is None or enrolment.due > run.at or playbook is None:
            continue
        block = next(block for block in playbook.blocks if block.index == enrolment.block)
        member = next(member for member in run.members if member.id == enrolment.member)
        zone = run.zone_of(playbook, member, enrolment.due)
        found.append(Item(enrolment.due, playbook, block, member, enrolment.occurrence, zone, enrolment))
    return found
