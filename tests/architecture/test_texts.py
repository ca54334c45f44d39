"""What is done to texts and said about them: sentences 47 to 49 of ARCHITECTURE.md."""

from __future__ import annotations

from collections.abc import Callable

from qingting.engine.formatting import format_folder
from workspaces import Shop

Open = Callable[..., Shop]


def test_47_a_formatted_file_means_the_same(open_shop: Open) -> None:
    messy = """
# 先说明
剧本 "甲"   # 行尾
    面向   有标签"新客"且   做过下单至少3次
    每天20点
        推送 企微 "问候"
"""
    shop = open_shop(messy)
    before = shop.ws.load().program.digest
    path = shop.root / "all.sop"
    format_folder(shop.root, lang="en", write=True)
    english = path.read_text(encoding="utf-8")
    assert "every day at 20:00" in english
    assert [line for line in english.splitlines() if "#" in line] == ["# 先说明", 'playbook "甲"  # 行尾']
    shop.ws = type(shop.ws).open(shop.root)
    assert shop.ws.load().program.digest == before
    format_folder(shop.root, lang="en", write=True)
    assert path.read_text(encoding="utf-8") == english


def test_48_a_fix_that_brings_another_mistake_is_left_out(open_shop: Open) -> None:
    shop = open_shop("")
    path = shop.root / "all.sop"
    text = path.read_text(encoding="utf-8") + '剧本 "甲"\n  每天 晚8点\n    推送 微信 "问候"\n'
    path.write_text(text, encoding="utf-8")
    answer = type(shop.ws).mend_folder(shop.root)
    assert [(change.after, change.codes) for change in answer.changes] == [("每天 20:00", ("E130",))]
    # The channel nobody configured came to light under the mended line, and is told.
    assert [d.code for d in answer.answer.diagnostics if d.severity == "error"] == ["E214"]


def test_49_an_audience_called_impossible_is_empty(open_shop: Open) -> None:
    impossible = '有标签 "新客" 且 积分 >= 500 且 积分 < 300'
    shop = open_shop(f'剧本 "甲"\n  面向 {impossible}\n  每天 20:00\n    推送 企微 "问候"\n')
    codes = {d.code for d in shop.ws.check().diagnostics}
    near_miss = open_shop(f'剧本 "甲"\n  面向 {impossible.replace("300", "501")}\n  每天 20:00\n    推送 企微 "问候"\n')
    assert codes - {d.code for d in near_miss.ws.check().diagnostics} == {"W410"}
    assert shop.who(impossible, "2026-11-18 20:00") == ()
