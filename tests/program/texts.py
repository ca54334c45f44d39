"""Texts for tests: ``⟦…⟧`` marks what a diagnostic must underline."""

from __future__ import annotations

from dataclasses import dataclass

from qingting.engine.program.ir import Condition, Playbook, Program
from qingting.engine.program.resolve import CheckSettings, resolve_condition, resolve_program
from qingting.grammar.diagnostics import Diagnostic, Span
from qingting.grammar.parser import collect_names, parse_condition, parse_text

SETTINGS = CheckSettings(frozenset({"wecom", "sms"}), "Asia/Shanghai", "CNY")

LIBRARY = """
attribute city text
attribute card text in "银卡", "金卡"
attribute birthday date
attribute lunar_birthday lunar date
attribute bound yes/no
attribute spent money
event click
event order with store text, qty number, arrives instant
tag group "生命周期" exclusive
tag group "空组"
tag "新客" in group "生命周期"
tag "老客" in group "生命周期"
tag "退订"
tag "兴趣:猫粮" expires after 30 days
segment "上海人"
  city is "上海"
metric recent = sum of order.amount within 90 days
metric orders = number of order within 30 days
template "猫粮种草" on wecom
  text "今晚猫粮专场"
template "短信" on sms
  text "今晚"
template "通用"
  text "今晚"
template "带码" on wecom
  text "你的券 {{ coupon.code }}"
coupon "满100减20" worth ¥20 off ¥100
"""


@dataclass(frozen=True, slots=True)
class Checkup:
    """What checking some files gave: ``syntax`` are the parser's diagnostics, ``found`` the checker's."""

    program: Program
    syntax: tuple[Diagnostic, ...]
    found: tuple[Diagnostic, ...]

    @property
    def codes(self) -> list[str]:
        return [d.code for d in self.found]


def check(*texts: str, settings: CheckSettings = SETTINGS) -> Checkup:
    """Check files a.sop, b.sop, … of one workspace."""
    names = collect_names(texts)
    files, problems = [], []
    for letter, text in zip("abcdefgh", texts, strict=False):
        file, diagnostics = parse_text(text, f"{letter}.sop", names)
        files.append(file)
        problems.extend(diagnostics)
    program, found = resolve_program(files, problems, settings)
    return Checkup(program, tuple(problems), found)


def unmarked(text: str) -> tuple[str, Span]:
    """The text without its marks, and the span that they enclose."""
    start, end = text.index("⟦"), text.index("⟧") - 1
    return text.replace("⟦", "").replace("⟧", ""), Span(start, end)


def playbook_of(body: str, library: str = LIBRARY) -> Playbook:
    """The one playbook of a text that must be sound."""
    result = check(library + body)
    assert result.syntax == ()
    assert [d.code for d in result.found if d.severity == "error"] == []
    (playbook,) = result.program.playbooks.values()
    return playbook


def condition_of(text: str, library: str = LIBRARY) -> Condition:
    """The meaning of a condition that must be sound."""
    program = check(library).program
    written, problems = parse_condition(text, collect_names([library]))
    assert problems == ()
    assert written is not None
    found, diagnostics = resolve_condition(written, program, SETTINGS)
    assert diagnostics == ()
    assert found is not None
    return found
