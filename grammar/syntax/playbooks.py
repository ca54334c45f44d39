"""Blocks, playbooks and files of the syntax tree."""

from __future__ import annotations

from ..diagnostics import Span
from ..record import record
from .conditions import Condition
from .headers import AudienceLine, GroupAudienceLine, Header, PolicyDecl, ReentryLine
from .library import (
    ActivityDecl,
    AttributeDecl,
    CouponDecl,
    EventDecl,
    MetricDecl,
    PointsDecl,
    ProductDecl,
    RedpacketDecl,
    SegmentDecl,
    SourceDecl,
    TagDecl,
    TagGroupDecl,
    TemplateDecl,
    TiersDecl,
    WheneverDecl,
)
from .steps import Step
from .triggers import ScheduleLimits, Trigger
from .values import Name


@record
class Block:
    """A trigger with its limits (of a schedule), its own audience (``for``), re-entry lines and steps."""

    trigger: Trigger
    limits: ScheduleLimits | None
    audience: Condition | None
    reentry: tuple[ReentryLine, ...]
    steps: tuple[Step, ...]
    span: Span


@record
class PlaybookDecl:
    """``lines`` are the header lines in order; ``audiences`` all ``for`` lines (more than one is an error)."""

    name: Name
    lines: tuple[Header, ...]
    audiences: tuple[AudienceLine | GroupAudienceLine, ...]
    blocks: tuple[Block, ...]
    span: Span


Declaration = (
    AttributeDecl | EventDecl | TagGroupDecl | TagDecl | SegmentDecl | MetricDecl | TemplateDecl | CouponDecl
    | RedpacketDecl | ProductDecl | SourceDecl | ActivityDecl | PointsDecl | TiersDecl | WheneverDecl
    | PolicyDecl | PlaybookDecl
)


@record
class SyntaxFile:
    """One file's declarations in order; those that did not parse are missing and have a diagnostic."""

    path: str
    text: str
    declarations: tuple[Declaration, ...]
