"""Does in a store what an explanation says is missing, and looks whether the test is true then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from qingting.engine.insight.missing.parts import Missing, latest
from qingting.engine.insight.view import Memory, View
from qingting.engine.program.clock import day_start, local_day
from qingting.engine.program.ir import Condition, Library
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.engine.stores.sqlite.facts import FactWriter

APPLIED = frozenset({
    "event", "distinct", "days", "points", "attribute", "tag", "untag", "coupon", "use_coupon", "redpacket", "group",
    "leave_group", "friend", "unfriend", "invite", "wait", "either",
})
"""The kinds that this can do."""


class Undo(Exception):
    """Takes back what was done."""


class NotApplied(Exception):
    """Something is missing that this cannot do."""


def becomes_true(condition: Condition, parts: Sequence[Missing], view: View, zone: str) -> bool:
    """Whether a condition is true once all parts have happened; the store is left as it was."""
    then = latest(tuple(parts)) or view.t
    found: list[bool] = []
    try:
        with view.store.transaction():
            applier = Applier(view.store, view.library, view.unit, view.t, zone)
            for part in parts:
                applier.apply(part)
            applier.writer.finish()
            after = replace(view, t=max(then, applier.last), memory=Memory())
            found.append(after.is_true(condition))
            raise Undo
    except Undo:
        return found[0]


class Applier:
    """Turns parts into facts of one member that happen at t, or as soon as they may."""

    def __init__(self, store: SqliteStore, library: Library, unit: int, t: int, zone: str) -> None:
        self.store, self.library, self.unit, self.t, self.zone = store, library, unit, t, zone
        self.last = t
        self.numbers = count(1)
        self.writer = FactWriter(store, library, zone=zone, random_bytes=lambda size: next(self.numbers).to_bytes(size, "big"))

    def apply(self, part: Missing) -> None:
        """Does one part; the first way of several."""
        if part.kind not in APPLIED:
            raise NotApplied(part.kind)
        if part.kind == "either":
            for inner in part.ways[0]:
                self.apply(inner)
        elif part.kind != "wait":
            getattr(self, f"do_{part.kind}")(part, part.after or self.t)

    def do_event(self, part: Missing, at: int) -> None:
        for _ in range(part.number or 1):
            self.event(part, at)

    def event(self, part: Missing, at: int) -> None:
        given = {setting.name: setting.value for setting in part.settings}
        subject, amount = given.pop("subject", None), given.pop("amount", None)
        self.writer.add_event(
            f"missing{next(self.numbers)}", part.name or "", self.unit, at=at, arrived=at,
            subject=None if subject is None else str(subject), amount=None if amount is None else int(amount), fields=given,
        )

    def do_distinct(self, part: Missing, at: int) -> None:
        if part.number != 1:
            raise NotApplied("several other values")
        self.event(part, at)

    def do_days(self, part: Missing, at: int) -> None:
        first = local_day(at, self.zone)
        for number in range(part.number or 1):
            day = day_start(type(first).fromordinal(first.toordinal() + number), self.zone)
            self.event(part, max(day, at))

    def do_points(self, part: Missing, at: int) -> None:
        self.writer.add_points(self.unit, part.number or 0, "missing", at=at, arrived=at)

    def do_attribute(self, part: Missing, at: int) -> None:
        (setting,) = part.settings
        for _ in range(part.number or 1):
            self.writer.add_attribute(self.unit, setting.name, setting.value, at=at, arrived=at)

    def do_tag(self, part: Missing, at: int) -> None:
        self.writer.add_tag(self.unit, part.name or "", at=at, arrived=at)

    def do_untag(self, part: Missing, at: int) -> None:
        self.writer.add_tag(self.unit, part.name or "", at=at, arrived=at, given=False)

    def do_coupon(self, part: Missing, at: int) -> None:
        self.writer.add_coupon(f"missing{next(self.numbers)}", part.name or "", self.unit, "issued", at=at, arrived=at)

    def do_use_coupon(self, part: Missing, at: int) -> None:
        sql = (
            "SELECT c.code FROM coupons c JOIN coupon_kinds k ON k.coupon = c.coupon WHERE k.name = ? AND c.unit = ?"
            " AND c.issued IS NOT NULL AND c.used IS NULL AND c.cancelled IS NULL AND coalesce(c.expires, 1 << 62) > ?"
        )
        held = [code for (code,) in self.store.connection.execute(sql, (part.name, self.unit, at))]
        for number in range(part.number or 1):
            code = held[number] if number < len(held) else f"missing{next(self.numbers)}"
            self.writer.add_coupon(code, part.name or "", self.unit, "used", at=at, arrived=at)

    def do_redpacket(self, part: Missing, at: int) -> None:
        for _ in range(part.number or 1):
            code = f"missing{next(self.numbers)}"
            self.writer.add_redpacket(code, part.name or "", self.unit, "issued", 100, at=at, arrived=at)

    def do_group(self, part: Missing, at: int) -> None:
        group = self.writer.add_group(f"missing{next(self.numbers)}", arrived=at)
        self.writer.add_group_fact(group, "name", part.name, at=at, arrived=at)
        self.writer.add_group_member(group, self.unit, at=at, arrived=at)

    def do_leave_group(self, part: Missing, at: int) -> None:
        for (group,) in self.store.connection.execute("SELECT unit FROM groups"):
            self.writer.add_group_member(group, self.unit, at=at, arrived=at, given=False)

    def do_friend(self, part: Missing, at: int) -> None:
        staff = self.writer.add_staff(f"missing{next(self.numbers)}", arrived=at)
        self.writer.add_friendship(self.unit, staff, at=at, arrived=at)

    def do_unfriend(self, part: Missing, at: int) -> None:
        for (staff,) in self.store.connection.execute("SELECT staff FROM staff"):
            self.writer.add_friendship(self.unit, staff, at=at, arrived=at, given=False)

    def do_invite(self, part: Missing, at: int) -> None:
        if part.settings or ":" in part.text:
            raise NotApplied("what must be true of them")
        (name,) = self.store.connection.execute("SELECT id FROM members WHERE unit = ?", (self.unit,)).fetchone()
        for _ in range(part.number or 1):
            other = self.writer.add_member(f"missing{next(self.numbers)}", arrived=at)
            self.writer.add_attribute(other, "inviter", name, at=at, arrived=at)
            self.writer.add_attribute(other, "joined", at, at=at, arrived=at)

