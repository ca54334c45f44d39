"""Flow charts: the same steps as on the sheet, readable by Mermaid, and drawn so that nothing stands on anything else."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qingting.engine.insight.sheet.chart import Box, Chart, Fork, Frame, Piece, boxes_of, chart_of, leaves
from qingting.engine.insight.sheet.layout import BOX_WIDTH, CELLS, Drawing, drawing_of
from qingting.engine.insight.sheet.mermaid import escaped, mermaid_text
from qingting.engine.insight.sheet.model import Sheet
from qingting.engine.insight.sheet.svg import svg_text
from qingting.engine.insight.sheet.wrapping import wrapped
from qingting.grammar.source import display_cells
from sheet.mermaid_reader import plain, read_mermaid
from sheet.telling import SHIPPED, all_lines, examples, folder, told

SVG = "{http://www.w3.org/2000/svg}"
# What an operator may write as a name, and what would do harm as markup.
EVIL = (
    '"]; click n1 href "javascript:alert(1)"', "%%{init: {}}%%", "end", "1. 甲", "- 甲", "`**甲**`", "甲\n乙", "<b>甲</b>",
    "style x:a#35;", "$$x$$", "subgraph", "a --> b", "|甲|", "@{ shape: x }", "\\n", "", " ", "&amp;", "甲" * 200,
    "x" * 200, "\x00\x1b\ufffe",
)
FROM_ELSEWHERE = ("href", "url(", "@import", "<style", "<script", "<image")


@cache
def sheets() -> tuple[Sheet, ...]:
    """All examples and shipped playbooks, each once."""
    of = [(examples("zh"), "zh"), (folder(SHIPPED), "en")]
    return tuple(told(loaded, name, lang) for loaded, lang in of for name in loaded.program.playbooks)


@st.composite
def pieces(draw: st.DrawFn, depth: int = 3) -> tuple[Piece, ...]:
    """Any chart's steps, the texts mostly harmful."""
    texts = st.sampled_from(EVIL) | st.text(max_size=40)
    found: list[Piece] = []
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["box", "fork", "frame"] if depth else ["box"]))
        if kind == "box":
            found.append(Box("", draw(st.sampled_from(["step", "wait", "end"])), draw(texts)))
        elif kind == "frame":
            found.append(Frame((Box("", "frame", draw(texts)), *draw(pieces(depth - 1)))))
        else:
            ways = [
                (Box("", "arm", draw(texts)), *(draw(pieces(depth - 1)) if draw(st.booleans()) else ()))
                for _ in range(draw(st.integers(1, 4)))
            ]
            found.append(Fork(Box("", "choice", draw(texts)), tuple(ways)))
    return tuple(found)


def numbered(flows: tuple[tuple[Piece, ...], ...]) -> tuple[tuple[Piece, ...], ...]:
    """The same pieces, each box with a key of its own."""
    count = iter(range(1, 1_000_000))

    def named(piece: Piece) -> Piece:
        match piece:
            case Box(_, kind, text):
                return Box(f"n{next(count)}", kind, text)
            case Fork(box, ways):
                head = Box(f"n{next(count)}", box.kind, box.text)
                return Fork(head, tuple(tuple(map(named, way)) for way in ways))
            case Frame(inside):
                return Frame(tuple(map(named, inside)))

    return tuple(tuple(map(named, flow)) for flow in flows)


CHARTS = st.builds(
    lambda title, flows: Chart(title, numbered(flows)), st.sampled_from(EVIL), st.lists(pieces(), min_size=1, max_size=3).map(tuple)
)


def boxes(chart: Chart) -> list[Box]:
    return [box for flow in chart.flows for box in boxes_of(flow)]


def test_a_chart_has_every_numbered_line_of_the_sheet() -> None:
    for sheet in sheets():
        section = sheet.section("what")
        assert section is not None
        lines = [line for line in all_lines(section.lines) if line.number or line.kind == "block"]
        expected = [f"{line.number} {line.text}".strip() for line in lines]
        drawn = [box.text for box in boxes(chart_of(sheet)) if box.kind != "audience"]
        assert [text for text in drawn if text not in ("走完了", "Done")] == expected


def test_mermaid_has_every_box_and_the_ways_between_them() -> None:
    for sheet in sheets():
        chart = chart_of(sheet)
        graph = read_mermaid(mermaid_text([chart]))
        assert list(graph.nodes.values()) == [" ".join(box.text.split()) for box in boxes(chart)]
        starts = {f"p1{next(boxes_of(flow)).key}" for flow in chart.flows}
        assert graph.nodes.keys() - {end for _, end in graph.links} == starts | unreachable(chart)


def unreachable(chart: Chart) -> set[str]:
    """The boxes right behind something that nobody comes out of."""
    found = set()

    def walk(flow: tuple[Piece, ...]) -> None:
        for before, piece in zip((None, *flow), flow, strict=False):
            if before is not None and leaves(before):
                found.add(f"p1{next(boxes_of((piece,))).key}")
            match piece:
                case Fork(_, ways):
                    for way in ways:
                        walk(way)
                case Frame(inside):
                    walk(inside)

    for flow in chart.flows:
        walk(flow)
    return found


@settings(max_examples=25, deadline=None)
@given(CHARTS)
def test_no_text_breaks_mermaid(chart: Chart) -> None:
    graph = read_mermaid(mermaid_text([chart, chart]))
    assert len(graph.nodes) == 2 * len(boxes(chart))


@pytest.mark.parametrize("text", EVIL)
def test_escaped_text_shows_as_it_was_written(text: str) -> None:
    code = escaped(text)
    assert not set('"<>&`*_~\\$;:|{}[]^\n') & set(code.replace("#", "").replace(";", "")), code
    assert plain(code) == " ".join("".join(c if c >= " " and c != "\x7f" else " " for c in text).split(" ")).strip()


