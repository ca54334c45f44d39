"""Members who join customer groups, or leave them."""

from __future__ import annotations

from pathlib import Path

import pytest
from run.triggers.starting import open_shop, started
from workspaces import Shop


def place(shop: Shop, group: str, member: str, since: str, until: str | None = None, *, at: str) -> None:
    """Imports a membership."""
    row = {"group": group, "member": member, "since": since, **({"until": until} if until else {})}
    shop.bring("groups", [row], at)


def named(shop: Shop, group: str, name: str, at: str) -> None:
    """Names a group."""
    shop.bring("groups", [{"group": group, "name": name}], at)


def test_joining(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, '当 进群 "福利群*"')
    named(shop, "g1", "福利群1", "2026-11-18 09:10")
    named(shop, "g2", "闲聊群", "2026-11-18 09:10")
    place(shop, "g1", "u1", "2026-11-18 10:00", at="2026-11-18 10:00")
    place(shop, "g2", "u2", "2026-11-18 10:00", at="2026-11-18 10:00")
    assert started(shop, "2026-11-18 10:05") == ["u1"]
    place(shop, "g1", "u1", "2026-11-18 10:00", at="2026-11-18 10:10")
    assert started(shop, "2026-11-18 10:15") == []


def test_the_name_is_that_of_then(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, '当 进群 "福利群*"')
    named(shop, "g1", "福利群1", "2026-11-18 09:10")
    place(shop, "g1", "u1", "2026-11-18 10:00", at="2026-11-18 10:00")
    named(shop, "g1", "闲聊群", "2026-11-18 10:02")
    place(shop, "g1", "u2", "2026-11-18 10:03", at="2026-11-18 10:03")
    assert started(shop, "2026-11-18 10:05") == ["u1"]


def test_leaving_and_coming_back(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 退群")
    place(shop, "g1", "u1", "2026-11-18 09:30", at="2026-11-18 09:30")
    assert started(shop, "2026-11-18 09:35") == []
    place(shop, "g1", "u1", "2026-11-18 09:30", "2026-11-18 10:00", at="2026-11-18 10:00")
    assert started(shop, "2026-11-18 10:05") == ["u1"]
    place(shop, "g1", "u1", "2026-11-18 10:10", "2026-11-18 10:20", at="2026-11-18 10:20")
    assert started(shop, "2026-11-18 10:25") == ["u1"]
    assert started(shop, "2026-11-18 11:25") == []


@pytest.mark.parametrize(("line", "expected"), [("当 进群", ["u2"]), ("当 退群", [])])
def test_who_left_at_the_very_instant_of_joining_was_never_there(tmp_path: Path, line: str, expected: list[str]) -> None:
    shop = open_shop(tmp_path, line)
    place(shop, "g1", "u1", "2026-11-18 10:00", at="2026-11-18 10:00")
    shop.bring("groups", [{"group": "g1", "member": "u1", "until": "2026-11-18 10:00"}], "2026-11-18 10:00")
    place(shop, "g1", "u2", "2026-11-18 10:00", at="2026-11-18 10:00")
    assert started(shop, "2026-11-18 10:05") == expected


def test_two_groups_are_two_joinings(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 进群")
    for group in ("g1", "g2"):
        place(shop, group, "u1", "2026-11-18 10:00", at="2026-11-18 10:00")
    assert started(shop, "2026-11-18 10:05") == ["u1", "u1"]


def test_a_membership_that_lies_ahead(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 进群")
    place(shop, "g1", "u1", "2026-11-18 12:00", at="2026-11-18 10:00")
    assert started(shop, "2026-11-18 11:00") == []
    assert started(shop, "2026-11-18 12:00") == ["u1"]
