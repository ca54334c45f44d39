"""Putting the answer of a simulation together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from ..answers import Note
from ..program.clock import iso
from ..program.ir import MINUTE, Playbook, Program
from .copying import Copy
from .counting import Heard, Tally
from .days import Days, make_days
from .model import Day, Outcome, Simulation
from .never import why_never
from .playing import Played, Span
from .running_out import budget_courses, coupons_of, stock_courses
from .surveying import Count, last_instant, survey

_KNOWN_MEMBERS = "SELECT count(*) FROM members WHERE arrived <= ?"


def told(copy: Copy, program: Program, span: Span, played: Played, playbook: str | None) -> Simulation:
    """The answer for what has been played on the copy; ``playbook`` narrows it to one."""
    connection, zone, heard = copy.connection, program.policy.zone.name, played.heard
    wanted = [each for name, each in sorted(program.playbooks.items()) if playbook in (None, name)]
    with copy.sorting_on_disk(), copy.store.transaction():
        days = make_days(connection, zone, span.start, span.until, last_instant(connection, played.first_run))
        found = survey(connection, program, played.first_run, playbook)
        counts = list(found.counts())
        members = int(connection.execute(_KNOWN_MEMBERS, (span.until,)).fetchone()[0])
        used = frozenset(name for each in wanted for name in coupons_of(each))
        return Simulation(
            start=span.start, until=span.until, zone=zone, replayed=played.rewound is not None, runs=tuple(heard.runs),
            records=sum(count.number for count in counts),
            days=tuple(_days(days, counts, heard, playbook)),
            playbooks=tuple(_outcome(each, counts, heard) for each in wanted),
            messages=found.spread(members), weekly=found.weekly(members, days),
            collisions=found.collisions(), collided=found.collided(),
            stock=tuple(stock_courses(connection, program, days, used)),
            budgets=tuple(budget_courses(connection, program, days, wanted, span.until)),
            guards=tuple(each for name, each in heard.guards.items() if playbook in (None, name)),
            blocked=tuple(each for name, each in heard.left_out.items() if playbook in (None, name)),
            notes=tuple(_notes(copy, span, played)),
        )


def _days(days: Days, counts: Iterable[Count], heard: Heard, playbook: str | None) -> Iterator[Day]:
    queued, suppressed = defaultdict[int, Counter[str]](Counter), defaultdict[int, Counter[str]](Counter)
    done, deferred = Counter[int](), defaultdict[int, Counter[str]](Counter)
    for count in counts:
        if count.status == "queued":
            queued[count.day][count.channel or ""] += count.number
        elif count.status == "done":
            done[count.day] += count.number
        else:
            suppressed[count.day][count.reason or ""] += count.number
    for name, tally in heard.tallies.items():
        for (day, reason), number in tally.deferred.items() if playbook in (None, name) else ():
            deferred[(day - days.first).days][reason] += number
    for number, day in enumerate(days.all):
        yield Day(day, _sorted(queued[number]), done[number], _sorted(suppressed[number]), _sorted(deferred[number]))


def _outcome(playbook: Playbook, counts: Iterable[Count], heard: Heard) -> Outcome:
    queued, suppressed, deferred = Counter[str](), Counter[str](), Counter[str]()
    name, done = playbook.name, 0
    for count in counts:
        if count.playbook != name:
            continue
        if count.status == "queued":
            queued[count.channel or ""] += count.number
        elif count.status == "done":
            done += count.number
        else:
            suppressed[count.reason or ""] += count.number
    tally = heard.tallies.get(name, Tally())
    for (_, reason), number in tally.deferred.items():
        deferred[reason] += number
    never = None
    if not queued and not done:
        never = why_never(
            playbook, tally, suppressed.total(), refused=name in heard.guards, failed=name in heard.left_out
        )
    return Outcome(
        playbook=name, state=playbook.state, occurrences=tally.occurrences, missed=tally.missed, entered=tally.entered,
        duplicate=tally.duplicate, late=tally.late, queued=_sorted(queued), done=done, suppressed=_sorted(suppressed),
        deferred=_sorted(deferred), in_flight=tally.in_flight, left=_sorted(tally.left), never=never,
    )


def _sorted(numbers: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(numbers.items()))


def _notes(copy: Copy, span: Span, played: Played) -> Iterator[Note]:
    """What was assumed."""
    yield Note("N210")
    if played.gap:
        yield Note("N211", {"minutes": played.gap // MINUTE})
    if span.until > span.now:
        yield Note("N212")
    if played.rewound is not None:
        yield Note("N213", {"at": iso(span.begin, played.heard.zone)})
        if played.rewound.under_way:
            yield Note("N214", {"count": played.rewound.under_way})
        if played.rewound.backfilled:
            yield Note("N215", {"count": played.rewound.backfilled})
    if played.heard.rules_waited:
        yield Note("N216")
    if not copy.connection.execute(_KNOWN_MEMBERS, (span.start,)).fetchone()[0]:
        yield Note("N217", {"at": iso(span.start, played.heard.zone)})
