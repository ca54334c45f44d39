"""Text to syntax tree: the entry points of the grammar.

The stages of a text: ``layout`` finds logical lines, ``statements`` nests them and reads each by the LALR tables,
``make_…`` turns the trees into syntax nodes. A line that cannot be read gives one diagnostic and is left out; all
others are read as if it were not there, so one reading finds every mistake.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from .diagnostics import Diagnostic, Span
from .layout import Layout, LogicalLine, read_layout
from .lines import ReadLine, parse_line
from .making.activities import make_activity
from .making.headers import make_policy
from .making.library import (
    make_attribute,
    make_event,
    make_line_condition,
    make_metric,
    make_product,
    make_segment,
    make_source,
    make_tag,
    make_tag_group,
    make_template,
)
from .making.playbooks import make_playbook
from .making.rewards import make_coupon, make_redpacket
from .making.rules import make_points, make_tiers, make_whenever
from .making.schedules import make_schedule
from .making.values import Maker, Tree, trees
from .name_checks import check_new_names
from .names import DeclaredNames, collect_names
from .scanner import Scanner
from .source import MAX_CHARACTERS
from .statements import CONDITIONS, BlockReader, Statement, nest
from .syntax import Condition, Declaration, SyntaxFile, Timetable
from .tables import Tables, load_tables
from .words import LineWords

if TYPE_CHECKING:
    from .explain import Explainer

__all__ = ["DeclaredNames", "collect_names", "parse_condition", "parse_schedule", "parse_text"]

MAX_DIAGNOSTICS = 1000
CONDITION_FILE = "<condition>"
SCHEDULE_FILE = "<schedule>"

_MAKERS: dict[str, Callable[[Maker, Statement, Tree], Declaration | None]] = {
    "attribute": make_attribute, "event": make_event, "tag_group": make_tag_group, "tag": make_tag,
    "segment": make_segment, "metric": make_metric, "template": make_template, "coupon": make_coupon,
    "redpacket": make_redpacket, "product": make_product, "source": make_source, "activity": make_activity,
    "points_rules": make_points, "tiers": make_tiers, "whenever": make_whenever, "policy": make_policy,
    "playbook": make_playbook,
}


def parse_text(text: str, path: str, names: DeclaredNames) -> tuple[SyntaxFile, tuple[Diagnostic, ...]]:
    """Read the declarations of one file.

    ``names`` are those of the whole workspace (:func:`collect_names`). The diagnostics are all that is wrong with
    the text, in its order; declarations that could not be read are missing from the tree, and lines within one that
    could not be read are missing there.

    >>> names = collect_names(["属性 城市 文本"])
    >>> file, problems = parse_text("属性 城市 文本", "a.sop", names)
    >>> file.declarations[0].name.text, problems
    ('城市', ())
    """
    file, diagnostics, _ = parse_with_layout(text, path, names)
    return file, diagnostics


def parse_with_layout(
    text: str, path: str, names: DeclaredNames
) -> tuple[SyntaxFile, tuple[Diagnostic, ...], Layout | None]:
    """Read the declarations of one file as :func:`parse_text` does, and keep where its lines and comments stand.

    There is no layout of a text that is too long to be read.
    """
    if len(text) > MAX_CHARACTERS:
        return SyntaxFile(path, text, ()), (_too_long(text, path),), None
    reading = _Reading(text, path, names)
    statements = reading.statements("declaration", first_column=True)
    declarations: list[Declaration] = []
    for statement in statements:
        if statement.tree is not None:
            tree = trees(statement.tree)[0]
            made = _MAKERS[str(tree.data)](reading.maker, statement, tree)
            if made is not None:
                declarations.append(made)
    reading.maker.diagnostics += check_new_names(declarations, reading.scanner, path)
    return SyntaxFile(path, text, tuple(declarations)), reading.all_diagnostics(), reading.layout


def parse_condition(text: str, names: DeclaredNames) -> tuple[Condition | None, tuple[Diagnostic, ...]]:
    """Read one condition, for instance of the command line. The condition is None where something is wrong."""
    if len(text) > MAX_CHARACTERS:
        return None, (_too_long(text, CONDITION_FILE),)
    reading = _Reading(text, CONDITION_FILE, names)
    statement = reading.only_statement(CONDITIONS)
    made: Condition | None = None
    if statement is not None and statement.tree is not None:
        made = make_line_condition(reading.maker, statement, trees(statement.tree)[0])
    diagnostics = reading.all_diagnostics()
    return (None if diagnostics else made), diagnostics


def parse_schedule(text: str, names: DeclaredNames) -> tuple[Timetable | None, tuple[Diagnostic, ...]]:
    """Read one schedule with its limits, for instance of the command line. None where something is wrong."""
    if len(text) > MAX_CHARACTERS:
        return None, (_too_long(text, SCHEDULE_FILE),)
    reading = _Reading(text, SCHEDULE_FILE, names)
    statement = reading.only_statement("schedule")
    made: Timetable | None = None
    if statement is not None and statement.tree is not None:
        made = make_schedule(reading.maker, statement.tree)
    diagnostics = reading.all_diagnostics()
    return (None if diagnostics else made), diagnostics


class _Reading:
    """One text on its way through the stages."""

    def __init__(self, text: str, path: str, names: DeclaredNames) -> None:
        self.path = path
        self.text = text
        self.names = names
        self.tables: Tables = load_tables()
        words = LineWords(self.tables, names)
        self.layout: Layout = read_layout(text, path, words.continues, words.begins_statement)
        self.scanner = Scanner(self.tables, self.layout.flat, self.layout.strings, names)
        self.maker = Maker(self.layout, names)
        self.found: list[Diagnostic] = list(self.layout.diagnostics)

    @cached_property
    def explainer(self) -> Explainer:
        # Imported where it is needed: a text without mistakes is read faster without it.
        from .explain import Explainer

        return Explainer(self.path, self.text, self.scanner)

    def statements(self, start: str, first_column: bool) -> list[Statement]:
        lines, problems = nest(self.layout.lines, self.path, first_column)
        self.found += problems
        reader = BlockReader(self.path, self._read, self._explain)
        made = reader.statements(lines, start)
        self.found += reader.diagnostics
        return made

    def _read(self, line: LogicalLine, start: str) -> ReadLine:
        return parse_line(self.scanner, line, start)

    def _explain(self, line: LogicalLine, start: str, result: ReadLine) -> Diagnostic | None:
        if result.stumble is None and not result.unknown:
            return None
        return self.explainer.explain(line, start, result)

    def only_statement(self, start: str) -> Statement | None:
        """The one statement of a text; more or none is an error."""
        statements = self.statements(start, first_column=False)
        if not statements:
            if not self.found:
                self.found.append(Diagnostic("E165", "error", self.path, Span(0, max(1, len(self.text)))))
            return None
        for extra in [each for each in statements if each.tree is not None][1:]:
            self.found.append(Diagnostic("E129", "error", self.path, extra.line.span))
        return statements[0]

    def all_diagnostics(self) -> tuple[Diagnostic, ...]:
        """Everything that is wrong, in the order of the text, once."""
        ordered = sorted(self.found + self.maker.diagnostics, key=lambda found: (found.span, found.code))
        unique: dict[tuple[str, Span], Diagnostic] = {}
        for found in ordered:
            unique.setdefault((found.code, found.span), found)
        kept = list(unique.values())
        if len(kept) > MAX_DIAGNOSTICS:
            rest = len(kept) - MAX_DIAGNOSTICS
            last = Diagnostic("E191", "error", self.path, kept[MAX_DIAGNOSTICS].span, {"count": rest})
            kept = [*kept[:MAX_DIAGNOSTICS], last]
        return tuple(kept)


def _too_long(text: str, path: str) -> Diagnostic:
    return Diagnostic("E100", "error", path, Span(0, 1), {"limit": MAX_CHARACTERS, "length": len(text)})
