"""What became of a script, in a form that tests can write down."""

from __future__ import annotations

from qingting.engine.testing.results import CaseResult, ScriptResult
from qingting.grammar.source import LineIndex


def differing(case: CaseResult) -> list[tuple[str, str, str]]:
    """The differences of a case: ``-`` missing or ``+`` unexpected, whose, and what."""
    signs = {"missing": "-", "unexpected": "+"}
    return [(signs[each.kind], each.unit, each.text) for each in case.differences]


def passed(script: ScriptResult) -> bool:
    """Whether a script was played to its end and every case passed; says what differs where not."""
    assert script.problems == ()
    for case in script.cases:
        assert (case.name, differing(case), [note.code for note in case.problems]) == (case.name, [], [])
    return bool(script.cases)


def problems(script: ScriptResult) -> list[tuple[str, int, int]]:
    """The codes of what is wrong with a file, with line and column."""
    index = LineIndex(script.text)
    return [(each.code, *index.position(each.span.start)) for each in script.problems]
