"""Writes the generated parts of the language reference: ``python docs/generate_language.py``.

``language.zh.md`` and ``language.md`` hold text written by hand. Between ``<!-- table NAME -->`` and ``<!-- end -->`` stand
the rows of ``language_rows.txt``; between ``<!-- list NAME -->`` and ``<!-- end -->`` lists taken from the sources; below the
commands of a ``console`` block what they print in the workspace made by the blocks before it: a ``yaml`` block is
``qingting.yaml``, one with a name ``NAME_test.yaml``, every ``sop`` block a file, every ``csv KIND`` block a file to import.
``journeys.zh.md`` is a workspace of the same kind. ``codes.md`` is generated whole.
"""

from __future__ import annotations

import io
import re
import shlex
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from qingting.cli import run_command
from qingting.engine.program.builtin_names import FIELDS
from qingting.engine.program.ir import Program
from qingting.engine.program.resolve import CheckSettings, resolve_program
from qingting.engine.program.words.values import Tongue
from qingting.grammar import keywords
from qingting.grammar.diagnostics import Diagnostic
from qingting.grammar.messages import CATALOGUE
from qingting.grammar.messages.background import FAMILIES
from qingting.grammar.parser import collect_names, parse_text
from qingting.grammar.syntax import SyntaxFile

FOLDER = Path(__file__).parent
PAGES = {"zh": FOLDER / "language.zh.md", "en": FOLDER / "language.md"}
CODES = FOLDER / "codes.md"
JOURNEYS = FOLDER / "journeys.zh.md"
ROWS = FOLDER / "language_rows.txt"
OWN = "own"
"""Marks what stands on the page of one language alone."""
AT = "2026-11-20T12:00"
SETTINGS = CheckSettings(frozenset({"wecom", "sms", "group"}), "Asia/Shanghai", "CNY")

