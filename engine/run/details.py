"""The details of a plan: volumes, samples, and who had a step that day already; each record is read once for them."""

from __future__ import annotations

from .context import RunContext
from .foreseen import Details
from .report import PlanOptions, RunReport
from .samples import again_today, samples_of
from .volumes import group_records, volumes_of


def details_of(ctx: RunContext, report: RunReport, options: PlanOptions) -> Details:
    """The details of what an attempt decided, for the playbooks of its report."""
    group_records(ctx)
    samples = samples_of(ctx, members=options.members)
    again = again_today(ctx, (ctx.program.playbooks[told.playbook] for told in report.playbooks), members=options.members)
    steps = {
        ctx.steps.get((told.playbook, step.step), 0): (told.playbook, step.step)
        for told in report.playbooks
        for step in told.steps
    }
    return Details(
        ctx.program.policy.zone.name,
        volumes_of(ctx, options.playbook),
        {place: samples[number] for number, place in steps.items() if number in samples},
        {place: again[number] for number, place in steps.items() if number in again},
    )
