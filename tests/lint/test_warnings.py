"""Every warning of lint: texts that must have it, with what is underlined, and near misses that must stay silent."""

from __future__ import annotations

import pytest
from lint.texts import AROUND, LIBRARY, Held, lint, marked, without_calendar
from qingting.engine.program.lint import Surroundings
from qingting.grammar.diagnostics import Diagnostic
from qingting.grammar.messages import render
from qingting.grammar.messages.lint import MESSAGES

DAILY = "every day at 10:00"
CAPPED = "policy\n  at most 1 push per day per member\n  guard 20%\n"
DEFERRING = "policy\n  at most 1 push per day per member defer\n  guard 20%\n"
QUIET = "policy\n  quiet hours 22:00 to 08:00 {}\n"


def block(line: str = DAILY, *steps: str, header: str = '  for tagged "好友"\n', name: str = "P") -> str:
    written = "\n".join(f"    {step}" for step in steps or ('push wecom "好"',))
    return f'playbook "{name}"\n{header}  {line}\n{written}\n'


def asks(condition: str) -> str:
    return block(header=f"  for {condition}\n  once per member\n")


def does(*steps: str, line: str = 'when tagged "甲"') -> str:
    return block(line, *steps)


POSITIVE: list[tuple[str, str]] = [
    ("W410", asks('⟦tagged "甲"⟧ and points >= 5 and ⟦not tagged "甲"⟧')),
    ("W410", asks("⟦points >= 500⟧ and ⟦points < 300⟧")),
    ("W410", asks('⟦tagged "新客"⟧ and bound is yes and ⟦tagged "老客"⟧')),
    ("W410", asks('⟦in segment "上海人"⟧ and ⟦city is "北京"⟧')),
    ("W410", asks('⟦card is not "银卡"⟧ and ⟦card is not "金卡"⟧')),
    ("W410", asks("⟦did order at least 3 times within 7 days⟧ and ⟦not did order within 30 days⟧")),
    ("W410", asks("⟦last order more than 45 days ago⟧ and ⟦did order within 7 days⟧")),
    ("W410", asks("⟦birthday between 2026-01-01 and 2026-01-31⟧ and ⟦birthday between 2026-03-01 and 2026-03-31⟧")),
    ("W410", asks('⟦in sample 10% of "x"⟧ and ⟦in sample 50% to 60% of "x"⟧')),
    ("W410", 'segment "空"\n  ⟦tagged "甲"⟧ and ⟦not tagged "甲"⟧\n'),
    ("W410", 'policy\n  never push members who ⟦points < 0⟧ and ⟦points > 5⟧\n'),
    ("W410", block(header='  for ⟦city is "上海"⟧\n', line=f'{DAILY} for ⟦city is "北京"⟧')),
    ("W410", block("⟦when order⟧", header="  for ⟦not did order⟧ and tagged \"甲\"\n")),
    ("W410", block("⟦when order⟧ for ⟦not did order within 7 days⟧", header="")),
    ("W410", block('⟦when tagged "甲"⟧', header='  for ⟦not tagged "甲"⟧ and bound is yes\n')),
    ("W410", block('⟦when enters segment "上海人"⟧', header='  for ⟦city is "北京"⟧\n')),
    ("W410", 'policy\n  never push members who tagged "乙"\n' + block("when order", header='  for points >= 5 and ⟦tagged "乙"⟧\n')),
    ("W410", block("when order", header='  exit when points >= 100\n  for ⟦points >= 500⟧ and bound is yes\n')),
    ("W410", block("when order", header='  goal tagged "甲" up to 7 days\n  for ⟦tagged "甲"⟧\n')),
    ("W411", does('if ⟦tagged "甲"⟧ and ⟦not tagged "甲"⟧', '  push wecom "好"')),
    ("W411", does("if ⟦points >= 5⟧", '  push wecom "好"', "else if ⟦points >= 10⟧", '  push wecom "另一条"')),
    ("W411", block("when order", 'if ⟦card is "银卡"⟧', '  push wecom "好"', header='  for ⟦card is "金卡"⟧ and ⟦bound is yes⟧\n')),
    ("W413", block("when order", "if ⟦points >= 300⟧", '  push wecom "好"', "else", '  ⟦tag "乙"⟧',
                   header="  for points >= 500\n")),
    ("W413", does("⟦stop⟧", '⟦push wecom "好"⟧')),
    ("W413", does("if points >= 5", "  stop", "else", "  stop", '⟦push wecom "好"⟧')),
    ("W413", does("if ⟦points >= 5⟧", '  push wecom "好"', "else if ⟦points < 5⟧", '  push wecom "另一条"', "else",
                  '  ⟦tag "乙"⟧')),
    ("W415", block("⟦on 2026-11-01 at 10:00⟧")),
    ("W415", block('⟦1 day before activity "旧活动" starts at 10:00⟧')),
    ("W415", block(f"⟦{DAILY}⟧ from 2026-01-01 to 2026-02-01")),
    ("W416", block("⟦on 2026-12-24 at 10:00⟧", header="  ⟦active from 2026-11-01 to 2026-12-01⟧\n")),
    ("W416", block("⟦every year on 03-08 at 10:00⟧", header='  ⟦during activity "新活动"⟧\n')),
    ("W417", block(header="  ⟦active from 2026-01-01 to 2026-02-01⟧\n")),
    ("W418", does("⟦day 0 at 09:00⟧".replace("⟧", ""), '  push wecom "好"⟧', line="⟦every day at 20:00⟧")),
    ("W420", QUIET.format("defer") + block("every day at 23:00", '⟦push wecom "好"⟧')),
    ("W420", QUIET.format("skip") + block('3 hours after each session of activity "直播"', '⟦push wecom "好"⟧')),
    ("W420", QUIET.format("skip") + does("wait until 07:00", '⟦push wecom "好"⟧')),
    ("W420", QUIET.format("skip") + block("every day at 20:00", "wait 3 hours", '⟦push wecom "好"⟧')),
    ("W421", QUIET.format("defer") + does('push wecom ⟦"今晚"⟧', line="when order")),
    ("W421", QUIET.format("defer") + block("every day at 21:00, 23:00", 'push wecom ⟦"今晚"⟧')),
    ("W421", DEFERRING + block("every day at 20:00", 'push wecom ⟦"今晚"⟧')),
    ("W422", CAPPED + block("⟦every day at 09:00, 12:00, 20:00⟧")),
    ("W423", CAPPED + block(DAILY, 'push wecom "好"', '⟦push wecom "另一条"⟧')),
    ("W423", CAPPED + block(DAILY, "if bound is yes", '  push wecom "好"', "else", '  push wecom "另一条"',
                            '⟦push wecom "好"⟧')),
    ("W412", block(f"⟦{DAILY}⟧")),
    ("W412", block(f"⟦{DAILY}⟧", header="  for last order more than 45 days ago\n")),
    ("W412", block(f"⟦{DAILY}⟧", header="  for recent >= 300\n")),
    ("W412", block(f"⟦{DAILY}⟧", 'push wecom "好"', "if did click yesterday", '  push wecom rotating "早安*"')),
    ("W412", block("⟦every monday at 10:00⟧", header="  for did order and not did order within 7 days\n")),
    ("W412", block(f"⟦{DAILY}⟧", header='  for due to reorder "猫粮" within the next 5 days\n')),
    ("W414", block(f"⟦{DAILY}⟧", header="  for did click yesterday and ⟦in sample 10%⟧\n")),
    ("W414", block(f"⟦{DAILY}⟧", header='  for ⟦in sample 10% of "x"⟧\n')),
    ("W442", block(header="  for did click ⟦within 1 day⟧\n")),
    ("W427", block('⟦when untagged "甲"⟧', 'tag "甲"', header="", name="A")
     + block('when tagged "甲"', 'untag "甲"', header="", name="B")),
    ("W427", block('⟦when city changes⟧', 'set city to "上海"', header="", name="A")
     + block('when city changes', 'set city to "北京"', header="", name="B")),
    ("W427", block('⟦when tagged "新客"⟧', 'tag "老客"', header="", name="A")
     + block('when tagged "老客"', 'tag "新客"', header="", name="B")),
    ("W427", block('⟦when tagged "甲"⟧', 'enter playbook "B"', header="", name="A")
     + block('when entered', 'untag "甲"', 'tag "甲"', header="", name="B")),
    ("W440", asks('tagged "好友" and ⟦not did order within 45 days⟧')),
    ("W441", block('when tagged "甲"', 'push wecom "好"', "wait 2 days", 'push wecom "另一条"',
                   header="  for did click within 3 days and ⟦not did order within 7 days⟧\n")),
    ("W443", asks('tagged "好友" and ⟦not city is "上海"⟧')),
    ("W443", 'segment "外地"\n  tagged "好友" and ⟦not card is "金卡"⟧\n'),
    ("W443", 'segment "外地"\n  tagged "好友"\n  and none of\n    ⟦card is "金卡"⟧\n    tagged "甲"\n'),
    ("W444", block('⟦when coupon "券" expires in 10 days at 10:00⟧')),
    ("W444", does('push wecom "好" with coupon "券"', "wait 8 days", 'if ⟦holds coupon "券"⟧', '  push wecom "另一条"')),
    ("W446", block(header="  category service\n  once per member\n", line="when order").replace(
        'push wecom "好"', 'push wecom "好" with coupon ⟦"券"⟧')),
    ("W446", block("when order", '⟦coupon "券"⟧', header="  category service\n")),
    ("W447", block('⟦when tier becomes "B级"⟧', 'push wecom "好" with coupon "券"')),
    ("W448", "policy\n  guard 20%\n" + block(name="⟦P⟧").replace('"⟦P⟧"', '⟦"P"⟧')),
    ("W448", "policy\n  guard 20%\n  at most 1 push per day per member on sms\n" + block().replace('"P"', '⟦"P"⟧')),
    ("W448", "policy\n  guard 20%\n  at most 1 push per day per member\n"
     + block(DAILY, 'push "群早"', header='  for groups "福利群*"\n').replace('"P"', '⟦"P"⟧')),
    ("W449", "policy\n  at most 1 push per day per member\n" + block().replace('"P"', '⟦"P"⟧')),
    ("W451", 'template ⟦"长"⟧ on wecom\n  text "' + "好" * 1334 + '"\n'),
    ("W452", 'template "多" on wecom\n  text "好"\n' + '  image "a.png"\n' * 9 + '  ⟦image "b.png"⟧\n'),
    ("W452", 'template "混" on moments\n  text "好"\n  image "a.png"\n  ⟦video "b.mp4"⟧\n'),
    ("W454", 'template "长标题" on wecom\n  link "https://a.example" title ⟦"' + "好" * 43 + '"⟧\n'),
    ("W453", "policy\n  guard 20%\n  at most 5 pushes per day per member\n" + block("⟦every day at 09:00, 20:00⟧")),
]

