"""Playbooks whose audience is groups: who they speak to, and what has no meaning for a group."""

from __future__ import annotations

from ...grammar import syntax
from . import ir
from .queries import past_window
from .scope import Context, find_patterns

GROUP_CHANNEL = "group"
_OF_MEMBERS = (
    syntax.Welcome, syntax.GiveTag, syntax.TakeTag, syntax.IssueCoupon, syntax.IssueRedpacket, syntax.ChangePoints,
    syntax.SetAttribute, syntax.EnterPlaybook,
)
_LINES_OF_MEMBERS = (syntax.GoalLine, syntax.ExitLine, syntax.OnlyOneLine)


def resolve_group_audience(context: Context, line: syntax.GroupAudienceLine) -> ir.GroupAudience:
    """Return which groups are meant; errors go to the context's entry."""
    tags = find_patterns(context, "tag", [line.tag]) if line.tag else None
    created = past_window(context, line.created) if line.created else None
    return ir.GroupAudience(_pattern(line.pattern), tags[0] if tags else None, line.at_least, created)


def _pattern(written: syntax.Pattern | None) -> ir.TextPattern | None:
    return ir.TextPattern(written.text, written.prefix) if written else None


def check_lines_of_groups(context: Context, written: syntax.PlaybookDecl) -> None:
    """Report header lines and audiences that ask about members."""
    for line in written.lines:
        if isinstance(line, _LINES_OF_MEMBERS) or _asks_members(line):
            context.entry.error("E424", line.span)
    for block in written.blocks:
        if block.audience is not None:
            context.entry.error("E424", block.audience.span)


def _asks_members(line: syntax.Header) -> bool:
    """Whether a line that also has a meaning for groups is written so that it asks about members."""
    match line:
        case syntax.TakeLine(by=by):
            return by is not None
        case syntax.TimezoneLine(per_member=per_member):
            return per_member
    return False


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
