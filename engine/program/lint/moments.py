"""Contradictions between the first or last event of a kind and others that are to have happened."""

from __future__ import annotations

from dataclasses import replace

from ..ir import Did, DidOnDays, EventQuery, Library, MomentIn
from .counts import is_part
from .literals import Branch
from .times import before


def moments_contradict(branch: Branch, library: Library) -> bool:
    """Something is to have happened after the last such event, or before the first; or there is to be none."""
    moments = [test for test, wanted in branch if wanted and isinstance(test, MomentIn)]
    done = [
        test.query for test, wanted in branch if wanted and isinstance(test, Did | DidOnDays) and test.at_least
    ]
    never = [test.query for test, wanted in branch if not wanted and isinstance(test, Did) and test == Did(test.query)]
    return any(_lies_beyond(query, moment) for moment in moments for query in done) or any(
        is_part(moment.query, query) for moment in moments for query in never
    )


def _lies_beyond(query: EventQuery, moment: MomentIn) -> bool:
    if query.window is None or not is_part(replace(query, window=None), moment.query):
        return False
    if moment.which == "last":
        return bool(before(moment.window.high, query.window.low))
    return bool(before(query.window.high, moment.window.low))
