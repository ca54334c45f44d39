"""Where the line of a statement is broken: at and/or, one test a row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..source import display_cells
from ..syntax import And, Or
from .phrases import Chain, Phrase, flat_chain

WIDEST = 100
"""Display cells; a row is longer only where it cannot be broken."""
MANY = 3
"""So many tests of a statement stand one a row, however short they are."""
STEP = "  "


@dataclass(slots=True)
class Row:
    """A row of a statement: ``level`` steps deeper than the statement. ``chain`` and ``item`` say which test of which
    broken chain it begins with; ``whole`` are the chains on it that are not broken.
    """

    level: int
    text: str = ""
    chain: And | Or | None = None
    item: int = 0
    whole: list[Chain] = field(default_factory=list)


def rows_of(phrase: Phrase, broken: frozenset[int]) -> list[Row]:
    """The rows of a statement in which the chains with these node ids are broken."""
    rows = [Row(0)]
    _extend(rows, phrase, broken, 0)
    return rows


def _extend(rows: list[Row], phrase: Phrase, broken: frozenset[int], level: int) -> None:
    for part in phrase:
        if isinstance(part, str):
            rows[-1].text += part
        elif id(part.node) not in broken:
            rows[-1].text += flat_chain(part)
            rows[-1].whole.append(part)
        else:
            _extend(rows, part.items[0], broken, level + 1)
            for place, item in enumerate(part.items[1:], 1):
                rows.append(Row(level + 1, f"{part.joint} ", part.node, place))
                _extend(rows, item, broken, level + 1)


def breaks(phrase: Phrase, indent: int, forced: frozenset[int]) -> frozenset[int]:
    """The node ids of the chains to break: those ``forced``, long lists of tests, and what would be too wide."""
    broken = forced | {id(chain.node) for chain in chains(phrase) if chain.leads and len(chain.items) >= MANY}
    while True:
        wide = [row for row in rows_of(phrase, broken) if row.whole and _is_wide(row, indent)]
        if not wide:
            return broken
        broken |= {id(max(row.whole, key=lambda chain: display_cells(flat_chain(chain))).node) for row in wide}


def chains(phrase: Phrase) -> Iterator[Chain]:
    """All chains of a phrase, outer ones first."""
    for part in phrase:
        if isinstance(part, Chain):
            yield part
            for item in part.items:
                yield from chains(item)


def _is_wide(row: Row, indent: int) -> bool:
    cells = indent + len(STEP) * row.level
    return any(cells + display_cells(line) > WIDEST for line in row.text.split("\n"))
