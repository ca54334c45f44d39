"""Explaining one member at an instant: every playbook's audience, the rules beside it, and what each step would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...grammar.diagnostics import UsageError
from ...grammar.messages import render
from ..program.clock import iso
from ..program.ir import All, Block, Condition, MemberDate, Playbook, Program
from ..program.pending import without_pending
from ..program.words.rules import trigger_words
from ..run.agenda import runs_at
from ..run.context import BlockRun, RunContext
from ..run.failures import PlaybookFailed
from ..run.member_dates import of_value
from ..stores.sqlite.database import SqliteStore
from .answers import BlockExplanation, Explanation, Node, PlaybookExplanation, Remark, StepVerdict
from .asked import Asked
from .history import Entry, present_entry
from .rules import rules_of
from .tree import tree_of
from .trial import trials, try_block
from .verdicts import inside, places_of, same_for_all, verdicts_of
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
    ``playbook`` limits it to one. Nothing of the store changes. Raises UsageError for an unknown member or playbook.
    """
    names = _asked_names(program, playbook)
    program = without_pending(program)
    zone = program.policy.zone.name
    with store.snapshot():
        unit = _unit_of(store, member)
        view = View(store, program.library, unit, at, at, EVERY_SEQ, zone)
        if not view.exists():
            return Explanation(member, iso(at, zone), (), _not_there(store, member, at, zone, lang))
        with trials(view, program) as ctx:
            asking = _Asking(program, view, ctx, lang)
            found = tuple(_explain_playbook(asking, name) for name in names)
    return Explanation(member, iso(at, zone), found)


def _asked_names(program: Program, playbook: str | None) -> Sequence[str]:
    known = sorted({*program.playbooks, *program.blocked})
    if playbook is None:
        return known
    if playbook not in known:
        raise UsageError("C127", name=playbook, known=", ".join(known))
    return [playbook]


def _unit_of(store: SqliteStore, member: str) -> int:
    row = store.connection.execute("SELECT unit FROM members WHERE id = ?", (member,)).fetchone()
    if row is None:
        raise UsageError("C128", member=member)
    return int(row[0])


def _not_there(store: SqliteStore, member: str, at: int, zone: str, lang: str) -> tuple[Remark, ...]:
    """Says whether nothing at all had arrived by then, or only not this member."""
    first, own = store.connection.execute(
        "SELECT (SELECT min(arrived) FROM members), arrived FROM members WHERE id = ?", (member,)
    ).fetchone()
    if first > at:
        return (remark("N101", lang, at=iso(at, zone)),)
    return (remark("explain.not_there", lang, at=iso(at, zone), arrived=iso(own, zone)),)


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
    tree = tree_of(audience_of(playbook, block), view, lang)
    steps = [action for _, action in places_of(block)]
    asked = Asked(asking.program, playbook, block, run.number, view, lang, steps)
    entry = present_entry(view, playbook.name, run.number)
    return BlockExplanation(
        block=block.index, trigger=trigger_words(block.trigger, lang, block.limits), tree=tree,
        rules=tuple(rule.node for rule in rules_of(asked)), steps=_steps(asking, run, view, tree, entry),
        enrolment=None if entry is None else _standing(entry, view, lang),
    )


def _steps(
    asking: _Asking, run: BlockRun, view: View, tree: Node, entry: Entry | None
) -> tuple[StepVerdict, ...]:
    if entry is not None:
        until = None if entry.due is None else iso(entry.due, view.zone)
        return inside(run.block, entry.position or 0, until, asking.lang)
    if not runs_at(run.playbook, view.t, view.zone):
        return same_for_all(run.block, "not_active", asking.lang)
    if not tree.true:
        return same_for_all(run.block, "not_in_audience", asking.lang)
    return verdicts_of(run.block, try_block(asking.ctx, run, view), view, asking.lang)


def _standing(entry: Entry, view: View, lang: str) -> str:
    entered = iso(entry.entered, view.zone)
    if entry.due is None:
        return render("explain.inside", {"entered": entered}, lang)[0]
    return render("explain.waiting", {"entered": entered, "until": iso(entry.due, view.zone)}, lang)[0]
