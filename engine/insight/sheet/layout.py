"""Where the boxes of a chart stand: steps from the top down, ways side by side, joined again below.

Steps nest, so that each piece has a rectangle of its own, and the rectangles of pieces that follow each other or stand side by
side never meet. Lengths are whole pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ....grammar.record import record
from .chart import Box, Chart, Fork, Frame, Piece, leaves
from .wrapping import wrapped

BOX_WIDTH = 232
CELLS = 30
LINE_HEIGHT = 19
PADDING = 9
GAP = 26
ASIDE = 22
MARGIN = 16
TITLE_HEIGHT = 34

Point = tuple[int, int]


@record
class PlacedBox:
    """A box with its upper left corner, its size and its lines of text."""

    box: Box
    x: int
    y: int
    width: int
    height: int
    lines: tuple[str, ...]


@record
class Rectangle:
    """The border around a frame."""

    x: int
    y: int
    width: int
    height: int


@record
class Link:
    """A line through some points; with ``arrow`` it ends at a box."""

    points: tuple[Point, ...]
    arrow: bool = True


@record
class Plan:
    """Pieces that are placed in a rectangle from (0, 0). One comes in and goes out in the middle of its width.

    With ``left`` nobody comes out.
    """

    width: int
    height: int
    boxes: tuple[PlacedBox, ...] = ()
    links: tuple[Link, ...] = ()
    frames: tuple[Rectangle, ...] = ()
    left: bool = False

    def moved(self, x: int, y: int) -> Plan:
        """The same plan further to the right and down."""
        return replace(
            self,
            boxes=tuple(replace(box, x=box.x + x, y=box.y + y) for box in self.boxes),
            links=tuple(
                replace(link, points=tuple((px + x, py + y) for px, py in link.points)) for link in self.links
            ),
            frames=tuple(replace(frame, x=frame.x + x, y=frame.y + y) for frame in self.frames),
        )


@record
class Drawing:
    """Charts one below the other. ``titles`` are the charts' with the baseline of each."""

    width: int
    height: int
    plans: tuple[Plan, ...]
    titles: tuple[tuple[str, int], ...]


def drawing_of(charts: Sequence[Chart]) -> Drawing:
    """Return where everything stands."""
    plans: list[Plan] = []
    titles: list[tuple[str, int]] = []
    width, y = BOX_WIDTH, MARGIN
    for chart in charts:
        title = wrapped(chart.title, CELLS * 2)
        titles += [(line, y + LINE_HEIGHT + number * LINE_HEIGHT) for number, line in enumerate(title)]
        y += TITLE_HEIGHT + LINE_HEIGHT * (len(title) - 1)
        plan = _side_by_side([_sequence(flow) for flow in chart.flows])
        plans.append(plan.moved(MARGIN, y))
        width, y = max(width, plan.width), y + plan.height + MARGIN
    return Drawing(width + 2 * MARGIN, y, tuple(plans), tuple(titles))


def _sequence(pieces: Sequence[Piece]) -> Plan:
    placed = [_piece(piece) for piece in pieces]
    width = max(plan.width for plan in placed)
    middle, y = width // 2, 0
    moved: list[Plan] = []
    links: list[Link] = []
    for plan in placed:
        moved.append(plan.moved((width - plan.width) // 2, y))
        y += plan.height + GAP
    tops = [sum(each.height + GAP for each in placed[:place]) for place in range(len(placed))]
    for (before, top), (_, below) in pairwise(zip(placed, tops, strict=True)):
        if not before.left:
            links.append(Link(((middle, top + before.height), (middle, below))))
    return Plan(
        width, y - GAP, _boxes(moved), (*links, *_links(moved)), _frames(moved), any(map(leaves, pieces))
    )


def _piece(piece: Piece) -> Plan:
    match piece:
        case Box():
            return _box(piece)
        case Fork():
            return _fork(piece)
        case Frame(pieces):
            inside = _sequence(pieces)
            width, height = inside.width + 2 * PADDING, inside.height + 2 * PADDING
            plan = inside.moved(PADDING, PADDING)
            middle = width // 2
            way = [Link(((middle, 0), (middle, PADDING)), arrow=False)]
            if not plan.left:
                way.append(Link(((middle, height - PADDING), (middle, height)), arrow=False))
            border = Rectangle(0, 0, width, height)
            return replace(plan, width=width, height=height, links=(*plan.links, *way), frames=(border, *plan.frames))


def _box(box: Box) -> Plan:
    lines = wrapped(box.text, CELLS)
    height = len(lines) * LINE_HEIGHT + 2 * PADDING
    return Plan(BOX_WIDTH, height, (PlacedBox(box, 0, 0, BOX_WIDTH, height, lines),), left=box.kind == "end")


def _fork(fork: Fork) -> Plan:
    head = _box(fork.box)
    ways = [_sequence(way) for way in fork.ways]
    row = _side_by_side(ways)
    width = max(head.width, row.width)
    middle, top, side = width // 2, head.height + 2 * GAP, (width - row.width) // 2
    bottom = top + row.height
    left = all(way.left for way in ways)
    below = row.moved(side, top)
    links = list(below.links)
    x = side
    for way in ways:
        across = x + way.width // 2
        links.append(Link(_elbow((middle, head.height), (across, top), head.height + GAP)))
        if not way.left:
            links.append(Link(_elbow((across, top + way.height), (middle, bottom + GAP), bottom + GAP), arrow=False))
        x += way.width + ASIDE
    boxes = (*head.moved((width - head.width) // 2, 0).boxes, *below.boxes)
    return Plan(width, bottom + (0 if left else GAP), boxes, tuple(links), below.frames, left)


def _elbow(start: Point, end: Point, across: int) -> tuple[Point, ...]:
    """From ``start`` down to ``across``, sideways, and on to ``end``; no corner where there is nothing to turn."""
    points = [start, (start[0], across), (end[0], across), end]
    if start[0] == end[0]:
        return start, end
    return tuple(point for place, point in enumerate(points) if place == 0 or point != points[place - 1])


def _side_by_side(plans: Sequence[Plan]) -> Plan:
    moved: list[Plan] = []
    x = 0
    for plan in plans:
        moved.append(plan.moved(x, 0))
        x += plan.width + ASIDE
    height = max((plan.height for plan in plans), default=0)
    return Plan(max(x - ASIDE, 0), height, _boxes(moved), _links(moved), _frames(moved))


def _boxes(plans: Sequence[Plan]) -> tuple[PlacedBox, ...]:
    return tuple(box for plan in plans for box in plan.boxes)


def _links(plans: Sequence[Plan]) -> tuple[Link, ...]:
    return tuple(link for plan in plans for link in plan.links)


def _frames(plans: Sequence[Plan]) -> tuple[Rectangle, ...]:
    return tuple(frame for plan in plans for frame in plan.frames)
