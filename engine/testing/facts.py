"""From what a test says of members and groups to rows for imports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count

from yaml.nodes import MappingNode, Node, ScalarNode

from ...grammar.record import record
from ..program.ir import Library, ValueType
from ..stores.imports.columns import columns_of
from ..yaml_text import span_of
from . import keys
from .instants import as_date, as_text, read_instant, relative_instant
from .model import Cell, Fact, FactKind
from .yaml_parts import TestReader, is_blank

_INSTANTS = frozenset({"at", "since", "until", "arrived", "issued", "expires", "used", "created"})
_BEGINS = ("at", "since", "issued", "until", "used")


@record
class When:
    """Where facts stand in time: ``origin`` is what relative instants count from.

    ``momentary`` is the instant of tags, events, coupons and points that name none, ``lasting`` that of attributes, friends
    and groups. ``latest`` is the last instant at which something can have happened, None where that is open.
    """

    origin: int
    momentary: int
    lasting: int
    latest: int | None = None


class FactReader:
    """Makes facts of what stands under a member or group; ``units`` are all groups and members by id."""

    def __init__(self, yaml: TestReader, library: Library, units: Mapping[str, str]) -> None:
        self._yaml = yaml
        self._library = library
        self._units = units
        self._numbers = count(1)
        self._columns = {
            kind: columns_of(kind, library, ignore_unknown=False, generate_ids=False)
            for kind in ("members", "tags", "events", "coupons", "friends", "groups")
        }

    def staff(self, name: str, node: Node, when: When) -> list[Fact]:
        """The row of somebody of the staff."""
        parts = self._yaml.keyed(node, keys.STAFF, name) if not is_blank(node) else {}
        cells = [("id", name), *((key, self._yaml.text(value, key)) for key, value in parts.items())]
        return [Fact("staff", tuple(cells), when.lasting, span_of(node))]

    def member(self, member: str, node: Node, when: When) -> list[Fact]:
        """The rows of a member; the first lets them exist."""
        facts: list[Fact] = []
        pairs = self._yaml.pairs(node, member) if not is_blank(node) else []
        if any(keys.MEMBER.get(written) == "new" for written, _, _ in pairs):
            # Whoever comes with an instant of joining is known since then, with all that is said of them.
            when = replace(when, lasting=min([when.lasting, *self._joinings(pairs, when)]))
        for written, key, value in pairs:
            part = keys.MEMBER.get(written)
            match part:
                case "tags" | "untagged":
                    facts += self._tags(member, value, when, lost=part == "untagged")
                case "events":
                    facts += [fact for item in self._yaml.items(value) for fact in self._event(member, item, when)]
                case "coupons":
                    facts += self._coupons(member, value, when)
                case "friends":
                    facts += self._spells("friends", "staff", member, value, when)
                case "groups":
                    facts += self._spells("groups", "group", member, value, when)
                case "tasks":
                    facts += [self._task(member, item, when) for item in self._yaml.items(value)]
                case "attributes":
                    for name, inner, said in self._yaml.pairs(value, written):
                        facts += self._attribute(member, name, inner, said, when)
                case "new":
                    continue
                case _:
                    facts += self._attribute(member, written, key, value, when)
        arrived = min([when.lasting, *(fact.at for fact in facts)])
        return [Fact("members", (("id", member),), arrived, span_of(node)), *facts]

    def group(self, group: str, node: Node, when: When) -> list[Fact]:
        """The rows of a group: what is said of it, and who is in it."""
        parts = self._yaml.keyed(node, keys.GROUP, group) if not is_blank(node) else {}
        cells: list[tuple[str, Cell]] = [("group", group)]
        at = when.lasting
        for key, value in parts.items():
            if key in ("name", "owner"):
                cells.append((key, self._yaml.text(value, key)))
            elif key == "created":
                created = self._instant(value, when)
                cells.append((key, as_text(created, self._yaml.zone)))
                at = created if when.latest is None else at
            elif key == "tags":
                tags = [self._yaml.known("E204", item, key, self._library.tags) for item in self._yaml.items(value)]
                cells.append((key, tuple(tag for tag in tags if tag is not None)))
        own = Fact("groups", tuple(cells), at, span_of(node))
        within = self._spells("groups", "member", group, parts["members"], when) if "members" in parts else []
        return [own, *within]

    # Kinds of facts

    def _tags(self, member: str, node: Node, when: When, *, lost: bool) -> list[Fact]:
        facts = []
        for item in self._yaml.items(node):
            name, key, rest, since = self._named(item, "tag", ("since", "until", "arrived"), when)
            if name not in self._library.tags:
                self._yaml.unknown("E204", name, self._library.tags, key)
                continue
            start = when.momentary if since is None else since
            cells = {"member": member, "tag": name, "until" if lost else "since": as_text(start, self._yaml.zone)}
            facts.append(self._fact("tags", cells, rest, start, item, when))
        return facts

    def _coupons(self, member: str, node: Node, when: When) -> list[Fact]:
        facts = []
        for item in self._yaml.items(node):
            name, key, rest, since = self._named(item, "coupon", ("issued", "expires", "used", "code"), when)
            if name not in self._library.coupons:
                self._yaml.unknown("E208", name, self._library.coupons, key)
                continue
            # Whoever uses a coupon without being given one uses one that they hold.
            held = "used" in rest and "issued" not in rest and since is None
            cells = {"member": member, "coupon": name, "code": "" if held else f"test-{next(self._numbers)}"}
            start = when.momentary if since is None else since
            if not held:
                cells["issued"] = as_text(start, self._yaml.zone)
            facts.append(self._fact("coupons", cells, rest, start, item, when))
        return facts

    def _spells(self, kind: FactKind, other: str, unit: str, node: Node, when: When) -> list[Fact]:
        """Friendships with staff, or who is in which group; ``other`` is the column of what the list names."""
        facts = []
        for item in self._yaml.items(node):
            name, key, rest, since = self._named(item, other, ("since", "until", "arrived"), when)
            if other != "staff" and self._units.get(name) != other:
                self._yaml.unknown("C403", name, [n for n, unit_kind in self._units.items() if unit_kind == other], key)
                continue
            start = since if since is not None else when.lasting
            cells = {"group" if other == "member" else "member": unit, other: name}
            if since is not None or "until" not in rest:
                cells["since"] = as_text(start, self._yaml.zone)
            facts.append(self._fact(kind, cells, rest, start, item, when))
        return facts

    def _event(self, member: str, item: Node, when: When) -> list[Fact]:
        pairs = self._yaml.pairs(item, "events") if isinstance(item, MappingNode) else []
        if isinstance(item, ScalarNode):
            pairs = [(self._yaml.text(item, "events"), item, ScalarNode("", "", item.start_mark, item.end_mark))]
        chosen = next((pair for pair in pairs if pair[0] in self._library.events), None)
        if chosen is None:
            name, node = (pairs[0][0], pairs[0][1]) if pairs else ("", item)
            self._yaml.unknown("E202", name, self._library.events, node)
            return []
        name, _, subject = chosen
        cells: dict[str, Cell] = {"id": f"test-{next(self._numbers)}", "member": member, "type": name}
        if not is_blank(subject):
            cells["subject"] = self._yaml.text(subject, name)
        types = {field.name: field.type for field in self._library.events[name].fields}
        rest: dict[str, str] = {}
        for written, key, value in pairs:
            if key is chosen[1]:
                continue
            column = self._columns["events"].canonical(written)
            if column is None or column in ("id", "member", "type") or (column not in types and column not in _OF_EVENTS):
                self._yaml.unknown("E203", written, [*types, *_OF_EVENTS], key, event=name)
                continue
            rest[column] = self._cell(value, written, types.get(column) or _OF_EVENTS.get(column), when)
        cells.setdefault("at", as_text(when.momentary, self._yaml.zone))
        return [self._fact("events", cells, rest, when.momentary, item, when)]

    def _joinings(self, pairs: Sequence[tuple[str, Node, Node]], when: When) -> Iterator[int]:
        """The instants at which a member is said to have joined; what cannot be read is told where the attribute is."""
        for written, _, value in pairs:
            if self._columns["members"].canonical(written) == "joined" and isinstance(value, ScalarNode):
                found = read_instant(str(value.value).strip(), when.origin, self._yaml.zone)
                yield when.lasting if found is None else found

    def _task(self, member: str, item: Node, when: When) -> Fact:
        """A task that staff have done: its title, alone or with ``done`` or the instant behind it."""
        pairs = self._yaml.pairs(item, "tasks") if isinstance(item, MappingNode) else []
        for _, key, _ in pairs[1:]:
            self._yaml.error("C408", key, known="done")
        title, at = (pairs[0][0], when.momentary) if pairs else (self._yaml.text(item, "tasks"), when.momentary)
        if pairs and self._yaml.text(pairs[0][2], title) not in keys.DONE:
            at = self._instant(pairs[0][2], when)
        cells = {"member": member, "title": title, "at": as_text(at, self._yaml.zone)}
        return self._fact("tasks", cells, {}, at, item, when)

    def _attribute(self, member: str, written: str, key: Node, node: Node, when: When) -> list[Fact]:
        name = self._columns["members"].canonical(written)
        known = {**self._library.attributes, **dict.fromkeys(keys.MEMBER)}
        if name is None or name in ("id", "at", "arrived"):
            self._yaml.unknown("E201", written, known, key)
            return []
        at = when.momentary if name == "points" else when.lasting
        value = node
        if isinstance(node, MappingNode):
            parts = self._yaml.keyed(node, keys.ATTRIBUTE, written)
            at = self._instant(parts["at"], when) if "at" in parts else at
            if "value" not in parts:
                self._yaml.error("C401", node, key="value")
                return []
            value = parts["value"]
        attribute = self._library.attributes.get(name)
        text = self._cell(value, written, attribute.type if attribute else None, when)
        if name == "joined":
            at = min(at, exact_instant(text, at, self._yaml.zone))
        cells = (("id", member), (name, text), ("at", as_text(at, self._yaml.zone)))
        return [Fact("members", cells, at, span_of(key))]

    # Cells

    def _named(
        self, item: Node, main: str, columns: tuple[str, ...], when: When
    ) -> tuple[str, Node, dict[str, str], int | None]:
        """An entry of a list: its name, where that stands, further columns, and since when it is so if that is said.

        It is a name alone, ``{name: since}``, or has the name under ``main``.
        """
        if isinstance(item, ScalarNode):
            return self._yaml.text(item, main), item, {}, None
        kind = {"tag": "tags", "coupon": "coupons", "staff": "friends"}.get(main, "groups")
        spelled = self._columns[kind].names
        name, place, since = "", item, None
        rest: dict[str, str] = {}
        others: list[Node] = []
        for written, key, value in self._yaml.pairs(item, main):
            column = spelled.get(written)
            if column == main and not name:
                name, place = self._yaml.text(value, main), value
            elif column in columns:
                rest[str(column)] = self._cell(value, written, _column_type(str(column)), when)
            elif not name:
                name, place = written, key
                since = None if is_blank(value) else self._instant(value, when)
            else:
                others.append(key)
        for key in others or ([item] if not name else []):
            self._yaml.error("C408", key, known=", ".join((main, *columns)))
        return name, place, rest, since

    def _fact(
        self, kind: FactKind, cells: Mapping[str, Cell], rest: Mapping[str, str], at: int, item: Node, when: When
    ) -> Fact:
        """A fact that happens at the earliest instant that its columns name."""
        named = {**cells, **rest}
        stated = next((str(named[column]) for column in _BEGINS if column in named), "")
        happened = exact_instant(stated, at, self._yaml.zone)
        if when.latest is not None and happened > when.latest:
            self._yaml.error("C407", item)
        arrived = exact_instant(str(named.pop("arrived")), at, self._yaml.zone) if "arrived" in named else None
        return Fact(kind, tuple(named.items()), happened, span_of(item), arrived)

    def _instant(self, node: Node, when: When) -> int:
        found = self._yaml.instant(node, when.origin)
        return when.momentary if found is None else found

    def _cell(self, node: Node, key: str, kind: ValueType | None, when: When) -> str:
        """A text as an import reads it: relative instants become instants, or days where a date is meant."""
        text = self._yaml.text(node, key)
        if kind not in (ValueType.INSTANT, ValueType.DATE):
            return text
        found = relative_instant(text, when.origin, self._yaml.zone)
        if kind is ValueType.DATE:
            return text if found is None else as_date(found, self._yaml.zone)
        if found is None and not is_blank(node):
            return as_text(self._instant(node, when), self._yaml.zone)
        return text if found is None else as_text(found, self._yaml.zone)


_OF_EVENTS: Mapping[str, ValueType] = {
    "at": ValueType.INSTANT, "arrived": ValueType.INSTANT, "subject": ValueType.TEXT, "amount": ValueType.MONEY,
}


def _column_type(column: str) -> ValueType:
    return ValueType.INSTANT if column in _INSTANTS else ValueType.TEXT


def exact_instant(text: str, otherwise: int, zone: str) -> int:
    """The instant of a text as :func:`as_text` writes it; ``otherwise`` where it is none."""
    found = read_instant(text, otherwise, zone)
    return otherwise if found is None else found
