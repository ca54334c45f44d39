"""The rules beside an audience, told as tests: a rule that is true applies to the member."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...grammar.messages import render
from ..program.clock import iso
from ..program.ir import (
    AttributeRef,
    Block,
    Cap,
    Compare,
    Condition,
    Coupon,
    IssueCoupon,
    Playbook,
    Program,
    Push,
    QuietHours,
    Sample,
)
from ..program.rule_words import cap_words, consent_words, holdout_words, limit_words, quiet_words, reentry_words
from ..program.value_words import quoted
from ..program.wording import describe
from ..run.quiet import quiet_until
from .answers import Node
from .history import CountedPush, counted_pushes, coupons_had, coupons_taken, forbidding_entry
from .tree import tree_of
from .view import View

RULED = frozenset({"never_push", "holdout", "quiet_hours", "cap", "stock", "per_member_limit", "incomplete"})
"""The reasons that follow from a rule shown here."""

_EVERY_LEAF = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as a test, and the reason it gives where it applies."""

    reason: str
    node: Node


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose rules are asked: a block of a playbook in a program, seen in a view.

    Only what was decided before the record ``leaf`` counts. ``number`` is the block's; ``steps`` are the
    instructions whose rules matter.
    """

    program: Program
    playbook: Playbook
    block: Block
    number: int
    view: View
    lang: str
    steps: Sequence[object]
    leaf: int = _EVERY_LEAF

    @property
    def pushes(self) -> list[Push]:
        """The pushes among the steps."""
        return [step for step in self.steps if isinstance(step, Push)]

    @property
    def is_marketing(self) -> bool:
        """Whether caps, the policy's holdout and marketing consents bind the playbook."""
        return self.playbook.category == "marketing"


def rules_of(asked: Asked) -> Iterator[Rule]:
    """The rules that bind the steps, in the order in which they apply."""
    yield from _reentry(asked)
    yield from _consents(asked)
    yield from _holdouts(asked)
    if asked.pushes:
        yield from _quiet_hours(asked)
        yield from _caps(asked)
    yield from _coupons(asked)
    yield from _needed(asked)


def _reentry(asked: Asked) -> Iterator[Rule]:
    reentry = asked.block.reentry
    if reentry is None or asked.leaf != _EVERY_LEAF:
        return
    earlier = forbidding_entry(asked.view, asked.playbook.name, asked.number, reentry)
    when = None if earlier is None else iso(earlier, asked.view.zone)
    yield Rule("duplicate", Node(reentry_words(reentry, asked.lang), earlier is not None, when))


def _consents(asked: Asked) -> Iterator[Rule]:
    if not asked.block.pushes:
        return
    for consent in asked.program.policy.consents_for(asked.playbook.category):
        seen = tree_of(consent.condition, asked.view.as_of_run(), asked.lang)
        yield Rule("never_push", Node(consent_words(consent, asked.lang), seen.true, seen.value, seen.children))


def _holdouts(asked: Asked) -> Iterator[Rule]:
    policy = asked.program.policy.holdout if asked.is_marketing else 0
    for name, parts in (("holdout", policy), ("holdout:" + asked.playbook.name, asked.playbook.holdout)):
        if parts:
            seen = tree_of(Sample(name, 0, parts), asked.view, asked.lang)
            yield Rule("holdout", Node(holdout_words(parts, asked.lang), seen.true, seen.value))


def _quiet_hours(asked: Asked) -> Iterator[Rule]:
    quiet = asked.playbook.quiet or asked.program.policy.quiet
    if quiet is not None:
        until = _quiet_end(quiet, asked.view)
        ends = None if until is None else iso(until, asked.view.zone)
        yield Rule("quiet_hours", Node(quiet_words(quiet, asked.lang), until is not None, ends))


def _quiet_end(quiet: QuietHours, view: View) -> int | None:
    """When the quiet hours end in which t or T lies, the later of the two."""
    ends = [quiet_until(quiet, instant, view.zone) for instant in (view.t, view.at)]
    return max((end for end in ends if end is not None), default=None)


def _caps(asked: Asked) -> Iterator[Rule]:
    channels = {push.channel for push in asked.pushes}
    for cap in asked.program.policy.caps if asked.is_marketing else ():
        if cap.channel is None or cap.channel in channels:
            yield Rule("cap", _cap(asked, cap))


def _cap(asked: Asked, cap: Cap) -> Node:
    counted = counted_pushes(asked.view, cap, asked.leaf)
    earlier = tuple(Node(_named(push, asked.lang), True, iso(push.at, asked.view.zone)) for push in counted)
    return Node(cap_words(cap, asked.lang), len(counted) >= cap.number, f"{len(counted)}/{cap.number}", earlier)


def _named(push: CountedPush, lang: str) -> str:
    return render("explain.push", {"playbook": quoted(push.playbook), "step": push.step, "id": push.id}, lang)[0]


def _coupons(asked: Asked) -> Iterator[Rule]:
    library = asked.program.library
    names = {step.coupon for step in asked.steps if isinstance(step, Push | IssueCoupon) and step.coupon is not None}
    for coupon in (library.coupons[name] for name in sorted(names) if name in library.coupons):
        if coupon.stock is not None:
            yield Rule("stock", _stock(asked, coupon, coupon.stock))
        if coupon.limit is not None:
            had = coupons_had(asked.view, coupon, asked.leaf)
            words = {"coupon": quoted(coupon.name), "limit": limit_words(coupon, asked.lang)}
            text = render("explain.limit", words, asked.lang)[0]
            yield Rule("per_member_limit", Node(text, had >= coupon.limit, f"{had}/{coupon.limit}"))


def _stock(asked: Asked, coupon: Coupon, stock: int) -> Node:
    taken = coupons_taken(asked.view, coupon)
    text = render("explain.stock", {"coupon": quoted(coupon.name), "stock": stock}, asked.lang)[0]
    return Node(text, taken >= stock, f"{taken}/{stock}")


def _needed(asked: Asked) -> Iterator[Rule]:
    """The attributes that texts need, where they are unknown and have no default."""
    library = asked.program.library
    names: dict[str, None] = {}
    for push in asked.pushes:
        template = library.templates.get(push.template)
        for variable in template.needed if template is not None else ():
            names["staff" if variable == "staff.name" else variable] = None
    for attribute in (library.attributes[name] for name in names if name in library.attributes):
        missing: Condition = Compare(AttributeRef(attribute.name, attribute.type), "unknown")
        yield Rule("incomplete", Node(describe(missing, asked.lang), asked.view.is_true(missing)))
