"""Sheets as HTML, Markdown and plain text: complete, and nothing that an operator wrote is markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from qingting.engine.insight.sheet.chart import boxes_of, chart_of
from qingting.engine.insight.sheet.model import Fact, Line, Section, Sheet
from qingting.engine.insight.sheet.page import html_text
from qingting.engine.insight.sheet.text import markdown_text, plain_text
from sheet.telling import SHIPPED, examples, folder, load, texts_of, told

EVIL = '<script>alert(1)</script><img src=x onerror="alert(1)">&amp;</style>'
MARKS = "# **甲** [x](javascript:y) `z` <b>\n1. 乙\n- 丙\n```"
VOID = {"meta", "br", "hr", "img", "link", "input"}


class Page(HTMLParser):
    """Reads a page strictly: every element is closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)


def evil_sheet(text: str) -> Sheet:
    line = Line(text, "step", (Line(text, "quote"), Line(text)), "1")
    block = Line(text, "block", (line, Line(text, "choice", (Line(text, "arm", (), "2.1"),), "2")))
    return Sheet(text, "zh", (Fact(text, text),), (Section("what", text, (block,)),), (text,))


def test_a_page_has_everything_and_stands_by_itself() -> None:
    loaded = folder(SHIPPED)
    sheets = [told(loaded, name, "zh") for name in loaded.program.playbooks]
    text = html_text(sheets, "zh")
    page = Page(text)
    said = "".join(page.words)
    for sheet in sheets:
        assert all(each in said for each in texts_of(sheet))
        drawn = "".join("".join(page.words).split())
        assert all("".join(b.text.split()) in drawn for flow in chart_of(sheet).flows for b in boxes_of(flow))
    assert not page.tags & {"script", "link", "img", "iframe", "object"}
    assert not page.attributes & {"src", "href", "onerror", "onclick", "style"}
    assert "@import" not in text
    assert "url(" not in text
    assert "size: A4" in text
    assert '<html lang="zh-CN">' in text
    assert text == html_text(sheets, "zh")


def test_what_an_operator_writes_is_never_markup() -> None:
    page = Page(html_text([evil_sheet(EVIL)], "zh"))
    assert not page.tags & {"script", "img"}
    assert "onerror" not in page.attributes
    assert "".join(page.words).count(EVIL) >= 8


def test_a_template_cannot_break_out_of_the_page() -> None:
    texts = ('话术 "文" 用于 企微\n  正文 "</blockquote><script>x</script>"\n', '剧本 "早"\n  每天 10:00\n    推送 企微 "文"\n')
    page = Page(html_text([told(load(*texts), "早", "zh")], "zh"))
    assert "script" not in page.tags
    assert "</blockquote><script>x</script>" in page.words


def test_control_characters_do_not_reach_a_terminal() -> None:
    for write in (plain_text, markdown_text):
        assert not {"\x1b", "\x00", "\r", "\u202e"} & set(write([evil_sheet("甲\x1b[31m\x00\r\u202e")]))


def test_control_characters_do_not_reach_the_page() -> None:
    assert "\x1b" not in html_text([evil_sheet("甲\x1b[31m\x00")], "zh")
    assert "\x00" not in html_text([evil_sheet("甲\x1b[31m\x00")], "zh")


def test_markdown_marks_are_escaped() -> None:
    text = markdown_text([evil_sheet(MARKS)])
    lines = text.splitlines()
    fences = [line for line in lines if line.strip().startswith("```")]
    assert fences == ["```mermaid", "```"]
    before = text.partition("```mermaid")[0]
    assert "**甲**" not in before
    assert not re.search(r"(?<!\\)\]\(", before)
    assert "<b>" not in before.replace("\\<b", "")
    assert [line for line in lines if line.startswith("# ")] == [lines[0]]
    assert "    > 1\\. 乙  " in lines
    assert "    > \\- 丙  " in lines


def test_plain_text_keeps_lines_of_texts_together() -> None:
    text = plain_text([evil_sheet("甲\n乙")])
    assert "    1 甲\n      乙\n" in text
    assert "      │ 甲\n      │ 乙\n" in text


def test_notes_stand_first() -> None:
    sheet = told(examples("zh"), "所有步骤", "zh")
    if sheet.notes:
        assert plain_text([sheet]).splitlines()[1] == sheet.notes[0]
        assert "".join(Page(html_text([sheet], "zh")).words).index(sheet.notes[0]) < 200  # right behind the titles


def test_problems_are_shown_instead_of_the_sheet() -> None:
    sheet = told(load('剧本 "坏"\n  每天 10:00\n    打标签 "丙"\n'), "坏", "en")
    for text in (plain_text([sheet]), markdown_text([sheet]), "".join(Page(html_text([sheet], "en")).words)):
        assert "E204 00.sop:3" in text
        assert "mermaid" not in text
