"""What this version checks but does not carry out yet: whatever needs journeys beyond plain waits.

Such playbooks are told of and blocked, so that nobody gets half of what was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from ...grammar.diagnostics import Span
from ...grammar.messages import mention
from ...grammar.record import record
from . import ir
from .entries import Entry

NOT_CARRIED_OUT = "W190"
"""The code that says so of a playbook; it blocks the playbook in a run."""
CANNOT_ASK = "E390"
"""The code of a condition that is asked where it would have to be carried out at once."""


@record
class Pending:
    """Something that is not carried out yet; ``code`` is that of its plain name in the messages."""

    code: str


_NODES: Mapping[type[object], str] = MappingProxyType({})


def not_carried_out(playbook: ir.Playbook, library: ir.Library) -> tuple[Pending, ...]:
    """Return what keeps a playbook from running in this version, by code, each once; empty where it runs."""
    return tuple(Pending(code) for code in sorted(_found(playbook, library)))


def not_asked(condition: ir.Condition, library: ir.Library) -> tuple[Pending, ...]:
    """Return what keeps a condition from being asked in this version, by code, each once."""
    return tuple(Pending(code) for code in sorted(_found(condition, library)))


def without_pending(program: ir.Program) -> ir.Program:
    """Return the program with the playbooks that cannot be run yet among the blocked ones."""
    pending = [name for name, playbook in program.playbooks.items() if not_carried_out(playbook, program.library)]
    if not pending:
        return program
    return replace(
        program,
        playbooks={name: playbook for name, playbook in program.playbooks.items() if name not in pending},
        blocked={**program.blocked, **dict.fromkeys(pending, (NOT_CARRIED_OUT,))},
    )


def warn_not_carried_out(playbooks: Iterable[tuple[Entry, ir.Playbook]], library: ir.Library) -> None:
    """Tell of the sound playbooks that this version does not run."""
    for entry, playbook in playbooks:
        found = () if entry.faults() else not_carried_out(playbook, library)
        if found:
            entry.warn(NOT_CARRIED_OUT, entry.span, name=playbook.name, what=mention(item.code for item in found))


def refuse_not_asked(entry: Entry, span: Span, condition: ir.Condition, library: ir.Library) -> None:
    """Report a condition that would have to be answered but cannot be: leaving it out could widen an audience."""
    found = not_asked(condition, library)
    if found:
        entry.error(CANNOT_ASK, span, what=mention(item.code for item in found))


def _found(root: object, library: ir.Library) -> set[str]:
    """The codes of everything inside ``root``, and inside the segments, metrics and ladders that it names."""
    found: set[str] = set()
    waiting: list[object] = [root]
    met: set[object] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, tuple):
            waiting.extend(node)
            continue
        kind = type(node)
        if kind in _NODES:
            found.add(_NODES[kind])
        if isinstance(node, _NAMES) and node not in met:
            met.add(node)
            waiting.append(_declared(node, library))
        for name in _PARTS.get(kind, ()):
            part = getattr(node, name)
            if part:
                waiting.append(part)
    return found


_PLAIN = frozenset({
    "None", "str", "int", "bool", "TextPattern", "Duration", "AttributeRef", "FieldRef", "ValueType", "CutoffKind", "Times",
    "Zone", "QuietHours", "Guard", "Offset", "tuple[str, ...]", "tuple[int, ...]", "tuple[TextPattern, ...]",
})
_PARTS: Mapping[object, tuple[str, ...]] = MappingProxyType({
    kind: tuple(name for name, written in kind.__annotations__.items() if not _PLAIN.issuperset(written.split(" | ")))
    for kind in vars(ir).values()
    if isinstance(kind, type) and "__match_args__" in vars(kind)
})
"""The fields of each class of the program in which something that matters can stand; annotations are texts."""
_Named = ir.InSegment | ir.SegmentCrossed | ir.MetricRef | ir.LadderRef | ir.TierMoves
_NAMES = (ir.InSegment, ir.SegmentCrossed, ir.MetricRef, ir.LadderRef, ir.TierMoves)


def _declared(node: _Named, library: ir.Library) -> object:
    """What a name stands for; None where that is broken, which is told elsewhere."""
    match node:
        case ir.InSegment(name) | ir.SegmentCrossed(name):
            return library.segments.get(name)
        case ir.MetricRef(name):
            return library.metrics.get(name)
        case ir.LadderRef(name) | ir.TierMoves(name):
            return library.ladders.get(name)
