"""Templates: variables in both spellings, defaults, and texts that cannot be read."""

from __future__ import annotations

import subprocess
import sys

import pytest
from qingting.engine.program.liquid_text import LiquidFault, VariableUse, read_liquid

from .texts import LIBRARY, check


def template(body: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    result = check(f'{LIBRARY}\ntemplate "T" on wecom\n  text """\n    {body}\n  """\n')
    assert result.syntax == ()
    found = result.program.library.templates["T"]
    return found.variables, found.needed


@pytest.mark.parametrize(
    ("body", "variables", "needed"),
    [
        ("没有变量", (), ()),
        ("{{ 姓名 | default: '朋友' }}", ("name",), ()),
        ("{{ name }} {{ 姓名 }}", ("name",), ("name",)),
        ("{{ name | default: 'x' }} {{ name }}", ("name",), ("name",)),
        ("{{ 跟进人.姓名 }} {{ staff.name }}", ("staff.name",), ("staff.name",)),
        ("{{ 券.券码 }}", ("coupon.code",), ("coupon.code",)),
        ("{{ 事件.金额 }} {{ event.store }} {{ 事件.数量 }}", ("event.amount", "event.qty", "event.store"),
         ("event.amount", "event.qty", "event.store")),
        ("{{ 积分 }} {{ recent }} {{ id }}", ("id", "points", "recent"), ("recent",)),
        ("{% if city %}{{ city | upcase }}{% endif %}", ("city",), ("city",)),
        ("{% if city %}上海{% endif %}", ("city",), ()),
        ("{{ city | upcase | default: 'x' }}", ("city",), ()),
        ("{% assign x = name | default: 'y' %}{{ x }}", ("name",), ()),
    ],
)
def test_variables(body: str, variables: tuple[str, ...], needed: tuple[str, ...]) -> None:
    assert template(body) == (variables, needed)


@pytest.mark.parametrize(
    "text",
    [
        "{{ a }}", "{{a.b | default: 'x' }} {{- c -}}", '{{ 姓名 | default: "朋友" }}', "{{ a | default: 5 }}", "x } y",
        "a{{ b }}\n{{ c }}",
    ],
)
def test_the_quick_reading_agrees_with_the_library(text: str) -> None:
    # A tag that writes nothing sends the text through the Liquid library.
    slow = read_liquid(text + "{% comment %}{% endcomment %}")
    assert read_liquid(text) == slow


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a {{ name ", LiquidFault("E350", "{{ name ", 2)),
        ("{{ name | nix }}", LiquidFault("E351", "nix", 10)),
        ("{% if %}", LiquidFault("E350", "if %}", 3)),
        ("{% nix %}", LiquidFault("E350", "nix %}", 3)),
        ("{{ name | }}", LiquidFault("E350", "{{ name | }}", 0)),
    ],
)
def test_faults(text: str, fault: LiquidFault) -> None:
    assert read_liquid(text) == fault


def test_places() -> None:
    assert read_liquid("你好 {{ name }}") == (VariableUse("name", 6, True),)


def test_plain_templates_load_no_liquid() -> None:
    program = (
        "import sys; from qingting.engine.program.liquid_text import read_liquid; "
        "read_liquid(\"{{ 姓名 | default: '朋友' }}\"); print('liquid' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False"
