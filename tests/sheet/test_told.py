"""What sheets say: of the examples of the language word by word, of the shipped playbooks as a whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest
from qingting.engine.insight.sheet.build import sheet_of
from qingting.engine.insight.sheet.model import Sheet
from qingting.engine.program import ir
from qingting.engine.telling import sheet_for
from qingting.grammar.messages import CATALOGUE
from qingting.grammar.messages.sheet import MESSAGES
from qingting.grammar.record import fields_of
from qingting.grammar.syntax import PlaybookDecl
from sheet.telling import LANGUAGES, SHIPPED, TOLD, all_lines, examples, folder, load, texts_of, told
from sheet.write_goldens import goldens


def test_the_examples_are_told_as_before() -> None:
    for name, text in goldens().items():
        assert text == (TOLD / name).read_text("utf-8"), name


def test_the_examples_have_every_instruction_and_every_trigger() -> None:
    """So that a class without words cannot go unnoticed: all of them are told above."""
    playbooks = examples("zh").program.playbooks.values()
    blocks = [block for playbook in playbooks for block in playbook.blocks]
    met = {type(i) for block in blocks for i in block.code} | {type(block.trigger) for block in blocks}
    assert set(get_args(ir.Instruction)) | set(get_args(ir.Trigger)) <= met


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_example_is_told_in_whole_sentences(lang: str) -> None:
    loaded = examples(lang)
    for name in loaded.program.playbooks:
        sheet = told(loaded, name, lang)
        for text in [*texts_of(sheet), *(fact.text for fact in sheet.facts), *sheet.notes]:
            assert text.strip(), name
            assert "sheet." not in text, text
            assert "{" not in text, text


def program_with(playbook: ir.Playbook) -> ir.Program:
    program = examples("zh").program
    return replace(program, playbooks={**program.playbooks, playbook.name: playbook})


def written(name: str) -> PlaybookDecl:
    declarations = [d for file in examples("zh").files for d in file.declarations]
    return next(d for d in declarations if isinstance(d, PlaybookDecl) and d.name.text == name)


def said_of(playbook: ir.Playbook) -> Sheet:
    return sheet_of(program_with(playbook), written(playbook.name), "zh")


OTHERS: dict[str, Any] = {
    "about": "另一句", "owner": "另一组", "state": "live", "category": "marketing", "priority": 7,
    "zone": ir.Zone("Asia/Tokyo"), "active": ir.Window(None, None), "quiet": ir.QuietHours(60, 120, "skip"),
    "holdout": 0, "guard": ir.Guard(share=700), "audience": ir.Always(True), "version": "0" * 64, "during": (),
    "goal": None, "exit": None, "budgets": (), "take": None, "only_one_of": None, "catch_up": None,
    "groups": ir.GroupAudience(at_least=3),
}


def test_every_part_of_a_playbook_shows() -> None:
    full = examples("zh").program.playbooks["所有开头"]
    names = {name for name, _, _ in fields_of(ir.Playbook)}
    assert names == {*OTHERS, "name", "blocks"}
    for name, other in OTHERS.items():
        assert getattr(full, name) != other, name
        changed: Any = {name: other}
        assert said_of(replace(full, **changed)) != said_of(full), name


STEP_PARTS: dict[type[object], dict[str, Any]] = {
    ir.Push: {
        "channel": "sms", "template": "早安2", "coupon": "满100减20", "redpacket": "新客红包",
        "rotation": ir.Rotation("早安*", ("早安1",)), "within": ir.Duration(ir.HOUR), "despite_caps": True,
        "despite_quiet": True, "confirmed": ir.Confirmed(ir.Duration(ir.HOUR), "skip"), "groups": ir.TextPattern("甲"),
    },
    ir.GiveTask: {"title": "别的", "due": ir.Duration(ir.HOUR), "staff": "张三", "manager": True},
    ir.Alert: {"whom": "manager", "text": "别的"},
    ir.SetAttribute: {"attribute": ir.AttributeRef("card", ir.ValueType.TEXT), "value": "北京"},
    ir.Wait: {"duration": ir.Duration(ir.HOUR)},
    ir.WaitUntil: {"clock": 61, "weekday": 3},
    ir.WaitDay: {"day": 2, "clock": 61},
    ir.WaitFor: {"condition": ir.IsFriend(), "up_to": ir.Duration(ir.HOUR)},
    ir.Branch: {"condition": ir.IsFriend()},
    ir.ChangePoints: {"delta": -3},
    ir.GiveTags: {"tags": ("老客",)},
    ir.TakeTags: {"tags": ("首单",)},
    ir.EnterPlaybook: {"playbook": "别的"},
    ir.IssueCoupon: {"coupon": "满100减20"},
}


@pytest.mark.parametrize("kind", STEP_PARTS, ids=lambda kind: kind.__name__)
def test_every_part_of_a_step_shows(kind: type[object]) -> None:
    full = examples("zh").program.playbooks["所有步骤"]
    (block,) = full.blocks
    place = next(number for number, i in enumerate(block.code) if isinstance(i, kind))
    for name, other in STEP_PARTS[kind].items():
        step: Any = block.code[place]
        assert getattr(step, name) != other, name
        code = (*block.code[:place], replace(step, **{name: other}), *block.code[place + 1 :])
        assert said_of(replace(full, blocks=(replace(block, code=code),))) != said_of(full), name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_shipped_playbook_is_told(lang: str) -> None:
    loaded = folder(SHIPPED)
    assert len(loaded.program.playbooks) >= 5
    for name in loaded.program.playbooks:
        sheet = told(loaded, name, lang)
        assert [section.part for section in sheet.sections][:4] == ["who", "never", "when", "what"]
        assert sheet.section("until") is not None


def test_every_sentence_is_used() -> None:
    """Told from one sheet or another, or named in the sources."""
    sources = "".join(
        path.read_text("utf-8")
        for folder_name in ("engine/insight/sheet", "terminal/commands")
        for path in (SHIPPED.parent / folder_name).glob("*.py")
    )
    computed = (
        "part.", "attachment.", "when.", "reentry.once.", "coupon.limit.", "redpacket.limit.", "limits.budget.",
        "limits.quiet.", "step.confirmed.", "unit.", "facts.", "coupon.gift", "coupon.percent",
    )
    names = [code.removeprefix("sheet.") for code in MESSAGES]
    plain = {"marketing", "service", "live", "draft", "paused"}
    assert [n for n in names if n not in plain and not n.startswith(computed) and f"{n}\"" not in sources] == []
    assert set(MESSAGES) <= set(CATALOGUE)


LIBRARY = """
事件 下单
标签 "甲"
标签 "乙"
分群 "常客"
  任一满足
    有标签 "甲"
    30天内 做过 下单 至少2次
