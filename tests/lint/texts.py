"""A small shop for the tests of lint: ``⟦…⟧`` marks what a warning must underline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from qingting.engine.linting import Calendar
from qingting.engine.program.clock import from_datetime
from qingting.engine.program.holidays import HolidayCalendar
from qingting.engine.program.ir import Block, Condition, Library, Playbook
from qingting.engine.program.lint import Surroundings
from qingting.engine.program.resolve import CheckSettings, resolve_program
from qingting.grammar.diagnostics import Diagnostic
from qingting.grammar.parser import collect_names, parse_text

ZONE = "Asia/Shanghai"
NOW = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo(ZONE))
CALENDAR = HolidayCalendar("", {date(2026, month, day): "work" for month in (11, 12) for day in range(1, 31)})
SETTINGS = CheckSettings(frozenset({"wecom", "moments", "group", "sms"}), ZONE, "CNY", CALENDAR)

LIBRARY = """
attribute city text
attribute card text in "银卡", "金卡"
attribute birthday date
attribute bound yes/no
event click
event order with store text, qty number
tag group "生命周期" exclusive
tag "新客" in group "生命周期"
tag "老客" in group "生命周期"
tag "好友"
tag "甲"
tag "乙"
segment "上海人"
  city is "上海"
metric recent = sum of order.amount within 90 days
template "好" on wecom
  text "早上好"
template "另一条" on wecom
  text "再见"
template "今晚" on wecom
  text "今晚有专场"
template "短信" on sms
  text "你好"
template "早安1" on wecom
  text "早"
template "早安2" on wecom
  text "早早"
coupon "券" worth ¥5
  valid 7 days
coupon "少" worth ¥5
  stock 10
product "猫粮" lasts 30 days
template "群早" on group
  text "早"
activity "直播" every friday 19:00 to 20:00
activity "旧活动" from 2026-10-01 to 2026-10-07
activity "新活动" from 2026-12-01 to 2026-12-07
tiers
  "A级" above 2000
  "B级" above 100
  "C级" otherwise
"""


@dataclass(frozen=True)
class Held:
    """A store that holds some tags and a number of members."""

    tags: frozenset[str] = frozenset()
    audience: int = 100
    asked: list[Condition] = field(default_factory=list)

    def holds_tag(self, tag: str) -> bool:
        return tag in self.tags

    def members(self) -> int:
        return 1000

    def audience_size(self, library: Library, condition: Condition, zone: str) -> int:
        self.asked.append(condition)
        return self.audience


def occurrences(playbook: Playbook, block: Block, after: int, until: int, within: bool) -> Iterator[int]:
    return Calendar(CALENDAR).occurrences(playbook, block, after, until, within)


AROUND = Surroundings(from_datetime(NOW), occurrences)


def lint(
    texts: Mapping[str, str] | str, around: Surroundings = AROUND, settings: CheckSettings = SETTINGS
) -> tuple[Diagnostic, ...]:
    """All that is found in the texts of a workspace, which must have no errors."""
    files = {"a.sop": texts} if isinstance(texts, str) else dict(texts)
    names = collect_names(files.values())
    read, problems = [], []
    for path, text in files.items():
        file, diagnostics = parse_text(text, path, names)
        read.append(file)
        problems.extend(diagnostics)
    _, found = resolve_program(read, problems, settings, around)
    assert [d for d in (*problems, *found) if d.severity == "error"] == []
    return found


def without_calendar() -> CheckSettings:
    return replace(SETTINGS, holidays=HolidayCalendar())


def marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its marks, and the spans that they enclose."""
    spans, plain = [], ""
    for piece in text.split("⟦"):
        inside, end, rest = piece.partition("⟧")
        if not end:
            plain += piece
            continue
        spans.append((len(plain), len(plain) + len(inside)))
        plain += inside + rest
    return plain, spans
