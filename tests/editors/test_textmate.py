"""The grammar for editors: up to date with the keywords, and colouring what it should."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from editors.textmate import Coloured, Grammar
from formatting.pairs import PAIRS
from parsing.samples import CHINESE, ENGLISH
from qingting.grammar.keywords import KEYWORDS, spellings_of

ROOT = Path(__file__).parents[2]
EXTENSION = ROOT / "editors/vscode"
PATH = EXTENSION / "syntaxes/qingting.tmLanguage.json"


@cache
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_textmate", ROOT / "editors/generate_textmate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@cache
def grammar() -> Grammar:
    return Grammar(json.loads(PATH.read_text(encoding="utf-8")))


def scopes(line: str) -> list[tuple[str, str]]:
    """The pieces of a line that are no space, each with its innermost scope."""
    return [short(piece) for piece in grammar().colour(line)[0] if piece.text.strip()]


def short(piece: Coloured) -> tuple[str, str]:
    return piece.text.strip(), piece.scopes[-1].removesuffix(".sop")


def test_the_file_is_what_the_script_writes() -> None:
    assert PATH.read_text(encoding="utf-8") == script().written(), "run python editors/generate_textmate.py"


def test_expressions_are_of_the_common_kind() -> None:
    """No possessive, atomic, recursive or named groups, no look-behind over more than one character, no ``\\h``."""
    found = list(grammar().regexes())
    assert len(found) > 50
    for regex in found:
        re.compile(regex)
        assert not re.search(r"\(\?[>P&|#(]|\(\?<[A-Za-z]|[*+?}]\+|\\[hHRXKGAZz]|\[\[:", regex), regex
        for behind in re.findall(r"\(\?<[=!]((?:[^()\\[\]]|\\.|\[[^\]]*\])*)\)", regex):
            assert re.fullmatch(r"\\?.|\[[^\]]*\]", behind), regex


def test_every_keyword_is_in_the_grammar() -> None:
    """Each spelling is coloured as something else than a name at one of the places where words stand."""
    missing = []
    for spelling in sorted({word for terminal in KEYWORDS for word in spellings_of(terminal)}):
        places = [
            f'{spelling} "x"', f'  {spelling} "x"', f"  {spelling} 5", f"  x {spelling} 5", f"  5{spelling}",
            f"属性 x {spelling}", f'  "x" {spelling}',
        ]
        if not any((spelling, scope) in found for found in map(scopes, places) for _, scope in found if coloured(scope)):
            missing.append(spelling)
    assert missing == []


def coloured(scope: str) -> bool:
    return scope.startswith(("keyword.", "storage.", "support."))


COLOURED = [
    (
        "# 注释",
        "# punctuation.definition.comment | 注释 comment.line.number-sign",
    ),
    (
        "  结束  # 忽略 W413: 有意",
        "结束 keyword.control.step | # punctuation.definition.comment | 忽略 keyword.other.ignore | "
        "W413 constant.other.code | : comment.line.number-sign | 有意 string.unquoted.reason",
    ),
    (
        "属性 会员卡 文本",
        "属性 storage.type.declaration | 会员卡 entity.name.variable.attribute | 文本 support.type",
    ),
    (
        "attribute card text",
        "attribute storage.type.declaration | card entity.name.variable.attribute | text support.type",
    ),
    (
        '标签"新客"',
        '标签 storage.type.declaration | "新客" entity.name.type.tag',
    ),
    (
        'tag group "x" exclusive',
        'tag group storage.type.declaration | "x" entity.name.type.tag-group | exclusive keyword.other',
    ),
    (
        '剧本 "猫#粮"',
        '剧本 storage.type.declaration | "猫#粮" entity.name.section.playbook',
    ),
    (
        "  做过下单至少3次",
        "做过 keyword.other.test | 下单 variable.other | 至少 keyword.other.test | 3 constant.numeric | "
        "次 keyword.other.unit",
    ),
    (
        "  且 3天内做过下单且积分>=500",
        "且 keyword.operator.logical | 3 constant.numeric | 天 keyword.other.unit | 内 keyword.other.window | "
        "做过 keyword.other.test | 下单且积分 variable.other | >= keyword.operator.comparison | "
        "500 constant.numeric",
    ),
    (
        "  满意度大于3",
        "满意度 variable.other | 大于 keyword.operator.comparison | 3 constant.numeric",
    ),
    (
        "  最近一次下单距今超过45天",
        "最近一次 keyword.other.test | 下单 variable.other | 距今超过 keyword.other.window | "
        "45 constant.numeric | 天 keyword.other.unit",
    ),
    (
        "  每周一、周五 10:00",
        "每 keyword.control.trigger | 周一 keyword.other | 、 punctuation.separator | 周五 keyword.other | "
        "10:00 constant.numeric.clock",
    ),
    (
        "  定时2026年11月11日20点",
        "定时 keyword.control.trigger | 2026年11月11日 constant.numeric.date | 20点 constant.numeric.clock",
    ),
    (
        "  every 2 weeks",
        "every keyword.control.trigger | 2 constant.numeric | weeks keyword.other.unit",
    ),
    (
        "  wait 30 minutes",
        "wait keyword.control.step | 30 constant.numeric | minutes keyword.other.unit",
    ),
    (
        "  did not order within 7 days",
        "did not keyword.other.test | order variable.other | within keyword.other.window | 7 constant.numeric | "
        "days keyword.other.unit",
    ),
    (
        "  33.33% 对照组",
        "33.33% constant.numeric.share | 对照组 keyword.other",
    ),
    (
        "  预算 ¥0.5",
        "预算 keyword.other.header | ¥0.5 constant.numeric.money",
    ),
    (
        "  D3 20:00",
        "D3 keyword.control.step | 20:00 constant.numeric.clock",
    ),
]
"""A line, and its pieces with the innermost scope of each."""


@pytest.mark.parametrize(("line", "pieces"), COLOURED)
def test_lines(line: str, pieces: str) -> None:
    assert " | ".join(" ".join(piece) for piece in scopes(line)) == pieces


@pytest.mark.parametrize("quotes", ['""', "''", "“”", "‘’", "「」", "『』", "＂＂"])
def test_no_comment_and_no_keyword_stands_in_a_string(quotes: str) -> None:
    line = f"  说明 {quotes[0]}每天 # 推送 3天{quotes[1]} # 备注"
    found = grammar().colour(line)[0]
    (inside,) = (piece for piece in found if "推送" in piece.text)
    assert inside.text == "每天 # 推送 3天"
    assert inside.scopes[-1].startswith("string.quoted.")
    assert short(found[-1]) == ("备注", "comment.line.number-sign")


def test_long_strings_go_on_and_hold_liquid() -> None:
    lines = grammar().colour('  正文 """\n    # 不是注释 {{ 姓名 | default: "朋友" }} 推送\n  """ # 注释')
    scopes_of = {piece.text.strip(): piece.scopes[-1] for line in lines for piece in line}
    assert scopes_of["# 不是注释"] == scopes_of["推送"] == "string.quoted.triple.sop"
    assert scopes_of["姓名"] == "variable.other.liquid.sop"
    assert scopes_of["default"] == "support.function.filter.sop"
    assert scopes_of["注释"] == "comment.line.number-sign.sop"


