"""``qingting explain-code``: what it tells of a code, and how it takes one that does not exist."""

from __future__ import annotations

import pytest
from qingting.grammar.messages import CATALOGUE
from qingting.grammar.messages.background import FAMILIES, MORE, family_of
from qingting.terminal.commands.explain_code import all_codes

from .conftest import Type


def test_a_code_is_explained_with_its_example_and_the_way_out(type_in: Type) -> None:
    typed = type_in("explain-code", "e130", "--lang", "zh")
    assert typed.code == 0
    assert "积分 >= 1万" in typed.out
    assert "错误[E130]: “1万”不能这样写" in typed.out
    assert "积分 >= 10000" in typed.out


def test_it_speaks_english(type_in: Type) -> None:
    out = type_in("explain-code", "W404", "--lang", "en").out
    assert out.startswith("W404  Variable …")
    assert "Ways out" in out
    assert "{" not in out.split("What brings it")[0]


def test_json(type_in: Type) -> None:
    told = type_in("explain-code", "E204", "--json", "--lang", "zh").json
    assert told["code"] == "E204"
    assert told["family"] == "名称"
    assert told["diagnostic"]["code"] == "E204"
    assert told["example"]
    assert told["why"]
    assert told["ways_out"]


def test_commands_stand_for_codes_that_no_text_brings(type_in: Type) -> None:
    assert "$ import members" in type_in("explain-code", "S106").out


def test_without_an_argument_all_codes_are_listed_by_family(type_in: Type) -> None:
    out = type_in("explain-code", "--lang", "zh").out
    assert [code for code in all_codes() if f"  {code}  " not in out] == []
    families = type_in("explain-code", "--json").json["families"]
    assert sorted(entry["code"] for family in families for entry in family["codes"]) == list(all_codes())


@pytest.mark.parametrize(("written", "near"), [("E1300", "E130"), ("E299", "E2"), ("X203", "E203"), ("帮帮我", "")])
def test_an_unknown_code_brings_the_nearest(type_in: Type, written: str, near: str) -> None:
    typed = type_in("explain-code", written, "--lang", "zh")
    assert typed.code == 2
    assert "C226" in typed.err
    assert near in typed.err


def test_every_code_has_one_family() -> None:
    for code in all_codes():
        assert [family.holds(code) for family in FAMILIES].count(True) == 1, code
        assert family_of(code) is not None


def test_what_is_told_besides_belongs_to_codes() -> None:
    assert sorted(set(MORE) - set(CATALOGUE)) == []
