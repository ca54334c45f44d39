"""A sheet as an HTML page that stands by itself and prints on A4: no script, nothing loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from .chart import chart_of
from .model import Line, Sheet
from .svg import FONT, clean, svg_element
from .text import problem_lines
from .voice import Voice

_STYLE = f"""
@page {{ size: A4; margin: 16mm; }}
body {{ font: 14px/1.6 {FONT}; color: #111; background: #fff; max-width: 800px; margin: 24px auto; padding: 0 16px; }}
article + article {{ break-before: page; border-top: 2px solid #111; margin-top: 40px; padding-top: 16px; }}
h1 {{ font-size: 24px; margin: 0 0 8px; }}
h2 {{ font-size: 16px; margin: 20px 0 6px; border-bottom: 1px solid #bbb; break-after: avoid; }}
table {{ border-collapse: collapse; }}
th {{ text-align: left; font-weight: normal; color: #666; padding-right: 16px; white-space: nowrap; vertical-align: top; }}
ul {{ margin: 2px 0; padding-left: 20px; }}
li {{ break-inside: avoid; }}
li.numbered {{ list-style: none; margin-left: -18px; }}
b.number {{ color: #3367d6; margin-right: 6px; }}
blockquote {{ margin: 4px 0; padding: 4px 12px; border-left: 3px solid #bbb; background: #f7f7f7; white-space: pre-wrap; }}
.note {{ border: 1px solid #b58900; background: #fff8e1; padding: 6px 12px; }}
figure {{ margin: 12px 0; overflow-x: auto; }}
svg {{ max-width: 100%; height: auto; }}
@media print {{ body {{ margin: 0; padding: 0; max-width: none; }} article + article {{ border: 0; margin: 0; padding: 0; }} }}
"""


def html_text(sheets: Sequence[Sheet], lang: str) -> str:
    """Return sheets as one page; each begins on a new sheet of paper.

    Every text of the workspace is written as text, never as markup.
    """
    root = Element("html", {"lang": "zh-CN" if lang.startswith("zh") else "en"})
    head = SubElement(root, "head")
    SubElement(head, "meta", {"charset": "utf-8"})
    SubElement(head, "meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
    _add(head, "title", " · ".join(sheet.playbook for sheet in sheets))
    _add(head, "style", _STYLE)
    body = SubElement(root, "body")
    for sheet in sheets:
        _article(body, sheet)
    return "<!DOCTYPE html>\n" + tostring(root, encoding="unicode", method="html") + "\n"


def _add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    element = SubElement(parent, tag, {name.rstrip("_"): value for name, value in attributes.items()})
    element.text = clean(text)
    return element


def _article(body: Element, sheet: Sheet) -> None:
    voice, article = Voice(sheet.lang), SubElement(body, "article")
    _add(article, "h1", sheet.playbook)
    for note in sheet.notes:
        _add(article, "p", note, class_="note")
    problems = tuple(problem_lines(sheet))
    if problems:
        _list(article, tuple(Line(words) for words in problems))
    if sheet.facts:
        table = SubElement(article, "table")
        for fact in sheet.facts:
            row = SubElement(table, "tr")
            _add(row, "th", fact.label)
            _add(row, "td", fact.text)
    for section in sheet.sections:
        _add(article, "h2", section.title)
        _list(article, section.lines)
    if sheet.sound:
        _add(article, "h2", voice.say("part.chart"))
        SubElement(article, "figure").append(svg_element([chart_of(sheet)], sheet.playbook))


def _list(parent: Element, lines: Sequence[Line]) -> None:
    listed = SubElement(parent, "ul")
    for line in lines:
        if line.kind == "quote":
            item = SubElement(listed, "li", {"class": "numbered"})
            _add(item, "blockquote", line.text)
            continue
        item = SubElement(listed, "li", {"class": "numbered"} if line.number else {})
        if line.number:
            _add(item, "b", line.number, class_="number")
        _add(item, "span", line.text)
        if line.below:
            _list(item, line.below)
