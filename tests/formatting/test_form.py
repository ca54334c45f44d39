"""The one form: indentation, signs, quotes, names, numbers, order, breaks."""

from __future__ import annotations

import unicodedata
from dataclasses import fields, is_dataclass
from pathlib import Path
from time import process_time

import pytest
from formatting.pairs import MORE, NAMES, PAIRS
from parsing.samples import PRELUDE
from qingting.grammar import syntax
from qingting.grammar.diagnostics import Span
from qingting.grammar.formatter import format_text, same_tree
from qingting.grammar.names import collect_names
from qingting.grammar.parser import parse_text
from qingting.grammar.writing.declarations import WRITERS

ROOT = Path(__file__).resolve().parents[2]


def segment(condition: str) -> str:
    """The form of a condition."""
    made = format_text(f'分群 "s"\n  {condition}\n', names=NAMES)
    assert made.diagnostics == ()
    return made.text.removeprefix('分群 "s"\n  ').removesuffix("\n").replace("\n  ", "\n")


@pytest.mark.parametrize(("before", "after"), [
    ("积分　大于等于５００", "积分 >= 500"),
    ("points≥+500.50", "积分 >= 500.5"),
    ("城市 是 ‘上海’", '城市 是 "上海"'),
    ('城市 是 “他说"好"”', "城市 是 '他说\"好\"'"),
    ("城市 是 “他说\"好\",她说'好'”", "城市 是 「他说\"好\",她说'好'」"),
    ('城市 是 "一\\\\二"', '城市 是 "一\\\\二"'),
    ('城市 属于 “上海”、“杭州”', '城市 属于 "上海", "杭州"'),
    ("加好友时间 2026年1月2日8点起", "加好友时间 2026-01-02 08:00起"),
    ("做过 下单 其中 金额 > 50元 至少1次 近30天内", "30天内 做过 下单 其中 金额 > ¥50 至少1次"),
    ("做过 下单 within 1 weeks", "1周内 做过 下单"),
    ("不满足 做过 下单", "未做过 下单"),
    ("不满足 有标签 'a'", '无标签 "a"'),
    ('((有标签 "a"))', '有标签 "a"'),
    ('有标签 "a"\n    且 有标签 "b"', '有标签 "a" 且 有标签 "b"'),
    ('有标签 "a" 且 有标签 "b" 且 有标签 "c"', '有标签 "a"\n  且 有标签 "b"\n  且 有标签 "c"'),
    ('"城市" 是 "a"', '城市 是 "a"'),
    ('"today" 是 "a"', '"today" 是 "a"'),
    ('"下单次数" 是 "a"', '"下单次数" 是 "a"'),
    ('"a b" 是 "a"', '"a b" 是 "a"'),
    ('做过 下单 其中 门店 属于 "a", "b", ("c d" > 5)', '做过 下单 其中 门店 属于 "a", "b", ("c d" > 5)'),
    ("最近30天 下单 次数 >= 2", "30天内 下单 次数 >= 2"),
])
def test_conditions(before: str, after: str) -> None:
    assert segment(before) == after
    assert segment(after) == after


def test_a_line_that_is_too_wide_is_broken() -> None:
    long = '有标签 "' + "长" * 30 + '" 且 (有标签 "' + "宽" * 20 + '" 或 有标签 "' + "大" * 20 + '")'
    assert segment(long).splitlines() == [
        '有标签 "' + "长" * 30 + '"', '  且 (有标签 "' + "宽" * 20 + '"', '    或 有标签 "' + "大" * 20 + '")',
    ]


def test_a_line_is_broken_alike_in_both_languages() -> None:
    """What is too wide in English only is broken in Chinese as well, so that translating back changes nothing."""
    text = '分群 "s"\n  30天内 做过 下单 "' + "x" * 30 + '" 至少2次 且 90天内 累计 下单.金额 >= ¥300\n'
    english = format_text(text, "en", names=NAMES).text
    chinese = format_text(text, "zh", names=NAMES).text
    assert english.count("\n") == chinese.count("\n") == 3
    assert format_text(english, "zh", names=NAMES).text == chinese


def test_a_long_text_keeps_its_lines() -> None:
    text = '话术 "a"\n    正文 """   \n          一\n\n            二 \n          """\n    图片 "x"\n'
    assert format_text(text).text == '话术 "a"\n  正文 """\n    一\n\n      二 \n  """\n  图片 "x"\n'


def test_line_ends_and_the_mark_at_the_beginning_go() -> None:
    assert format_text('\ufeff标签  "a"\r\n\r\n\r\n\r\n标签 "b"').text == '标签 "a"\n\n标签 "b"\n'


