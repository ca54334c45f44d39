"""Explaining one decision of the log as of its own coordinates: what was seen, and why it came out so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ...grammar.messages import render
from ..log.erasures import erased_at
from ..log.records import LogRecord, find_record
from ..program.clock import iso, zone_of
from ..program.digest import library_of, load_version
from ..program.ir import Block, GroupAudience, Playbook, Program, Push
from ..program.words.rules import trigger_words
from ..run.blocks import block_numbers
from ..run.units import MEMBER
from ..stores.sqlite.database import SqliteStore
from .answers import BlockExplanation, Explanation, Node, PlaybookExplanation, RecordExplanation, Remark, StepVerdict
from .asked import EVERY_LEAF, Asked, Rule
from .given import journeys
from .groups import group_tree
from .later import arrived_later, later_words
from .member import audience_of, remark
from .rules import RULED, WAYS_OUT, rules_of, ways_out
from .tree import tree_of
from .verdicts import action_word, places_of, reason_text
from .view import View


@dataclass(frozen=True, slots=True)
class _Decision:
    """A record with what the log keeps about it in numbers. ``at`` is T, ``entered`` the instant of its occurrence."""

    record: LogRecord
    unit: int
    t: int
    at: int
    mark: int
    occurrence: int
    entered: int
    playbook: Playbook
    block: Block
    number: int
    program: Program
    kind: int

    @property
    def groups(self) -> GroupAudience | None:
        """The groups that are spoken to, by the playbook or by a push of one for members; None where it is members."""
        if self.kind == MEMBER:
            return None
        pushes = (i for i in self.block.code if isinstance(i, Push) and i.step == self.record.step)
        return self.playbook.groups or GroupAudience(next((push.groups for push in pushes), None))


def explain_dispatch(store: SqliteStore, program: Program, record_id: str, lang: str = "zh") -> Explanation:
    """Return how the record whose id begins with ``record_id`` came about, as it was seen then.

    The playbook, segments and metrics are those of the record's version; the policy, texts, coupons and budgets are today's.
    Raises UsageError where no record, or more than one, has such an id.
    """
    zone = program.policy.zone.name
    with store.snapshot():
        record = find_record(store, record_id, zone_of(zone), reveal=True)
        decision = _decision(store, program, record)
        at = iso(decision.t, zone)
        if record.member_id is None:
            return Explanation(None, at, (), (_erased(store, decision, lang),), _told(decision, (), True, lang))
        view = _view(store, decision)
        tree = _tree(decision, _at_entry(decision, view), lang)
        rules = list(_rules(decision, view, lang))
        agrees = _agrees(record, tree, rules)
        explained = _explain_block(decision, view, tree, rules, lang)
        told = _told(decision, _causes(decision, rules, view, lang), agrees, lang)
        return Explanation(record.member_id, at, (explained,), tuple(_remarks(decision, view, agrees, lang)), told)


def _erased(store: SqliteStore, decision: _Decision, lang: str) -> Remark:
    at = erased_at(store, decision.unit) if decision.kind == MEMBER else None
    if at is None:
        return remark("explain.erased", lang)
    return remark("explain.erased_on", lang, at=iso(at, decision.program.policy.zone.name))


def _tree(decision: _Decision, view: View, lang: str) -> Node:
    if decision.groups is not None:
        return group_tree(decision.groups, view, lang)
    return tree_of(audience_of(decision.playbook, decision.block), view, lang)


def _decision(store: SqliteStore, program: Program, record: LogRecord) -> _Decision:
    row = store.connection.execute(_DECISION, (record.seq,)).fetchone()
    unit, t, at, mark, occurrence, entered, number, source, kind = row
    version = load_version(source)
    newest = program.playbooks.get(version.playbook.name)
    # Budgets are no part of a version: the newest apply.
    playbook = replace(version.playbook, budgets=() if newest is None else newest.budgets)
    block = playbook.blocks[block_numbers(store.connection, playbook).index(number)]
    its_own = replace(program, library=library_of(version, program.library))
    return _Decision(record, unit, t, at, mark, occurrence, entered, playbook, block, number, its_own, kind)


_DECISION = """
SELECT d.unit, d.t, r.at, d.mark, d.occurrence, o.at, h.block, v.source, d.kind
FROM dispatches d JOIN headers h ON h.header = d.header JOIN runs r ON r.run = h.run
JOIN occurrences o ON o.occurrence = d.occurrence JOIN playbook_versions v ON v.version = h.version
WHERE d.seq = ?
"""


def _view(store: SqliteStore, decision: _Decision) -> View:
    zone = decision.playbook.zone
    view = View(
        store, decision.program.library, decision.unit, decision.t, decision.at, decision.mark, zone.name,
        decision.kind,
    )
    return view.in_member_zone() if zone.per_member and decision.kind == MEMBER else view


def _at_entry(decision: _Decision, view: View) -> View:
    """The member as seen at entry, where the audience is tested: before what the journey itself did to them.

    The first record under the occurrence has the coordinates; where the entry left none, the run that handled it.
    """
    values = (decision.occurrence, decision.kind, decision.unit)
    first = view.store.connection.execute(_FIRST, values).fetchone()
    if first is not None and first[0] == decision.entered:
        return replace(view, t=first[0], at=first[1], mark=first[2])
    run = view.store.connection.execute(_RUN, (decision.entered,)).fetchone()
    if run is None:
        return view
    return replace(view, t=decision.entered, at=run[0], mark=run[1])


_FIRST = """
SELECT d.t, r.at, d.mark FROM dispatches d JOIN headers h ON h.header = d.header JOIN runs r ON r.run = h.run
WHERE d.occurrence = ? AND d.kind = ? AND d.unit = ? ORDER BY d.seq LIMIT 1
"""
_RUN = "SELECT at, mark FROM runs WHERE at >= ? ORDER BY at LIMIT 1"


def _rules(decision: _Decision, view: View, lang: str) -> Iterator[Rule]:
    yield from rules_of(_asked(decision, view, lang, decision.record.seq))


def _asked(decision: _Decision, view: View, lang: str, leaf: int) -> Asked:
    steps = [action for _, action in places_of(decision.block) if action.step == decision.record.step]
    return Asked(decision.program, decision.playbook, decision.block, decision.number, view, lang, steps, leaf)


def _agrees(record: LogRecord, tree: Node, rules: list[Rule]) -> bool:
    """Whether what is seen leads to the record: in the audience, and the rules apply that its reason speaks of.

    A step that went out was stopped by none; only stock and budgets may have run out since in the same run, and what is
    no push is not asked for consent after entry.
    """
    applying = {rule.reason for rule in rules if rule.node.true}
    if record.status == "suppressed":
        return tree.true and (record.reason not in RULED or record.reason in applying)
    harmless = {"stock", "budget"} if record.action == "push" else {"stock", "budget", "never_push"}
    if record.not_before > record.t:
        # It was held back until these let it go.
        harmless |= {"quiet_hours", "cap"}
    return tree.true and applying <= harmless


def _causes(decision: _Decision, rules: list[Rule], view: View, lang: str) -> tuple[Node, ...]:
    if decision.record.reason == "late":
        return _lateness(decision, view, lang)
    reason = decision.record.reason
    if reason == "exclusive":
        # Whose journey it was is known as of the decision.
        return tuple(rule.node for rule in journeys(_asked(decision, view, lang, EVERY_LEAF)))
    if reason in WAYS_OUT:
        asked = _asked(decision, view, lang, EVERY_LEAF)
        found = [rule.node for rule in ways_out(asked) if rule.reason == reason]
        # A goal may speak of the entry itself, which is not known outside of the journey.
        return tuple(node for node in found if node.true) or tuple(found)
    if reason is None:
        # The text that a rotation chose is worth telling of what went out.
        return tuple(rule.node for rule in rules if rule.reason == "no_content")
    applying = tuple(rule.node for rule in rules if rule.reason == reason and rule.node.true)
    # What is scarce ends for all after the first for whom it did not suffice, even where a little is left.
    return applying or tuple(rule.node for rule in rules if rule.reason == reason and reason in ("budget", "stock"))


def _lateness(decision: _Decision, view: View, lang: str) -> tuple[Node, ...]:
    """The fact that came too late, named by the occurrence; else that the run came too late for what was due."""
    _, sign, fact = decision.record.occurrence.partition("#")
    row = view.store.connection.execute(_FACT, {"seq": int(fact)}).fetchone() if sign and fact.isdecimal() else None
    known = row is not None and row[1] > row[0]
    trigger = trigger_words(decision.block.trigger, lang, decision.block.limits)
    if row is not None and known:
        said = {"trigger": trigger, "arrived": iso(row[1], view.zone)}
        return (Node(render("explain.fact", said, lang)[0], True, iso(row[0], view.zone)),)
    said = {"trigger": trigger, "ran": iso(decision.at, view.zone)}
    return (Node(render("explain.ran_late", said, lang)[0], True, iso(decision.t, view.zone)),)


_FACT = """
SELECT at, arrived FROM tag_facts WHERE seq = :seq UNION ALL SELECT at, arrived FROM events WHERE seq = :seq
UNION ALL SELECT at, arrived FROM attribute_facts WHERE seq = :seq
UNION ALL SELECT at, arrived FROM points WHERE seq = :seq UNION ALL SELECT at, arrived FROM coupon_facts WHERE seq = :seq
UNION ALL SELECT at, arrived FROM friendship_facts WHERE seq = :seq
UNION ALL SELECT at, arrived FROM group_member_facts WHERE seq = :seq
"""


def _told(decision: _Decision, causes: tuple[Node, ...], agrees: bool, lang: str) -> RecordExplanation:
    record = decision.record
    if record.reason is not None:
        why = reason_text(record.reason, lang)
    else:
        why = render(f"explain.status.{record.status}", {}, lang)[0]
    return RecordExplanation(
        record.id, record.playbook, record.step, record.action, record.status, record.reason, why, causes, agrees
    )


def _explain_block(
    decision: _Decision, view: View, tree: Node, rules: list[Rule], lang: str
) -> PlaybookExplanation:
    block = BlockExplanation(
        block=decision.block.index, tree=tree,
        trigger=trigger_words(decision.block.trigger, lang, decision.block.limits),
        rules=tuple(rule.node for rule in rules), steps=_logged(decision, view, lang),
    )
    newest = decision.program.playbooks.get(decision.playbook.name)
    state = "live" if newest is None else newest.state
    return PlaybookExplanation(decision.playbook.name, state, decision.record.version, (block,))


def _logged(decision: _Decision, view: View, lang: str) -> tuple[StepVerdict, ...]:
    """What the log says of each step under the same occurrence."""
    rows = view.store.connection.execute(_LOGGED, (decision.occurrence, decision.kind, decision.unit)).fetchall()
    known = {step: (status, reason) for step, status, reason in rows}
    found = []
    for _, action in places_of(decision.block):
        status, reason = known.get(action.step, (None, None))
        word = action_word(action)
        if status is None:
            text = render("explain.no_record", {}, lang)[0]
            found.append(StepVerdict(action.step, word, "not_reached", None, None, text))
        elif status == "suppressed":
            found.append(StepVerdict(action.step, word, "suppressed", reason, None, reason_text(reason, lang)))
        else:
            found.append(StepVerdict(action.step, word, "dispatched"))
    return tuple(found)


_LOGGED = """
SELECT s.name, h.status, h.reason FROM dispatches d JOIN headers h ON h.header = d.header
JOIN steps s ON s.step = d.step WHERE d.occurrence = ? AND d.kind = ? AND d.unit = ? ORDER BY d.seq
"""


def _remarks(decision: _Decision, view: View, agrees: bool, lang: str) -> Iterator[Remark]:
    if decision.t != decision.entered:
        yield remark("explain.in_flight", lang, entered=iso(decision.entered, view.zone))
    later = arrived_later(view) if decision.kind == MEMBER else []
    if later:
        yield remark("explain.arrived_later", lang, number=len(later), facts=later_words(later, view.zone, lang))
    if not agrees:
        yield remark("explain.differs", lang)
