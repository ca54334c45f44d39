"""A tiny shop whose members differ in one thing each, and how to ask it questions in both shapes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from qingting.engine.program import ir
from qingting.engine.program.clock import local_to_instant, naive_datetime, naive_micros
from qingting.engine.program.holidays import HolidayCalendar
from qingting.engine.program.ir import DAY, ValueType
from qingting.engine.query.compile import Compiler
from qingting.engine.query.frame_table import FrameTable
from qingting.engine.query.frames import FramePlan
from qingting.engine.query.relations import Relations
from qingting.engine.query.statements import Query, render
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.engine.stores.sqlite.facts import FactWriter, write_facts
from qingting.engine.stores.sqlite.relations import SqliteRelations
from query.mirror import DuckDbMirror
from sqlglot import exp

ZONE = "Asia/Shanghai"
EVERY_SEQ = 2**62
CITY = ir.AttributeRef("城市", ValueType.TEXT)
BIRTHDAY = ir.AttributeRef("生日", ValueType.DATE)
LUNAR = ir.AttributeRef("农历生日", ValueType.LUNAR_DATE)
JOINED = ir.AttributeRef("joined", ValueType.INSTANT)
POINTS = ir.AttributeRef("points", ValueType.NUMBER)
CARD = ir.AttributeRef("等级卡", ValueType.TEXT)
INVITER = ir.AttributeRef("inviter", ValueType.TEXT)
SOURCE = ir.AttributeRef("source", ValueType.TEXT)
STORE = ir.FieldRef("门店", ValueType.TEXT)
PIECES = ir.FieldRef("数量", ValueType.NUMBER)
AMOUNT = ir.FieldRef("amount", ValueType.MONEY)
ORDER = ir.EventQuery("下单")
SPENT = ir.Total("sum", ORDER, AMOUNT, ValueType.MONEY)

LIBRARY = ir.Library(
    attributes={ref.name: ir.Attribute(ref.name, ref.type) for ref in (
        CITY, BIRTHDAY, LUNAR, JOINED, POINTS, CARD, INVITER, SOURCE,
    )},
    events={"点击": ir.Event("点击"), "下单": ir.Event("下单", (STORE, PIECES)), "签到": ir.Event("签到")},
    tags={name: ir.Tag(name) for name in ("新客", "兴趣:猫", "兴趣:狗", "退订")},
    tag_groups={},
    segments={"老客": ir.Did(ORDER, 2)},
    metrics={"消费": SPENT, "客单": ir.Total("average", ORDER, AMOUNT, ValueType.MONEY)},
    templates={},
    coupons={name: ir.Coupon(name, 2_000) for name in ("满减", "立减")},
    redpackets={"新客红包": ir.Redpacket("新客红包", 30, 500)},
    ladders={
        "tier": ir.Ladder("tier", POINTS, (
            ir.Rung("超级", 3_000_000_000), ir.Rung("A级", 500_000_000, included=True), ir.Rung("普通", None),
        )),
        "购买力": ir.Ladder("购买力", ir.MetricRef("客单", ValueType.MONEY), (
            ir.Rung("高", 4_000, included=True), ir.Rung("中", 1_000),
        )),
    },
    holidays=HolidayCalendar("", {date(2026, 11, 20): "off", date(2026, 11, 21): "work"}),
)


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0, zone: str = ZONE) -> int:
    """The instant of a local clock."""
    moment = naive_datetime(0).replace(year=year, month=month, day=day, hour=hour, minute=minute)
    return local_to_instant(naive_micros(moment), zone)


NOW = at(2026, 11, 21, 20)
LONG_AGO = NOW - 400 * DAY


def tag(*names: str, window: ir.Window | None = None) -> ir.HasTag:
    """Holds one of the tags; a star at the end is a prefix."""
    patterns = (ir.TextPattern(n.removesuffix("*"), n.endswith("*")) for n in names)
    return ir.HasTag(tuple(patterns), window)


def within(days: int) -> ir.Window:
    """(t - days, t]."""
    return ir.Window(ir.Cutoff(ir.CutoffKind.T, 0, 1 - days * DAY), ir.Cutoff(ir.CutoffKind.T, 0, 1))


def day(offset: int) -> ir.Window:
    """The calendar day that lies ``offset`` days from t's."""
    return ir.Window(ir.Cutoff(ir.CutoffKind.DAY, offset), ir.Cutoff(ir.CutoffKind.DAY, offset + 1))


