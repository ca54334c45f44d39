"""When a simulation makes its runs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from qingting.engine.program.ir import DAY, HOUR, MINUTE
from qingting.engine.simulating.pace import gap_for, look_for
from simulating.lives import at
from workspaces import Shop, micros, when

Open = Callable[[str], Shop]
NIGHTS = [at(day, "23:59:59.999999") for day in (1, 2)]


def runs(shop: Shop, start: str, until: str, now: str) -> list[int]:
    """The instants of the runs of a simulation."""
    return list(shop.ws.simulate(start=when(start), until=when(until), at=when(now)).runs)


def test_a_schedule_is_run_at_its_instants_and_a_day_at_its_end(open_shop: Open) -> None:
    shop = open_shop('剧本 "晚安"\n  面向 有标签 "好友"\n  每天 20:00\n    推送 企微 "问候"\n')
    wanted = [at(1, "06:00"), at(1, "20:00"), NIGHTS[0], at(2, "20:00"), NIGHTS[1], at(3, "06:00")]
    assert runs(shop, at(1, "06:00"), at(3, "06:00"), at(1, "06:00")) == [micros(each) for each in wanted]


def test_journeys_wait_for_one_run_but_not_past_midnight(open_shop: Open) -> None:
    shop = open_shop('剧本 "谢谢"\n  当 下单\n    等待 1小时\n    推送 企微 "问候"\n')
    for member, clock in (("u1", "10:00"), ("u2", "10:07"), ("u3", "22:40")):
        shop.event("下单", member, at=at(1, clock), amount=1)
    shop.run(at(1, "22:45"))
    found = runs(shop, at(1, "22:45"), at(2, "06:00"), at(1, "22:45"))
    assert found == [micros(each) for each in (at(1, "23:45"), NIGHTS[0], at(2, "06:00"))]


def test_facts_of_a_replay_wait_for_one_run_and_welcomes_do_not(open_shop: Open) -> None:
    text = '剧本 "谢谢"\n  当 下单\n    推送 企微 "问候"\n'
    greeting = '话术 "欢迎光临"\n  正文 "您好"\n剧本 "迎新"\n  当 加好友\n    欢迎语 "欢迎光临"\n'
    for welcomes in (False, True):
        shop = open_shop(text + (greeting if welcomes else ""))
        shop.bring("staff", [{"id": "s1"}])
        for member, clock in (("u1", "10:00"), ("u2", "10:07"), ("u3", "10:30")):
            shop.event("下单", member, at=at(1, clock), amount=1)
        shop.bring("friends", [{"member": "u1", "staff": "s1", "since": at(1, "10:20")}], at(1, "10:20"))
        found = runs(shop, at(1, "09:50"), at(1, "12:00"), at(2))
        wanted = [at(1, "09:50"), *([at(1, "10:20")] if welcomes else []), at(1, "11:20" if welcomes else "10:50"), at(1, "12:00")]
        assert found == [micros(each) for each in wanted]


@pytest.mark.parametrize(
    ("lines", "span", "gap"),
    [("", 7 * DAY, HOUR), ("", 30 * DAY, 3 * HOUR), ("", 365 * DAY, 6 * HOUR), ("  补发 不补\n", 30 * DAY, 10 * MINUTE)],
)
def test_how_long_things_wait(open_shop: Open, lines: str, span: int, gap: int) -> None:
    shop = open_shop(f'剧本 "谢谢"\n{lines}  当 下单\n    推送 企微 "问候"\n')
    assert gap_for(shop.ws.load().program, span) == gap


@pytest.mark.parametrize(
    ("body", "look"),
    [
        ("  当 下单\n    推送 企微 \"问候\"\n", DAY),
        ("  退出条件 有标签 \"退订\"\n  当 下单\n    等客户 做过 点击 最长3天\n      满足时\n        推送 企微 \"问候\"\n", DAY),
        ("  当 下单\n    等客户 7天内 未做过 点击 最长9天\n      满足时\n        推送 企微 \"问候\"\n", HOUR),
        ("  当 去掉标签 \"新客\"\n    推送 企微 \"问候\"\n", HOUR),
    ],
)
def test_how_often_it_looks_for_what_time_brings(open_shop: Open, body: str, look: int) -> None:
    shop = open_shop('剧本 "谢谢"\n' + body)
    assert look_for(shop.ws.load().program, 7 * DAY) == look
