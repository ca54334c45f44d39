"""Texts: both spellings, unknown values, and what makes a text unfit."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from delivery.shop import template
from qingting.engine.delivery.channels import MessagePart
from qingting.engine.delivery.render import RenderedText, Renderer, Unfit
from qingting.engine.program.ir import TemplatePart

DOCUMENT = (Path(__file__).parents[2] / "docs" / "log-format.md").read_text(encoding="utf-8")
KNOWN = {
    "name": "小明",
    "staff": "u1",
    "staff.name": "张三",
    "points": 120,
    "近期消费": "12.50",
    "event.subject": "猫粮",
    "event.订单号": "A1",
}


def shown(body: str, values: dict | None = None, coupon: str | None = None) -> str | Unfit:
    text = Renderer({}).render(template(body=body), KNOWN if values is None else values, coupon)
    return text if isinstance(text, Unfit) else text.text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("没有变量", "没有变量"),
        ("{{ 姓名 }}/{{ name }}", "小明/小明"),
        ("{{ 跟进人.姓名 }}/{{ staff.name }}/{{ 跟进人.name }}/{{ staff.姓名 }}", "张三/张三/张三/张三"),
        ("{{ 跟进人 }}/{{ staff | upcase }}", "u1/U1"),
        ("{{ 券.券码 }}/{{ coupon.code }}", "ABC/ABC"),
        ("{{ 事件.对象 }}/{{ event.subject }}/{{ 事件.订单号 }}", "猫粮/猫粮/A1"),
        ("{{ 积分 | plus: 5 }}/{{ 近期消费 }}", "125/12.50"),
        ("<b>{{ 姓名 | append: '&' }}</b>", "<b>小明&</b>"),
        ("{% if 积分 > 100 %}多{% else %}少{% endif %}", "多"),
    ],
)
def test_known_values(body: str, text: str) -> None:
    assert shown(body, coupon="ABC") == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("{{ 姓名 | default: '朋友' }}", "朋友"),
        ("{{ 跟进人.姓名 | default: '我们' }}", "我们"),
        ("{% if 姓名 %}有{% else %}无{% endif %}", "无"),
        ("{% if 积分 > 100 %}多{% else %}少{% endif %}", "少"),
    ],
)
def test_unknown_values_are_false_and_take_a_default(body: str, text: str) -> None:
    assert shown(body, values={}) == text


@pytest.mark.parametrize(
    "body", ["{{ 姓名 }}", "{{ name | upcase }}", "{{ 跟进人.姓名 }}", "{{ 券.券码 }}", "{{ '您' | append: 姓名 }}"]
)
def test_no_text_has_a_hole(body: str) -> None:
    unfit = shown(body, values={"staff": "u1"})
    assert isinstance(unfit, Unfit)
    assert unfit.reason == "incomplete"


@pytest.mark.parametrize(
    "body",
    [
        "{{ 姓名",
        "{% if %}",
        "{% for i in (1..100000000) %}x{% endfor %}",
        "{% include 'x' %}",
        "{{ 'now' | date: '%Y' }}",
        "{{ 姓名 | nonsense }}",
        "{{ 5 | divided_by: 0 }}",
    ],
)
def test_a_broken_template_gives_no_text_and_tells_no_value(body: str) -> None:
    unfit = shown(body)
    assert isinstance(unfit, Unfit)
    assert unfit.reason == "no_content"
    assert unfit.error.isidentifier()


def test_the_digest_covers_text_and_parts() -> None:
    parts = (
        TemplatePart("link", "https://shop.example/{{ id }}", "给{{ 姓名 }}"),
        TemplatePart("miniprogram", "wx1", None, "p?u={{ 客户号 }}"),
    )
    text = Renderer({}).render(template(parts=parts), {"name": "小明", "id": "m1"})
    assert isinstance(text, RenderedText)
    assert text.parts == (
        MessagePart("link", "https://shop.example/m1", "给小明"),
        MessagePart("miniprogram", "wx1", None, "p?u=m1"),
    )

    def var(value: str | None) -> bytes:
        return b"\xff" * 4 if value is None else len(value.encode()).to_bytes(4, "big") + value.encode()

    listed = [text.text, "link", "https://shop.example/m1", "给小明", None, "miniprogram", "wx1", None, "p?u=m1"]
    assert text.digest == hashlib.sha256(b"\x05\x01" + b"".join(map(var, listed))).digest()
    other = Renderer({}).render(template(), {"name": "小明", "id": "m1"})
    assert isinstance(other, RenderedText)
    assert other.digest != text.digest
