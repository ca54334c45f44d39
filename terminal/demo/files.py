"""The shop as files that the ordinary import reads."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from .shop import Customer, Happening, Shop, TagRow

_MEMBERS = ("id", "name", "joined", "staff", "inviter", "points", "timezone", "城市", "会员卡", "生日", "宠物名", "at")
_TAGS = ("member", "tag", "since", "until")
_EVENTS = ("id", "member", "type", "at", "subject", "amount", "订单号", "门店", "数量")


def write_files(shop: Shop, folder: Path, after: datetime | None, until: datetime) -> tuple[tuple[str, Path], ...]:
    """Write what happened in (after, until] and return (kind, path) in the order of import."""
    folder.mkdir(parents=True, exist_ok=True)

    def falls_in(instant: datetime) -> bool:
        return (after is None or instant > after) and instant <= until

    return (
        (
            "members",
            _write(folder / "members.csv", _MEMBERS, (_member(c) for c in shop.customers if falls_in(c.joined))),
        ),
        ("tags", _write(folder / "tags.csv", _TAGS, (_tag(t) for t in shop.tags if falls_in(t.since)))),
        ("events", _write(folder / "events.csv", _EVENTS, (_event(h) for h in shop.happenings if falls_in(h.at)))),
    )


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def _member(customer: Customer) -> Sequence[str]:
    return (
        customer.id,
        customer.name,
        customer.joined.isoformat(),
        customer.staff,
        customer.inviter,
        str(customer.points),
        customer.timezone,
        customer.city,
        customer.card,
        customer.birthday,
        customer.pet_name,
        customer.joined.isoformat(),
    )


def _tag(row: TagRow) -> Sequence[str]:
    return row.member, row.tag, row.since.isoformat(), row.until.isoformat() if row.until else ""


def _event(happening: Happening) -> Sequence[str]:
    amount = "" if happening.amount is None else f"{happening.amount / 100:.2f}"
    quantity = "" if happening.quantity is None else str(happening.quantity)
    return (
        happening.id,
        happening.member,
        happening.type,
        happening.at.isoformat(),
        happening.subject,
        amount,
        happening.order_no,
        happening.store,
        quantity,
    )