NEAR_MISSES: list[tuple[str, str]] = [
    ("W410", asks('tagged "甲" and not tagged "乙"')),
    ("W410", asks("points >= 500 and points < 501")),
    ("W410", asks('tagged "新客" and not tagged "老客"')),
    ("W410", asks('in segment "上海人" or city is "北京"')),
    ("W410", asks('card is not "银卡" and tagged "甲"')),
    ("W410", asks("did order at least 3 times within 30 days and not did order within 7 days")),
    ("W410", asks("last order more than 45 days ago and did click within 7 days")),
    ("W410", asks("first order more than 45 days ago and did order within 7 days")),
    ("W410", asks('in sample 10% of "x" and in sample 50% to 60% of "y"')),
    ("W410", asks('not (bound is yes) and not (bound is no)')),
    ("W410", block("when order", header="  for not did click\n")),
    ("W410", block("when order", header="  catch up all within 30 days\n  for not did order within 7 days and bound is yes\n")),
    ("W410", block("when order", header='  for not did order where (store is "静安") and bound is yes\n')),
    ("W410", block('when untagged "甲"', header='  for not tagged "甲" and bound is yes\n')),
    ("W410", 'policy\n  never market to members who tagged "乙"\n' + block("when order", header='  category service\n  for tagged "乙"\n')),
    ("W410", 'policy\n  never push members who tagged "乙"\n' + block("when order", 'tag "甲"', header='  for tagged "乙"\n')),
    ("W410", block("when order", header='  exit when points >= 500\n  for points >= 100\n')),
    ("W410", block("when order", header='  exit when did order\n  for did order and bound is yes\n')),
    ("W411", does("if points >= 10", '  push wecom "好"', "else if points >= 5", '  push wecom "另一条"')),
    ("W411", does('if tagged "甲"', '  untag "甲"', 'if not tagged "甲"', '  push wecom "另一条"')),
    ("W411", block("when order", 'untag "甲"', 'if not tagged "甲"', '  push wecom "好"', header='  for tagged "甲"\n')),
    ("W413", block("when order", 'wait 1 day', "if points >= 300", '  push wecom "好"', "else", '  tag "乙"',
                   header="  for points >= 500\n")),
    ("W415", block("on 2026-11-01 at 10:00", header="  paused\n")),
    ("W417", block(header="  paused\n  active from 2026-01-01 to 2026-02-01\n")),
    ("W413", does("if points >= 5", "  stop", 'push wecom "好"')),
    ("W413", does("if city is \"上海\"", '  push wecom "好"', "else if city is not \"上海\"", '  push wecom "另一条"',
                  "else", '  tag "乙"')),
    ("W413", does('wait for did order up to 3 days', "  then", "    stop", "  otherwise", '    push wecom "好"',
                  'tag "乙"')),
    ("W415", block("on 2026-12-24 at 10:00")),
    ("W415", block("every 2 weeks on monday from 2027-01-04 at 10:00")),
    ("W415", block("every year on 02-29 at 10:00 from 2028-01-01 to 2028-12-31")),
    ("W415", block('1 day before activity "新活动" starts at 10:00')),
    ("W415", block("7 days before birthday at 10:00")),
    ("W416", block("on 2026-12-24 at 10:00", header="  active from 2026-11-01 to 2026-12-24\n")),
    ("W416", block(DAILY, header='  not during activity "新活动"\n')),
    ("W417", block(header="  active from 2026-01-01 to 2026-11-20\n")),
    ("W418", does("day 0 at 19:00", '  push wecom "好"', line="every day at 20:00")),
    ("W418", does("day 1 at 09:00", '  push wecom "好"', line="every day at 20:00")),
    ("W418", does("day 0 at 09:00", '  push wecom "好"')),
    ("W420", QUIET.format("defer") + block("every day at 08:00")),
    ("W420", QUIET.format("defer") + block("every day at 21:00, 23:00")),
    ("W420", QUIET.format("defer") + block("every day at 23:00", 'tag "甲"')),
    ("W420", QUIET.format("defer") + block("every day at 23:00", 'push wecom "好" despite quiet hours  # 直播开场')),
    ("W420", QUIET.format("skip") + block("every day at 20:00", "wait 12 hours", 'push wecom "好"')),
    ("W420", QUIET.format("skip") + does('push wecom "好"')),
    ("W421", QUIET.format("defer") + block("every day at 20:00", 'push wecom "今晚"')),
    ("W421", QUIET.format("defer") + block('30 minutes before each session of activity "直播"', 'push wecom "今晚"')),
    ("W421", QUIET.format("skip") + does('push wecom "今晚"')),
    ("W421", QUIET.format("defer") + does('push wecom "今晚" within 2 hours')),
    ("W421", QUIET.format("defer") + block("every day at 07:00", 'push wecom "今晚"')),
    ("W421", CAPPED + block("every day at 20:00", 'push wecom "今晚"')),
    ("W422", CAPPED + block("every day at 09:00")),
    ("W422", CAPPED + block("every 30 minutes", header="  for did click within 30 minutes\n")),
    ("W422", CAPPED.replace("per member", "per member on sms") + block("every day at 09:00, 20:00")),
    ("W422", CAPPED + block("every day at 09:00, 20:00", header="  category service\n")),
    ("W422", CAPPED + block("every day at 09:00, 20:00", header="  once per member\n")),
    ("W423", CAPPED + block(DAILY, "if bound is yes", '  push wecom "好"', 'push wecom "另一条"')),
    ("W423", CAPPED + block(DAILY, 'push wecom "好"', "wait 1 day", 'push wecom "另一条"')),
    ("W423", CAPPED + block(DAILY, 'push wecom "好"', 'push wecom "另一条" despite caps  # 重要')),
    ("W423", CAPPED.replace("per member", "per member on sms") + block(DAILY, 'push wecom "好"', 'push sms "短信"')),
    ("W412", block(header='  for did click yesterday\n')),
    ("W412", block(header='  for tagged "好友"\n  again after 30 days\n')),
    ("W412", block(DAILY, 'push wecom rotating "早安*"')),
    ("W412", block(DAILY, 'push wecom rotating "早安*"', "wait for did click up to 3 hours", "  then", '    push wecom "好"')),
    ("W412", block(DAILY, "if did click yesterday", '  push wecom "好"')),
    ("W412", block("every year on 03-08 at 10:00")),
    ("W412", block("on 2026-12-24 at 10:00")),
    ("W412", block(header='  for tagged "好友" and not tagged "甲"\n', line=DAILY).replace(
        'push wecom "好"', 'push wecom "好"\n    tag "甲"')),
    ("W412", block(header='  for tagged "好友" and not received template "好" within 30 days\n')),
    ("W412", block(header="  for anniversary of birthday today\n")),
    ("W412", block(header="  for last order exactly 60 days ago\n")),
    ("W412", block("every monday at 10:00", header="  for did order within 7 days\n")),
    ("W412", block(header='  for due to reorder "猫粮" within the next 2 days\n')),
    ("W412", block(header="  take 100 at random\n")),
    ("W412", block(DAILY, 'tag "甲"')),
    ("W414", block(header='  for did click yesterday and in sample 10% of "x"\n')),
    ("W414", does('push wecom "好"', line="when order").replace('for tagged "好友"', "for in sample 10%")),
    ("W414", block("on 2026-12-24 at 10:00", header="  for in sample 10%\n")),
    ("W442", block(header="  for did click within 24 hours\n")),
    ("W442", block(header="  for did click yesterday\n")),
    ("W442", block("when order", header="  for did click within 1 day\n")),
    ("W442", block("every 2 hours", header="  for did click within 1 day\n")),
    ("W442", does("wait 1 day", "if did order within 1 day", "  stop")),
    ("W427", block('when tagged "甲"', 'tag "乙"', header="", name="A")
     + block('when tagged "乙"', 'tag "甲"', header="", name="B")),
    ("W427", block('when untagged "甲"', 'tag "甲"', header="  once per member\n", name="A")
     + block('when tagged "甲"', 'untag "甲"', header="", name="B")),
    ("W427", block('when city changes', 'set city to "上海"', header="", name="A")),
    ("W427", block('when joined', 'enter playbook "B"', header="", name="A")
     + block('when entered', 'untag "甲"', 'tag "甲"', header="", name="B")),
    ("W440", asks('tagged "好友" and last order more than 45 days ago')),
    ("W440", asks('did order and not did order within 45 days')),
    ("W440", asks('joined more than 60 days ago and not did order within 45 days')),
    ("W440", block("when joined", header='  for tagged "好友" and not did order within 45 days\n')),
    ("W440", asks('tagged "好友" and not did order within 3 days')),
    ("W441", block('when tagged "甲"', 'push wecom "好"', "wait 2 days", 'push wecom "另一条"',
                   header="  for not did order within 7 days and did click within 3 days\n  exit when did order\n")),
    ("W441", block('when tagged "甲"', "wait 2 days", "if not did order within 2 days", '  push wecom "另一条"',
                   header="  for not did order within 7 days and did click within 3 days\n")),
    ("W441", block('when tagged "甲"', 'push wecom "好"', "wait 2 days", 'tag "乙"',
                   header="  for not did order within 7 days and did click within 3 days\n")),
    ("W443", asks('tagged "好友" and city is not "上海"')),
    ("W443", asks('tagged "好友" and city is known and not city is "上海"')),
    ("W443", asks('tagged "好友" and not bound is yes')),
    ("W443", asks('tagged "好友" and not points >= 500')),
    ("W444", block('when coupon "券" expires in 2 days at 10:00')),
    ("W444", does('push wecom "好" with coupon "券"', "wait 5 days", 'if holds coupon "券"', '  push wecom "另一条"')),
    ("W444", does('push wecom "好" with coupon "券"', "wait 5 days", 'coupon "券"', "wait 5 days",
                  'if holds coupon "券"', '  push wecom "另一条"')),
    ("W446", block("when order", 'coupon "券"', header="")),
    ("W446", block("when order", header="  category service\n")),
    ("W447", block('when tier rises to "B级"', 'push wecom "好" with coupon "券"')),
    ("W447", block('when tier becomes "A级"', 'push wecom "好" with coupon "券"')),
    ("W447", block('when tier becomes "B级"')),
    ("W448", CAPPED + block()),
    ("W448", block(header="  category service\n")),
    ("W449", CAPPED + block()),
    ("W449", block(header="  guard 100 members\n")),
    ("W449", does('push wecom "好"')),
    ("W451", 'template "长" on wecom\n  text "' + "好" * 1333 + '"\n'),
    ("W451", 'template "长" on sms\n  text "' + "好" * 1334 + '"\n'),
    ("W452", 'template "多" on wecom\n  text "好"\n' + '  image "a.png"\n' * 9),
    ("W452", 'template "图" on moments\n  text "好"\n  image "a.png"\n  image "b.png"\n'),
    ("W454", 'template "标题" on wecom\n  link "https://a.example" title "' + "好" * 42 + '"\n'),
    ("W453", "policy\n  guard 20%\n  at most 5 pushes per day per member\n" + block("every monday at 09:00, 20:00")),
    ("W453", "policy\n  guard 20%\n  at most 5 pushes per day per member\n" + block("every day at 09:00")),
]


