"""Every code of the checker: a text that has the mistake, and what is underlined."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import qingting.engine.program
from qingting.engine.program.resolve import CheckSettings
from qingting.grammar.messages import render
from qingting.grammar.messages.program import MESSAGES

from .test_codes_of_playbooks import WRONG as WRONG_PLAYBOOKS
from .test_conditions_in_place import WRONG
from .texts import LIBRARY, SETTINGS, check, unmarked


def asks(condition: str) -> str:
    return f'segment "S"\n  {condition}\n'


def runs(line: str, steps: str = '    push wecom "猫粮种草"', header: str = "") -> str:
    return f'playbook "P"\n{header}  {line}\n{steps}\n'


def does(*steps: str) -> str:
    return runs("every day at 10:00", "\n".join(f"    {step}" for step in steps))


def says(body: str) -> str:
    return f'template "T" on wecom\n  text """\n    {body}\n  """\n'


DAILY = "every day at 10:00"
CASES: list[tuple[str, str]] = [
    ("E201", asks('⟦"城是"⟧ is "上海"')),
    ("E202", asks('did ⟦"点机"⟧')),
    ("E203", asks('did order where ⟦"店"⟧ is "静安"')),
    ("E204", asks('tagged ⟦"新可"⟧')),
    ("E204", does('tag ⟦"没有"⟧')),
    ("E205", asks('tagged in group ⟦"生命"⟧')),
    ("E205", 'tag "X" in group ⟦"没有"⟧\n'),
    ("E206", asks('in segment ⟦"北京人"⟧')),
    ("E207", does('push wecom ⟦"猫粮中草"⟧')),
    ("E208", does('coupon ⟦"满100减30"⟧')),
    ("E209", asks('received ⟦"别的"⟧')),
    ("E210", does('push wecom "猫粮种草"') + asks('received "P" step ⟦"首触"⟧')),
    ("E211", says("{{ ⟦nama⟧ }}")),
    ("E211", says("{{ ⟦staff.phone⟧ | default: 'x' }}")),
    ("E211", says("{% if ⟦nama⟧ %}x{% endif %}")),
    ("E212", asks('tagged ⟦"没有*"⟧')),
    ("E213", "policy\n  timezone ⟦Asia/Shanghia⟧\n"),
    ("E214", does('push ⟦email⟧ "通用"')),
    ("E214", "policy\n  at most 1 push per day per member on ⟦email⟧\n"),
    ("E220", 'tag ⟦"新客"⟧\n'),
    ("E221", 'attribute ⟦"积分"⟧ number\n'),
    ("E221", "event visit with ⟦amount⟧ number\n"),
    ("E222", "metric ⟦city⟧ = number of order\n"),
    ("E223", "policy\n  holdout 1%\n⟦policy⟧\n  holdout 2%\n"),
    ("E224", "event visit with ⟦store number⟧\n"),
    ("E225", "event visit with a text, ⟦a⟧ text\n"),
    ("E225", 'attribute size text in "大", ⟦"大"⟧\n'),
    ("E230", 'segment ⟦"A"⟧\n  in segment "B"\nsegment "B"\n  in segment "A"\n'),
    ("E230", 'segment ⟦"A"⟧\n  not in segment "A"\n'),
    ("E301", asks('points is ⟦"多"⟧')),
    ("E301", asks("points >= ⟦5%⟧")),
    ("E301", asks("number of order >= ⟦¥5⟧")),
    ("E302", asks('recent is ⟦"多"⟧')),
    ("E303", asks("city is ⟦5⟧")),
    ("E304", asks("birthday >= ⟦5⟧")),
    ("E304", asks("joined >= ⟦5⟧")),
    ("E305", asks('bound is ⟦"是"⟧')),
    ("E306", asks("⟦lunar_birthday is 2026-01-01⟧")),
    ("E307", asks("⟦city >= 5⟧")),
    ("E308", asks('⟦points contains "5"⟧')),
    ("E309", asks("⟦bound >= 1⟧")),
    ("E310", asks("recent >= ⟦0.125⟧")),
    ("E314", asks('card is ⟦"金咔"⟧')),
    ("E315", asks("⟦points between 500 and 100⟧")),
    ("E315", asks("did click ⟦between 2026-02-01 and 2026-01-01⟧")),
    ("E316", asks("did click ⟦between 2 days ago and 2 days ago⟧")),
    ("E317", asks("did click ⟦within the next 3 days⟧")),
    ("E318", asks("⟦city⟧ within 3 days")),
    ("E319", asks("anniversary of ⟦city⟧ today")),
    ("E320", asks("anniversary of birthday ⟦within the next 3 hours⟧")),
    ("E321", asks("sum of order.⟦store⟧ >= 5")),
    ("E322", asks('did order where (⟦tagged "新客"⟧)')),
    ("E324", asks("⟦in sample 10%⟧")),
    ("E325", asks("points >= ⟦999999999999999⟧")),
    ("E326", asks("did click within ⟦2000 months⟧")),
    ("E330", runs('cron ⟦"0 0 9 * * *"⟧')),
    ("E331", runs('cron ⟦"@daily"⟧')),
    ("E332", runs('cron ⟦"0 9 15W * *"⟧')),
    ("E333", runs('cron ⟦"0 25 * * *"⟧')),
    ("E334", runs('cron ⟦"0 9 30 2 *"⟧')),
    ("E334", runs("⟦every 3 hours between 10:00 and 11:00⟧")),
    ("E336", runs("every ⟦25 hours⟧")),
    ("E337", runs("⟦every 30 minutes between 09:00 and 09:00⟧")),
    ("E342", 'coupon "X" ⟦worth 100% off ¥5⟧\n'),
    ("E344", 'coupon "X" ⟦worth ¥30 off ¥20⟧\n'),
    ("E345", 'coupon "X" worth ¥5\n  usable ⟦14:00 to 14:00⟧\n'),
    ("E350", says("⟦{{ name }⟧")),
    ("E351", says("{{ name | ⟦defualt⟧: 'x' }}")),
    ("E402", runs(DAILY, header="  priority 1\n  ⟦priority 2⟧\n")),
    ("E403", runs(DAILY, header='  for tagged "新客"\n  ⟦for tagged "老客"⟧\n')),
    ("E404", runs(DAILY, header="  once per member\n  ⟦again after 30 days⟧\n")),
    ("E405", "policy\n  ⟦quiet hours 22:00 to 22:00 defer⟧\n"),
    ("E406", runs(DAILY, header="  holdout ⟦100%⟧\n")),
    ("E407", runs(DAILY, header="  ⟦guard 0%⟧\n")),
    ("E408", runs(DAILY, header="  ⟦active from 2026-02-01 to 2026-01-01⟧\n")),
    ("E410", does('split "S"', '  0% "A"', '  100% "B"').replace("0% \"A\"", "⟦0%⟧ \"A\"", 1)),
    ("E411", does('split "S"', '  40% "A"', '  60% ⟦"A"⟧')),
    ("E412", does('split "S"', '  100% "A"', 'split ⟦"S"⟧', '  100% "A"')),
    ("E413", does('⟦push "通用"⟧')),
    ("E414", does('push ⟦sms⟧ "猫粮种草"')),
    ("E415", "policy\n  ⟦at most 0 pushes per day per member⟧\n"),
    ("E416", 'playbook ⟦"P"⟧\n  priority 5\n'),
    ("W401", does('push wecom "猫粮种草"', '⟦coupon "满100减20"⟧')),
    ("W402", runs(DAILY, header="  for ⟦not did order⟧\n")),
    ("W403", asks("⟦birthday today⟧")),
    ("W404", says("{{ ⟦city⟧ }}")),
    ("W405", does('push wecom "猫粮种草"') + '  every day at 12:00\n    ⟦push wecom "猫粮种草"⟧\n'),
    ("W407", does('tag "新客", ⟦"老客"⟧')),
    ("W406", does('⟦push wecom "带码"⟧')),
]


@pytest.mark.parametrize(("code", "marked"), CASES, ids=[f"{code}-{n}" for n, (code, _) in enumerate(CASES)])
def test_code_and_span(code: str, marked: str) -> None:
    text, span = unmarked(LIBRARY + marked)
    result = check(text)
    assert result.syntax == ()
    assert [(d.code, text[d.span.start : d.span.end]) for d in result.found] == [(code, text[span.start : span.end])]
    (found,) = result.found
    assert found.span == span
    assert found.severity == ("warning" if code.startswith("W") else "error")
    for lang in ("zh", "en"):
        sentence, hint = render(code, found.params, lang, found.hint)
        assert "{" not in sentence or code.startswith("E35")
        assert hint


def test_split_shares() -> None:
    result = check(LIBRARY + does('split "S"', '  40% "A"', '  59.99% "B"'))
    assert [(d.code, d.params["total"]) for d in result.found] == [("E409", "99.99%")]


def test_yuan_needs_a_currency_that_has_it() -> None:
    settings = CheckSettings(SETTINGS.channels, SETTINGS.timezone, "EUR")
    library = LIBRARY.replace('coupon "满100减20" worth ¥20 off ¥100\n', "")
    assert check(library + asks("recent >= ¥5"), settings=settings).codes == ["E312"]
    assert check(library + asks("recent >= 5"), settings=settings).codes == []


def test_every_code_has_a_message_and_a_case() -> None:
    folder = Path(str(qingting.engine.program.__file__)).parent
    used = {code for file in folder.glob("*.py") for code in re.findall(r'"([EW][2-4]\d\d)"', file.read_text("utf-8"))}
    assert used == set(MESSAGES)
    elsewhere = {"E226", "E312", "E361", "E367", "E409", "W498", "W499"}
    assert used - {code for code, _ in (*CASES, *WRONG, *WRONG_PLAYBOOKS)} == elsewhere


@pytest.mark.parametrize(
    ("text", "near"),
    [
        (asks('"城是" is "上海"'), None),
        (asks('citi is "上海"').replace("citi", '"citi"'), "city"),
        (asks('tagged "新可"'), "新客"),
        (asks('tagged "完全不同"'), None),
        (asks('did "clik"'), "click"),
    ],
)
def test_the_nearest_name(text: str, near: str | None) -> None:
    (found,) = check(LIBRARY + text).found
    assert found.params.get("near") == near
    assert found.hint == ("near" if near else None)
