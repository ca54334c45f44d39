"""Codes about activities, rewards, rules, triggers and steps: a text that has the mistake, and what is underlined."""

from __future__ import annotations

import pytest
from qingting.engine.program.resolve import CheckSettings
from qingting.grammar.messages import render

from .texts import LIBRARY, check, unmarked

SETTINGS = CheckSettings(frozenset({"wecom", "sms", "group"}), "Asia/Shanghai", "CNY")
DECLARED = LIBRARY + """
attribute expires date
attribute lesson instant
activity "双十一" from 2026-10-20 20:00 to 2026-11-11 23:59
  phase "预热" from 2026-10-20 20:00 to 2026-11-01
activity "养猫课"
  session "第1课" 2026-12-01 20:00 to 21:30
redpacket "红包" ¥1 to ¥5 random
product "猫粮2kg" lasts 30 days
tiers
  "高" above 100
  "低" otherwise
template "订单" on wecom
  text "{{ event.qty }}"
template "群发"
  text "早"
playbook "无入口"
  for tagged "新客"
  every day at 10:00
    push wecom "通用"
"""
DAILY = "every day at 10:00"


def block(line: str, *steps: str, header: str = '  for tagged "新客"\n') -> str:
    written = "\n".join(f"    {step}" for step in steps or ("stop",))
    return f'playbook "P"\n{header}  {line}\n{written}\n'


def does(*steps: str) -> str:
    return block(DAILY, *steps)


def heads(line: str) -> str:
    return block(DAILY, header=f'  {line}\n  for tagged "新客"\n')


def speaks_to_groups(*steps: str, line: str = DAILY, header: str = "") -> str:
    return block(line, *steps, header=f'  for groups "福利群*"\n{header}')



PHASES = 'activity "A" from 2026-01-01 to 2026-01-31\n'
WRONG: list[tuple[str, str]] = [
    ("E215", does('redpacket ⟦"红色"⟧')),
    ("E217", heads('during activity ⟦"双十二"⟧')),
    ("E217", 'coupon "X" worth ¥5\n  at most 1 per member per activity ⟦"双十二"⟧\n'),
    ("E218", heads('during activity "双十一" phase ⟦"热身"⟧')),
    ("E228", block('when ⟦"购买力"⟧ rises to "高"')),
    ("E229", block('when tier rises to ⟦"高级"⟧')),
    ("E232", 'tiers ⟦"spent"⟧ by recent\n  "高" above 5\n'),
    ("E232", 'tiers ⟦"orders"⟧ by recent\n  "高" above 5\n'),
    ("E233", "points\n  click earns 1\n⟦points⟧\n  order earns 1\n"),
    ("E234", '⟦tiers⟧\n  "X" above 5\n'),
    ("E235", does('alert staff "{{ ⟦nama⟧ }}"')),
    ("E235", does('task "回访 {{ ⟦coupon.code⟧ }}" due within 1 day')),
    ("E241", 'activity "A" ⟦from 2026-01-02 to 2026-01-01⟧\n'),
    ("E241", 'activity "A" ⟦every day 20:00 to 20:00⟧\n'),
    ("E241", 'activity "A"\n  session "一" ⟦2026-01-01 20:00 to 19:00⟧\n'),
    ("E242", PHASES + '  phase "一" ⟦from 2026-01-30 to 2026-02-01⟧\n'),
    ("E243", 'activity "A" every friday 20:00 to 22:00\n  session ⟦"一"⟧ 2026-01-01 20:00 to 21:00\n'),
    ("E247", 'tiers "L" by recent\n  "高" above 5\n  ⟦"中" above 5⟧\n'),
    ("E247", 'tiers "L" by recent\n  "高" from 5\n  ⟦"中" above 5⟧\n'),
    ("E248", 'tiers "L" by recent\n  ⟦"其他" otherwise⟧\n  "高" above 5\n'),
    ("E249", 'tiers "L" by ⟦city⟧\n  "高" above 5\n'),
    ("E251", 'whenever click tag "新客"\n⟦whenever click tag "新客"⟧\n'),
    ("E252", block('⟦30 minutes before each session of activity "双十一"⟧')),
    ("E253", block('when coupon "满100减20" expires in ⟦2 hours at 10:00⟧')),
    ("E254", block("7 days before ⟦city⟧ at 10:00")),
    ("E254", block("7 days before ⟦lunar_birthday⟧ at 10:00")),
    ("E319", block("7 days before anniversary of ⟦lesson⟧ at 10:00")),
    ("E335", block("every day at 10:00 ⟦from 2026-02-01 to 2026-01-01⟧")),
    ("E338", block("every day at 10:00 over ⟦2 days⟧")),
    ("E352", does('alert staff "⟦{{ name }⟧"')),
    ("E353", does("alert staff \"{{ name | ⟦defualt⟧: 'x' }}\"")),
    ("E355", does('⟦push wecom "订单"⟧')),
    ("E355", block("when click", '⟦push wecom "订单"⟧')),
    ("E356", does("alert staff ⟦\"{{ event.qty | default: 'x' }}\"⟧")),
    ("E402", heads("exit when did order\n  ⟦exit when did click⟧")),
    ("E402", heads('during activity "双十一"\n  ⟦during activity "养猫课"⟧')),
    ("E402", heads("budget 10 pushes\n  ⟦budget 20 pushes⟧")),
    ("E404", heads("once per member\n  ⟦at most 3 times per member⟧")),
    ("E420", block("when ⟦city⟧ reaches 5")),
    ("E420", block("when ⟦tier⟧ reaches 5")),
    ("E421", block("when ⟦tier⟧ changes")),
    ("E422", block("⟦when group created⟧")),
    ("E423", speaks_to_groups('push "群发"', line="⟦when joined⟧")),
    ("E424", speaks_to_groups('push "群发"', header="  ⟦exit when did order⟧\n")),
    ("E424", speaks_to_groups('push "群发"', line=DAILY + " for ⟦did order⟧")),
    ("E424", speaks_to_groups("if ⟦did order⟧", '  push "群发"')),
    ("E424", speaks_to_groups('push "群发"', header="  ⟦timezone member else Asia/Shanghai⟧\n")),
    ("E425", block(DAILY, "once per ⟦qty⟧", "stop")),
    ("E426", speaks_to_groups('⟦tag "新客"⟧')),
    ("E426", speaks_to_groups('⟦push "群发" with coupon "满100减20"⟧')),
    ("E427", heads("take top 100 by ⟦city⟧")),
    ("E430", does('⟦welcome "猫粮种草"⟧')),
    ("E431", does("set ⟦points⟧ to 5")),
    ("E431", does('set ⟦staff⟧ to "张三"')),
    ("E432", does("set city to ⟦store⟧")),
    ("E433", block("when order", "set city to ⟦qty⟧")),
    ("E434", block("when joined", "day 3", "  stop", "⟦day 1", "  stop⟧")),
    ("E435", block("when joined", "repeat every 2 days at most 2 times", "  ⟦day 1", "    stop⟧")),
    ("E436", does("⟦repeat every 1 day at most 600 times", '  tag "新客"⟧')),
    ("E437", does('enter playbook ⟦"无入口"⟧')),
    ("E439", speaks_to_groups('push ⟦wecom⟧ "群发"')),
    ("E440", does('push ⟦group⟧ "群发"')),
    ("E441", does('⟦push group "福利群" "群发" with coupon "满100减20"⟧')),
    ("W430", PHASES + '  phase "一" from 2026-01-02 to 2026-01-10\n  phase "二" ⟦from 2026-01-10 to 2026-01-20⟧\n'),
    ("W431", block("⟦7 days before expires⟧")),
    ("W432", does("⟦repeat every 1 day at most 2 times", "  wait until 10:00⟧")),
    ("W433", does('⟦push group "福利群" "群发"⟧')),
    ("W434", does('alert staff "{{ ⟦city⟧ }}"')),
    (
        "W435",
        'playbook ⟦"A"⟧\n  when entered\n    enter playbook "B"\nplaybook "B"\n  when entered\n'
        '    enter playbook "A"\n',
    ),
]


