"""What done steps change: tags and coupons, as facts of the run in the delta tables.

Every fact happens at the t of its record, arrives at T, and names the record as its cause. Whose facts they are is said
by the records written last: those behind a leaf number.
"""

from __future__ import annotations

from typing import Literal

from sqlglot import exp

from ..program.ir import (
    All,
    Always,
    AttributeRef,
    Compare,
    Condition,
    Cutoff,
    CutoffKind,
    FieldRef,
    GiveTags,
    HasTag,
    Not,
    SetAttribute,
    TakeTags,
    TextPattern,
    Validity,
)
from .context import BlockRun, RunContext, Value
from .folding import fold_touched, touch
from .judge import after, compiler_for, earliest, refuse_where
from .statement import Part, Place, fill, fill_once
from .triggers.caused import Caused, watch


def mark_unchanged(ctx: RunContext, run: BlockRun, pc: int, action: GiveTags | TakeTags | SetAttribute) -> None:
    """Outcome ``unchanged`` for rows that hold all tags to be given, none of those to be taken, or the value to be set."""
    if isinstance(action, SetAttribute):
        if isinstance(action.value, FieldRef):
            _mark_same_as_field(ctx, run, pc, action.attribute, action.value)
        else:
            refuse_where(ctx, run, pc, Compare(action.attribute, "is", (action.value,)), "unchanged")
    elif isinstance(action, GiveTags):
        refuse_where(ctx, run, pc, All(tuple(_holds(tag) for tag in action.tags)), "unchanged")
    else:
        any_held = HasTag(tuple(TextPattern(tag) for tag in action.tags))
        refuse_where(ctx, run, pc, Not(any_held), "unchanged")


def _mark_same_as_field(ctx: RunContext, run: BlockRun, pc: int, attribute: AttributeRef, field: FieldRef) -> None:
    """Outcome ``unchanged`` where an attribute is what the event that started the journey says, or both are unknown."""
    compiler = compiler_for(ctx, run, earliest(ctx))
    own = compiler.relations.attribute(attribute, exp.column("unit", "s"), exp.column("t", "f"), "m") or exp.null()
    said = compiler.relations.field(field, "e") or exp.null()
    ctx.execute(fill_once(_SAME_AS_FIELD, own=own, said=said), {**compiler.parameters.values, "pc": pc})


_SAME_AS_FIELD = """
UPDATE flow SET outcome = 'unchanged' WHERE unit IN (
  SELECT s.unit FROM flow s JOIN frames f ON f.frame = s.frame JOIN members m ON m.unit = s.unit
  LEFT JOIN events e ON e.seq = s.fact
  WHERE s.pc = :pc AND s.outcome IS NULL AND own IS said)
"""


def give_tags(ctx: RunContext, run: BlockRun, tags: tuple[str, ...], leaf: int) -> None:
    """Gives tags to the units of the records behind ``leaf``; other tags held of an exclusive group are taken first.

    Who holds the tag already gets the fact as well: it moves an expiry, and it stays true if facts about earlier instants
    arrive later.
    """
    for tag in tags:
        for rival in rivals(ctx, tag):
            _write_facts(ctx, run, rival, given=0, leaf=leaf, only=_holds(rival))
        _write_facts(ctx, run, tag, given=1, leaf=leaf, only=Always(True))


def take_tags(ctx: RunContext, run: BlockRun, tags: tuple[str, ...], leaf: int) -> None:
    """Takes tags from the units of the records behind ``leaf``, those that do not hold them included."""
    for tag in tags:
        _write_facts(ctx, run, tag, given=0, leaf=leaf, only=Always(True))


def rivals(ctx: RunContext, tag: str) -> tuple[str, ...]:
    """The other tags of the exclusive group that a tag belongs to."""
    library = ctx.program.library
    group = library.tags[tag].group
    if group is None or not library.tag_groups[group].exclusive:
        return ()
    return tuple(other for other in sorted(library.tags) if other != tag and library.tags[other].group == group)


def _holds(tag: str) -> Condition:
    return HasTag((TextPattern(tag),))


def _write_facts(ctx: RunContext, run: BlockRun, tag: str, *, given: int, leaf: int, only: Condition) -> None:
    number = ctx.tags[tag]
    compiler = compiler_for(ctx, run, earliest(ctx))
    test = compiler.predicate(only, exp.column("unit", "s"), "f")
    sql = fill_once(_FACTS, expires_at=_expiry(ctx, tag) if given else exp.null(), test=test)
    fixed: dict[str, Value] = {"seq": ctx.counters.seq, "tag": number, "given": given, "at": ctx.at, "leaf": leaf}
    written = ctx.execute(sql, {**compiler.parameters.values, **fixed}).rowcount
    watch(ctx, note_tag(ctx, tag, written))


