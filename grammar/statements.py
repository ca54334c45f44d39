"""Statements in their blocks: logical lines nested by indentation, each read with the rule its block calls for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from .diagnostics import Diagnostic, Span
from .layout import MAX_DEPTH, LogicalLine
from .lines import ReadLine
from .making.values import Branch, Tree, trees

CONDITIONS = "segment_line"
LISTS = frozenset({"ALL_OF", "ANY_OF", "NONE_OF"})
_TRIGGERS = frozenset({
    "EVERY_DAY", "EVERY", "EVERY_MONTH", "EVERY_YEAR", "EVERY_INTERVAL", "CRON", "ONCE_AT", "WHEN", "NUMBER", "ACTIVITY",
})
_BLOCKS: dict[str, dict[str, str]] = {
    "declaration": {
        "SEGMENT": CONDITIONS, "TEMPLATE": "template_line", "COUPON": "coupon_line", "REDPACKET": "redpacket_line",
        "ACTIVITY": "activity_line", "POINTS_RULES": "points_line", "TIERS": "tier_line", "WHENEVER": "whenever_line",
        "POLICY": "policy_line", "PLAYBOOK": "playbook_line",
    },
    "playbook_line": dict.fromkeys(_TRIGGERS, "block_line"),
    "block_line": {
        "STEP": "block_line", "IF": "block_line", "ELSE_IF": "block_line", "ELSE": "block_line", "SPLIT": "arm_line",
        "DAY_OF": "block_line", "DAY_MARK": "block_line", "WAIT_FOR": "wait_line", "REPEAT": "block_line",
    },
    "arm_line": {"SHARE": "block_line"},
    "wait_line": {"THEN": "block_line", "OTHERWISE": "block_line"},
}
_GUESSES = dict.fromkeys(("playbook_line", "block_line", "arm_line", "wait_line"), "block_line")
MAX_EXPLAINED = 1000
_MAY_BE_EMPTY = frozenset({
    ("declaration", "COUPON"), ("declaration", "REDPACKET"), ("declaration", "ACTIVITY"), ("declaration", "WHENEVER"),
    ("block_line", "WAIT_FOR"), ("arm_line", "SHARE"),
})
"""The rules and first terminals of lines that may stand without the block they can have."""


@dataclass(slots=True)
class Statement:
    """A line that was read, with the statements of its block. ``tree`` is None where it could not be read."""

    line: LogicalLine
    tree: Tree | None
    first: str | None
    children: list[Statement] = field(default_factory=list)

    @property
    def span(self) -> Span:
        """From the line to the end of its block."""
        end = self.children[-1].span.end if self.children else self.line.end
        return Span(self.line.start, end)


def nest(lines: list[LogicalLine], path: str, first_column: bool) -> tuple[list[LogicalLine], list[Diagnostic]]:
    """Put each line under the line whose block it stands in, and tell of indentation that cannot be right."""
    top: list[LogicalLine] = []
    open_lines: list[LogicalLine] = []
    diagnostics: list[Diagnostic] = []
    indented: LogicalLine | None = None

    def blame(line: LogicalLine, code: str, related: tuple[Span, ...] = (), **params: int) -> None:
        if line.problem is None:
            width = len(line.indentation)
            where = Span(line.start - width, line.start) if width else Span(line.start, line.start + 1)
            line.problem = Diagnostic(code, "error", path, where, params, None, related)

    for line in lines:
        closed = None
        while open_lines and open_lines[-1].indent >= line.indent:
            closed = open_lines.pop()
        if not open_lines:
            indented = None
            if first_column and line.indent > 0:
                blame(line, "E147")
        if line.indentation:
            if _mixed(line.indentation) or (indented and _kinds(indented.indentation) != _kinds(line.indentation)):
                related = (indented.span,) if indented else ()
                blame(line, "E107", related)
            else:
                indented = indented or line
        if closed is not None and closed.indent != line.indent:
            blame(line, "E108")
        if len(open_lines) > MAX_DEPTH:
            if len(open_lines) == MAX_DEPTH + 1 and not diagnostics:
                diagnostics.append(Diagnostic("E110", "error", path, line.span, {"limit": MAX_DEPTH}))
            continue
        (open_lines[-1].children if open_lines else top).append(line)
        open_lines.append(line)
    return top, diagnostics


def _kinds(indentation: str) -> frozenset[bool]:
    return frozenset(char == "\t" for char in indentation)


def _mixed(indentation: str) -> bool:
    return len(_kinds(indentation)) > 1


class BlockReader:
    """Reads nested lines into statements; ``explain`` makes the diagnostic of a line that cannot be read."""

    def __init__(
        self,
        path: str,
        read: Callable[[LogicalLine, str], ReadLine],
        explain: Callable[[LogicalLine, str, ReadLine], Diagnostic | None],
    ) -> None:
        self.path = path
        self.read = read
        self.explain = explain
        self.diagnostics: list[Diagnostic] = []

    def statements(self, lines: list[LogicalLine], start: str) -> list[Statement]:
        """Read the lines of one block."""
        made: list[Statement] = []
        missing: str | None = None
        for line in lines:
            statement = self._statement(line, start, missing)
            made.append(statement)
            if statement.tree is not None or _block_of(statement, start) is not None:
                missing = self._missing_block(statement, start)
        return made

    def _missing_block(self, statement: Statement, start: str) -> str | None:
        """The rule of the block that a line lacks: the lines behind it may be that block, not indented."""
        if statement.line.children or (start, statement.first) in _MAY_BE_EMPTY:
            return None
        return _block_of(statement, start)

    def _statement(self, line: LogicalLine, start: str, missing: str | None) -> Statement:
        result = self.read(line, start) if line.problem is None else ReadLine(None, None, None, ())
        problem = line.problem or self._explained(line, start, result)
        if problem is not None and missing is not None and line.problem is None:
            unindented = self.read(line, missing)
            if unindented.tree is not None and not unindented.unknown:
                return Statement(line, None, None)  # the line above already told that its block is missing
        tree = result.tree if problem is None else None
        if problem is not None:
            self.diagnostics.append(problem)
        statement = Statement(line, tree, result.first)
        if problem is not None and problem.code == "E168":
            return statement  # what stands below is the rest of this line
        inner = self._block_rule(statement, start)
        if inner is not None and line.children:
            statement.children = self.statements(line.children, inner)
        if problem is None:
            self._check_block(statement, start, inner)
        return statement

    def _explained(self, line: LogicalLine, start: str, result: ReadLine) -> Diagnostic | None:
        """What is wrong with a line; after very many mistakes only that it is."""
        if len(self.diagnostics) < MAX_EXPLAINED or result.stumble is None:
            return self.explain(line, start, result)
        return Diagnostic("E115", "error", self.path, result.stumble.span, {"written": "…"})

    def _block_rule(self, statement: Statement, start: str) -> str | None:
        if statement.tree is None:
            return _block_of(statement, start) or _GUESSES.get(start)
        inner = _block_of(statement, start)
        if ends_with_list(statement.tree):
            return inner or CONDITIONS
        if start == "arm_line" and _last_type(statement.tree) == "HOLDOUT":
            return None
        return inner

    def _check_block(self, statement: Statement, start: str, inner: str | None) -> None:
        line, tree = statement.line, statement.tree
        if inner is None:
            if line.children:
                child = line.children[0]
                self.diagnostics.append(child.problem or Diagnostic("E118", "error", self.path, child.span))
        elif not line.children and (start, statement.first) not in _MAY_BE_EMPTY:
            self._blame("E117", line.span)
            statement.tree = None
        elif tree is not None and ends_with_list(tree) and inner != CONDITIONS:
            self._blame("E119", line.span)
            statement.tree = None

    def _blame(self, code: str, where: Span) -> None:
        self.diagnostics.append(Diagnostic(code, "error", self.path, where))


def _block_of(statement: Statement, start: str) -> str | None:
    """The rule of the lines under a statement, None where it takes none."""
    tree = statement.tree
    if start == "playbook_line" and tree is not None and trees(tree)[0].data != "block":
        return None  # a header line may begin with the same word as a trigger
    return _BLOCKS.get(start, {}).get(statement.first or "")


def ends_with_list(tree: Tree) -> bool:
    """Whether a line ends with ``all of``, ``any of`` or ``none of``."""
    return _last_type(tree) in LISTS


def _last_type(tree: Tree) -> str:
    branch: Branch = tree
    while isinstance(branch, Tree):
        branch = branch.children[-1]
    return branch.type
