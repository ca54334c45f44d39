"""A test made from the store: how one member stands, and what the playbooks do with them, personal data replaced.

A text stays only if the playbooks themselves speak of it; all others become ``text 1``, ``text 2`` … in the order met. The
member becomes ``m1``; dates long past keep only their day of the year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import yaml

from ...grammar.diagnostics import UsageError
from ...grammar.syntax import PlaybookDecl
from ..asking import shown_value
from ..program.ir import Library, ValueType
from ..sources import Loaded
from ..stores.sqlite.database import SqliteStore
from .instants import as_text

MEMBER = "m1"
_QUOTED = re.compile(r"[\"'“‘「『]([^\"'”’」』\n]+)[\"'”’」』]")
_OLD_YEARS = 5

_TAGS = """
SELECT t.name, i.since FROM member_tags AS i JOIN tags AS t ON t.tag = i.tag
WHERE i.unit = :unit AND i.since <= :at AND i.until > :at ORDER BY i.since, t.name
"""
_ATTRIBUTES = """
SELECT name, value, at FROM (
  SELECT n.name, f.value, f.at, row_number() OVER (PARTITION BY f.attribute ORDER BY f.at DESC, f.seq DESC) AS nth
  FROM attribute_facts AS f JOIN attributes AS n ON n.attribute = f.attribute
  WHERE f.unit = :unit AND f.at <= :at AND f.arrived <= :at)
WHERE nth = 1 AND value IS NOT NULL ORDER BY name
"""
_POINTS = "SELECT sum(delta) FROM points WHERE unit = :unit AND at <= :at AND arrived <= :at"
_COUPONS = """
SELECT k.name, c.issued, c.expires, c.used FROM coupons AS c JOIN coupon_kinds AS k ON k.coupon = c.coupon
WHERE c.unit = :unit AND c.issued <= :at AND c.cancelled IS NULL ORDER BY c.issued, c.code
"""
_FRIENDS = """
SELECT s.id, f.since FROM friendships AS f JOIN staff AS s ON s.staff = f.staff
WHERE f.unit = :unit AND f.since <= :at AND f.until > :at ORDER BY f.since, s.id
"""
_GROUPS = """
SELECT g.name, i.since FROM group_members AS i JOIN groups AS g ON g.unit = i.grp
WHERE i.unit = :unit AND i.since <= :at AND i.until > :at ORDER BY i.since, g.name
"""
_EVENTS = "SELECT * FROM events WHERE unit = :unit AND at <= :at AND arrived <= :at ORDER BY at, seq"

Told = dict[str, object]


@dataclass(slots=True)
class Masks:
    """What texts are replaced by; ``spoken`` are those that stay, ``begun`` the beginnings of such."""

    spoken: frozenset[str]
    begun: tuple[str, ...]
    _given: dict[str, str] = field(default_factory=dict)

    def text(self, text: str) -> str:
        """The text itself where the playbooks speak of it, else what stands for it."""
        if text in self.spoken or text.startswith(self.begun):
            return text
        return self._given.setdefault(text, f"text {len(self._given) + 1}")


def masks_of(texts: Iterable[str]) -> Masks:
    """What may stay of the texts of a store: whatever stands in quotes in the playbooks."""
    quoted = frozenset(found for text in texts for found in _QUOTED.findall(text))
    begun = tuple(sorted(found[:-1] for found in quoted if found.endswith("*") and len(found) > 1))
    return Masks(quoted, begun)


def recorded(store: SqliteStore, loaded: Loaded, member: str, at: int, zone: str) -> Told:
    """The beginning of a test file: the playbooks, ``now``, and how ``member`` stands at ``at``. Raises UsageError C128."""
    row = store.connection.execute("SELECT unit FROM members WHERE id = ?", (member,)).fetchone()
    if row is None:
        raise UsageError("C128", member=member)
    reader = _Reader(store, loaded.program.library, int(row[0]), at, zone, masks_of(loaded.texts.values()))
    files = [f.path for f in loaded.files if any(isinstance(d, PlaybookDecl) for d in f.declarations)]
    told = reader.member()
    groups: Told = {name: {} for entry in reader.rows(_GROUPS) for name in [reader.masks.text(str(entry[0]))]}
    head: Told = {"playbooks": files, "now": as_text(at, zone), "members": {MEMBER: told}}
    return {**head, "groups": groups} if groups else head


def as_yaml(told: Mapping[str, object]) -> str:
    """A test file's text."""
    return yaml.safe_dump(dict(told), allow_unicode=True, sort_keys=False, default_flow_style=None, width=120)


