"""The table and the JSON of what became of goals."""

from __future__ import annotations

from ..engine.insight.experiments import Arm, Experiment
from ..engine.insight.proportions import Estimate
from ..engine.program.words.headers import goal_words
from .blocks import Column, Table
from .session import Session

_NUMBERS = ("T.closed", "T.reached", "T.rate", "T.lift", "T.in_window", "T.in_window_reached")
_ARMS = {
    "entered": "T.arm_entered", "holdout": "T.arm_holdout", "arm": "T.arm_split", "arm_holdout": "T.arm_split_holdout",
}


def experiment_payload(experiment: Experiment) -> dict[str, object]:
    """An experiment as JSON; shares and lifts are fractions."""
    return {
        "playbook": experiment.playbook, "goal": goal_words(experiment.goal, "en"),
        "arms": [_arm_payload(arm) for arm in experiment.arms], "other_goals": experiment.earlier,
    }


def show_experiment(session: Session, experiment: Experiment) -> None:
    """An experiment as a table under the playbook's name and goal."""
    columns = (Column(session.word("T.arm")), *(Column(session.word(code), is_number=True) for code in _NUMBERS))
    goal = goal_words(experiment.goal, session.language)
    session.screen().table(Table(columns, tuple(_row(session, arm) for arm in experiment.arms), f"{experiment.playbook}  {goal}"))
    if experiment.earlier:
        session.tell(session.word("N171", count=experiment.earlier))


def _row(session: Session, arm: Arm) -> tuple[str, ...]:
    name = session.word(_ARMS[arm.kind], name=arm.name or "")
    counts = (str(arm.entered), str(arm.reached))
    return (name, *counts, _percent(arm.rate), _percent(arm.lift, sign="+"), str(arm.open), str(arm.open_reached))


def _percent(estimate: Estimate | None, sign: str = "") -> str:
    if estimate is None:
        return ""
    value, low, high = (format(number * 100, f"{sign}.1f") for number in (estimate.value, estimate.low, estimate.high))
    return f"{value}% ({low} … {high})"


def _arm_payload(arm: Arm) -> dict[str, object]:
    return {
        "kind": arm.kind, "arm": arm.name, "entered": arm.entered, "reached": arm.reached,
        "rate": _interval(arm.rate), "lift": _interval(arm.lift), "open": arm.open, "open_reached": arm.open_reached,
    }


def _interval(estimate: Estimate | None) -> dict[str, float] | None:
    if estimate is None:
        return None
    return {"value": round(estimate.value, 6), "low": round(estimate.low, 6), "high": round(estimate.high, 6)}
