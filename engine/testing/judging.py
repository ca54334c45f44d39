"""Comparing what was decided with what was expected: exactly, entry by entry, whatever the order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ...grammar.diagnostics import Span
from ...grammar.record import record
from ..log.records import LogRecord
from ..program.ir import Action, Program
from .deeds import deed_words, is_deed, plain
from .model import Case, Expected
from .results import Difference

Actions = Mapping[tuple[str, str], Action]


@record
class Decided:
    """One record: whose it is, and its action as it was decided. ``action`` is None where no step of that name is left."""

    unit: str
    record: LogRecord
    action: Action | None


def actions_of(program: Program) -> Actions:
    """The actions of a program by playbook and step."""
    return {
        (playbook.name, instruction.step): instruction
        for playbook in program.playbooks.values() for block in playbook.blocks for instruction in block.code
        if isinstance(instruction, Action)
    }


def decided(records: Iterable[LogRecord], actions: Actions) -> tuple[Decided, ...]:
    """What records say, each with its action."""
    found = []
    for each in records:
        action = actions.get((each.playbook, each.step))
        found.append(Decided(each.member_id or "", each, None if action is None else plain(action, each.content)))
    return tuple(found)


def differences(case: Case, happened: Sequence[Decided], zone: str, lang: str) -> tuple[Difference, ...]:
    """What differs in a case, by member in the order of the expectation, then those that nothing was expected of."""
    found: list[Difference] = []
    left: list[Decided] = list(happened)
    for unit in case.expected:
        mine = [each for each in left if each.unit == unit.unit]
        left = [each for each in left if each.unit != unit.unit]
        missing = _matched(unit.entries, mine, zone)
        found += [Difference("missing", unit.unit, entry.text, entry.span) for entry in missing]
        span = unit.entries[0].span if unit.entries else unit.span
        found += [_unexpected(each, span, lang) for each in mine]
    if case.exact:
        found += [_unexpected(each, case.span, lang) for each in sorted(left, key=lambda each: each.unit)]
    return tuple(found)


def _unexpected(each: Decided, span: Span, lang: str) -> Difference:
    record = each.record
    return Difference("unexpected", each.unit, words_of(each, lang), span, record.playbook, record.step, record.reason)


def words_of(each: Decided, lang: str) -> str:
    """A decision as an expectation would say it."""
    deed = each.record.step if each.action is None else deed_words(each.action, lang)
    if each.record.status != "suppressed":
        return deed
    if lang == "en":
        return f"{{suppressed: {each.record.reason}, step: {deed}}}"
    return f"{{没给: {each.record.reason}, 步骤: {deed}}}"


def _matched(entries: Sequence[Expected], mine: list[Decided], zone: str) -> list[Expected]:
    """Takes out of ``mine`` what the entries expect; returns those that found nothing, in their order."""
    missing = []
    # What is said least exactly takes what the others leave.
    for entry in sorted(entries, key=lambda entry: entry.deed is None):
        fitting = next((each for each in mine if _fits(entry, each, zone)), None)
        if fitting is None:
            missing.append(entry)
        else:
            mine.remove(fitting)
    return sorted(missing, key=lambda entry: entry.span)


def _fits(entry: Expected, each: Decided, zone: str) -> bool:
    if (each.record.status == "suppressed") != (entry.reason is not None) or each.record.reason != entry.reason:
        return False
    return entry.deed is None or (each.action is not None and is_deed(entry.deed, each.action, zone))