def orders(*subjects: str, where: ir.Condition | None = None, window: ir.Window | None = None) -> ir.EventQuery:
    """The orders of some subjects; a star at the end is a prefix."""
    patterns = (ir.TextPattern(n.removesuffix("*"), n.endswith("*")) for n in subjects)
    return ir.EventQuery("下单", tuple(patterns), where, window)


@dataclass(frozen=True, slots=True)
class Shop:
    """A store and its copy in DuckDB."""

    store: SqliteStore
    mirror: DuckDbMirror

    def ask(
        self,
        condition: ir.Condition,
        t: int = NOW,
        T: int | None = None,
        mark: int = EVERY_SEQ,
        t_low: int | None = None,
    ) -> set[str]:
        """The ids of whom a condition is true; both shapes on both databases must agree."""
        T = t if T is None else T
        low = t if t_low is None else t_low
        answer = self.ask_sqlite(condition, t, T, mark, low)
        copied = self._both(condition, t, self.mirror.relations(T, mark, low, t), "duckdb")
        assert copied == [answer, answer], (condition, answer, copied)
        return answer

    def ask_sqlite(
        self, condition: ir.Condition, t: int = NOW, T: int = NOW, mark: int = EVERY_SEQ, t_low: int = NOW
    ) -> set[str]:
        """The ids of whom a condition is true; both shapes must agree."""
        chosen, probed = self._both(condition, t, SqliteRelations(self.store, T, mark, t_low, t), "sqlite")
        assert chosen == probed, (condition, chosen, probed)
        return chosen

    def _both(self, condition: ir.Condition, t: int, relations: Relations, dialect: str) -> list[set[str]]:
        plan = FramePlan.of([condition], LIBRARY)
        self._frames(plan, t, dialect)
        compiler = Compiler(LIBRARY, relations, plan)
        chosen = self._units(Query(compiler.select_units(condition, 1), compiler.parameters), dialect)
        assert len(chosen) == len(set(chosen))
        everybody = Compiler(LIBRARY, relations, plan)
        existing = self._units(Query(everybody.select_units(ir.Always(True), 1), everybody.parameters), dialect)
        compiler = Compiler(LIBRARY, relations, plan)
        test = compiler.predicate(condition, exp.column("unit", "who"), "seen")
        query = (
            exp.select("who.unit", exp.alias_(test, "verdict"))
            .from_("members AS who")
            .join("frames AS seen", on="seen.frame = 1")
        )
        verdicts = self._rows(Query(query, compiler.parameters), dialect)
        assert all(verdict in (0, 1) for _, verdict in verdicts)
        probed = {unit for unit, verdict in verdicts if verdict and unit in set(existing)}
        return [self._ids(chosen), self._ids(probed)]

    def _frames(self, plan: FramePlan, t: int, dialect: str) -> None:
        if dialect == "duckdb":
            self.mirror.fill_frames(plan, [(t, ZONE)])
            return
        made = FrameTable(plan, "sqlite", lambda sql, values: self.store.connection.execute(sql, values).fetchall())
        made.create()
        made.add(1, t, ZONE)

    def _rows(self, query: Query, dialect: str) -> list[tuple[int, ...]]:
        sql, values = render(query, dialect)
        connection = self.store.connection if dialect == "sqlite" else self.mirror.connection
        return connection.execute(sql, values).fetchall()

    def _units(self, query: Query, dialect: str) -> list[int]:
        return [row[0] for row in self._rows(query, dialect)]

    def _ids(self, units: set[int] | list[int]) -> set[str]:
        names = dict(self.store.connection.execute("SELECT unit, id FROM members").fetchall())
        return {names[unit] for unit in units}


