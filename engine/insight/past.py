"""Where a member stood in a journey at an instant before the last run, as far as the log tells.

The store keeps where everybody stands, not where they stood: of the past there are entries, ends and records.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...grammar.messages import render
from ...grammar.step_names import shown_step
from ..program.clock import iso
from ..program.ir import Block
from ..run.context import StepAction
from .answers import StepVerdict
from .history import Entry, rows_of
from .verdicts import action_word, places_of, reason_text
from .view import View


@dataclass(frozen=True, slots=True)
class Done:
    """What the log has of a step: decided for t by the run at ``at``."""

    status: str
    reason: str | None
    t: int
    at: int


def is_past(view: View) -> bool:
    """Whether a run has moved journeys since."""
    last = view.store.last_run
    return last is not None and view.at < last


def stood(block: Block, entry: Entry, view: View, lang: str) -> str:
    """When the member entered, which step they had done last, and that more is not known."""
    done = _done(entry, view)
    before = [action.step for _, action in places_of(block) if action.step in done and done[action.step].at <= view.at]
    entered = iso(entry.entered, view.zone)
    if not before:
        return render("explain.was_inside", {"entered": entered}, lang)[0]
    return render("explain.was_behind", {"entered": entered, "step": shown_step(before[-1], lang)}, lang)[0]


def steps_then(block: Block, entry: Entry, view: View, lang: str) -> tuple[StepVerdict, ...]:
    """What had been done of each step by then, and of the others when they came, where they did."""
    done = _done(entry, view)
    places = places_of(block)
    reached = max((pc for pc, action in places if action.step in done and done[action.step].at <= view.at), default=-1)
    return tuple(_verdict(action, pc < reached, done.get(action.step), view, lang) for pc, action in places)


def _verdict(action: StepAction, passed: bool, done: Done | None, view: View, lang: str) -> StepVerdict:
    name, word = action.step, action_word(action)
    if done is not None and done.at <= view.at:
        if done.status == "suppressed":
            return StepVerdict(name, word, "suppressed", done.reason, None, reason_text(done.reason or "", lang))
        return StepVerdict(name, word, "dispatched")
    if done is not None:
        came = iso(done.t, view.zone)
        return StepVerdict(name, word, "later", None, came, render("explain.came", {"at": came}, lang)[0])
    code = "passed" if passed else "not_kept"
    return StepVerdict(name, word, "not_reached" if passed else "later", None, None, render(f"explain.{code}", {}, lang)[0])


def _done(entry: Entry, view: View) -> dict[str, Done]:
    values = {"occurrence": entry.occurrence, "kind": view.kind, "unit": view.unit}
    return {str(step): Done(*row) for step, *row in rows_of(view, _DONE, values)}


_DONE = """
SELECT s.name, h.status, h.reason, d.t, r.at FROM main.dispatches d JOIN main.headers h ON h.header = d.header
JOIN main.steps s ON s.step = d.step JOIN main.runs r ON r.run = h.run
WHERE d.occurrence = :occurrence AND d.kind = :kind AND d.unit = :unit ORDER BY d.seq
"""
