"""Every mistake in a line of a library or playbook has its code, and its span covers exactly what is wrong."""

from __future__ import annotations

import pytest
from parsing.plain import told
from parsing.playbook_mistakes import IN_PLAYBOOKS
from parsing.samples import PRELUDE
from qingting.grammar.messages import render
from qingting.grammar.parser import collect_names, parse_text
from qingting.grammar.syntax import ActivityEdge, PlaybookDecl, Push

NAMES = collect_names([PRELUDE, "属性 下次上课 时间\n"])


@pytest.mark.parametrize(("text", "code", "covered"), IN_PLAYBOOKS)
def test_a_mistake_in_a_line(text: str, code: str, covered: str) -> None:
    _, diagnostics = parse_text(text, "a.sop", NAMES)
    assert told(diagnostics, text) == [(code, covered)]
    for lang in ("zh", "en"):
        for found in diagnostics:
            sentence, hint = render(found.code, found.params, lang, found.hint)
            assert "{" not in sentence + (hint or "")


def _steps(lines: str) -> tuple[object, ...]:
    file, problems = parse_text(f'剧本 "p"\n  每天 10:00\n{lines}', "a.sop", NAMES)
    assert problems == ()
    (playbook,) = file.declarations
    assert isinstance(playbook, PlaybookDecl)
    return playbook.blocks[0].steps


@pytest.mark.parametrize("comment", ["# 中奖通知", "#中奖通知", "# 忽略 W412: 有意\n    # 下一行"])
def test_the_reason_of_despite_is_the_comment_of_its_line(comment: str) -> None:
    text = f'    推送 企微 "x" 不受频次限制 {comment}\n    推送 企微 "y" # 别的\n'
    if "忽略" in comment:
        _, problems = parse_text(f'剧本 "p"\n  每天 10:00\n{text}', "a.sop", NAMES)
        assert [found.code for found in problems] == ["E174"]
        return
    first, second = _steps(text)
    assert isinstance(first, Push)
    assert isinstance(second, Push)
    assert [each.reason for each in first.despite] == ["中奖通知"]
    assert second.despite == ()


def test_day_3_in_words_is_explained() -> None:
    text = '剧本 "p"\n  每天 10:00\n    第3天\n      结束\n'
    (found,) = parse_text(text, "a.sop", NAMES)[1]
    _, hint = render(found.code, found.params, "zh", found.hint)
    assert hint == "进入当天是 D0,第二天是 D1:写成 D2(进入当天算第1天)或 D3(进入当天不算)"


def test_after_a_session_is_after_its_end() -> None:
    text = 'playbook "p"\n  12 hours after each session of activity "x"\n    stop\n'
    file, problems = parse_text(text, "a.sop", NAMES)
    assert problems == ()
    (playbook,) = file.declarations
    assert isinstance(playbook, PlaybookDecl)
    trigger = playbook.blocks[0].trigger
    assert isinstance(trigger, ActivityEdge)
    assert (trigger.each_session, trigger.edge) == (True, "end")
    assert trigger.offset is not None
    assert not trigger.offset.before


def test_the_name_of_a_ladder_needs_no_spaces() -> None:
    text = '等级规则 "购买力" 按 近期消费\n  "高" 满 ¥3000\n  "低" 其余\n剧本 "p"\n  当购买力升到"高"\n    结束\n'
    _, problems = parse_text(text, "a.sop", collect_names([PRELUDE, text]))
    assert problems == ()


def test_a_broken_line_leaves_the_others() -> None:
    """A wait whose line cannot be read hides neither its block nor the steps behind it."""
    text = '剧本 "p"\n  每天 10:00\n    等客户 做过 下单\n      满足时\n        发券\n    结束\n'
    _, problems = parse_text(text, "a.sop", NAMES)
    assert told(problems, text) == [("E116", "单"), ("E116", "券")]