def found_of(code: str, text: str, around: Surroundings = AROUND) -> tuple[Diagnostic, ...]:
    return tuple(d for d in lint(LIBRARY + text, around) if d.code == code)


def spans_of(found: tuple[Diagnostic, ...]) -> list[tuple[int, int]]:
    return sorted({(span.start, span.end) for d in found for span in (d.span, *d.related)})


@pytest.mark.parametrize(("code", "text"), POSITIVE, ids=[f"{code}-{n}" for n, (code, _) in enumerate(POSITIVE)])
def test_it_is_told(code: str, text: str) -> None:
    plain, spans = marked(LIBRARY + text)
    found = tuple(d for d in lint(plain) if d.code == code)
    assert [plain[low:high] for low, high in spans_of(found)] == [plain[low:high] for low, high in spans]
    assert spans_of(found) == spans
    for each in found:
        assert each.severity == "warning"
        for lang in ("zh", "en"):
            sentence, hint = render(code, each.params, lang, each.hint)
            assert hint
            assert "{" not in sentence + hint


@pytest.mark.parametrize(("code", "text"), NEAR_MISSES, ids=[f"{code}-{n}" for n, (code, _) in enumerate(NEAR_MISSES)])
def test_a_near_miss_stays_silent(code: str, text: str) -> None:
    assert found_of(code, text) == ()


