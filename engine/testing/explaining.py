"""Why the members of a failed case got what they got: as of each decision, or as it was before the case's last run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from ...grammar import syntax
from ...grammar.diagnostics import QingtingError, Span
from ..insight.answers import Explanation, PlaybookExplanation
from ..insight.explain import explain_dispatch, explain_member
from ..program.ir import Action, Program
from ..stores.sqlite.database import SqliteStore
from .deeds import is_deed, plain, possible
from .judging import Decided
from .model import Case
from .results import Difference
from .shelf import Shelf

Place = tuple[str, int, str]
"""Playbook, block and step."""
MOST_EXPLAINED = 3
"""How many members of a case are explained at most."""


def explanations(
    case: Case, found: Sequence[Difference], happened: Sequence[Decided], members: Set[str], shelf: Shelf, lang: str
) -> tuple[Explanation, ...]:
    """Explain the first of the ``members`` concerned.

    What they got is explained by its record, what they did not get by how they stood just before the case's last run.
    """
    explained: list[Explanation] = []
    for unit in dict.fromkeys(each.unit for each in found):
        if unit not in members:
            continue
        if len(explained) == MOST_EXPLAINED:
            break
        unexpected = [each for each in found if each.unit == unit and each.kind == "unexpected"]
        try:
            if unexpected:
                record = next(e.record for e in happened if e.unit == unit and e.record.step == unexpected[0].step)
                explained.append(explain_dispatch(shelf.store, shelf.program, record.id, lang))
            else:
                spans = {each.span for each in found if each.unit == unit}
                explained.append(_missed(case, unit, spans, shelf, lang))
        except QingtingError:
            # That it differs is told all the same.
            continue
    return tuple(explained)


def _missed(case: Case, member: str, spans: Set[Span], shelf: Shelf, lang: str) -> Explanation:
    """Why a member did not get what stands at ``spans``."""
    entries = [entry for expected in case.expected for entry in expected.entries if entry.span in spans]
    wanted = [entry.deed for entry in entries if entry.deed is not None]
    with SqliteStore.open(shelf.before) as store:
        told = explain_member(store, shelf.program, member, case.at, lang=lang)
    return replace(told, playbooks=tuple(_concerned(told.playbooks, _sources(shelf.program, wanted))))


def _concerned(told: Sequence[PlaybookExplanation], sources: Set[Place]) -> Iterator[PlaybookExplanation]:
    """Of what is told only the blocks and steps among ``sources``; all of it where there are none."""
    for playbook in told:
        if not sources:
            yield playbook
            continue
        blocks = [
            replace(block, steps=tuple(s for s in block.steps if (playbook.playbook, block.block, s.step) in sources))
            for block in playbook.blocks
        ]
        if any(block.steps for block in blocks):
            yield replace(playbook, blocks=tuple(block for block in blocks if block.steps))


def _sources(program: Program, wanted: Sequence[syntax.Action]) -> Set[Place]:
    """The steps from which what was wanted could have come."""
    zone = program.policy.zone.name
    return {
        (name, block.index, action.step)
        for name, playbook in program.playbooks.items() for block in playbook.blocks for action in block.code
        if isinstance(action, Action)
        and any(is_deed(deed, each, zone) for deed in wanted for each in (*possible(action), plain(action, None)))
    }
