"""Work for staff that steps give: tasks, alerts, and pushes whose sending is to be confirmed.

Nobody is assigned here. Whose work it is follows from who serves the member when somebody looks, so that a change of staff
moves what is open and touches no journey.
"""

from __future__ import annotations

from typing import Literal

from sqlglot import exp

from ..program.ir import Alert, Confirmed, Cutoff, GiveTask, Push
from .context import RunContext, StepAction, Value
from .judge import after
from .statement import fill


def give_work(ctx: RunContext, action: StepAction, leaf: int) -> None:
    """Gives staff the work that a step brings for each unit of the records behind ``leaf``.

    The time for a task counts from t, that for confirming a push from when it may go out.
    """
    match action:
        case GiveTask(title=title, due=due, staff=staff, manager=manager):
            _write(ctx, "task", after(due.months, due.micros), leaf, {"title": title, "staff": staff, "manager": manager})
        case Alert(whom=whom, text=text):
            _write(ctx, "alert", None, leaf, {"title": text, "manager": whom == "manager"})
        case Push(confirmed=Confirmed(within=within, otherwise=otherwise)):
            _write(ctx, "confirm", after(within.months, within.micros), leaf, {"otherwise": otherwise})


def _write(
    ctx: RunContext, kind: Literal["task", "alert", "confirm"], due: Cutoff | None, leaf: int, said: dict[str, Value]
) -> None:
    due_at = exp.null() if due is None else ctx.plan.instant(due, "f")
    fixed: dict[str, Value] = {
        "seq": ctx.counters.seq, "kind": kind, "leaf": leaf, "title": None, "staff": None, "manager": False,
        "otherwise": None,
    }
    ctx.counters.seq += ctx.execute(fill(_WORK, due_at=due_at), {**fixed, **said}).rowcount
    ctx.counters.tasks = True


_WORK = """
INSERT INTO run_tasks
SELECT d.seq, :seq + row_number() OVER (ORDER BY d.seq), :kind, d.kind, d.unit, :title, :staff, :manager, :otherwise, d.t,
       due_at + s.spread
FROM run_dispatches d JOIN flow s ON s.kind = d.kind AND s.unit = d.unit JOIN frames f ON f.frame = s.frame
WHERE d.seq > :leaf
"""