# What depends on the whole workspace

USING = block(header='  for tagged "好友"\n  once per member\n')


def named(code: str, text: str, around: Surroundings = AROUND) -> list[str]:
    return [text[d.span.start : d.span.end] for d in lint(text, around) if d.code == code]


SMALL = 'tag "好友"\ntemplate "好" on wecom\n  text "早"\n'


def test_a_tag_that_nothing_gives() -> None:
    assert named("W424", SMALL + USING) == ['"好友"']
    gives = block("when joined", 'tag "好友"', header="", name="Q")
    assert named("W424", SMALL + USING + gives) == []
    rule = 'event click\nwhenever click\n  tag "好友"\n'
    assert named("W424", SMALL + rule + USING) == []


def test_a_tag_that_the_store_holds_is_given() -> None:
    holding = Surroundings(AROUND.at, AROUND.occurrences, Held(frozenset({"好友"})))
    assert named("W424", SMALL + USING, holding) == []
    empty = Surroundings(AROUND.at, AROUND.occurrences, Held())
    assert named("W424", SMALL + USING, empty) == ['"好友"']


def test_a_tag_that_nothing_tests() -> None:
    gives = block("when joined", 'tag "甲"', 'push wecom "好"', header="")
    assert named("W425", 'tag "甲"\ntemplate "好" on wecom\n  text "早"\n' + gives) == ['"甲"']
    assert named("W425", 'tag "甲"\n' + SMALL + gives + block(header='  for tagged "甲*"\n', name="Q")) == []


