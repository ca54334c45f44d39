"""Declarations and shorthands for the tests of the store."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from qingting.engine.program import builtin_names, ir
from qingting.engine.program.clock import from_datetime
from qingting.engine.stores.imports import ImportOptions, ImportReport, import_file
from qingting.engine.stores.sqlite.database import SqliteStore

ZONE = "Asia/Shanghai"
FOREVER = 2**63 - 1


def when(text: str, zone: str = ZONE) -> int:
    """The instant of a date-time on the clock of ``zone``."""
    return from_datetime(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)))


NOW = when("2026-11-11 20:00")
_TYPES = {
    "城市": ir.ValueType.TEXT, "身高": ir.ValueType.NUMBER, "余额": ir.ValueType.MONEY, "生日": ir.ValueType.DATE,
    "lunar_birthday": ir.ValueType.LUNAR_DATE, "到期": ir.ValueType.INSTANT, "bound": ir.ValueType.YES_NO,
}
LIBRARY = ir.Library(
    attributes={
        **builtin_names.ATTRIBUTES,
        **{name: ir.Attribute(name, value_type) for name, value_type in _TYPES.items()},
        "card": ir.Attribute("card", ir.ValueType.TEXT, ("银卡", "金卡")),
    },
    events={
        "order": ir.Event("order", (ir.FieldRef("门店", ir.ValueType.TEXT), ir.FieldRef("qty", ir.ValueType.NUMBER))),
        "点击": ir.Event("点击"),
    },
    tags={
        "A": ir.Tag("A", group="stage"), "B": ir.Tag("B", group="stage"), "C": ir.Tag("C", group="stage"),
        "plain": ir.Tag("plain"), "short": ir.Tag("short", expires=ir.Duration(30 * ir.DAY)),
        "month": ir.Tag("month", expires=ir.Duration(0, 1)),
    },
    tag_groups={"stage": ir.TagGroup("stage", exclusive=True)},
    segments={}, metrics={}, templates={},
    coupons={
        "满100减20": ir.Coupon("满100减20", 2000, validity=ir.Validity(duration=ir.Duration(7 * ir.DAY))),
        "today": ir.Coupon("today", 500, validity=ir.Validity()),
    },
)


def counted_bytes(size: int) -> bytes:
    """Bytes that differ from call to call and not from run to run."""
    counted_bytes.calls = getattr(counted_bytes, "calls", 0) + 1  # type: ignore[attr-defined]
    return int(counted_bytes.calls).to_bytes(size, "big")  # type: ignore[attr-defined]


def new_store(folder: Path) -> SqliteStore:
    """A store that starts a day before the tests' present."""
    return SqliteStore.create(folder / "shop.db", at=NOW - ir.DAY, random_bytes=counted_bytes)


def bring(store: SqliteStore, kind: str, text: str, *, ending: str = "csv", **options: Any) -> ImportReport:
    """Import ``text`` as a file of ``kind`` beside the store."""
    path = store.path.with_name(f"{kind}.{ending}")
    path.write_text(text, encoding="utf-8")
    return bring_file(store, kind, path, **options)


def bring_file(store: SqliteStore, kind: str, path: Path, **options: Any) -> ImportReport:
    """Import a file with the tests' options where none are given."""
    given = {"at": NOW, "zone": ZONE, "random_bytes": counted_bytes, **options}
    return import_file(store, kind, path, LIBRARY, ImportOptions(**given))


def rows(store: SqliteStore, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    return store.connection.execute(query, parameters).fetchall()


def present(store: SqliteStore, member: str, attribute: str) -> object:
    """The present value of a member's attribute."""
    column = f"a{store.attribute_number(attribute)}"
    return rows(store, f"SELECT {column} FROM members WHERE id = ?", member)[0][0]


def intervals(store: SqliteStore, member: str = "u1") -> list[tuple[str, int, int]]:
    """The intervals (tag, since, until) of a member."""
    return rows(
        store, "SELECT t.name, m.since, m.until FROM member_tags m JOIN tags t USING (tag) JOIN members USING (unit)"
        " WHERE members.id = ? ORDER BY t.name, m.since", member,
    )


def faults(report: ImportReport) -> list[tuple[int, str]]:
    """The rejected rows as (line, code)."""
    return [(entry.line, entry.code) for entry in report.rejected]
