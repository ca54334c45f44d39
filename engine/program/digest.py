"""Versions: what a digest is taken from and what members in flight run on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import field, replace

from ...grammar.record import record
from . import ir
from .canonical import decode, digest_of, encode, parts_of

__all__ = [
    "VersionUnit", "decode", "digest_of", "encode", "library_of", "load_version", "program_digest", "version_of",
    "version_unit",
]


@record
class VersionUnit:
    """A playbook with everything whose change makes it another version.

    ``attributes`` and ``fields`` give only types. Activities and categories stand in the playbook itself, as times and
    products. Not in it are what many members share or what is looked up as it is now: budgets, stock, the limits of
    coupons and red packets, points rules and standing rules.
    """

    playbook: ir.Playbook
    segments: Mapping[str, ir.Condition]
    metrics: Mapping[str, ir.Total]
    attributes: Mapping[str, ir.ValueType]
    fields: Mapping[str, ir.ValueType]
    ladders: Mapping[str, ir.Ladder] = field(default_factory=dict)


def version_unit(playbook: ir.Playbook, library: ir.Library) -> VersionUnit:
    """Return ``playbook`` without what is not part of a version, and what it uses of ``library``, transitively."""
    bare = replace(playbook, about="", owner="", state="live", version="", budgets=())
    segments: dict[str, ir.Condition] = {}
    metrics: dict[str, ir.Total] = {}
    attributes: dict[str, ir.ValueType] = {}
    event_fields: dict[str, ir.ValueType] = {}
    ladders: dict[str, ir.Ladder] = {}
    waiting: list[object] = [bare]
    while waiting:
        value = waiting.pop()
        if type(value) not in _REFERENCES:
            waiting.extend(parts_of(value))
            continue
        match value:
            case ir.AttributeRef(name, kind):
                attributes[name] = kind
            case ir.FieldRef(name, kind):
                event_fields[name] = kind
            case ir.InSegment(name) | ir.SegmentCrossed(name) if name not in segments:
                segments[name] = library.segments[name]
                waiting.append(segments[name])
            case ir.MetricRef(name) if name not in metrics:
                metrics[name] = library.metrics[name]
                waiting.append(metrics[name])
            case ir.LadderRef(name) | ir.TierMoves(name) if name not in ladders:
                ladders[name] = library.ladders[name]
                waiting.append(ladders[name])
    return VersionUnit(bare, segments, metrics, attributes, event_fields, ladders)


_REFERENCES = frozenset({
    ir.AttributeRef, ir.FieldRef, ir.InSegment, ir.SegmentCrossed, ir.MetricRef, ir.LadderRef, ir.TierMoves
})


def version_of(playbook: ir.Playbook, library: ir.Library) -> str:
    """Return the version of a playbook: the hex SHA-256 of its version unit."""
    return digest_of(version_unit(playbook, library))


def load_version(text: str) -> VersionUnit:
    """Return a stored version unit; its playbook carries the version, but nothing that is not part of one."""
    unit = decode(text, VersionUnit)
    return replace(unit, playbook=replace(unit.playbook, version=hashlib.sha256(text.encode()).hexdigest()))


def library_of(unit: VersionUnit, newest: ir.Library) -> ir.Library:
    """Return the library on which a version runs: the newest, with the segments, metrics and ladders of its own."""
    return replace(
        newest,
        segments={**newest.segments, **unit.segments},
        metrics={**newest.metrics, **unit.metrics},
        ladders={**newest.ladders, **unit.ladders},
    )


def program_digest(program: ir.Program) -> str:
    """Return the hex SHA-256 over a whole program (its own ``digest`` left out).

    Of a playbook it takes the version and what is not part of one; the version stands for the rest.
    """
    shown = tuple((p.name, p.version, p.about, p.owner, p.state, p.budgets) for p in program.playbooks.values())
    rest = (program.library, program.policy, program.blocked, program.broken)
    return digest_of((rest, shown))
