"""Members about whom something has changed that a condition reads: only they need be asked again.

``affected`` holds those about whom facts have come since the last look, or are caused by this run. Journeys that this run
touched are asked in any case, and so is everybody where something else may change the condition.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from ..stores.sqlite.identifiers import with_names
from .context import RunContext
from .reads import News, Reads
from .statement import Part, fill
from .triggers.news import had_arrivals_ahead

_NEW = """
INSERT OR IGNORE INTO affected SELECT v.unit FROM $table v WHERE v.$key = named AND which
"""
_NEW_POINTS = "INSERT OR IGNORE INTO affected SELECT v.unit FROM points v WHERE which"
_TABLES = {
    "event": with_names(_NEW, table="events", key="type"),
    "tag": with_names(_NEW, table="tag_facts", key="tag"),
    "attribute": with_names(_NEW, table="attribute_facts", key="attribute"),
    "points": _NEW_POINTS,
}
_ARRIVED = Part("v.seq > :since_mark")
_COME_DUE = Part("v.at > v.arrived AND v.at > :handled AND v.at <= :at")
_LEARNED = Part("v.arrived > :handled AND v.arrived <= :at")
_TAG_ENDED = """
INSERT OR IGNORE INTO affected SELECT i.unit FROM member_tags i WHERE i.tag = named AND i.until > :handled AND i.until <= :at
"""
_CAUSED = {
    "tag": "INSERT OR IGNORE INTO affected SELECT unit FROM run_tag_facts WHERE tag = :key",
    "attribute": "INSERT OR IGNORE INTO affected SELECT unit FROM run_attribute_facts WHERE attribute = :key",
    "points": "INSERT OR IGNORE INTO affected SELECT unit FROM run_points WHERE :key = 0",
}


def find_affected(ctx: RunContext, reads: Reads, since: News, *, events: bool) -> Part:
    """Fills ``affected``, and gives the enrolments of the store that must be asked; ``events`` says whether events count."""
    if not reads.only:
        return _EVERYBODY
    ctx.execute("DELETE FROM affected")
    for relation, key in _sources(ctx, reads, events=events):
        for which in _news(ctx, relation, key, since):
            sql = fill(_TABLES[relation], named=exp.Literal.number(key), which=which)
            ctx.execute(sql, {**since.values, "at": ctx.at})
        if relation == "tag":
            ctx.execute(fill(_TAG_ENDED, named=exp.Literal.number(key)), {**since.values, "at": ctx.at})
        if relation in _CAUSED:
            ctx.execute(_CAUSED[relation], {"key": key})
    return _AFFECTED


_EVERYBODY = Part("""
SELECT * FROM enrolments s
WHERE s.playbook = :playbook AND NOT EXISTS (SELECT 1 FROM run_enrolments r WHERE r.enrolment = s.enrolment)
""")
# Facts are those of members; groups are asked in any case.
_AFFECTED = Part("""
SELECT s.* FROM affected a CROSS JOIN enrolments s ON s.unit = a.unit AND s.playbook = :playbook AND s.kind = 0
WHERE NOT EXISTS (SELECT 1 FROM run_enrolments r WHERE r.enrolment = s.enrolment)
UNION ALL
SELECT s.* FROM enrolments s
WHERE s.playbook = :playbook AND s.kind = 1 AND :groups
  AND NOT EXISTS (SELECT 1 FROM run_enrolments r WHERE r.enrolment = s.enrolment)
""")


def _sources(ctx: RunContext, reads: Reads, *, events: bool) -> Iterator[tuple[str, int]]:
    """The facts as relations and keys, as in the table of extents."""
    if events:
        yield from (("event", number) for number in ctx.event_numbers(reads.events))
    for name, number in sorted(ctx.tags.items()):
        if any(pattern.matches(name) for pattern in reads.tags):
            yield "tag", number
    yield from (("attribute", ctx.attributes[name]) for name in sorted(reads.attributes) if name in ctx.attributes)
    if reads.points:
        yield "points", 0


def _news(ctx: RunContext, relation: str, key: int, since: News) -> Iterator[Part]:
    if ctx.has_newer_facts(relation, key, since.mark):
        yield _ARRIVED
    if ctx.has_later_facts(relation, key, since.handled):
        yield _COME_DUE
        if had_arrivals_ahead(ctx, since):
            yield _LEARNED
