"""A simulation as one HTML page: text, tables and drawings in a single file that needs neither network nor script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape

from ..engine.program.words.steps import channel_words
from ..engine.simulating.model import BudgetCourse, Simulation, StockCourse
from .blocks import Column, Table
from .session import Session
from .simulation import amount_shown, facts_of, name_of, tables_of, title_of, warnings_of, whole_of

_STYLE = """
body { font: 15px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; margin: 2rem auto; max-width: 62rem;
  padding: 0 1rem; color: #1c2430; background: #fff; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2.2rem; }
table { border-collapse: collapse; width: 100%; } th { text-align: left; border-bottom: 2px solid #c8d0da; }
td { border-bottom: 1px solid #e4e8ee; } th, td { padding: .25rem .6rem .25rem 0; vertical-align: top; }
.n { text-align: right; font-variant-numeric: tabular-nums; } .bad { color: #b3261e; } .notes { color: #56606e; }
.keys span { margin-right: 1.2rem; } svg { width: 100%; height: auto; } text { font-size: 11px; fill: #56606e; }
.c0 { fill: #2f6fb5; color: #2f6fb5; } .c1 { fill: #e08a1e; color: #e08a1e; } .c2 { fill: #3f9142; color: #3f9142; }
.c3 { fill: #8e4ea0; color: #8e4ea0; } .c4 { fill: #c0453c; color: #c0453c; } .c5 { fill: #3aa3a0; color: #3aa3a0; }
.course { fill: none; stroke: #2f6fb5; stroke-width: 2; } .axis { stroke: #c8d0da; }
@media print { h2 { break-after: avoid; } svg, tr { break-inside: avoid; } }
"""
_COLOURS = 6
_WIDTH, _HEIGHT, _LEFT, _BELOW = 900, 220, 60, 24


def simulation_page(session: Session, found: Simulation) -> str:
    """The whole page, in the session's language."""
    title = escape(title_of(session, found))
    lang = "zh-CN" if session.language == "zh" else "en"
    return "\n".join((
        "<!DOCTYPE html>", f'<html lang="{lang}">', "<head>", '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">', f"<title>{title}</title>",
        f"<style>{_STYLE}</style>", "</head>", "<body>", f"<h1>{title}</h1>", *_body(session, found), "</body>", "</html>", "",
    ))


def _body(session: Session, found: Simulation) -> Iterator[str]:
    for line in facts_of(session, found):
        yield f"<p>{escape(line)}</p>"
    for line in warnings_of(session, found):
        yield f'<p class="bad">{escape(line)}</p>'
    yield from _volumes(session, found)
    for table in tables_of(session, found):
        yield from _table(table)
    for each in found.courses:
        yield from _course(session, found, each)
    yield f"<h2>{escape(session.word('sim.notes'))}</h2>"
    yield '<ul class="notes">'
    for note in found.notes:
        yield f"<li>{escape(session.word(note.code, **note.params))}</li>"
    yield "</ul>"


def _table(table: Table) -> Iterator[str]:
    yield f"<h2>{escape(table.title)}</h2>"
    yield "<table>"
    yield "<tr>" + "".join(_cell("th", column, column.heading) for column in table.columns) + "</tr>"
    for row in table.rows:
        cells = (_cell("td", column, text) for column, text in zip(table.columns, row, strict=True))
        yield "<tr>" + "".join(cells) + "</tr>"
    yield "</table>"


def _cell(tag: str, column: Column, text: str) -> str:
    side = ' class="n"' if column.is_number else ""
    return f"<{tag}{side}>{escape(text)}</{tag}>"


def _volumes(session: Session, found: Simulation) -> Iterator[str]:
    """The messages of each day as stacked bars, one colour for each channel."""
    most = max((day.messages for day in found.days), default=0)
    if not most:
        return
    names = [channel_words(channel, session.language) for channel in found.channels]
    yield f"<h2>{escape(session.word('sim.chart'))}</h2>"
    keys = (f'<span class="c{number % _COLOURS}">■ {escape(name)}</span>' for number, name in enumerate(names))
    yield f'<p class="keys">{"".join(keys)}</p>'
    yield from _drawing(session.word("sim.chart"), str(most), [day.day for day in found.days], _bars(found, names, most))


def _bars(found: Simulation, names: Sequence[str], most: int) -> Iterator[str]:
    step = (_WIDTH - _LEFT) / len(found.days)
    for place, day in enumerate(found.days):
        top = float(_HEIGHT)
        for number, channel in enumerate(found.channels):
            messages = day.queued.get(channel, 0)
            if not messages:
                continue
            high = messages * _HEIGHT / most
            top -= high
            told = escape(f"{day.day.isoformat()} {names[number]} {messages}")
            yield (
                f'<rect class="c{number % _COLOURS}" x="{_LEFT + place * step + step * 0.1:.1f}" y="{top:.1f}" '
                f'width="{step * 0.8:.1f}" height="{high:.1f}"><title>{told}</title></rect>'
            )


def _course(session: Session, found: Simulation, each: StockCourse | BudgetCourse) -> Iterator[str]:
    """What is left of something at the end of each day, as a line from day to day."""
    name, whole = name_of(session, each), max(1, whole_of(each), *each.left)
    yield f"<h2>{escape(name)}</h2>"
    step = (_WIDTH - _LEFT) / len(each.left)
    points = " ".join(
        f"{_LEFT + (place + 0.5) * step:.1f},{_HEIGHT - max(0, left) * _HEIGHT / whole:.1f}"
        for place, left in enumerate(each.left)
    )
    ends = f"{amount_shown(each, each.left[0])} → {amount_shown(each, each.left[-1])}"
    line = f'<polyline class="course" points="{points}"><title>{escape(ends)}</title></polyline>'
    yield from _drawing(name, amount_shown(each, whole), [day.day for day in found.days], iter((line,)))


def _drawing(name: str, most: str, days: Sequence[date], shapes: Iterator[str]) -> Iterator[str]:
    """A drawing with its axes: the largest number above, the days below, a week apart where there are many."""
    yield f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT + _BELOW + 12}" role="img" aria-label="{escape(name)}">'
    yield f'<g transform="translate(0 12)"><line class="axis" x1="{_LEFT}" y1="{_HEIGHT}" x2="{_WIDTH}" y2="{_HEIGHT}"/>'
    yield f'<text x="{_LEFT - 6}" y="6" text-anchor="end">{escape(most)}</text>'
    yield f'<text x="{_LEFT - 6}" y="{_HEIGHT}" text-anchor="end">0</text>'
    yield from shapes
    step = (_WIDTH - _LEFT) / len(days)
    for place in range(0, len(days), 1 if len(days) <= 10 else 7 if len(days) <= 70 else 30):
        yield f'<text x="{_LEFT + place * step:.1f}" y="{_HEIGHT + 18}">{days[place]:%m-%d}</text>'
    yield "</g></svg>"