def found_in(marked: str) -> tuple[str, list[tuple[str, str]], object]:
    text, span = unmarked(DECLARED + marked)
    result = check(text, settings=SETTINGS)
    assert result.syntax == ()
    for each in result.found:
        for lang in ("zh", "en"):
            sentence, hint = render(each.code, each.params, lang, each.hint)
            assert "{" not in sentence or each.code == "E352"
            assert hint
    return text, [(d.code, text[d.span.start : d.span.end]) for d in result.found], text[span.start : span.end]


@pytest.mark.parametrize(("code", "marked"), WRONG, ids=[f"{code}-{n}" for n, (code, _) in enumerate(WRONG)])
def test_code_and_span(code: str, marked: str) -> None:
    _, found, underlined = found_in(marked)
    assert found == [(code, underlined)]


SOUND = [
    'tiers "L" by recent\n  "高" above 5\n  "中" from 5\n  "低" otherwise\n',
    PHASES + '  phase "一" from 2026-01-02 to 2026-01-09\n  phase "二" from 2026-01-10 to 2026-01-20\n',
    block("7 days before expires at 10:00"),
    block("30 minutes before lesson"),
    block("3 days before anniversary of lunar_birthday at 10:00"),
    block("every year on 02-29 at 10:00"),
    block("when order", 'push wecom "订单"'),
    block("when order", "once per qty", "stop"),
    block("when joined", "day 0", "  stop", "day 0 at 20:00", "  stop", "day 1", "  stop"),
    does("repeat every 1 day at most 2 times", '  tag "新客"', "  wait 2 hours", '  untag "老客"'),
    speaks_to_groups('push "群发"', line="when group created"),
    speaks_to_groups('split "S"', '  50% "A"', '    push "群发"', "  50% holdout"),
    does('push wecom "通用" despite caps  # 客户自己要的'),
    does('alert staff "{{ staff.name | default: \'x\' }} {{ recent }}"'),
]


@pytest.mark.parametrize("text", SOUND)
def test_what_is_sound(text: str) -> None:
    result = check(DECLARED + text, settings=SETTINGS)
    assert result.syntax == ()
    assert list(result.codes) == []
