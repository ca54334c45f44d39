"""Watching: runs at the instants that are known beforehand and on arrivals, by a clock that the test moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice

import pytest
from qingting.engine.program.clock import from_datetime, to_datetime
from qingting.engine.run.lock import run_lock
from qingting.engine.watching import LOOK, POLL_SECONDS, Watch
from qingting.engine.workspace import Workspace
from qingting.grammar.diagnostics import CannotRun, QingtingError
from workspaces import ZONE, Shop, when

Open = Callable[..., Shop]
DAILY = '剧本 "甲"\n  每天 10:00\n    打标签 "已触达"\n'
JOURNEY = """
剧本 "甲"
  定时 2026-11-18 10:00
    打标签 "已触达"
    等待 90分钟
    打标签 "老客"
"""


class Days:
    """A clock that sleeping moves; ``meanwhile`` happens when its time has come, and ``leave_at`` is when to go."""

    def __init__(self, shop: Shop, start: str) -> None:
        self.shop, self.now = shop, when(start)
        self.leave_at = when("2026-12-31 00:00")
        self.meanwhile: list[tuple[datetime, Callable[[], None]]] = []
        self.troubles: list[str] = []
        self.looked = 0

    def at(self, instant: str, what: Callable[[], None]) -> None:
        """Something that happens during the watch."""
        self.meanwhile.append((when(instant), what))

    def rest(self, seconds: float) -> bool:
        """Sleeps; between two things that happen it hurries, as every look finds nothing."""
        assert seconds >= 0
        self.looked += 1
        self.now += timedelta(seconds=seconds)
        while self.meanwhile and self.meanwhile[0][0] <= self.now:
            self.meanwhile.pop(0)[1]()
        return self.now >= self.leave_at

    def watch(self) -> Watch:
        """The watch of the shop on this clock."""
        return Watch(lambda: Workspace.open(self.shop.root, environment={}), lambda: self.now, self.rest, self.trouble)

    def trouble(self, error: QingtingError) -> None:
        """Something stands in the way."""
        self.troubles.append(error.code)

    def runs(self, count: int | None = None) -> Iterator[str]:
        """The instants of the runs."""
        found = self.watch().runs()
        for watched in islice(found, count):
            yield f"{to_datetime(watched.answer.report.at, ZONE):%d %H:%M:%S}"


def test_runs_at_once_and_then_when_schedules_fall_due(open_shop: Open) -> None:
    days = Days(open_shop(DAILY), "2026-11-18 09:50")
    days.leave_at = when("2026-11-18 10:05")
    assert list(days.runs()) == ["18 09:50:00", "18 10:00:00"]
    assert {r.t for r in days.shop.log()} == {when("2026-11-18 10:00")}


def test_goes_on_with_journeys_at_their_instants(open_shop: Open) -> None:
    days = Days(open_shop(JOURNEY), "2026-11-18 10:00")
    days.leave_at = when("2026-11-18 11:40")
    assert list(days.runs()) == ["18 10:00:00", "18 11:30:00"]
    assert {step for _, step, _ in days.shop.decided(since=from_datetime(when("2026-11-18 11:00")))} == {'tag "老客"'}


def test_what_arrives_is_handled_at_once_and_only_once(open_shop: Open) -> None:
    shop = open_shop('剧本 "甲"\n  当 打上标签 "新客"\n    打标签 "已触达"\n')
    days = Days(shop, "2026-11-18 09:00")
    days.at("2026-11-18 09:00:30", lambda: shop.tag("新客", "u1", at="2026-11-18 09:00:30"))
    days.leave_at = when("2026-11-18 09:03")
    assert list(days.runs()) == ["18 09:00:00", "18 09:00:30"]
    assert [r.member_id for r in shop.log()] == ["u1"]


def test_what_arrives_while_a_run_ends_is_not_overlooked(open_shop: Open) -> None:
    shop = open_shop('剧本 "甲"\n  当 打上标签 "新客"\n    打标签 "已触达"\n')
    days = Days(shop, "2026-11-18 09:00")
    days.leave_at = when("2026-11-18 09:00:30")
    seen = []
    for watched in days.watch().runs():
        if not seen:
            shop.tag("新客", "u1", at="2026-11-18 09:00")
        seen.append(watched.answer.report.records)
    assert seen == [0, 1]


def test_what_only_a_look_finds_is_looked_for(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    shop.tag("新客", "u1", at="2026-11-18 08:00", since="2026-11-18 12:00")
    days = Days(shop, "2026-11-18 09:00")
    (first,) = islice(days.watch().runs(), 1)
    assert first.wake == from_datetime(when("2026-11-18 09:00")) + LOOK


def test_an_edit_is_taken_up(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    days = Days(shop, "2026-11-18 09:00")
    days.at("2026-11-18 09:10", lambda: shop.write(DAILY.replace("10:00", "09:20")))
    days.leave_at = when("2026-11-18 09:30")
    found = list(days.runs())
    assert (len(found), found[0], found[-1]) == (3, "18 09:00:00", "18 09:20:00")


def test_while_the_configuration_cannot_be_read_nothing_runs(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    settings = (shop.root / "qingting.yaml").read_text(encoding="utf-8")
    days = Days(shop, "2026-11-18 09:00")
    days.at("2026-11-18 09:10", lambda: (shop.root / "qingting.yaml").write_text("timezone: [", encoding="utf-8") and None)
    days.at("2026-11-18 10:30", lambda: (shop.root / "qingting.yaml").write_text(settings, encoding="utf-8") and None)
    days.leave_at = when("2026-11-18 10:35")
    found = list(days.runs())
    assert days.troubles == ["C121"]
    assert (found[0], len(found)) == ("18 09:00:00", 2)
    assert found[1] >= "18 10:30"


def test_while_another_run_is_at_work_it_waits(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    days = Days(shop, "2026-11-18 10:00")
    days.leave_at = when("2026-11-18 10:01")
    held = run_lock(shop.path, "another")
    held.__enter__()
    days.at("2026-11-18 10:00:05", lambda: held.__exit__(None, None, None))
    assert list(days.runs()) == ["18 10:00:05"]
    assert days.troubles == ["R301"]


def test_a_store_that_may_not_be_run_ends_it(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    backup = shop.path.read_bytes()
    shop.run("2026-11-18 10:01")
    shop.path.write_bytes(backup)
    for rest in ("-wal", "-shm"):
        shop.path.with_name(shop.path.name + rest).unlink(missing_ok=True)
    with pytest.raises(CannotRun):
        list(Days(shop, "2026-11-18 11:00").runs())


def test_41_an_idle_watch_only_looks_up_once_in_a_poll(open_shop: Open) -> None:
    days = Days(open_shop(DAILY), "2026-11-18 11:00")
    days.leave_at = when("2026-11-18 12:00")
    assert len(list(days.runs())) == 1
    assert days.looked <= 3600 / POLL_SECONDS + 1


def test_a_clock_that_was_put_back_makes_it_wait(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    shop.run("2026-11-18 12:00")
    shop.tag("新客", "u1", at="2026-11-18 11:50")
    days = Days(shop, "2026-11-18 11:55")
    days.leave_at = when("2026-11-18 12:00:30")
    assert list(days.runs()) == ["18 11:55:00", "18 12:00:00"]
    assert days.looked < 400


def test_the_next_occurrence_is_that_of_schedules_journeys_and_own_dates(open_shop: Open) -> None:
    shop = open_shop(JOURNEY + '剧本 "乙"\n  当 生日周年 前1天 09:00\n    打标签 "老客"\n')
    shop.run("2026-11-18 10:00")
    coming = []
    at = when("2026-11-18 09:30")
    for _ in range(3):
        found = shop.ws.next_occurrence(at)
        assert found is not None
        coming.append(f"{found:%d %H:%M}")
        at = found
    assert coming == ["18 10:00", "18 11:30", "19 09:00"]


def test_next_lists_who_goes_on(open_shop: Open) -> None:
    shop = open_shop(JOURNEY)
    shop.run("2026-11-18 10:00")
    (coming,) = shop.ws.next(at=when("2026-11-18 10:30")).occurrences
    assert (coming.at, coming.playbook, coming.step, coming.members) == (
        from_datetime(when("2026-11-18 11:30")), "甲", 'tag "老客"', 4,
    )


def test_a_paused_playbook_has_nothing_coming(open_shop: Open) -> None:
    shop = open_shop(JOURNEY)
    shop.run("2026-11-18 10:00")
    shop.write(JOURNEY.replace('剧本 "甲"', '剧本 "甲"\n  暂停'))
    assert shop.ws.next_occurrence(when("2026-11-18 10:30")) is None


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        ("当 上课 前30分钟", ["20 14:30", "25 09:30"]),
        ("当 上课 前1个月 10:00", ["18 10:00", "19 10:00"]),
        ("当 上课 后2小时", ["20 17:00", "25 12:00"]),
        ("当 生日 前2小时", ["18 22:00", "19 22:00"]),
        ("当 生日周年 当天 10:00", ["18 10:00", "19 10:00"]),
    ],
)
def test_members_own_dates_are_among_what_comes(open_shop: Open, trigger: str, expected: list[str]) -> None:
    shop = open_shop(f'属性 上课 时间\n剧本 "甲"\n  {trigger}\n    打标签 "已触达"\n')
    shop.members("u1", 上课="2026-11-20T15:00:00+08:00", 生日="2026-12-01")
    shop.members("u2", 上课="2026-11-25T10:00:00+08:00")
    shop.run("2026-11-18 09:00")
    coming = []
    at = when("2026-11-18 09:30")
    for _ in expected:
        found = shop.ws.next_occurrence(at)
        assert found is not None
        coming.append(f"{found:%d %H:%M}")
        at = found
    assert coming == expected


def test_each_zone_that_members_live_in_has_its_own_instants(open_shop: Open) -> None:
    shop = open_shop(DAILY.replace('剧本 "甲"\n', '剧本 "甲"\n  时区 按客户 缺省 Asia/Shanghai\n'))
    shop.members("u1", 时区="Asia/Tokyo")
    found = shop.ws.next_occurrence(when("2026-11-18 08:00"))
    assert found is not None
    assert f"{found:%d %H:%M}" == "18 09:00"
    assert len(shop.ws.next(at=when("2026-11-18 08:00"), until=when("2026-11-18 12:00")).occurrences) == 2
