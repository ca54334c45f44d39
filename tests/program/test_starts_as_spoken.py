"""``当 客户加好友``: what starts a block, said as in speech."""

from __future__ import annotations

import pytest
from qingting.engine.program.resolve import CheckSettings, resolve_program
from qingting.grammar.parser import collect_names, parse_text


@pytest.mark.parametrize(
    ("said", "near"),
    [
        ("客户加好友", "加好友"), ("有人进群", "进群"), ("会员下单", "下单"), ("加好有", "加好友"), ("下但", "下单"),
        ("客户核销", None),
    ],
)
def test_what_is_meant_is_named(said: str, near: str | None) -> None:
    text = f'事件 下单\n剧本 "甲"\n  当 {said}\n    结束\n'
    file, diagnostics = parse_text(text, "x.sop", collect_names([text]))
    _, found = resolve_program([file], diagnostics, CheckSettings(frozenset({"wecom"}), "Asia/Shanghai", "CNY"))
    (problem,) = [each for each in found if each.severity == "error"]
    assert (problem.code, problem.params.get("near")) == ("E202", near)
    assert text[problem.span.start : problem.span.end] == said
