"""What coupons, red packets and texts are said to be."""

from __future__ import annotations

import pytest
from qingting.engine.insight.sheet.goods import coupon_sentence, redpacket_sentence, shown_text
from qingting.engine.insight.sheet.voice import Voice
from qingting.engine.program import ir

DAY = ir.DAY
ZH, EN = Voice("zh"), Voice("en")


@pytest.mark.parametrize(("coupon", "zh", "en"), [
    (
        ir.Coupon("甲", 2000, 10_000, stock=1000, limit=1, validity=ir.Validity(ir.Duration(7 * DAY))),
        "满 ¥100 减 ¥20,库存 1000,每人限 1 张,有效期7天",
        "¥20 off ¥100, stock 1000, 1 per member, valid for 7 days",
    ),
    (ir.Coupon("甲", 500, limit=2, limit_per="day"), "减 ¥5,每人每天限 2 张", "¥5 off, 2 per member and day"),
    (ir.Coupon("甲", 0, percent_off=1200), "打 8.8 折", "12% off"),
    (ir.Coupon("甲", 0, 20_000, percent_off=1200), "满 ¥200 打 8.8 折", "12% off ¥200"),
    (ir.Coupon("甲", 0, gift="罐头", validity=ir.Validity()), "送“罐头”,当天有效", "a gift: “罐头”, valid on that day"),
    (ir.Coupon("甲", 0, 100, gift="罐头"), "满 ¥1 送“罐头”", "a gift over ¥1: “罐头”"),
    (
        ir.Coupon("甲", 500, validity=ir.Validity(None, 20_454 * DAY), hours=(840, 1020)),
        "减 ¥5,有效到 2025-12-31,每天 14:00 到 17:00 可用",
        "¥5 off, valid until 2025-12-31, to be used between 14:00 and 17:00",
    ),
    (
        ir.Coupon("甲", 500, limit=1, limit_per="activity", validity=ir.Validity(None, 20_454 * DAY + 72_000_000_000)),
        "减 ¥5,每人每次活动限 1 张,有效到 2026-01-01 20:00",
        "¥5 off, 1 per member and activity, valid until 2026-01-01 20:00",
    ),
    (ir.Coupon("甲", 500, limit=1, limit_per="year"), "减 ¥5,每人每年限 1 张", "¥5 off, 1 per member and year"),
])
def test_a_coupon_in_words(coupon: ir.Coupon, zh: str, en: str) -> None:
    assert (coupon_sentence(coupon, ZH), coupon_sentence(coupon, EN)) == (zh, en)


def test_a_red_packet_in_words() -> None:
    assert redpacket_sentence(ir.Redpacket("甲", 30, 500, 1), ZH) == "¥0.30 到 ¥5 随机,每人限 1 个"
    assert redpacket_sentence(ir.Redpacket("甲", 100, 100, 2, "day"), EN) == "¥1, 2 per member and day"


@pytest.mark.parametrize(("text", "zh", "en"), [
    ("{{ 姓名 }}", "〔姓名〕", "〔name〕"),
    ("{{name|default:'朋友'}}好", "〔姓名,没有就写“朋友”〕好", "〔name, or “朋友”〕好"),
    ("{{- staff.name -}}", "〔跟进人姓名〕", "〔name of staff〕"),
    ("券码{{ coupon.code }}", "券码〔券码〕", "券码〔coupon code〕"),
    ("{{ 事件.金额 | default: 0 }}元", "〔金额,没有就写“0”〕元", "〔amount, or “0”〕元"),
    ("没有变量 { } %", "没有变量 { } %", "没有变量 { } %"),
])
def test_variables_in_words(text: str, zh: str, en: str) -> None:
    assert (shown_text(text, ZH), shown_text(text, EN)) == (zh, en)


@pytest.mark.parametrize(("written", "zh"), [
    ('有标签 "两 个" 且 积分 >= 5', "有标签“两 个”且积分 ≥ 5"),
    ('有标签 "*"', "有标签任意一个"),
    ('做过 下单 其中 金额 >= ¥50, 门店 是 "静安"', "做过下单,其中金额 ≥ ¥50、门店是“静安”"),
    (r'名称 是 "说\"好\""', "名称是“说\"好\"”"),
    (r'有标签 "a\*"', "有标签“a*”"),
])
def test_names_keep_their_gaps_and_words_lose_them(written: str, zh: str) -> None:
    assert ZH.prose(written) == zh