def test_a_tag_that_ends_a_tested_one_is_of_use() -> None:
    group = 'tag group "G" exclusive\ntag "甲" in group "G"\ntag "好友" in group "G"\n'
    gives = block("when joined", 'tag "甲"', header="", name="Q")
    assert named("W425", group + SMALL.replace('tag "好友"\n', "") + USING + gives) == []


def test_what_nothing_uses() -> None:
    assert named("W426", SMALL + 'coupon "券" worth ¥5\nsegment "S"\n  tagged "好友"\n' + USING) == ['"券"', '"S"']
    assert named("W426", SMALL + USING) == []
    assert named("W426", SMALL + 'tag group "G"\ntag "甲" in group "G"\n' + USING) == ['"甲"']


def test_a_library_alone_is_not_judged_by_its_uses() -> None:
    assert named("W426", SMALL) == []


def test_names_are_not_judged_beside_errors() -> None:
    from lint.texts import SETTINGS
    from qingting.engine.program.resolve import resolve_program
    from qingting.grammar.parser import collect_names, parse_text

    text = SMALL + 'coupon "券" worth ¥5\n' + USING.replace('"好"', '"没有"')
    file, problems = parse_text(text, "a.sop", collect_names([text]))
    _, found = resolve_program([file], problems, SETTINGS, AROUND)
    assert [d.code for d in found] == ["E207"]


