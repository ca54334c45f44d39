"""A name that is declared as something else, and what people call a channel, are answered with the words to write."""

from __future__ import annotations

import pytest
from qingting.grammar.messages import render

from .texts import LIBRARY, check


def _daily(step: str) -> str:
    return f'playbook "P"\n  every day at 10:00\n    {step}\n'


@pytest.mark.parametrize(
    ("text", "code", "covered", "hint"),
    [
        ('segment "S"\n  tagged "满100减20"\n', "E204", '"满100减20"', "“满100减20”是券,写在 持有券、发券、附券 后面。"),
        ('segment "S"\n  holds coupon "新客"\n', "E208", '"新客"', "“新客”是标签,写在 有标签、打标签 后面。"),
        (_daily('coupon "猫粮种草"'), "E208", '"猫粮种草"', "“猫粮种草”是话术,写在 推送、收到过话术 后面。"),
        (_daily('push wecom "猫粮*"'), "E207", '"猫粮*"', '名称里有 * 时写成 轮换 "猫粮*"。'),
    ],
)
def test_a_name_of_another_kind(text: str, code: str, covered: str, hint: str) -> None:
    whole = LIBRARY + text
    (found,) = [each for each in check(whole).found if each.severity == "error"]
    assert (found.code, whole[found.span.start : found.span.end]) == (code, covered)
    assert render(found.code, found.params, "zh", found.hint)[1] == hint


def test_what_people_call_a_channel() -> None:
    whole = LIBRARY + _daily('push 企业微信 "猫粮种草"')
    (found,) = [each for each in check(whole).found if each.severity == "error"]
    assert (found.code, whole[found.span.start : found.span.end], found.params["near"]) == ("E214", "企业微信", "企微")
    hint = render(found.code, found.params, "zh", found.hint)[1]
    assert hint is not None
    assert "wecom" not in hint
