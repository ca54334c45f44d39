"""Explaining one member at an instant: every playbook's audience, the rules beside it, and what each step would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...grammar.diagnostics import UsageError
from ...grammar.messages import render
from ..log.archives.known import archived_until
from ..program.clock import iso
from ..program.ir import All, Block, Condition, MemberDate, Playbook, Program
from ..program.words.conditions import describe
from ..program.words.rules import trigger_words
from ..run.agenda import runs_at
from ..run.context import BlockRun, RunContext
from ..run.failures import PlaybookFailed
from ..run.member_dates import of_value
from ..run.units import GROUP, MEMBER, by_kind
from ..stores.sqlite.database import SqliteStore
from .answers import BlockExplanation, Explanation, Node, PlaybookExplanation, Remark, StepVerdict
from .asked import Asked
from .causes import with_causes
from .groups import group_tree, no_member
from .history import Entry, last_entry, present_entry
from .past import is_past, steps_then, stood
from .rules import WAYS_OUT, rules_of, ways_out
from .tree import tree_of
from .trial import trials, try_block
from .verdicts import inside, places_of, same_for_all, verdicts_of, waits_for
from .view import View

EVERY_SEQ = 2**63 - 1


@dataclass(frozen=True, slots=True)
class _Asking:
    """What is asked, of whom: T is t, and every fact that had arrived counts."""

    program: Program
    view: View
    ctx: RunContext
    lang: str


def explain_member(
    store: SqliteStore, program: Program, member: str, at: int, playbook: str | None = None, lang: str = "zh"
) -> Explanation:
    """Return why ``member`` (an outside id) gets something or nothing of each playbook at the instant ``at``.

    It is what a run at ``at`` would do with this member alone: others compete neither for stock nor for the guard.
    ``playbook`` limits it to one. Nothing of the store changes. An id that no member has may be that of a group: then it is the
    group that is explained. What was suppressed may be archived, of which a remark tells. Raises UsageError for an
    unknown member or playbook.
    """
    zone = program.policy.zone.name
    with store.snapshot():
        kind, unit = _unit_of(store, member)
        names = _asked_names(program, playbook, kind)
        view = View(store, program.library, unit, at, at, EVERY_SEQ, zone, kind)
        if not view.exists():
            return Explanation(member, iso(at, zone), (), _not_there(store, view, zone, lang))
        with trials(view, program) as ctx:
            asking = _Asking(program, view, ctx, lang)
            found = tuple(_explain_playbook(asking, name) for name in names)
        remarks = _archived(store, at, zone, lang)
    return Explanation(member, iso(at, zone), found, remarks)


def _archived(store: SqliteStore, at: int, zone: str, lang: str) -> tuple[Remark, ...]:
    """Says where it is so that what was suppressed by then is archived, so that it is not told."""
    until = archived_until(store)
    if until is None or at >= until:
        return ()
    return (remark("explain.archived", lang, until=iso(until, zone)),)


def _asked_names(program: Program, playbook: str | None, kind: int) -> Sequence[str]:
    """The playbook asked for, else all but those that speak to another kind of unit."""
    known = sorted({*program.playbooks, *program.blocked})
    if playbook is None:
        return [name for name in known if name in program.blocked or _speaks_to(program.playbooks[name]) == kind]
    if playbook not in known:
        raise UsageError("C127", name=playbook, known=", ".join(known))
    return [playbook]


def _speaks_to(playbook: Playbook) -> int:
    return MEMBER if playbook.groups is None else GROUP


def _unit_of(store: SqliteStore, member: str) -> tuple[int, int]:
    """The kind and number of a member, or of a group where no member has the id."""
    for kind, sql in _UNIT.items():
        row = store.connection.execute(sql, (member,)).fetchone()
        if row is not None:
            return kind, int(row[0])
    raise UsageError("C128", member=member)


_UNIT = by_kind("SELECT unit FROM $units WHERE id = ?")


def _not_there(store: SqliteStore, view: View, zone: str, lang: str) -> tuple[Remark, ...]:
    """Says whether nothing at all had arrived by then, or only not this member, or whether the id was merged."""
    merged = store.connection.execute(_MERGED, {"unit": view.unit, "at": view.at}).fetchone() if view.kind == MEMBER else None
    if merged is not None:
        return (remark("explain.merged", lang, at=iso(merged[0], zone), into=merged[1]),)
    first, own = store.connection.execute(_ARRIVALS[view.kind], (view.unit,)).fetchone()
    if first > view.at:
        return (remark("N101", lang, at=iso(view.at, zone)),)
    return (remark("explain.not_there", lang, at=iso(view.at, zone), arrived=iso(own, zone)),)


_MERGED = """
SELECT g.at, m.id FROM merges g JOIN members m ON m.unit = g.target WHERE g.unit = :unit AND g.at <= :at
"""
_ARRIVALS = by_kind("SELECT (SELECT min(arrived) FROM $units), arrived FROM $units WHERE unit = ?")


def remark(code: str, lang: str, **params: str | int) -> Remark:
    """A remark in its sentence."""
    return Remark(code, params, render(code, params, lang)[0])


def _explain_playbook(asking: _Asking, name: str) -> PlaybookExplanation:
    playbook = asking.program.playbooks.get(name)
    if playbook is None:
        return PlaybookExplanation(name, "blocked", "", (), asking.program.blocked[name])
    view = replace(asking.view, zone=playbook.zone.name)
    if playbook.zone.per_member:
        view = view.in_member_zone()
    loaded = asking.ctx.versions[name, playbook.version]
    try:
        blocks = tuple(_explain_block(asking, BlockRun(loaded, block), view) for block in playbook.blocks)
    except PlaybookFailed as failure:
        return PlaybookExplanation(name, "blocked", playbook.version, (), (failure.where,))
    return PlaybookExplanation(name, playbook.state, playbook.version, blocks)


def audience_of(playbook: Playbook, block: Block) -> Condition:
    """The playbook's and the block's audience together; of a schedule of own dates, that it is the member's day."""
    more = () if block.audience is None else (block.audience,)
    if isinstance(block.trigger, MemberDate):
        more = (*more, of_value(block.trigger))
    if not more:
        return playbook.audience
    parts = playbook.audience.items if isinstance(playbook.audience, All) else (playbook.audience,)
    return All((*parts, *more))