@dataclass(frozen=True, slots=True)
class _Reader:
    store: SqliteStore
    library: Library
    unit: int
    at: int
    zone: str
    masks: Masks

    def rows(self, query: str) -> list[tuple[object, ...]]:
        return self.store.connection.execute(query, {"unit": self.unit, "at": self.at}).fetchall()

    def member(self) -> Told:
        """What a test file says of the member."""
        told: Told = {"attributes": dict(self._attributes())}
        told["tags"] = [{str(n): self._instant(since)} for n, since in self.rows(_TAGS) if n in self.library.tags]
        ((points,),) = self.rows(_POINTS)
        told["friends"] = [{self.masks.text(str(name)): self._instant(since)} for name, since in self.rows(_FRIENDS)]
        told["groups"] = [{self.masks.text(str(name)): self._instant(since)} for name, since in self.rows(_GROUPS)]
        told["coupons"] = [self._coupon(*row) for row in self.rows(_COUPONS) if row[0] in self.library.coupons]
        told["events"] = self._events()
        told["points"] = points
        return {key: value for key, value in told.items() if value}

    def _attributes(self) -> Iterable[tuple[str, Told]]:
        for name, value, since in self.rows(_ATTRIBUTES):
            attribute = self.library.attributes.get(str(name))
            if attribute is not None and isinstance(value, int | str):
                shown = self._value(value, attribute.type, free=not attribute.choices and name != "timezone")
                yield str(name), {"value": shown, "at": self._instant(since)}

    def _value(self, value: int | str, kind: ValueType, *, free: bool) -> object:
        if isinstance(value, str):
            return self.masks.text(value) if free else value
        if kind is ValueType.INSTANT:
            return self._instant(value)
        if kind is ValueType.DATE and self._year() - value // 10_000 > _OLD_YEARS:
            # A leap year, so that every day of a year is in it.
            value = 2000 * 10_000 + value % 10_000
        return shown_value(value, kind, self.zone)

    def _year(self) -> int:
        return int(as_text(self.at, self.zone)[:4])

    def _instant(self, instant: object) -> str:
        return as_text(int(str(instant)), self.zone)

    def _coupon(self, name: object, issued: object, expires: object, used: object) -> Told:
        told: Told = {"coupon": name, "issued": self._instant(issued)}
        if expires is not None:
            told["expires"] = self._instant(expires)
        if isinstance(used, int) and used <= self.at:
            told["used"] = self._instant(used)
        return told

    def _events(self) -> list[Told]:
        cursor = self.store.connection.execute(_EVENTS, {"unit": self.unit, "at": self.at})
        columns = [str(column[0]) for column in cursor.description]
        types = {number: name for name, number in self.store.events().items()}
        fields = {f"f{number}": name for name, number in self.store.fields().items()}
        return [self._event(dict(zip(columns, row, strict=True)), types, fields) for row in cursor]

    def _event(self, row: Told, types: Mapping[int, str], fields: Mapping[str, str]) -> Told:
        name = types[int(str(row["type"]))]
        event = self.library.events.get(name)
        subject = row["subject"]
        told: Told = {name: None if subject is None else self.masks.text(str(subject)), "at": self._instant(row["at"])}
        if isinstance(row["amount"], int):
            told["amount"] = shown_value(row["amount"], ValueType.MONEY, self.zone)
        kinds = {each.name: each.type for each in event.fields} if event is not None else {}
        for column, field_name in fields.items():
            value = row.get(column)
            if isinstance(value, int | str) and field_name in kinds:
                told[field_name] = self._value(value, kinds[field_name], free=True)
        return told
