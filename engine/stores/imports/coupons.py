"""Issued coupons: a code belongs to one coupon and one member, and is used at most once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ...program.clock import add_duration, day_start, local_day, local_to_instant
from ...program.ir import Validity
from ..sqlite.maintenance import refresh_coupons
from .report import RowError
from .session import Session, sound_rows
from .source import Record


@dataclass(frozen=True, slots=True)
class _Row:
    """A sound row; the instants are None where the row does not name them."""

    line: int
    code: str
    coupon: str
    member: str
    issued: int | None
    expires: int | None
    used: int | None


@dataclass(slots=True)
class _Known:
    """What is known of a code."""

    coupon: int
    unit: int
    issued: int | None
    expires: int | None
    used: int | None


class CouponReader:
    """Adds issued and used coupons that the store does not know."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._numbers = session.store.coupons()

    def take(self, records: Sequence[Record]) -> None:
        """Add what is new in the rows."""
        session = self._session
        rows = list(sound_rows(session, records, self._read))
        units = session.units_of(row.member for row in rows)
        known = self._known(row.code for row in rows)
        first = session.writer.take(0).start
        for row in rows:
            try:
                self._take_row(row, units, known)
            except RowError as fault:
                session.tally.reject(row.line, fault)
        session.writer.flush()
        refresh_coupons(session.store.connection, first)

    def finish(self) -> None:
        """Nothing waits: every coupon was written with its batch."""

    def _read(self, record: Record) -> _Row | None:
        session, cells = self._session, record.cells
        coupon = session.declared_text(cells, "coupon", session.library.coupons, "S119")
        member, code = session.required_text(cells, "member"), session.required_text(cells, "code")
        issued, expires, used = (session.instant(cells, name) for name in ("issued", "expires", "used"))
        if issued is not None and expires is not None and expires <= issued:
            raise RowError("S127", column="expires")
        return None if coupon is None else _Row(record.line, code, coupon, member, issued, expires, used)

    def _known(self, codes: Iterable[str]) -> dict[str, _Known]:
        rows = self._session.store.connection.execute(
            "SELECT c.code, c.coupon, c.unit, c.issued, c.expires, c.used"
            " FROM json_each(?) AS j CROSS JOIN coupons AS c WHERE c.code = j.value",
            (json.dumps(list(codes), ensure_ascii=False),),
        )
        return {code: _Known(*rest) for code, *rest in rows}

    def _take_row(self, row: _Row, units: dict[str, int], known: dict[str, _Known]) -> None:
        session, present = self._session, known.get(row.code)
        issued = session.options.at if row.issued is None else row.issued
        if present is None:
            unit = session.unit_for(row.member, units, session.arrival(issued, None))
            present = known[row.code] = _Known(self._numbers[row.coupon], unit, None, None, None)
            self._issue(row, present, issued)
            self._use(row, present)
            session.tally.added += 1
        elif self._differs(row, present, units):
            session.tally.conflict(row.line, "S130")
        else:
            changes = present.issued is None and row.issued is not None
            if changes:
                self._issue(row, present, issued)
            session.tally.changed += int(self._use(row, present) or changes)

    def _differs(self, row: _Row, present: _Known, units: dict[str, int]) -> bool:
        if present.coupon != self._numbers[row.coupon] or present.unit != units.get(row.member):
            return True
        pairs = ((row.issued, present.issued), (row.expires, present.expires), (row.used, present.used))
        return any(said is not None and there is not None and said != there for said, there in pairs)

    def _issue(self, row: _Row, present: _Known, issued: int) -> None:
        session = self._session
        present.issued = issued
        if row.expires is not None:
            present.expires = row.expires
        else:
            present.expires = expiry_of(session.library.coupons[row.coupon].validity, issued, session.options.zone)
        session.writer.add_coupon(
            row.code, row.coupon, present.unit, "issued", at=issued, arrived=session.arrival(issued, None),
            expires=present.expires, backfilled=session.options.backfill,
        )

    def _use(self, row: _Row, present: _Known) -> bool:
        if row.used is None or present.used is not None:
            return False
        present.used = row.used
        arrived = self._session.arrival(row.used, None)
        self._session.writer.add_coupon(
            row.code, row.coupon, present.unit, "used", at=row.used, arrived=arrived,
            backfilled=self._session.options.backfill,
        )
        return True


def expiry_of(validity: Validity | None, issued: int, zone: str) -> int | None:
    """When a coupon issued at ``issued`` expires by its declaration, None for never.

    Without a duration or a date-time it lives until the end of its day on the clock of ``zone``.
    """
    if validity is None:
        return None
    if validity.duration is not None:
        return add_duration(issued, validity.duration, zone)
    if validity.until is not None:
        return local_to_instant(validity.until, zone)
    return day_start(local_day(issued, zone) + timedelta(days=1), zone)
