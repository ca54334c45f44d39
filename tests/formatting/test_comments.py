"""Comments keep their order and their statements, wherever they stand."""

from __future__ import annotations

import re

import pytest
from formatting.pairs import NAMES, PAIRS
from hypothesis import given, settings
from hypothesis import strategies as st
from parsing.samples import CHINESE
from qingting.grammar.formatter import format_text
from qingting.grammar.names import collect_names

FAR_APART = '''\
剧本 "p"
  面向 (有标签 "a"
      或 做过 下单 其中 (金额 > 5
        且 门店 是 "x"
      )
    )
    且 不满足 (
      有标签 "b" 且
      城市 是 "上海"
    )
  退出条件 有标签 "x" 且 任一满足
    有标签 "a"
    城市 有值
  每天 10:00 面向 有标签 "a"
    或 有标签 "b"
    如果 有标签 "c"
      结束
    否则如果 有标签 "d"
      结束
    否则
      打标签 "e"
    等客户 做过 下单 最长3天
      超时
        结束
      满足时
        加积分1
'''
ENGLISH = format_text(FAR_APART, "en", names=NAMES).text
NUMBERED = re.compile(r"#\d+")


def test_the_texts_are_right() -> None:
    assert format_text(FAR_APART, names=NAMES).diagnostics == ()
    assert ENGLISH != FAR_APART


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(st.sampled_from([FAR_APART, ENGLISH, CHINESE]), st.sampled_from(["zh", "en", None]), st.data())
def test_comments_anywhere(text: str, lang: str | None, data: st.DataObject) -> None:
    lines: list[str] = []
    number = 0
    in_string = False
    for line in text.splitlines():
        if not in_string and data.draw(st.integers(0, 4)) == 0:
            lines.append(" " * data.draw(st.integers(0, 9)) + f"#{number}")
            number += 1
        in_string ^= line.count('"""') == 1
        if not in_string and data.draw(st.integers(0, 4)) == 0:
            line += f" #{number}"
            number += 1
        lines.append(line)
        if not in_string and data.draw(st.integers(0, 9)) == 0:
            lines.append("")
    mixed = "\n".join(lines)
    names = collect_names([CHINESE]) if text is CHINESE else NAMES
    made = format_text(mixed, "en" if lang == "en" else "zh" if lang == "zh" else None, names=names)
    assert made.diagnostics == (), mixed
    assert NUMBERED.findall(made.text) == NUMBERED.findall(mixed)
    assert "\n\n\n" not in made.text
    again = format_text(made.text, "en" if lang == "en" else "zh" if lang == "zh" else None, names=names)
    assert (again.text, again.diagnostics) == (made.text, ())


@pytest.mark.parametrize("pair", PAIRS[:: len(PAIRS) // 40])
def test_a_comment_on_every_line(pair: tuple[str, str]) -> None:
    text = "".join(f"# 前\n{line}  # 后\n" for line in pair[0].splitlines())
    made = format_text(text, names=NAMES)
    assert made.diagnostics == ()
    assert made.text.count("# 前") == made.text.count("# 后") == len(pair[0].splitlines())


@pytest.mark.parametrize(("before", "after"), [
    # A comment of its own stands before its statement, with its indentation.
    ('剧本 "p"\n      # 说明\n  草稿\n', '剧本 "p"\n  # 说明\n  草稿\n'),
    # One at the end of a block stays in it, also where an outer statement follows.
    (
        '剧本 "p"\n  每天 10:00\n    结束\n    # 待办\n\n# 下一个\n标签 "x"\n',
        '剧本 "p"\n  每天 10:00\n    结束\n    # 待办\n\n# 下一个\n标签 "x"\n',
    ),
    # One inside a condition keeps its test apart.
    (
        '分群 "s"\n  有标签 "a" # 一\n    且 有标签 "b" # 二\n',
        '分群 "s"\n  有标签 "a"  # 一\n    且 有标签 "b"  # 二\n',
    ),
    ('分群 "s"\n  有标签 "a"\n  且 有标签 "b" # 二\n', '分群 "s"\n  有标签 "a" 且 有标签 "b"  # 二\n'),
    ('分群 "s"\n  有标签 "a"\n  # 二\n  且 有标签 "b"\n', '分群 "s"\n  有标签 "a"\n    # 二\n    且 有标签 "b"\n'),
    # A silenced warning stays silenced.
    (
        '剧本 "p"\n  # ignore W412: 有意\n  每天   10:00 # 晚上\n    结束\n',
        '剧本 "p"\n  # ignore W412: 有意\n  每天 10:00  # 晚上\n    结束\n',
    ),
    # Full-width signs and spaces at the end go, the words stay.
    ("＃ 说明 ：，  \n草 = 1\n", None),
    ('＃ 说明 ：，  \n标签 "a"　＃尾\n', '# 说明 ：，\n标签 "a"  #尾\n'),
    # The file without statements.
    ("# 一\n\n\n\n  # 二", "# 一\n\n# 二\n"),
    ("\n\n", ""),
])
def test_places(before: str, after: str | None) -> None:
    made = format_text(before, names=NAMES)
    if after is None:
        assert made.diagnostics
        assert not made.changed
    else:
        assert (made.text, made.diagnostics) == (after, ())
