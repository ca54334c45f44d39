"""Rules told back: triggers, caps, re-entry and the like, in both languages."""

from __future__ import annotations

import pytest
from qingting.engine.program import ir
from qingting.engine.program.windows import local_start
from qingting.engine.program.words.rules import (
    cap_words,
    consent_words,
    holdout_words,
    limit_words,
    quiet_words,
    reentry_words,
    trigger_words,
)

from .texts import playbook_of
from .trees import instant

TRIGGERS = [
    ("每天 09:00、20:00", "every day at 09:00, 20:00"),
    ("每周一、周五 10:00", "every monday, friday at 10:00"),
    ("每周一到周五 10:00", "every monday to friday at 10:00"),
    ("每周一、周三、周五 10:00", "every monday, wednesday, friday at 10:00"),
    ("每月1号、15号、最后一天 10:00", "every month on 1, 15, last day at 10:00"),
    ("每月最后一个周五 10:00", "every month on last friday at 10:00"),
    ("每个工作日 10:00", "every workday at 10:00"),
    ("每年01-01、农历 08-15、农历 09-09 09:00", "every year on 01-01, lunar 08-15, lunar 09-09 at 09:00"),
    ("每1周 周一 从 2026-01-05 10:00", "every 1 week on monday from 2026-01-05 at 10:00"),
    ("每2周 周一、周五 从 2026-01-05 10:00", "every 2 weeks on monday, friday from 2026-01-05 at 10:00"),
    ("当 city 变更", "when city changes"),
    ("当 第2次 order", "when order for the 2nd time"),
    ("每隔30分钟", "every 30 minutes"),
    ("每隔2小时 09:00到21:00", "every 2 hours between 09:00 and 21:00"),
    ('cron "0 9 * * 1-5"', 'cron "0 9 * * 1-5"'),
    ("定时 2099-11-11 20:00", "on 2099-11-11 at 20:00"),
    ('当 打上标签 "兴趣:*"', 'when tagged "兴趣:*"'),
]


@pytest.mark.parametrize(("chinese", "english"), TRIGGERS)
def test_triggers_are_read_again_as_they_were(chinese: str, english: str) -> None:
    for text in (chinese, english):
        trigger = playbook_of(f'playbook "甲"\n  {text}\n    stop\n').blocks[0].trigger
        assert (trigger_words(trigger, "zh"), trigger_words(trigger, "en")) == (chinese, english)


def test_once_at_midnight_has_its_clock() -> None:
    assert trigger_words(ir.Once(local_start(instant("2026-11-11 00:00"))), "en") == "on 2026-11-11 at 00:00"


@pytest.mark.parametrize(
    ("reentry", "chinese", "english"),
    [
        (ir.Reentry("once"), "每人仅一次", "once per member"),
        (ir.Reentry("once", "year"), "每人每年仅一次", "once per year per member"),
        (ir.Reentry("once", in_all=True), "全剧本每人仅一次", "once per member in all"),
        (ir.Reentry("again", after=ir.Duration(30 * ir.DAY)), "再进间隔30天", "again after 30 days"),
        (ir.Reentry("again", after=ir.Duration(0, 1)), "再进间隔1个月", "again after 1 month"),
    ],
)
def test_reentry(reentry: ir.Reentry, chinese: str, english: str) -> None:
    assert (reentry_words(reentry, "zh"), reentry_words(reentry, "en")) == (chinese, english)


def test_caps_quiet_hours_holdouts_consents_and_limits() -> None:
    week = ir.Duration(7 * ir.DAY)
    assert cap_words(ir.Cap(3, week, None, True), "zh") == "每人7天最多3条 顺延"
    assert cap_words(ir.Cap(1, None, "wecom", False), "en") == "at most 1 push per day per member on wecom"
    assert quiet_words(ir.QuietHours(22 * 60, 8 * 60, "skip"), "en") == "quiet hours 22:00 to 08:00 skip"
    assert holdout_words(125, "zh") == "对照组 1.25%"
    left = ir.HasTag((ir.TextPattern("退订"),))
    assert consent_words(ir.Consent(False, left), "zh") == '永不推送 有标签 "退订"'
    assert consent_words(ir.Consent(True, left), "en") == 'never market to members who tagged "退订"'
    assert limit_words(ir.Coupon("a", 1, limit=1, limit_per="day"), "zh") == "每人每天限1张"
    assert limit_words(ir.Coupon("a", 1, limit=2), "en") == "at most 2 per member"
    assert limit_words(ir.Coupon("a", 1), "en") == ""
