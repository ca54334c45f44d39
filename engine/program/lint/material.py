"""What the lint passes look at: each playbook as it is written beside what it means, and what is known around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from ....grammar import syntax
from ....grammar.diagnostics import Diagnostic, Span
from ....grammar.record import record
from .. import ir
from ..conditions import resolve_member_condition
from ..entries import Entry
from ..identities import step_names
from ..names import Declarations
from ..scope import Context, Scope
from ..triggers import event_of, session_of

Occurrences = Callable[[ir.Playbook, ir.Block, int, int, bool], Iterator[int]]
"""The instants in (after, until] at which a block's schedule falls due, within the playbook's own dates or (False) not."""


class StoreFacts(Protocol):
    """What a member store can say, read only."""

    def holds_tag(self, tag: str) -> bool:
        """Whether anybody holds a tag, or ever held it."""

    def members(self) -> int:
        """How many members there are."""

    def audience_size(self, library: ir.Library, condition: ir.Condition, zone: str) -> int:
        """How many members a condition is true of now."""


@record
class Surroundings:
    """What the texts alone do not say; each part that is None is not judged by.

    ``at`` is the instant from which schedules are looked at, ``occurrences`` finds them. ``store`` answers about members.
    ``test_files`` are the names of the files ``…_test.yaml`` of the workspace.
    """

    at: int | None = None
    occurrences: Occurrences | None = None
    store: StoreFacts | None = None
    test_files: frozenset[str] = frozenset()


@record
class Pair:
    """A sound playbook as written and as checked; ``written.blocks`` and ``playbook.blocks`` go together."""

    entry: Entry
    written: syntax.PlaybookDecl
    playbook: ir.Playbook

    @property
    def blocks(self) -> Iterator[tuple[syntax.Block, ir.Block]]:
        """The blocks as written and as checked."""
        return zip(self.written.blocks, self.playbook.blocks, strict=True)

    @property
    def audience(self) -> syntax.Condition | None:
        """The audience as written."""
        lines = [line for line in self.written.audiences if isinstance(line, syntax.AudienceLine)]
        return lines[0].condition if lines else None


@record
class Material:
    """A checked workspace. ``is_whole`` says that nothing in it has errors, so that all uses of a name are known."""

    program: ir.Program
    declarations: Declarations
    pairs: tuple[Pair, ...]
    scope: Scope
    around: Surroundings
    is_whole: bool

    @property
    def library(self) -> ir.Library:
        """The library of the program."""
        return self.program.library


def meaning(material: Material, pair: Pair, block: ir.Block | None, condition: syntax.Condition) -> ir.Condition | None:
    """The meaning of a part of a condition in its place: the audience (no block) or the steps of a block."""
    context = Context(material.scope, _scratch(pair.entry), pair.playbook.name)
    if block is not None:
        context = Context(
            material.scope, _scratch(pair.entry), pair.playbook.name, event=event_of(block.trigger),
            session=session_of(block.trigger), steps=step_names(pair.written.blocks),
        )
    return resolve_member_condition(context, condition)


def meaning_outside(material: Material, entry: Entry, condition: syntax.Condition) -> ir.Condition | None:
    """The meaning of a part of a condition of a segment or of the policy."""
    return resolve_member_condition(Context(material.scope, _scratch(entry), None), condition)


def _scratch(entry: Entry) -> Entry:
    """An entry for what was told already."""
    return Entry(entry.key, entry.file, entry.span, entry.text)


def warn(
    entry: Entry, code: str, span: Span, *, hint: str | None = None, related: Sequence[Span] = (), **params: str | int
) -> Diagnostic:
    """A warning in the file of a declaration."""
    return Diagnostic(code, "warning", entry.file, span, params, hint, tuple(related))


def conjuncts(condition: syntax.Condition) -> list[syntax.Condition]:
    """The tests that all have to hold for a condition to be true."""
    if isinstance(condition, syntax.And) or (isinstance(condition, syntax.Listed) and condition.kind == "all"):
        return [part for item in condition.items for part in conjuncts(item)]
    return [condition]


def conjuncts_of(condition: ir.Condition | None) -> list[ir.Condition]:
    """The tests that all have to hold for a checked condition to be true."""
    if condition is None:
        return []
    if isinstance(condition, ir.All):
        return [part for item in condition.items for part in conjuncts_of(item)]
    return [condition]


_PLAIN = frozenset({str, int, bool, Span, type(None)})


def nodes(tree: object) -> Iterator[object]:
    """Every record inside a record or tuple of records, itself included, outer ones first."""
    waiting: list[object] = [tree]
    while waiting:
        node = waiting.pop()
        if type(node) is tuple:
            waiting.extend(reversed(node))
            continue
        names = getattr(type(node), "__match_args__", ())
        if names:
            yield node
            inside = [getattr(node, name) for name in reversed(names)]
            waiting.extend(each for each in inside if type(each) not in _PLAIN)


def conditions_of(playbook: ir.Playbook) -> Iterator[ir.Condition]:
    """Every condition that a playbook asks."""
    yield playbook.audience
    if playbook.goal is not None:
        yield playbook.goal.condition
    if playbook.exit is not None:
        yield playbook.exit
    for block in playbook.blocks:
        if block.audience is not None:
            yield block.audience
        yield from (i.condition for i in block.code if isinstance(i, ir.Branch | ir.WaitFor))