def test_a_split_goes_to_its_arms_and_joins_again() -> None:
    chart = chart_of(told(folder(SHIPPED), "新客旅程", "zh"))
    graph = read_mermaid(mermaid_text([chart]))
    texts = {(graph.nodes[start].split(" ")[0], graph.nodes[end].split(" ")[0]) for start, end in graph.links}
    assert {("3", "3.1"), ("3", "3.2"), ("3.2", "3.2.1"), ("3.2.1", "3.2.1.3")} <= texts
    assert {start for start, end in texts if end == "4"} == {"3.2.1.1.1", "3.2.1.2.1", "3.2.1.3"}


# The drawing


def crosses(drawing: Drawing) -> list[str]:
    """What stands on something else: boxes on boxes, lines through boxes, anything outside."""
    found = []
    placed = [box for plan in drawing.plans for box in plan.boxes]
    for a, b in combinations(placed, 2):
        apart = a.x + a.width <= b.x or b.x + b.width <= a.x or a.y + a.height <= b.y or b.y + b.height <= a.y
        if not apart:
            found.append(f"{a.box.text} on {b.box.text}")
    for link in (link for plan in drawing.plans for link in plan.links):
        for (x1, y1), (x2, y2) in zip(link.points, link.points[1:], strict=False):
            assert x1 == x2 or y1 == y2, "lines run straight"
            for box in placed:
                inside_x = max(min(x1, x2), box.x) < min(max(x1, x2), box.x + box.width) or box.x < x1 == x2 < box.x + box.width
                inside_y = max(min(y1, y2), box.y) < min(max(y1, y2), box.y + box.height) or (
                    box.y < y1 == y2 < box.y + box.height
                )
                if inside_x and inside_y:
                    found.append(f"a line through {box.box.text}")
    for box in placed:
        if box.x < 0 or box.y < 0 or box.x + box.width > drawing.width or box.y + box.height > drawing.height:
            found.append(f"{box.box.text} outside")
    for one, other in combinations([frame for plan in drawing.plans for frame in plan.frames], 2):
        apart = (
            one.x + one.width <= other.x or other.x + other.width <= one.x
            or one.y + one.height <= other.y or other.y + other.height <= one.y
        )
        nested = any(
            p.x <= q.x and p.y <= q.y and q.x + q.width <= p.x + p.width and q.y + q.height <= p.y + p.height
            for p, q in ((one, other), (other, one))
        )
        if not apart and not nested:
            found.append("frames across each other")
    return found


def test_nothing_stands_on_anything_else() -> None:
    for sheet in sheets():
        assert crosses(drawing_of([chart_of(sheet)])) == [], sheet.playbook


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(CHARTS, min_size=1, max_size=2))
def test_nothing_stands_on_anything_else_in_any_chart(charts: list[Chart]) -> None:
    assert crosses(drawing_of(charts)) == []


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(CHARTS)
def test_lines_lead_from_boxes_to_boxes(chart: Chart) -> None:
    drawing = drawing_of([chart])
    (plan,) = drawing.plans
    tops = {(box.x + box.width // 2, box.y) for box in plan.boxes} | {(f.x + f.width // 2, f.y) for f in plan.frames}
    ends = {(box.x + box.width // 2, box.y + box.height) for box in plan.boxes if box.box.kind == "end"}
    for link in plan.links:
        assert not link.arrow or link.points[-1] in tops, link
        assert link.points[0] not in ends, link


def test_svg_is_well_formed_and_has_every_text() -> None:
    for sheet in sheets():
        chart = chart_of(sheet)
        root = ElementTree.fromstring(svg_text([chart], sheet.playbook))
        assert (root.tag, root.get("role")) == (f"{SVG}svg", "img")
        title = root.find(f"{SVG}title")
        assert title is not None
        assert title.text == sheet.playbook
        shown = ["".join("".join(text.itertext()).split()) for text in root.iter(f"{SVG}text")]
        for box in boxes(chart):
            assert "".join(box.text.split()) in shown, box.text


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(CHARTS)
def test_no_text_breaks_svg(chart: Chart) -> None:
    root = ElementTree.fromstring(svg_text([chart], chart.title))
    assert sum(1 for _ in root.iter(f"{SVG}g")) == len(boxes(chart))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "rect", "g", "text", "tspan", "polyline", "polygon",
    }


def test_svg_needs_nothing_from_elsewhere_and_is_the_same_each_time() -> None:
    chart = chart_of(told(examples("zh"), "所有步骤", "zh"))
    text = svg_text([chart], "甲")
    assert text == svg_text([chart], "甲")
    assert text.count("http") == 1  # the namespace
    assert [word for word in FROM_ELSEWHERE if word in text] == []


@given(st.text(max_size=80), st.integers(2, 40))
def test_lines_are_never_wider_than_they_may_be(text: str, cells: int) -> None:
    lines = wrapped(text, cells)
    assert all(display_cells(line) <= cells for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@pytest.mark.parametrize(("text", "lines"), [
    ("一二三,四", ("一二", "三,四")),
    ("一二“三四”五", ("一二", "“三四”", "五")),
    ("一 two three", ("一 two", "three")),
    ("一二三四", ("一二三", "四")),
    ("", ("",)),
])
def test_lines_end_where_readers_expect(text: str, lines: tuple[str, ...]) -> None:
    assert wrapped(text, 6) == lines


def test_a_full_line_fits_into_its_box() -> None:
    assert display_cells("很" * (CELLS // 2)) * 7 <= BOX_WIDTH