class Teller:
    """Writes facts about members by id; what is not said arrives when it happens."""

    def __init__(self, writer: FactWriter) -> None:
        self.writer = writer
        self.units: dict[str, int] = {}
        self.staff: dict[str, int] = {}
        self.told = 0

    def members(self, *ids: str, arrived: int = LONG_AGO) -> None:
        """New members."""
        for member in ids:
            self.units[member] = self.writer.add_member(member, arrived=arrived)

    def tag(self, member: str, name: str, when: int, given: bool = True, arrived: int | None = None) -> int:
        """A tag given or taken."""
        return self.writer.add_tag(
            self.units[member], name, at=when, arrived=when if arrived is None else arrived, given=given
        )

    def set(self, member: str, ref: ir.AttributeRef, value: int | str | None, when: int = LONG_AGO) -> int:
        """An attribute's value."""
        return self.writer.add_attribute(self.units[member], ref.name, value, at=when, arrived=when)

    def order(
        self,
        member: str,
        when: int,
        subject: str | None = None,
        amount: int | None = None,
        shop: str | None = None,
        arrived: int | None = None,
        pieces: int | None = None,
    ) -> int:
        """An order; ``pieces`` in millionths."""
        self.told += 1
        return self.writer.add_event(
            f"e{self.told}",
            "下单",
            self.units[member],
            at=when,
            arrived=when if arrived is None else arrived,
            subject=subject,
            amount=amount,
            fields={"门店": shop, "数量": pieces},
        )

    def check_in(self, member: str, *instants: int) -> None:
        """Check-ins."""
        for when in instants:
            self.told += 1
            self.writer.add_event(f"e{self.told}", "签到", self.units[member], at=when, arrived=when)

    def coupon(
        self, member: str, name: str, kind: str, when: int, expires: int | None = None, code: str | None = None
    ) -> int:
        """What happened to the member's coupon, the only one of its name if ``code`` is not said."""
        own = f"{member}/{name}" if code is None else code
        unit = self.units[member]
        return self.writer.add_coupon(own, name, unit, kind, at=when, arrived=when, expires=expires)

    def redpacket(self, member: str, kind: str, when: int, code: str = "1") -> int:
        """What happened to the member's red packet."""
        unit = self.units[member]
        return self.writer.add_redpacket(
            f"{member}/{code}", "新客红包", unit, kind, 100, at=when, arrived=when
        )

    def group(self, group: str, name: str, **members: tuple[int, int | None]) -> None:
        """A customer group with who was in it from when until when."""
        number = self.writer.add_group(group, arrived=LONG_AGO)
        self.writer.add_group_fact(number, "name", name, at=LONG_AGO, arrived=LONG_AGO)
        for member, (since, until) in members.items():
            self.writer.add_group_member(number, self.units[member], at=since, arrived=since)
            if until is not None:
                self.writer.add_group_member(number, self.units[member], at=until, arrived=until, given=False)

    def friend(self, member: str, staff: str, when: int, given: bool = True) -> int:
        """That a member became, or ceased to be, a friend of a staff member."""
        if staff not in self.staff:
            self.staff[staff] = self.writer.add_staff(staff, arrived=LONG_AGO)
        return self.writer.add_friendship(self.units[member], self.staff[staff], at=when, arrived=when, given=given)

    def points(self, member: str, delta: int, when: int) -> int:
        """An entry of the ledger."""
        return self.writer.add_points(self.units[member], delta, "x", at=when, arrived=when)


@contextmanager
def telling(path: Path) -> Iterator[tuple[SqliteStore, Teller]]:
    """A new store while its facts are told; it is complete when the block ends."""

    def some_bytes(count: int) -> bytes:
        told.append(count)
        return sha256(str(len(told)).encode()).digest()[:count]

    told: list[int] = []
    store = SqliteStore.create(path, at=0, random_bytes=some_bytes)
    with write_facts(store, LIBRARY, zone=ZONE, random_bytes=some_bytes) as writer:
        yield store, Teller(writer)