def note_tag(ctx: RunContext, tag: str, written: int) -> Caused:
    """Counts so many facts of a tag with the next seqs and folds them into its intervals."""
    caused = _note(ctx, "tag", tag, ctx.tags[tag], written)
    if written:
        ctx.counters.tags.add(caused.number)
        touch(ctx, caused.number, caused.before, caused.last)
        fold_touched(ctx, caused.number)
    return caused


def _note(
    ctx: RunContext, what: Literal["tag", "attribute", "points"], name: str, number: int, written: int
) -> Caused:
    before, ctx.counters.seq = ctx.counters.seq, ctx.counters.seq + written
    return Caused(what, name, number, before, ctx.counters.seq)


def _expiry(ctx: RunContext, tag: str) -> exp.Expr:
    expires = ctx.program.library.tags[tag].expires
    return exp.null() if expires is None else ctx.plan.instant(after(expires.months, expires.micros), "f")


_FACTS = """
INSERT INTO run_tag_facts
SELECT :seq + row_number() OVER (ORDER BY d.seq), d.unit, :tag, :given, d.t, :at, expires_at, d.seq
FROM run_dispatches d JOIN flow s ON s.unit = d.unit JOIN frames f ON f.frame = s.frame
WHERE d.seq > :leaf AND test
"""


def issue_coupons(ctx: RunContext, name: str, kind: str, leaf: int) -> None:
    """Gives the units of the records behind ``leaf`` a coupon: ``reserved`` until its push is sent, or ``issued``."""
    ends = validity_end(ctx.program.library.coupons[name].validity)
    expires = exp.null() if ends is None else ctx.plan.instant(ends, "f")
    values: dict[str, Value] = {"seq": ctx.counters.seq, "coupon": ctx.coupons[name], "kind": kind, "leaf": leaf}
    ctx.counters.seq += ctx.execute(fill(_COUPONS, expires_at=expires), values).rowcount
    ctx.counters.coupons = True


_COUPONS = """
INSERT INTO run_coupons
SELECT d.seq, :seq + row_number() OVER (ORDER BY d.seq), :coupon, d.unit, :kind, d.t, expires_at
FROM run_dispatches d JOIN flow s ON s.unit = d.unit JOIN frames f ON f.frame = s.frame
WHERE d.seq > :leaf
"""


def change_points(ctx: RunContext, reason: str, delta: int, leaf: int) -> None:
    """Books ``delta`` points for the units of the records behind ``leaf``."""
    values: dict[str, Value] = {"seq": ctx.counters.seq, "delta": delta, "reason": reason, "leaf": leaf}
    watch(ctx, note_points(ctx, ctx.execute(_POINTS, values).rowcount))


def note_points(ctx: RunContext, written: int) -> Caused:
    """Counts so many entries of the ledger with the next seqs."""
    ctx.counters.points = True
    return _note(ctx, "points", "points", 0, written)


_POINTS = """
INSERT INTO run_points (seq, unit, delta, reason, at, cause)
SELECT :seq + row_number() OVER (ORDER BY d.seq), d.unit, :delta, :reason, d.t, d.seq
FROM run_dispatches d WHERE d.seq > :leaf
"""


def set_attribute(ctx: RunContext, action: SetAttribute, leaf: int) -> None:
    """Sets an attribute of the units of the records behind ``leaf``, those that have the value already included."""
    number = ctx.attributes[action.attribute.name]
    values: dict[str, Value] = {"seq": ctx.counters.seq, "attribute": number, "leaf": leaf}
    place: Place = Part(":value")
    if isinstance(action.value, FieldRef):
        # What is unknown of the event makes the attribute unknown.
        place = compiler_for(ctx, None, ctx.at).relations.field(action.value, "e") or exp.null()
    else:
        values["value"] = action.value
    written = ctx.execute(fill(_SET, set_to=place), values).rowcount
    watch(ctx, note_attribute(ctx, action.attribute.name, written))


def note_attribute(ctx: RunContext, attribute: str, written: int) -> Caused:
    """Counts so many facts of an attribute with the next seqs."""
    number = ctx.attributes[attribute]
    ctx.counters.attributes.add(number)
    return _note(ctx, "attribute", attribute, number, written)


_SET = """
INSERT INTO run_attribute_facts (seq, unit, attribute, value, at, cause)
SELECT :seq + row_number() OVER (ORDER BY d.seq), d.unit, :attribute, set_to, d.t, d.seq
FROM run_dispatches d JOIN flow s ON s.unit = d.unit LEFT JOIN events e ON e.seq = s.fact WHERE d.seq > :leaf
"""


def validity_end(validity: Validity | None) -> Cutoff | None:
    """The instant, seen from the issue, at which a coupon expires; None is never."""
    if validity is None:
        return None
    if validity.duration is not None:
        return after(validity.duration.months, validity.duration.micros)
    if validity.until is not None:
        return Cutoff(CutoffKind.LOCAL, validity.until)
    return Cutoff(CutoffKind.DAY, 1)
