"""``import`` of groups, friends and staff, of other encodings, and of files that are the whole truth."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Type = Callable[..., Any]
NOON = "2026-11-20T12:00"
LATER = "2026-11-20T13:00"


def rows(shop: Path, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query over the workspace's store."""
    connection = sqlite3.connect(shop / "qingting.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def write(shop: Path, name: str, text: str, encoding: str = "utf-8") -> str:
    """A file in the workspace, and its path."""
    (shop / name).write_text(text, encoding=encoding)
    return str(shop / name)


def test_the_kinds_beside_members(type_in: Type, shop: Path) -> None:
    staff = write(shop, "staff.csv", "员工号,姓名,上级\nzs,张三,ls\n")
    friends = write(shop, "friends.csv", "客户号,员工号,加好友时间\nM001,zs,2026-11-01\nM999,zs,\n")
    groups = write(shop, "groups.csv", "群号,群名,客户号\ng1,福利群,\ng1,,M001\n")
    assert type_in("import", "staff", staff, "--at", NOON, "--json").json["added"] == 1
    answer = type_in("import", "friends", friends, "--at", NOON, "--json", "--lang", "zh").json
    assert answer["added"] == 1
    assert [entry["line"] for entry in answer["rejected"]] == [3]
    assert "没有这位客户" in answer["rejected"][0]["error"]
    assert type_in("import", "groups", groups, "--at", NOON, "--json").json["added"] == 2
    assert rows(shop, "SELECT name FROM groups") == [("福利群",)]
    assert rows(shop, "SELECT name, manager FROM staff") == [("张三", "ls")]


@pytest.mark.parametrize(("option", "left"), [((), ["M001", "M002"]), (("--replace",), ["M002"]), (("--replace=all",), [])])
def test_a_file_that_is_the_whole_truth(type_in: Type, shop: Path, option: tuple[str, ...], left: list[str]) -> None:
    before = write(shop, "friends.csv", "member,staff\nM001,zs\nM002,zs\n")
    after = write(shop, "newer.csv", "member,staff\nM001,ls\n")
    assert type_in("import", "friends", before, "--at", NOON).code == 0
    # The bare option never takes the next word for its value.
    answer = type_in("import", *option, "friends", after, "--at", LATER, "--lang", "zh")
    assert (answer.code, "已经结束的" in answer.out) == (0, bool(option))
    still = "SELECT m.id FROM friendships f JOIN members m USING (unit) JOIN staff s USING (staff)"
    open_ones = rows(shop, f"{still} WHERE s.id = 'zs' AND f.until = {2**63 - 1} ORDER BY 1")
    assert [member for (member,) in open_ones] == left


def test_a_bad_row_refuses_a_file_that_replaces(type_in: Type, shop: Path) -> None:
    file = write(shop, "friends.csv", "member,staff\nM001,ls\nM999,zs\n")
    answer = type_in("import", "friends", file, "--replace", "--at", NOON, "--json")
    assert (answer.code, answer.json["stored"], answer.json["removed"]) == (1, False, 0)


def test_what_has_happened_is_not_replaced(type_in: Type, shop: Path) -> None:
    answer = type_in("import", "events", str(shop / "data/events.csv"), "--replace=all", "--lang", "en")
    assert answer.code == 2
    assert "S214" in answer.err
    assert "members, tags, friends, groups" in answer.err


def test_another_encoding(type_in: Type, shop: Path) -> None:
    file = write(shop, "staff.csv", "员工号;姓名\nzs;张三\n", "gb18030")
    answer = type_in("import", "staff", file, "--lang", "zh")
    assert answer.code == 3
    assert "--encoding gb18030" in answer.err
    assert type_in("import", "staff", file, "--encoding", "gb18030").code == 0
    assert rows(shop, "SELECT name FROM staff") == [("张三",)]