def test_holidays_not_announced() -> None:
    text = LIBRARY + block("every workday at 10:00", header="  once per member\n")
    assert [d.code for d in lint(text) if d.code == "W419"] == []
    (found,) = [d for d in lint(text, settings=without_calendar()) if d.code == "W419"]
    assert text[found.span.start : found.span.end] == "every workday at 10:00"
    assert (found.hint, found.params["day"]) == ("none", "2026-11-20")
    plain = LIBRARY + block("every weekday at 10:00")
    assert [d.code for d in lint(plain, settings=without_calendar()) if d.code == "W419"] == []


def test_too_few_coupons() -> None:
    text = LIBRARY + block(DAILY, 'push wecom "好" with coupon "少"')
    around = Surroundings(AROUND.at, AROUND.occurrences, Held(audience=11))
    (found,) = [d for d in lint(text, around) if d.code == "W445"]
    assert text[found.span.start : found.span.end] == DAILY
    assert (found.params["stock"], found.params["size"]) == (10, 11)
    enough = Surroundings(AROUND.at, AROUND.occurrences, Held(audience=10))
    assert [d for d in lint(text, enough) if d.code == "W445"] == []
    taken = text.replace('  for tagged "好友"', '  take 10 at random\n  for tagged "好友"')
    assert [d for d in lint(taken, around) if d.code == "W445"] == []
    assert [d for d in lint(text) if d.code == "W445"] == []


