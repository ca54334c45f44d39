"""``qingting simulate``: its text, its JSON, its page, and what it refuses."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from qingting.engine.simulating.model import Collision, Day, Outcome, Simulation, Spread, StockCourse
from qingting.terminal.language import Language
from qingting.terminal.session import Session
from qingting.terminal.simulation_chart import bar_cells
from qingting.terminal.simulation_page import simulation_page

NOON = "2026-11-20T12:00"
Type = Callable[..., Any]
WEEK = ("simulate", "--at", NOON, "--to", "2026-11-24")


def test_a_simulation_is_told_in_tables_and_bars(type_in: Type) -> None:
    typed = type_in(*WEEK, "--lang", "zh")
    assert (typed.code, typed.err) == (0, "")
    assert "模拟 2026-11-20 12:00 +08:00 到 2026-11-24 00:00 +08:00" in typed.out
    for title in ("每天的消息量", "每天\n", "各剧本", "每人收到的消息", "库存和预算"):
        assert title in typed.out
    assert re.search(r"^11-20 #+ +\d+$", typed.out, re.MULTILINE)
    assert "\x1b" not in typed.out


def test_json_is_the_contract(type_in: Type) -> None:
    answer = type_in(*WEEK, "--json").json
    assert answer["command"] == "simulate"
    assert [day["day"] for day in answer["days"]] == [f"2026-11-{day}" for day in range(20, 25)]
    assert sum(sum(day["queued"].values()) for day in answer["days"]) == sum(
        sum(each["queued"].values()) for each in answer["playbooks"].values()
    ) > 0
    assert {"messages", "collisions", "stock", "budgets", "guards", "blocked", "notes"} <= answer.keys()
    assert answer["messages"]["in_all"]["members"] == sum(each["members"] for each in answer["messages"]["in_all"]["counts"])


def test_nothing_of_the_workspace_changes(type_in: Type, shop: Path) -> None:
    before = {path: path.read_bytes() for path in shop.rglob("*") if path.is_file() and path.suffix != ".db-shm"}
    assert type_in(*WEEK).code == 0
    assert {path: path.read_bytes() for path in before} == before


def test_the_page_is_written_and_opens_without_a_network(type_in: Type, shop: Path) -> None:
    typed = type_in(*WEEK, "--html", str(shop / "sim.html"), "--lang", "zh")
    assert typed.code == 0
    assert "sim.html" in typed.err
    page = (shop / "sim.html").read_text(encoding="utf-8")
    check_page(page)
    assert "<svg" in page
    assert '<html lang="zh-CN">' in page


def test_a_page_without_room_is_refused_before_the_work(type_in: Type) -> None:
    typed = type_in(*WEEK, "--html", "no/such/folder/sim.html")
    assert (typed.code, typed.out) == (3, "")
    assert "C263" in typed.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--from", "2026-11-24", "--to", "2026-11-20"), "C260"),
        (("--to", "2036-01-01"), "C261"),
        (("--playbook", "x"), "C262"),
        (("--to", "2026-11-24", "--playbook", "没有"), "C127"),
    ],
)
def test_what_cannot_be_simulated_is_refused(type_in: Type, arguments: tuple[str, ...], code: str) -> None:
    typed = type_in("simulate", "--at", NOON, *arguments)
    assert (typed.code, typed.out) == (2, "")
    assert code in typed.err


def test_without_a_store_there_is_nothing_to_simulate(type_in: Type, shop: Path) -> None:
    (shop / "qingting.db").unlink()
    assert type_in(*WEEK).code == 3


def test_a_blocked_playbook_shows_in_the_exit_code(type_in: Type, shop: Path) -> None:
    (shop / "playbooks" / "broken.sop").write_text('剧本 "坏"\n  面向 有标签 "没有的"\n  每天 20:00\n    推送 企微 "没有的"\n')
    typed = type_in(*WEEK, "--json")
    assert typed.code == 1
    assert [each["playbook"] for each in typed.json["blocked"]] == ["坏"]


NASTY = '<script>x="y"&\'</script>'


def _nasty() -> Simulation:
    """A simulation in which every name is out to break a page."""
    day = Day(date(2026, 11, 20), {NASTY: 3, "wecom": 2}, 1, {"cap": 1}, {})
    return Simulation(
        start=0, until=0, zone="UTC", replayed=False, runs=(0,), records=6, days=(day,),
        playbooks=(Outcome(NASTY, "live", queued={NASTY: 3}), Outcome("b" + NASTY, "draft", never="draft")),
        messages=Spread(((0, 1), (15, 2))), weekly=Spread(((0, 3),)),
        collisions=(Collision(NASTY, "b", "cap", 1),), collided=1,
        stock=(StockCourse(NASTY, 10, (-1,), date(2026, 11, 20)),), budgets=(), guards=(), blocked=(),
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_cannot_break_the_page(lang: Language) -> None:
    session = Session(StringIO(), StringIO(), {}, lambda: datetime.now(UTC), lang=lang)
    page = simulation_page(session, _nasty())
    assert "<script" not in page
    assert page.count("&lt;script&gt;x=&quot;y&quot;&amp;&#x27;&lt;/script&gt;") >= 5
    check_page(page)


def check_page(page: str) -> None:
    """Everything that is opened is closed, and nothing points to anywhere."""
    assert "http" not in page
    assert not re.search(r"<(script|link|img|iframe|object|embed)\b|@import|url\(|\b(src|href)=", page)
    checker = _Tags()
    checker.feed(page)
    checker.close()
    assert checker.open == []


class _Tags(HTMLParser):
    """Follows tags."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_bars_share_their_width() -> None:
    cells = bar_cells({"a": 1, "b": 99, "c": 0}, ("a", "b", "c"), 100, 50)
    assert cells == [("a", 1), ("b", 50), ("c", 0)]
