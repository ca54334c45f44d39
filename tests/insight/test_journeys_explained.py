"""Explaining who is inside a journey, and who has left one."""

from __future__ import annotations

from collections.abc import Callable

from workspaces import Shop, when

Open = Callable[..., Shop]
TEXT = """
剧本 "甲"
  每人仅一次
  转化目标 做过 下单 最长7天
  当 打上标签 "新客"
    推送 企微 "问候"
    等客户 做过 点击 最长1天
      满足时
        打标签 "老客"
      超时
        推送 企微 "推荐"
"""


def explained(shop: Shop, at: str) -> tuple[str | None, list[tuple[str, str | None]]]:
    block = shop.ws.explain("u1", at=when(at), lang="zh").playbooks[0].blocks[0]
    return block.enrolment, [(step.verdict, step.why) for step in block.steps]


def entered(open_shop: Open) -> Shop:
    shop = open_shop(TEXT)
    shop.tag("新客", "u1", at="2026-11-18 10:00")
    shop.run("2026-11-18 10:00")
    return shop


def test_what_somebody_waits_for(open_shop: Open) -> None:
    standing, steps = explained(entered(open_shop), "2026-11-18 11:00")
    assert standing == "2026-11-18T10:00:00+08:00 进入,在等:做过 点击;最长等到 2026-11-19T10:00:00+08:00"
    assert steps == [
        ("not_reached", "这一步已经过去"),
        ("later", "等到了就做,最晚等到 2026-11-19T10:00:00+08:00"),
        ("later", "等的事有了结果以后,最晚 2026-11-19T10:00:00+08:00"),
    ]


def test_how_somebody_left(open_shop: Open) -> None:
    shop = entered(open_shop)
    shop.event("下单", "u1", at="2026-11-18 12:00")
    shop.run("2026-11-18 12:30")
    assert explained(shop, "2026-11-18 12:15")[0] is not None
    assert explained(shop, "2026-11-18 13:00")[0] == (
        "2026-11-18T10:00:00+08:00 进入,2026-11-18T12:30:00+08:00 达到转化目标,离开"
    )


def test_somebody_inside_is_explained_by_the_version_entered(open_shop: Open) -> None:
    shop = entered(open_shop)
    shop.write(TEXT.replace('    推送 企微 "问候"\n', '    推送 企微 "问候"\n    打标签 "已触达"\n'))
    standing, steps = explained(shop, "2026-11-18 11:00")
    assert standing is not None
    assert "在等:做过 点击" in standing
    assert len(steps) == 3
