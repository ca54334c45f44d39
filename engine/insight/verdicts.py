"""From the outcome of a trial to a verdict for each step."""

from __future__ import annotations

from ...grammar.messages import render
from ..program.clock import iso
from ..program.ir import (
    Alert,
    Block,
    ChangePoints,
    EnterPlaybook,
    GiveTags,
    GiveTask,
    IssueCoupon,
    IssueRedpacket,
    Push,
    SetAttribute,
    TakeTags,
    WaitFor,
    Welcome,
)
from ..run.context import StepAction
from .answers import StepVerdict, Verdict
from .trial import Parked, Trial
from .view import View

Place = tuple[int, StepAction]


def places_of(block: Block) -> list[Place]:
    """The steps of a block that leave records, with their positions, in text order."""
    return [(pc, i) for pc, i in enumerate(block.code) if isinstance(i, StepAction)]


def action_word(action: StepAction) -> str:
    """The keyword of a step in English, as the log has it."""
    match action:
        case Push():
            return "push"
        case GiveTags():
            return "tag"
        case TakeTags():
            return "untag"
        case IssueCoupon():
            return "coupon"
        case IssueRedpacket():
            return "redpacket"
        case ChangePoints():
            return "points"
        case SetAttribute():
            return "set"
        case Welcome():
            return "welcome"
        case GiveTask():
            return "task"
        case Alert():
            return "alert"
        case EnterPlaybook():
            return "enter playbook"


def same_for_all(block: Block, verdict: Verdict, lang: str, reason: str | None = None) -> tuple[StepVerdict, ...]:
    """The same verdict for every step."""
    why = reason_text(reason, lang) if reason is not None else render(f"explain.{verdict}", {}, lang)[0]
    return tuple(
        StepVerdict(action.step, action_word(action), verdict, reason, None, why) for _, action in places_of(block)
    )


def reason_text(reason: str, lang: str) -> str:
    """What a reason means, in a sentence."""
    return render(f"explain.reason.{reason}", {}, lang)[0]


def verdicts_of(block: Block, trial: Trial, view: View, lang: str) -> tuple[StepVerdict, ...]:
    """The verdict for each step of a block after a trial."""
    if trial.reason is not None:
        return same_for_all(block, "suppressed", lang, trial.reason)
    return tuple(_verdict(place, trial, view, lang) for place in places_of(block))


def _verdict(place: Place, trial: Trial, view: View, lang: str) -> StepVerdict:
    pc, action = place
    name, word = action.step, action_word(action)
    if name in trial.steps:
        status, reason = trial.steps[name]
        if status != "suppressed":
            return StepVerdict(name, word, "dispatched")
        return StepVerdict(name, word, "suppressed", reason, None, reason_text(reason or "", lang))
    if trial.parked is None or pc < trial.parked.position:
        return StepVerdict(name, word, "not_reached", None, None, render("explain.not_reached", {}, lang)[0])
    return _waiting(name, word, pc, trial.parked, view, lang)


def _waiting(name: str, word: str, pc: int, parked: Parked, view: View, lang: str) -> StepVerdict:
    until = iso(parked.due, view.zone)
    if parked.deferred is not None and pc == parked.position:
        why = render("explain.deferred", {"reason": reason_text(parked.deferred, lang), "until": until}, lang)[0]
        return StepVerdict(name, word, "deferred", parked.deferred, until, why)
    return StepVerdict(name, word, "later", None, until, render("explain.later", {"until": until}, lang)[0])


def waits_for(block: Block, position: int | None) -> WaitFor | None:
    """The wait for a condition at a position of a block, if one stands there."""
    at = block.code[position] if position is not None and position < len(block.code) else None
    return at if isinstance(at, WaitFor) else None


def inside(block: Block, position: int, until: str | None, lang: str) -> tuple[StepVerdict, ...]:
    """The verdicts for a member who is inside the block at a position."""
    waiting = waits_for(block, position)
    passed = render("explain.passed", {}, lang)[0]
    return tuple(
        StepVerdict(action.step, action_word(action), "later", None, until, _coming(waiting, position, pc, until, lang))
        if pc >= position
        else StepVerdict(action.step, action_word(action), "not_reached", None, None, passed)
        for pc, action in places_of(block)
    )


def _coming(waiting: WaitFor | None, position: int, pc: int, until: str | None, lang: str) -> str:
    if until is None:
        return render("explain.due", {}, lang)[0]
    if waiting is None:
        return render("explain.later", {"until": until}, lang)[0]
    code = "explain.as_soon_as" if position < pc < waiting.otherwise else "explain.after_wait"
    return render(code, {"until": until}, lang)[0]
