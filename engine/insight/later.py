"""What came to be known of a member only after a decision: facts about its time or before that it could not see."""

from __future__ import annotations

from dataclasses import dataclass

from ...grammar.messages import render
from ..program.clock import iso
from ..program.words.values import quoted
from ..stores.sqlite.identifiers import with_names
from .view import View

MOST_NAMED = 5
"""How many are named; the others are only counted."""


@dataclass(frozen=True, slots=True)
class LaterFact:
    """A fact by what it is about: the name of a tag, an event, an attribute. ``backfilled``: it was said to have arrived earlier."""

    name: str
    at: int
    arrived: int
    backfilled: bool


def arrived_later(view: View) -> list[LaterFact]:
    """The facts about a member up to t, not of the engine's own doing, that the view does not see; in order of arrival."""
    values = {"unit": view.unit, "t": view.t, "at": view.at, "mark": view.mark}
    connection = view.store.connection
    # Events are found by the partial index of each type.
    events = [with_names(_EVENTS, number=str(number)) for number in view.store.events().values()]
    rows = [row for sql in (*_FACTS, *events) for row in connection.execute(sql, values).fetchall()]
    return [LaterFact(str(name), at, arrived, bool(back)) for _, name, at, arrived, back in sorted(rows)]


def later_words(facts: list[LaterFact], zone: str, lang: str) -> str:
    """The facts named one by one, up to :data:`MOST_NAMED`."""
    told = []
    for fact in facts[:MOST_NAMED]:
        code = "explain.backfilled_fact" if fact.backfilled else "explain.later_fact"
        said = {"name": quoted(fact.name), "at": iso(fact.at, zone), "arrived": iso(fact.arrived, zone)}
        told.append(render(code, said, lang)[0])
    return ("、" if lang.startswith("zh") else "; ").join(told) + (" …" if len(facts) > MOST_NAMED else "")


_FACTS = (
    """SELECT f.seq, n.name, f.at, f.arrived, f.backfilled FROM tag_facts f JOIN tags n ON n.tag = f.tag
       WHERE f.tag IN (SELECT tag FROM tags) AND f.unit = :unit AND f.at <= :t AND (f.arrived > :at OR f.seq > :mark)
         AND f.cause IS NULL""",
    """SELECT f.seq, n.name, f.at, f.arrived, f.backfilled
       FROM attribute_facts f JOIN attributes n ON n.attribute = f.attribute
       WHERE f.attribute IN (SELECT attribute FROM attributes) AND f.unit = :unit AND f.at <= :t
         AND (f.arrived > :at OR f.seq > :mark) AND f.cause IS NULL""",
    """SELECT f.seq, 'points', f.at, f.arrived, f.backfilled FROM points f
       WHERE f.unit = :unit AND f.at <= :t AND (f.arrived > :at OR f.seq > :mark) AND f.cause IS NULL""",
    """SELECT f.seq, s.id, f.at, f.arrived, f.backfilled FROM friendship_facts f JOIN staff s ON s.staff = f.staff
       WHERE f.unit = :unit AND f.at <= :t AND (f.arrived > :at OR f.seq > :mark) AND f.cause IS NULL""",
    """SELECT f.seq, g.id, f.at, f.arrived, f.backfilled FROM group_member_facts f JOIN groups g ON g.unit = f.grp
       WHERE f.unit = :unit AND f.at <= :t AND (f.arrived > :at OR f.seq > :mark) AND f.cause IS NULL""",
)
_EVENTS = """
SELECT f.seq, n.name, f.at, f.arrived, f.backfilled FROM events f JOIN event_types n ON n.type = f.type
WHERE f.type = $number AND f.unit = :unit AND f.at <= :t AND (f.arrived > :at OR f.seq > :mark)
"""