def test_order_stays() -> None:
    text = '券 "x" 减¥5\n  有效期 7天\n  库存 10\n  每人限1张\n剧本 "p"\n  面向 有标签 "a"\n  草稿\n  每天 10:00\n    结束\n'
    assert format_text(text).text == text


def test_names_of_operators_are_never_translated() -> None:
    text = '事件 points\n属性 金额 文本\n分群 "积分"\n  做过 points 且 金额 是 "金额"\n'
    assert format_text(text, "en").text == 'event points\nattribute 金额 text\nsegment "积分"\n  did points and 金额 is "金额"\n'


def test_templates_are_not_touched() -> None:
    text = '话术 "a" 用于 企微\n  正文 """\n    {{ 姓名 | default: "x" }}\n  """\n'
    assert '{{ 姓名 | default: "x" }}' in format_text(text, "en").text


@pytest.mark.parametrize("text", ['标签 "a\n标签  "b"\n', "属性 城市\n", '剧本 "p"\n  每天 25:00\n    结束\n'])
def test_a_text_with_mistakes_is_left_alone(text: str) -> None:
    made = format_text(text)
    assert made.text == text
    assert not made.changed
    assert {found.code[0] for found in made.diagnostics} == {"E"}


def test_what_cannot_be_proven_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that says something else is found out."""
    from qingting.grammar.writing import values

    monkeypatch.setattr(values, "share", lambda parts: "7%")
    monkeypatch.setattr("qingting.grammar.writing.headers.share", lambda parts: "7%")
    text = '标签 "x"\n全局规则\n  对照组  5%\n'
    made = format_text(text)
    assert made.text == text
    assert [(found.code, text[found.span.start : found.span.end]) for found in made.diagnostics] == [
        ("F101", "全局规则\n  对照组  5%")
    ]


def nodes(tree: object) -> set[type]:
    if isinstance(tree, tuple):
        return set().union(*map(nodes, tree))
    if not is_dataclass(tree) or isinstance(tree, type):
        return set()
    return {type(tree)}.union(*(nodes(getattr(tree, field.name)) for field in fields(tree)))


def test_every_node_has_a_writer_and_a_pair() -> None:
    """The pairs are all formatted and compared, so a node that stands in one has a writer."""
    made: set[type] = set()
    for chinese, _ in PAIRS:
        made |= nodes(parse_text(chinese, "a.sop", NAMES)[0].declarations)
    known = {kind for kind in vars(syntax).values() if isinstance(kind, type) and is_dataclass(kind)}
    # A file holds declarations, a timetable is a schedule by itself; neither is a statement.
    assert known - made - {syntax.SyntaxFile, syntax.Timetable} == set()
    assert {kind for kind in known if kind.__name__.endswith("Decl")} == {*WRITERS, syntax.FieldDecl}


def test_equal_trees() -> None:
    one, other = (parse_text(text, "a.sop", NAMES)[0].declarations for text in ('标签 "a"', '\n标签   "a"'))
    assert same_tree(one, other)
    assert one != other
    assert not same_tree(one, ())
    assert not same_tree(syntax.Share(1, Span(0, 0)), syntax.Share(2, Span(0, 0)))


def test_decomposed_names_are_composed() -> None:
    text = unicodedata.normalize("NFD", '属性 é 文本\n分群 "s"\n  é 是 "é"\n')
    assert format_text(text).text == unicodedata.normalize("NFC", text)


def test_the_names_of_the_pairs_are_known() -> None:
    assert collect_names([PRELUDE, MORE]).attributes


SHIPPED = sorted([*ROOT.glob("playbooks/*.sop"), *ROOT.glob("terminal/demo/*.sop")])


def test_what_is_shipped_is_in_its_form() -> None:
    names = collect_names(path.read_text(encoding="utf-8") for path in SHIPPED)
    for path in SHIPPED:
        made = format_text(path.read_text(encoding="utf-8"), names=names)
        assert (made.diagnostics, made.changed) == ((), False), path.name


@pytest.mark.slow
def test_a_long_statement_with_many_comments_takes_no_time_squared() -> None:
    """Ten times the tests may take some ten times as long, not a hundred times."""
    def seconds(tests: int) -> float:
        text = '分群 "s"\n  有标签 "a"\n' + "".join(f'  且 有标签 "x{each}" # {each}\n' for each in range(tests))
        before = process_time()
        assert format_text(text).diagnostics == ()
        return process_time() - before

    seconds(50)
    assert seconds(2000) < 40 * seconds(200)
