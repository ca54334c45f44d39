"""Playbooks whose audience is groups: who they speak to, and what has no meaning for a group."""

from __future__ import annotations

from ...grammar import syntax
from . import ir
from .queries import past_window
from .scope import Context

GROUP_CHANNEL = "group"
_OF_MEMBERS = (
    syntax.Welcome, syntax.GiveTag, syntax.TakeTag, syntax.IssueCoupon, syntax.IssueRedpacket, syntax.ChangePoints,
    syntax.SetAttribute, syntax.EnterPlaybook,
)
_LINES_OF_MEMBERS = (syntax.GoalLine, syntax.ExitLine, syntax.OnlyOneLine)


def resolve_group_audience(context: Context, line: syntax.GroupAudienceLine) -> ir.GroupAudience:
    """Return which groups are meant; errors go to the context's entry."""
    return ir.GroupAudience(
        pattern=_pattern(line.pattern),
        tag=_pattern(line.tag),
        at_least=line.at_least,
        created=past_window(context, line.created) if line.created else None,
    )


def _pattern(written: syntax.Pattern | None) -> ir.TextPattern | None:
    return ir.TextPattern(written.text, written.prefix) if written else None


def check_lines_of_groups(context: Context, written: syntax.PlaybookDecl) -> None:
    """Report header lines and audiences that ask about members."""
    for line in written.lines:
        if isinstance(line, _LINES_OF_MEMBERS) or (isinstance(line, syntax.TakeLine) and line.by is not None):
            context.entry.error("E424", line.span)
    for block in written.blocks:
        if block.audience is not None:
            context.entry.error("E424", block.audience.span)


def check_step_of_groups(context: Context, step: syntax.Step) -> bool:
    """Whether a step has a meaning for a group; one for members is an error."""
    match step:
        case syntax.Push(coupon=None, redpacket=None):
            return True
        case syntax.Push() | syntax.WaitFor():
            context.entry.error("E426", step.span)
            return False
        case syntax.If(branches):
            context.entry.error("E424", branches[0][0].span)
            return False
        case _ if isinstance(step, _OF_MEMBERS):
            context.entry.error("E426", step.span)
            return False
    return True
