"""``check --fix``: what it writes, what it leaves alone, and that nothing gets worse."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from qingting.engine.mending import mend, write_files
from qingting.engine.settings import Settings, read_settings
from qingting.engine.sources import program_of
from qingting.engine.workspace import Workspace
from qingting.grammar.diagnostics import CannotRun, Diagnostic
from qingting.grammar.messages.gallery import SETTINGS_TEXT
from qingting.grammar.slips import is_slip

LIBRARY = """\
属性 城市 文本
属性 已绑卡 是否
事件 下单 含 门店 文本
标签 "新客户"
标签 "退订会员"
话术 "猫粮种草" 用于 企微
  正文 "你好"
"""


def settings() -> Settings:
    found, problems = read_settings(SETTINGS_TEXT)
    assert found is not None
    assert problems == ()
    return found


def check(files: dict[str, bytes]) -> tuple[Diagnostic, ...]:
    return program_of(dict(sorted(files.items())), settings()).diagnostics


def mended(text: str) -> str:
    """The text after its safe fixes, beside the library."""
    files = {"a.sop": LIBRARY.encode(), "b.sop": text.encode()}
    after, _ = mend(files, lambda given: check(dict(given)), lambda _: True)
    assert after["a.sop"] == files["a.sop"]
    return after["b.sop"].decode()


def asks(condition: str) -> str:
    return f'分群 "甲"\n  {condition}\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('有标签 "新客户" && 积分 > 5', '有标签 "新客户" 且 积分 > 5'),
        ('有标签 "新客户"||积分 > 5', '有标签 "新客户" 或 积分 > 5'),
        ('tagged "新客户" AND points > 5', 'tagged "新客户" and points > 5'),
        ('tagged "新客户"\n    OR points > 5', 'tagged "新客户"\n    or points > 5'),
        ('NOT tagged "新客户"', 'not tagged "新客户"'),
        ('!有标签 "新客户"', '不满足 有标签 "新客户"'),
        ('有标签 "新客户";', '有标签 "新客户"'),
        ('有标签 "新客户"。', '有标签 "新客户"'),
        ('有标签 "新客户" // 说明', '有标签 "新客户" # 说明'),
        ('有标签 "新客户" --说明', '有标签 "新客户" # 说明'),
        ('城市 LIKE "上%"', '城市 开头是 "上"'),
        ('city_ LIKE "%海"'.replace("city_", "城市"), '城市 结尾是 "海"'),
        ('name like "%王%"', 'name contains "王"'),
        ('城市 属于 ("上海", "杭州")', '城市 属于 "上海", "杭州"'),
        ("城市 = null", "城市 没值"),
        ("name IS NOT NULL", "name is known"),
        ("已绑卡 = True", "已绑卡 为是"),
        ("已绑卡 != true", "已绑卡 为否"),
        ("points BETWEEN 5 AND 10", "points between 5 and 10"),
        ("积分 >= 1万", "积分 >= 10000"),
        ("两天内 做过 下单", "2天内 做过 下单"),
        ("半小时内 做过 下单", "30分钟内 做过 下单"),
        ("7天内 作过 下单", "7天内 做过 下单"),
        ("7天内做过下但至少3次", "7 天 内 做过 下单 至少 3 次"),
        ('城市\u200b 是 "上海"', '城市 是 "上海"'),
        ("有标签 新客户", '有标签 "新客户"'),
        ('有标签 "新客户', '有标签 "新客户"'),
        ('有标签 "新可户"', '有标签 "新客户"'),
        ('有标签 "新户客"', '有标签 "新客户"'),
        ("没有标签 \"新客户\"", "无标签 \"新客户\""),
        ('有标签 "新可户" && 城市 LIKE "上%"\n    AND 城市 IS NOT NULL;', '有标签 "新客户" 且 城市 开头是 "上"\n    and 城市 is known'),
    ],
)
def test_a_safe_fix_is_written(before: str, after: str) -> None:
    assert mended(asks(before)) == asks(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('剧本 "p"\n  每天 晚8点:\n    推松 企微 "猫粮中草"\n', '剧本 "p"\n  每天 20:00\n    推送 企微 "猫粮种草"\n'),
        ('剧本 "p"\n  负责人: "甲"\n  每天 10:00\n    结束\n', '剧本 "p"\n  负责人 "甲"\n  每天 10:00\n    结束\n'),
        ("属性 乡镇文本\n", "属性 乡镇 文本\n"),
        (' 标签 "a"\n', '标签 "a"\n'),
    ],
)
def test_a_safe_fix_of_a_playbook_is_written(before: str, after: str) -> None:
    assert mended(before) == after


@pytest.mark.parametrize(
    "condition",
    [
        '有标签 "老客户"',  # one character, another meaning
        '有标签 "退订会员2"',
        '城市 是 "上海" 且 有标签 "新客户" 或 积分 > 5',
        "每天 晚12点",
        "7天内 作过 下但了",
        '有标签 "甲 且 积分 > 5',
    ],
)
def test_what_is_not_safe_stays(condition: str) -> None:
    assert mended(asks(condition)) == asks(condition)


def test_a_fix_that_would_bring_an_error_is_taken_back() -> None:
    """With its quotes the name is read, and then nobody has declared it."""
    assert mended(asks("有标签 没声明")) == asks("有标签 没声明")


def test_good_lines_are_mended_beside_bad_ones() -> None:
    text = asks("有标签 没声明") + '分群 "乙"\n  积分 >= 1万\n分群 "丙"\n  有标签 错的\n分群 "丁"\n  积分 >= 2万\n'
    assert mended(text) == text.replace("1万", "10000").replace("2万", "20000")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("新可户", "新客户"), ("粮猫种草", "猫粮种草"), ("clik", "click"), ("TAGGED", "tagged"), ("新客客", "新客")],
)
def test_a_slip(written: str, meant: str) -> None:
    assert is_slip(written, meant)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("老客户", "新客户"), ("狗粮种草", "猫粮种草"), ("满100减30", "满100减20"), ("第二课", "第三课"), ("买家", "卖家"),
        ("非会员", "会员"), ("未下单", "下单"), ("方案A", "方案B"), ("男装", "女装"), ("abc", "abd"), ("下单", "上单"),
    ],
)
def test_another_word(written: str, meant: str) -> None:
    assert not is_slip(written, meant)


def workspace(folder: Path, data: bytes) -> Path:
    (folder / "qingting.yaml").write_text(SETTINGS_TEXT, encoding="utf-8")
    (folder / "a.sop").write_bytes(data)
    return folder / "a.sop"


def test_bytes_that_are_not_mended_stay(tmp_path: Path) -> None:
    """The mark at the beginning, line ends, and the file's mode."""
    path = workspace(tmp_path, b"\xef\xbb\xbf" + '标签 "a"\r\n分群 "b"\r\n  积分 > 1万\r  且 有标签 "a"'.encode())
    path.chmod(0o640)
    answer = Workspace.mend_folder(tmp_path)
    assert path.read_bytes() == b"\xef\xbb\xbf" + '标签 "a"\r\n分群 "b"\r\n  积分 > 10000\r  且 有标签 "a"'.encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert [(c.file, c.line, c.before, c.after, c.codes) for c in answer.changes] == [
        ("a.sop", 3, "积分 > 1万", "积分 > 10000", ("E130",))
    ]
    assert [d for d in answer.answer.diagnostics if d.severity == "error"] == []
    assert sorted(os.listdir(tmp_path)) == ["a.sop", "qingting.yaml"]


def test_a_file_that_is_not_chosen_stays(tmp_path: Path) -> None:
    path = workspace(tmp_path, asks("积分 > 1万").encode())
    assert Workspace.mend_folder(tmp_path, chosen=lambda file: file != "a.sop").changes == ()
    assert path.read_text(encoding="utf-8") == asks("积分 > 1万")


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = workspace(tmp_path, b"old")
    with pytest.raises(CannotRun) as caught:
        write_files(tmp_path, {"a.sop": b"older"}, {"a.sop": b"new"})
    assert caught.value.code == "C130"
    assert path.read_bytes() == b"old"


def test_mending_again_changes_nothing() -> None:
    once = mended(asks('有标签 "新可户" && 积分 >= 1万'))
    assert mended(once) == once