def _explain_block(asking: _Asking, run: BlockRun, view: View) -> BlockExplanation:
    playbook, block, lang = run.playbook, run.block, asking.lang
    tree = _tree(run, view, lang)
    if _speaks_to(playbook) != view.kind:
        words = trigger_words(block.trigger, lang, block.limits)
        return BlockExplanation(block.index, words, tree, (), same_for_all(block, "not_in_audience", lang))
    steps = [action for _, action in places_of(block)]
    asked = Asked(asking.program, playbook, block, run.number, view, lang, steps)
    entry = present_entry(view, playbook.name, run.number)
    rules = tuple(rules_of(asked))
    verdicts = _steps(asking, run, view, tree, entry)
    causes = [*rules, *(ways_out(asked) if any(step.reason in WAYS_OUT for step in verdicts) else ())]
    return BlockExplanation(
        block=block.index, trigger=trigger_words(block.trigger, lang, block.limits), tree=tree,
        rules=tuple(rule.node for rule in rules), steps=with_causes(verdicts, causes, lang),
        enrolment=_standing(asking, run, view, entry),
    )


def _tree(run: BlockRun, view: View, lang: str) -> Node:
    """The audience as the member or group fulfils it; nobody is of one that speaks to another kind."""
    groups = run.playbook.groups
    if view.kind == MEMBER:
        return tree_of(audience_of(run.playbook, run.block), view, lang) if groups is None else no_member(groups, lang)
    if groups is None:
        return Node(describe(audience_of(run.playbook, run.block), lang), False)
    return group_tree(groups, view, lang)


def _steps(
    asking: _Asking, run: BlockRun, view: View, tree: Node, entry: Entry | None
) -> tuple[StepVerdict, ...]:
    if entry is not None and is_past(view):
        return steps_then(_entered(asking, run, entry), entry, view, asking.lang)
    if entry is not None:
        until = None if entry.due is None else iso(entry.due, view.zone)
        return inside(_entered(asking, run, entry), entry.position or 0, until, asking.lang)
    if not runs_at(run.playbook, view.t, view.zone):
        return same_for_all(run.block, "not_active", asking.lang)
    if not tree.true:
        return same_for_all(run.block, "not_in_audience", asking.lang)
    return verdicts_of(run.block, try_block(asking.ctx, run, view), view, asking.lang)


def _entered(asking: _Asking, run: BlockRun, entry: Entry) -> Block:
    """The block as it is in the version that the member entered."""
    for loaded in asking.ctx.versions.values():
        if loaded.number == entry.version:
            return next((b for b in loaded.playbook.blocks if loaded.blocks[b.index] == run.number), run.block)
    return run.block


def _standing(asking: _Asking, run: BlockRun, view: View, entry: Entry | None) -> str | None:
    """Where the member stands inside the block, or how the latest journey in it ended; None for who never entered."""
    lang = asking.lang
    if entry is None:
        last = last_entry(view, run.name, run.number)
        if last is None or last.ended is None:
            return None
        why = render(f"explain.left.{last.why}", {}, lang)[0]
        said = {"entered": iso(last.entered, view.zone), "ended": iso(last.ended, view.zone), "why": why}
        return render("explain.left", said, lang)[0]
    if is_past(view):
        return stood(_entered(asking, run, entry), entry, view, lang)
    entered = iso(entry.entered, view.zone)
    if entry.due is None:
        return render("explain.inside", {"entered": entered}, lang)[0]
    until = iso(entry.due, view.zone)
    waits = waits_for(_entered(asking, run, entry), entry.position)
    if waits is None:
        return render("explain.waiting", {"entered": entered, "until": until}, lang)[0]
    return render("explain.waiting_for", {"entered": entered, "what": describe(waits.condition, lang), "until": until}, lang)[0]
