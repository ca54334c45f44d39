"""Standing rules: points and tags for events as they arrive, one member and one event after the other."""

from __future__ import annotations

from oracle import clock
from oracle.conditions import held_since, matching_events
from oracle.model import AttributeFact, EventFact, Member, PointsFact, TagFact
from oracle.runs import Run
from qingting.engine.program import ir


def apply_rules(run: Run) -> None:
    """Does what the rules say about the events that are new to the run."""
    library = run.setup.library
    handled, mark = run.state.rules or (run.setup.start, 0)
    for place, points in enumerate(library.points):
        new = _new(run, points.query, handled, mark)
        for member, event in sorted(new, key=lambda one: (_instant(one[1]), one[1].seq)):
            _earn(run, member, event, points, f"points {place}")
    for rule in library.rules:
        for action in rule.actions:
            for member, event in _new(run, rule.query, handled, mark):
                _act(run, member, event, rule, action)
    run.state.rules = (run.at, run.seq)


def _new(run: Run, query: ir.EventQuery, handled: int, mark: int) -> list[tuple[Member, EventFact]]:
    """The events of a query that have come since the last run, in the order of arrival."""
    found = []
    for member in run.members:
        for event in matching_events(run.view(member, run.at, run.setup.policy.zone.name), query):
            fresh = event.seq > mark or _instant(event) > handled
            if event.seq <= run.mark and fresh and not event.backfilled:
                found.append((member, event))
    return sorted(found, key=lambda one: one[1].seq)


def _instant(event: EventFact) -> int:
    return max(event.at, event.arrived)


def _earn(run: Run, member: Member, event: EventFact, rule: ir.PointsRule, reason: str) -> None:
    times = 1
    if rule.per_cents is not None:
        if event.amount is None:
            return
        times = abs(event.amount) // rule.per_cents * (-1 if event.amount < 0 else 1)
    gain, at = rule.points * times, _instant(event)
    if rule.daily is not None and gain > 0:
        day = clock.local(at, run.setup.policy.zone.name).date()
        had = [
            fact.delta
            for fact in member.points
            if fact.reason == reason and fact.delta > 0
            and clock.local(fact.at, run.setup.policy.zone.name).date() == day
        ]
        gain = min(gain, rule.daily - sum(had))
    if gain:
        member.points.append(PointsFact(gain, at, run.at, run.next_seq(), reason))


def _act(
    run: Run, member: Member, event: EventFact, rule: ir.StandingRule, action: ir.RuleTags | ir.RulePoints | ir.RuleSet
) -> None:
    at = _instant(event)
    match action:
        case ir.RuleTags(tags=tags, given=given):
            for tag in tags:
                if given:
                    for rival in rivals(run, tag):
                        member.tags.append(TagFact(rival, False, at, run.at, run.next_seq()))
                    give_tag(run, member, tag, at, run.setup.policy.zone.name)
                else:
                    member.tags.append(TagFact(tag, False, at, run.at, run.next_seq()))
        case ir.RulePoints(delta=delta):
            member.points.append(PointsFact(delta, at, run.at, run.next_seq(), rule.identity))
        case ir.RuleSet(attribute=attribute, value=value):
            found = event.value(value.name) if isinstance(value, ir.FieldRef) else value
            member.attributes.append(AttributeFact(attribute.name, found, at, run.at, run.next_seq()))


def give_tag(run: Run, member: Member, tag: str, at: int, zone: str) -> None:
    """Gives a tag at an instant; another one held of its exclusive group is taken."""
    declared = run.setup.library.tags[tag]
    for rival in rivals(run, tag):
        if held_since(run.view(member, at), rival) is not None:
            member.tags.append(TagFact(rival, False, at, run.at, run.next_seq()))
    expires = None if declared.expires is None else clock.add_duration(at, declared.expires, zone)
    member.tags.append(TagFact(tag, True, at, run.at, run.next_seq(), expires))


def rivals(run: Run, tag: str) -> list[str]:
    """The other tags of the exclusive group that a tag belongs to."""
    library = run.setup.library
    group = library.tag_groups.get(library.tags[tag].group or "")
    if group is None or not group.exclusive:
        return []
    return [other.name for other in library.tags.values() if other.group == group.name and other.name != tag]


def close_groups(run: Run) -> None:
    """Ends each tag where the next gain of another tag of its exclusive group lies, in whatever order they came."""
    for member in run.members:
        gains = sorted((fact for fact in member.tags if fact.given), key=lambda fact: (fact.at, fact.seq))
        for place, fact in enumerate(gains):
            alike = {fact.tag, *rivals(run, fact.tag)}
            later = next((gain for gain in gains[place + 1 :] if gain.tag in alike), fact)
            if later.tag != fact.tag and (fact.tag, later.at) not in {(f.tag, f.at) for f in member.tags if not f.given}:
                arrived = max(fact.arrived, later.arrived)
                member.tags.append(TagFact(fact.tag, False, later.at, arrived, run.next_seq()))