指标 花费 = 30天内 累计 下单.金额
话术 "文" 用于 企微
  正文 "{{ 姓名 | default: '您' }}好,{{ 跟进人.姓名 | default: '我' }}{% if 城市 %}在{% endif %}"
属性 城市 文本
"""


def test_an_audience_is_told_line_by_line() -> None:
    text = """
剧本 "问候"
  面向 属于分群 "常客" 且 不满足 (有标签 "甲" 或 有标签 "乙") 且 花费 >= ¥100
  每天 10:00
    推送 企微 "文"
"""
    sheet = told(load(LIBRARY, text), "问候", "zh")
    who = sheet.section("who")
    assert who is not None
    (first,) = who.lines
    segment, none, money = first.below
    assert (first.text, segment.text, none.text, money.text) == (
        "同时满足:", "属于分群“常客”", "下面一条都不满足:", "花费 ≥ ¥100",
    )
    assert [line.text for line in segment.below[0].below] == ["有标签“甲”", "30天内做过下单至少2次"]
    assert [line.text for line in none.below] == ["有标签“甲”", "有标签“乙”"]
    terms = sheet.section("terms")
    assert terms is not None
    assert [line.text for line in terms.lines] == ["指标“花费”:30天内累计下单.金额"]


def test_variables_stand_in_brackets_in_the_language_of_the_sheet() -> None:
    loaded = load(LIBRARY, '剧本 "问候"\n  每天 10:00\n    推送 企微 "文"\n')
    quotes = {
        lang: next(line.text for line in all_lines(sheet.sections[2].lines) if line.kind == "quote")
        for lang in LANGUAGES
        for sheet in [replace(told(loaded, "问候", lang), sections=tuple(
            section for section in told(loaded, "问候", lang).sections if section.part in ("who", "when", "what")
        ))]
    }
    assert quotes == {
        "zh": "〔姓名,没有就写“您”〕好,〔跟进人姓名,没有就写“我”〕〔if 城市〕在〔endif〕",
        "en": "〔name, or “您”〕好,〔name of staff, or “我”〕〔if 城市〕在〔endif〕",
    }


def test_a_playbook_with_errors_has_its_codes_and_nothing_else() -> None:
    loaded = load(LIBRARY, '剧本 "坏"\n  每天 10:00\n    打标签 "丙"\n\n剧本 "好"\n  每天 10:00\n    打标签 "甲"\n')
    sheet = told(loaded, "坏", "zh")
    assert (sheet.sound, sheet.codes, sheet.sections) == (False, ("E204",), ())
    (problem,) = sheet.problems
    assert (problem.code, problem.file, problem.line) == ("E204", "01.sop", 3)
    assert told(loaded, "好", "zh").sound


def test_the_next_instants_are_told_where_schedules_have_any() -> None:
    text = '剧本 "早"\n  每天 10:00\n    打标签 "甲"\n\n剧本 "停"\n  暂停\n  每天 10:00\n    打标签 "乙"\n'
    loaded = load(LIBRARY, text)
    noon = 1_795_147_200_000_000  # 2026-11-20 12:00 in Shanghai
    when = sheet_for(loaded, "早", "zh", noon).section("when")
    assert when is not None
    assert when.lines[-1].text == "接下来:2026-11-21 10:00、2026-11-22 10:00、2026-11-23 10:00"
    paused = sheet_for(loaded, "停", "zh", noon).section("when")
    assert paused is not None
    assert len(paused.lines) == 1