def test_a_string_left_open_ends_with_its_line() -> None:
    lines = grammar().colour('  说明 "没有结束\n  每天 20:00')
    assert next(short(piece) for piece in lines[1] if piece.text.strip()) == ("每天", "keyword.control.trigger")


def _texts() -> list[str]:
    return [CHINESE, ENGLISH, *(text for pair in PAIRS for text in pair)]


@pytest.mark.slow
def test_nothing_is_lost_in_any_sample() -> None:
    """Each line is its pieces again, and nothing but spaces is without a colour."""
    for text in _texts():
        for line, pieces in zip(text.split("\n"), grammar().colour(text), strict=True):
            assert "".join(piece.text for piece in pieces) == line
            bare = [piece.text for piece in pieces if piece.text.strip() and len(piece.scopes) == 1]
            assert bare == [], line


def _node() -> dict[str, str] | None:
    """The environment in which Node finds the libraries of VS Code; QINGTING_NODE_MODULES says where they are."""
    folder = os.environ.get("QINGTING_NODE_MODULES", "")
    if shutil.which("node") is None or not (Path(folder) / "vscode-oniguruma").is_dir() or not folder:
        return None
    return {"PATH": os.environ["PATH"], "NODE_PATH": folder}


@pytest.mark.skipif(_node() is None, reason="needs node, vscode-textmate and vscode-oniguruma")
def test_vs_code_colours_it_the_same() -> None:
    text = "\n".join(_texts())
    answer = subprocess.run(
        ["node", str(Path(__file__).with_name("oniguruma.cjs")), str(PATH)],
        input=text, capture_output=True, text=True, env=_node(), check=True, timeout=120,
    )
    for line, pieces, theirs in zip(text.split("\n"), grammar().colour(text), json.loads(answer.stdout), strict=True):
        ours = [(character, list(piece.scopes)) for piece in pieces for character in piece.text]
        assert ours == [(character, found) for part, found in theirs for character in part], line


# The extension


def test_the_manifest_names_files_that_are_there() -> None:
    manifest = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))
    gives = manifest["contributes"]
    named = [gives["languages"][0]["configuration"], *(each["path"] for each in (*gives["grammars"], *gives["snippets"]))]
    for path in (*named, *manifest["files"]):
        assert (EXTENSION / path).exists(), path
    assert gives["grammars"][0]["scopeName"] == "source.sop"
    assert gives["languages"][0]["extensions"] == [".sop"]
    assert (EXTENSION / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_indentation_follows_lines_that_open_a_block() -> None:
    rules = json.loads((EXTENSION / "language-configuration.json").read_text(encoding="utf-8"))["onEnterRules"]

    def indents(line: str) -> bool:
        return any(re.search(rule["beforeText"], line) for rule in rules)

    assert indents('剧本 "p"')
    assert indents("  else if points > 5")
    assert not indents('标签 "x"')
    assert not indents('    推送 "x"')


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_snippets_are_sound(lang: str) -> None:
    from qingting.grammar.names import collect_names
    from qingting.grammar.parser import parse_text

    snippets = json.loads((EXTENSION / f"snippets/{lang}.json").read_text(encoding="utf-8"))
    for snippet in snippets.values():
        text = re.sub(r"\$\{\d+:([^}]*)\}", r"\1", "\n".join(snippet["body"])).replace("$0", "推送 \"x\"" if snippet["prefix"] in (
            "split", ["分流", "fenliu"]) else "")
        if text.startswith(("分流", "split")):
            text = '剧本 "p"\n  每天 10:00\n' + "".join(f"    {line}\n" for line in text.split("\n"))
        _, problems = parse_text(text + "\n", "a.sop", collect_names([text]))
        assert problems == (), text