_FENCE = re.compile(r"^```(\w+)(?: (\w+))?\n(.*?)^```$", re.M | re.S)
_PART = re.compile(r"^<!-- (table|list) (\S+) -->\n.*?^<!-- end -->$", re.M | re.S)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: the same thing in both languages, and what it means in both."""

    zh: str
    en: str
    meaning_zh: str
    meaning_en: str

    def written(self, lang: str) -> str:
        """The line in one language."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that may stand at the same place, which ``kind`` names."""

    name: str
    kind: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What reading and checking some texts gave."""

    files: tuple[SyntaxFile, ...]
    program: Program
    errors: tuple[Diagnostic, ...]


# Where a line of each kind stands: (Chinese, English), with the line as %s and its number as #.
_CONDITION = ('分群 "行#"\n  %s\n', 'segment "row #"\n  %s\n')
_GOAL = (
    '剧本 "行#"\n  转化目标 %s 最长7天\n  每天 10:00\n    步骤 "首触"\n      推送 "猫粮种草"\n',
    'playbook "row #"\n  goal %s up to 7 days\n  every day at 10:00\n    step "first touch"\n      push "cat food tonight"\n',
)
_TRIGGER = ('剧本 "行#"\n  %s\n    结束\n', 'playbook "row #"\n  %s\n    stop\n')
_SESSION = (
    '剧本 "行#"\n  活动 "养猫课" 每场 结束后12小时\n    如果 %s\n      结束\n',
    'playbook "row #"\n  12 hours after each session of activity "cat course"\n    if %s\n      stop\n',
)


def _step(zh: str, en: str, below: tuple[str, str] = ("", "")) -> tuple[str, str]:
    return f'剧本 "行#"\n  {zh}\n    %s\n{below[0]}', f'playbook "row #"\n  {en}\n    %s\n{below[1]}'


def _header(zh: str, en: str, zh_step: str = "结束", en_step: str = "stop") -> tuple[str, str]:
    return f'剧本 "行#"\n  %s\n  {zh}\n    {zh_step}\n', f'playbook "row #"\n  %s\n  {en}\n    {en_step}\n'


def _within(holder: tuple[str, str], zh: str, en: str) -> tuple[str, str]:
    return holder[0].replace("%s", zh), holder[1].replace("%s", en)


PLACES: Mapping[str, tuple[str, str]] = {
    "condition": _CONDITION,
    "window": _within(_CONDITION, "%s 做过 下单", "did order %s"),
    "next-window": _within(_CONDITION, '%s 该复购 "猫粮2kg"', 'due to reorder "cat food 2kg" %s'),
    "journey-window": _within(_GOAL, "%s 做过 下单", "did order %s"),
    "session-window": _within(_SESSION, "%s 做过 签到", "did checkin %s"),
    "trigger": _TRIGGER,
    "header": _header("每天 10:00", "every day at 10:00"),
    "event-header": _header("当 下单", "when order"),
    "group-trigger": (
        '剧本 "行#"\n  面向群 "福利群*"\n  %s\n    推送 "群公告"\n', 'playbook "row #"\n  for groups "deals*"\n  %s\n    push "notice"\n'
    ),
    "step": _step("每天 10:00", "every day at 10:00"),
    "joined-step": _step("当 加好友", "when joined"),
    "opening": _step("每天 10:00", "every day at 10:00", ("      加积分1\n", "      points +1\n")),
    "worth": ('券 "行#" %s\n', 'coupon "row #" %s\n'),
    "coupon": ('券 "行#" 减¥5\n  %s\n', 'coupon "row #" worth ¥5\n  %s\n'),
    "policy": ("全局规则\n  %s\n", "policy\n  %s\n"),
    "points": ("积分规则\n  %s\n", "points\n  %s\n"),
}
ONCE = {"policy": ("全局规则", "policy"), "points": ("积分规则", "points")}
"""What stands once in a workspace, by its kind of table."""


def tables() -> tuple[Table, ...]:
    """The tables of ``language_rows.txt``, in its order."""
    found: list[tuple[str, str, list[Row]]] = []
    for line in ROWS.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            name, kind = line.removeprefix("== ").split(" ")
            found.append((name, kind, []))
        elif line and not line.startswith("# "):
            zh, en, meaning_zh, meaning_en = (cell.strip() for cell in line.split("|"))
            found[-1][2].append(Row(zh, en, meaning_zh, meaning_en))
    return tuple(Table(name, kind, tuple(rows)) for name, kind, rows in found)


def in_place(table: Table, lang: str) -> tuple[str, ...]:
    """The rows of a table as declarations in one language; those of what stands once are one."""
    place = PLACES[table.kind][0 if lang == "zh" else 1]
    written = [row.written(lang) for row in table.rows]
    if table.kind in ONCE:
        return (place.replace("%s", "\n  ".join(written)),)
    return tuple(place.replace("#", str(n), 1).replace("%s", text, 1) for n, text in enumerate(written, 1))


def blocks(page: str, language: str) -> tuple[tuple[str, str], ...]:
    """The blocks of a page in one language of code: what stands behind its name, and the text."""
    return tuple((more, text) for name, more, text in _FENCE.findall(page) if name == language)


def sop_blocks(lang: str) -> tuple[str, ...]:
    """The texts of a page that form its workspace."""
    return tuple(text for _, text in blocks(PAGES[lang].read_text(encoding="utf-8"), "sop"))


def check(texts: Iterable[str]) -> Checked:
    """Read and check texts as the files of one workspace."""
    texts = tuple(texts)
    names = collect_names(texts)
    read = [parse_text(text, f"{n:03}.sop", names) for n, text in enumerate(texts)]
    files = tuple(file for file, _ in read)
    problems = [problem for _, found in read for problem in found]
    program, found = resolve_program(files, problems, SETTINGS)
    return Checked(files, program, tuple(each for each in (*problems, *found) if each.severity == "error"))


def with_page(table: Table, lang: str) -> Checked:
    """The rows of a table checked beside the blocks of the page; the table's declarations stand in the last files."""
    beginning = ONCE.get(table.kind)
    around = [text for text in sop_blocks(lang) if beginning is None or not text.startswith(beginning)]
    return check([*around, *in_place(table, lang)])


