"""Every declaration as it is written, and whole files of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from ..syntax import (
    ActivityDecl,
    AttributeDecl,
    Block,
    CouponDecl,
    Declaration,
    EventDecl,
    MetricDecl,
    PlaybookDecl,
    PointsDecl,
    PolicyDecl,
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
from .actions import rule_action_words
from .activities import write_activity
from .behaviour import filtered
from .benefits import write_coupon, write_points, write_redpacket, write_tiers
from .conditions import condition_words, inner_words
from .headers import reentry_words, write_header, write_policy
from .library import (
    write_attribute,
    write_event,
    write_metric,
    write_product,
    write_segment,
    write_source,
    write_tag,
    write_tag_group,
    write_template,
)
from .phrases import Phrase, spaced
from .sheet import Sheet
from .steps import write_steps
from .strings import string
from .tongue import Tongue
from .triggers import trigger_words


def write_declarations(sheet: Sheet, declarations: Iterable[Declaration]) -> None:
    """Write the declarations of a file in their order."""
    for declaration in declarations:
        WRITERS[type(declaration)](sheet, declaration)


def _write_whenever(sheet: Sheet, node: WheneverDecl) -> None:
    """A standing rule: one action on its line, several below it."""
    def say(tongue: Tongue) -> Phrase:
        action = rule_action_words(node.actions[0], tongue) if len(node.actions) == 1 else ""
        return spaced(tongue.word("WHENEVER"), filtered(node.events, tongue, inner_words), action)

    sheet.statement(0, node.span, say)
    for action in node.actions if len(node.actions) > 1 else ():
        sheet.statement(1, action.span, partial(rule_action_words, action))


def _write_playbook(sheet: Sheet, node: PlaybookDecl) -> None:
    """A playbook with its header lines and blocks, in the order they stand."""
    sheet.statement(0, node.span, lambda tongue: f"{tongue.word('PLAYBOOK')} {string(node.name.text)}")
    parts = [*node.lines, *node.audiences, *node.blocks]
    for part in sorted(parts, key=lambda each: each.span.start):
        if isinstance(part, Block):
            _write_block(sheet, part)
        else:
            write_header(sheet, part)


def _write_block(sheet: Sheet, block: Block) -> None:
    def say(tongue: Tongue) -> Phrase:
        audience: Phrase = ()
        if block.audience is not None:
            audience = spaced(tongue.word("FOR"), condition_words(block.audience, tongue))
        return spaced(trigger_words(block.trigger, block.limits, tongue), audience)

    sheet.statement(1, block.span, say)
    for line in block.reentry:
        sheet.statement(2, line.span, partial(reentry_words, line))
    write_steps(sheet, 2, block.steps)


WRITERS: dict[type[Declaration], Callable[[Sheet, Any], None]] = {
    AttributeDecl: write_attribute, EventDecl: write_event, TagGroupDecl: write_tag_group, TagDecl: write_tag,
    SegmentDecl: write_segment, MetricDecl: write_metric, TemplateDecl: write_template, CouponDecl: write_coupon,
    RedpacketDecl: write_redpacket, ProductDecl: write_product, SourceDecl: write_source,
    ActivityDecl: write_activity, PointsDecl: write_points, TiersDecl: write_tiers, WheneverDecl: _write_whenever,
    PolicyDecl: write_policy, PlaybookDecl: _write_playbook,
}