def test_untested_playbooks() -> None:
    files = {"a.sop": LIBRARY + block(), "b.sop": block(name="Q")}
    tested = Surroundings(AROUND.at, AROUND.occurrences, None, frozenset({"a_test.yaml"}))
    (found,) = [d for d in lint(files, tested) if d.code == "W450"]
    assert (found.file, found.params["name"], found.params["test"]) == ("b.sop", "Q", "b_test.yaml")
    both = Surroundings(AROUND.at, AROUND.occurrences, None, frozenset({"a_test.yaml", "b_test.yaml"}))
    assert [d for d in lint(files, both) if d.code == "W450"] == []
    assert [d for d in lint(files) if d.code == "W450"] == []


def test_safeguards_are_told_once() -> None:
    text = LIBRARY + block() + block(name="Q") + block(name="R")
    assert [(d.code, d.params["number"]) for d in lint(text) if d.code in ("W448", "W449")] == [("W448", 3), ("W449", 3)]


def test_without_an_instant_schedules_are_not_judged() -> None:
    assert found_of("W415", block("on 2026-11-01 at 10:00"), Surroundings()) == ()


def test_every_code_has_a_case() -> None:
    elsewhere = {"W419", "W424", "W425", "W426", "W445", "W450"}
    assert {code for code, _ in POSITIVE} | elsewhere == set(MESSAGES)
    assert {code for code, _ in NEAR_MISSES} | elsewhere == set(MESSAGES)


def test_an_ignore_of_lint_is_unused_only_where_lint_looked() -> None:
    from program.texts import LIBRARY as OTHER
    from program.texts import check

    silenced = block().replace(DAILY, f"{DAILY}  # ignore W412: meant so")
    assert [d.code for d in lint(LIBRARY + silenced) if d.code in ("W412", "W499")] == []
    assert "W499" not in check(OTHER + silenced.replace('"好友"', '"新客"').replace('"好"', '"猫粮种草"')).codes
    moot = block(header="  once per member\n").replace(DAILY, f"{DAILY}  # ignore W412: meant so")
    assert [d.code for d in lint(LIBRARY + moot) if d.code in ("W412", "W499")] == ["W499"]