# Tables


def _cell(text: str) -> str:
    return f"`{text}`"


def _table(table: Table, lang: str) -> str:
    head = "| 中文 | English | 意思 |" if lang == "zh" else "| English | 中文 | meaning |"
    lines = [head, "| --- | --- | --- |"]
    for row in table.rows:
        meaning = row.meaning_zh if lang == "zh" else row.meaning_en
        first, second = (row.zh, row.en) if lang == "zh" else (row.en, row.zh)
        lines.append(f"| {_cell(first)} | {_cell(second)} | {meaning} |")
    return "\n".join(lines)


# Lists

_GROUPS = {
    "Declarations": "声明", "Types": "类型", "Template parts": "话术的内容", "Coupons": "券和红包",
    "Policy and limits": "规则和限制", "Headers": "剧本的开头", "Triggers": "什么时候开始", "Steps": "步骤",
    "Tests": "条件", "Comparison": "比较", "Windows": "时间范围", "Units": "单位",
}
_GROUP = re.compile(r'^    # (.+)$|^    "([A-Z_]+)": \(', re.M)


def keyword_groups() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The terminals by the headings under which they stand in the table of keywords."""
    folder = Path(keywords.__file__).parent
    table = (folder / "keywords.py").read_text(encoding="utf-8")
    conditions = (folder / "condition_keywords.py").read_text(encoding="utf-8")
    found: list[tuple[str, list[str]]] = []
    for heading, terminal in _GROUP.findall(table.replace("    **CONDITION_KEYWORDS,\n", conditions)):
        if heading:
            found.append((heading, []))
        else:
            found[-1][1].append(terminal)
    return tuple((heading, tuple(terminals)) for heading, terminals in found)


def _keywords(lang: str) -> str:
    lines = ["| 中文 | English |", "| --- | --- |"] if lang == "zh" else ["| English | 中文 |", "| --- | --- |"]
    for heading, terminals in keyword_groups():
        lines.append(f"| **{_GROUPS[heading] if lang == 'zh' else heading}** | |")
        rows = {keywords.KEYWORDS[terminal]: None for terminal in terminals}
        for english, chinese in rows:
            cells = [" ".join(_cell(each) for each in words) for words in (english, chinese)]
            first, second = cells if lang == "en" else cells[::-1]
            lines.append(f"| {first} | {second} |")
    return "\n".join(lines)


def _pairs(of: Mapping[str, str]) -> Callable[[str], str]:
    def written(lang: str) -> str:
        pairs = [(zh, en) if lang == "zh" else (en, zh) for zh, en in of.items()]
        return ", ".join(f"{_cell(a)} {b}" for a, b in pairs)

    return written


def _variables(lang: str) -> str:
    tongue = Tongue(lang)
    attributes = [tongue.attribute(name) for name in keywords.BUILT_IN_ATTRIBUTES.values()]
    fixed = ["跟进人.姓名", "券.券码"] if lang == "zh" else ["staff.name", "coupon.code"]
    more = "事件.字段" if lang == "zh" else "event.FIELD"
    return ", ".join(_cell(f"{{{{ {name} }}}}") for name in (*attributes, *fixed, more))


_CHINESE = Tongue("zh")
_LISTS: Mapping[str, Callable[[str], str]] = {
    "keywords": _keywords,
    "attributes": _pairs(keywords.BUILT_IN_ATTRIBUTES),
    "fields": _pairs({_CHINESE.field(name): name for name in FIELDS}),
    "channels": _pairs(keywords.BUILT_IN_CHANNELS),
    "variables": _variables,
}

# Codes

_CODE = re.compile(r"[A-Z][0-9]{3}")
_HEAD = """\
# Codes 错误和提醒的代码

