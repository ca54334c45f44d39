"""Flow charts as SVG: no network, no fonts of its own, the same bytes for the same chart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from .chart import Chart
from .layout import LINE_HEIGHT, MARGIN, PADDING, Drawing, Link, PlacedBox, drawing_of

FONT = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Noto Sans SC',sans-serif"
_FILLS = {
    "start": ("#e8f0fe", "#3367d6"), "audience": ("#f6f6f6", "#888888"), "step": ("#ffffff", "#444444"),
    "wait": ("#fff8e1", "#b58900"), "choice": ("#f3e8fd", "#7b3fb5"), "arm": ("#faf5ff", "#b79ad6"),
    "frame": ("#eef7ee", "#4c8c4a"), "end": ("#eeeeee", "#666666"),
}
_ROUND = frozenset({"start", "end", "wait"})
_HEAD = 5
# What XML 1.0 cannot hold; section 2.2.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def svg_text(charts: Sequence[Chart], title: str) -> str:
    """Return charts as one SVG document under a ``title``, which readers' software speaks."""
    element = svg_element(charts, title)
    return tostring(element, encoding="unicode") + "\n"


def svg_element(charts: Sequence[Chart], title: str) -> Element:
    """Return charts as an ``svg`` element, to stand by itself or in a page."""
    drawing = drawing_of(charts)
    root = Element("svg", {
        "xmlns": "http://www.w3.org/2000/svg", "width": str(drawing.width), "height": str(drawing.height),
        "viewBox": f"0 0 {drawing.width} {drawing.height}", "role": "img", "font-family": FONT, "font-size": "13",
    })
    SubElement(root, "title").text = clean(title)
    size = {"width": str(drawing.width), "height": str(drawing.height)}
    SubElement(root, "rect", {**size, "fill": "#ffffff"})
    _draw(root, drawing)
    return root


def clean(text: str) -> str:
    """A text without the characters that XML cannot hold."""
    return _FORBIDDEN.sub("\ufffd", text)


def _draw(root: Element, drawing: Drawing) -> None:
    for line, baseline in drawing.titles:
        place = {"x": str(MARGIN), "y": str(baseline), "font-size": "16", "font-weight": "bold", "fill": "#111111"}
        SubElement(root, "text", place).text = clean(line)
    for plan in drawing.plans:
        for frame in plan.frames:
            SubElement(root, "rect", {
                "x": str(frame.x), "y": str(frame.y), "width": str(frame.width), "height": str(frame.height), "rx": "8",
                "fill": "none", "stroke": "#4c8c4a", "stroke-dasharray": "5 4",
            })
        for link in plan.links:
            _link(root, link)
        for box in plan.boxes:
            _box(root, box)


def _link(root: Element, link: Link) -> None:
    points = " ".join(f"{x},{y}" for x, y in link.points)
    SubElement(root, "polyline", {"points": points, "fill": "none", "stroke": "#555555", "stroke-width": "1.3"})
    if link.arrow:
        x, y = link.points[-1]
        head = f"{x},{y} {x - _HEAD},{y - 2 * _HEAD + 2} {x + _HEAD},{y - 2 * _HEAD + 2}"
        SubElement(root, "polygon", {"points": head, "fill": "#555555"})


def _box(root: Element, placed: PlacedBox) -> None:
    fill, stroke = _FILLS[placed.box.kind]
    group = SubElement(root, "g", {"class": placed.box.kind})
    SubElement(group, "rect", {
        "x": str(placed.x), "y": str(placed.y), "width": str(placed.width), "height": str(placed.height),
        "rx": str(placed.height // 2 if placed.box.kind in _ROUND and len(placed.lines) == 1 else 6), "fill": fill,
        "stroke": stroke,
    })
    middle, top = placed.x + placed.width // 2, placed.y + PADDING - 5
    text = SubElement(group, "text", {"text-anchor": "middle", "fill": "#111111"})
    for number, line in enumerate(placed.lines, start=1):
        place = {"x": str(middle), "y": str(top + number * LINE_HEIGHT)}
        SubElement(text, "tspan", place).text = clean(line)