Written by `docs/generate_language.py` from the messages; a test holds it to that. `qingting explain-code E203` tells more: why,
an example, and the ways out. 由程序生成;`qingting explain-code E203` 会说明为什么、什么样的写法会出现、怎么改。
"""


def codes_page() -> str:
    """The text of docs/codes.md: warnings first told apart from errors, then by family."""
    listed = sorted(code for code in CATALOGUE if _CODE.fullmatch(code) and code[0] != "N")
    parts = [_HEAD]
    for title, wanted in (("Errors 错误", "E"), ("Warnings 提醒", "W"), ("Everything else 其他", "CDFRS")):
        parts.append(f"## {title}\n")
        for family in FAMILIES:
            codes = [code for code in listed if family.holds(code) and code[0] in wanted]
            if codes:
                parts.append(f"### {family.title[1]} {family.title[0]}\n")
                parts.append("\n".join(["| | 中文 | English |", "| --- | --- | --- |", *map(_code_row, codes)]) + "\n")
    return "\n".join(parts)


def _code_row(code: str) -> str:
    message = CATALOGUE[code]
    return f"| {code} | {_plain(message.zh)} | {_plain(message.en)} |"


def _plain(template: str) -> str:
    text = re.sub(r"(?<!\{)\{\w+\}", "…", template).replace("{{", "{").replace("}}", "}")
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


# Commands


def _ran(page: str, lang: str) -> str:
    """The page with what its commands print, each in the workspace made by the blocks before it."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)

        def reached(block: re.Match[str]) -> str:
            language, more, text = block.groups()
            if language in ("yaml", "sop"):
                (place / _file(language, more, block.start())).write_text(text, encoding="utf-8")
            elif language == "csv":
                _import(more, text, place, lang)
            elif language == "console":
                return f"```console\n{_console(text, place, lang)}```"
            return block[0]

        return _FENCE.sub(reached, page)


def _file(language: str, name: str | None, start: int) -> str:
    """Where a block stands in its workspace; one with the name of an earlier one takes its place."""
    named = name and name != OWN
    if language == "yaml":
        return f"{name}_test.yaml" if named else "qingting.yaml"
    return f"{name}.sop" if named else f"{start:06}.sop"


def _import(kind: str, text: str, place: Path, lang: str) -> None:
    (place / "rows.csv").write_text(text, encoding="utf-8")
    code, told = typed(f"import {kind} {place / 'rows.csv'} --at 2026-11-20T09:00 --strict --backfill", place, lang)
    if code != 0:
        raise ValueError(told)


def _console(block: str, place: Path, lang: str) -> str:
    parts = []
    for line in block.splitlines():
        if line.startswith("$ qingting "):
            code, told = typed(line.removeprefix("$ qingting "), place, lang)
            if code > 1:
                raise ValueError(told)
            parts.append(f"{line}\n{told}")
    return "\n".join(parts)


def typed(command: str, place: Path, lang: str) -> tuple[int, str]:
    """The exit code of a command line in a workspace, and what it prints."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        code = run_command([*shlex.split(command), "-C", str(place)], {"QINGTING_LANG": lang, "COLUMNS": "100"})
    return code, "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


# Pages


def page(lang: str) -> str:
    """The text of a page with its generated parts as they must be."""
    found = {table.name: table for table in tables()}

    def part(match: re.Match[str]) -> str:
        kind, name = match[1], match[2]
        body = _table(found[name], lang) if kind == "table" else _LISTS[name](lang)
        return f"<!-- {kind} {name} -->\n{body}\n<!-- end -->"

    return _ran(_PART.sub(part, PAGES[lang].read_text(encoding="utf-8")), lang)


def written() -> Iterator[tuple[Path, str]]:
    """Every file that this script writes, with its text."""
    yield CODES, codes_page()
    for lang, path in PAGES.items():
        yield path, page(lang)
    yield JOURNEYS, _ran(JOURNEYS.read_text(encoding="utf-8"), "zh")


if __name__ == "__main__":
    for path, text in written():
        path.write_text(text, encoding="utf-8")
