"""Policy, playbooks and the whole checked program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from ....grammar.record import record
from .code import Instruction, Push, Waiting, Welcome
from .conditions import AttributeRef, Condition, MetricRef, TextPattern, Total
from .library import Budget, Library
from .time import Duration, Times, Window
from .triggers import Limits, Reentry, Trigger


@record
class Zone:
    """An IANA zone; with ``per_member`` the member's own ``timezone`` where known, else this one."""

    name: str
    per_member: bool = False


@record
class QuietHours:
    """[start, end) on the local clock, over midnight where end <= start."""

    start: int
    end: int
    overflow: Literal["defer", "skip"]


@record
class Guard:
    """Exactly one is given; ``share`` is of the members existing then."""

    members: int | None = None
    share: int | None = None


@record
class Cap:
    """At most ``number`` pushes per member (or, with ``groups``, per group) in the calendar day or a rolling ``per``."""

    number: int
    per: Duration | None
    channel: str | None
    defer: bool
    groups: bool = False


@record
class Consent:
    """Members of whom ``condition`` is true are not pushed to (``marketing_only``: by marketing playbooks)."""

    marketing_only: bool
    condition: Condition


@record
class Policy:
    """``zone`` is the default of every playbook."""

    zone: Zone
    consents: tuple[Consent, ...] = ()
    quiet: QuietHours | None = None
    caps: tuple[Cap, ...] = ()
    holdout: int = 0
    guard: Guard | None = None

    def consents_for(self, category: str) -> tuple[Consent, ...]:
        """The consents that bind playbooks of a category, marketing or service."""
        return tuple(c for c in self.consents if category == "marketing" or not c.marketing_only)


@record
class During:
    """Runs only (``negated``: not) while an activity or phase (``activity/phase``) goes on."""

    activity: str
    times: Times
    negated: bool = False


@record
class Goal:
    """Who reaches it within ``up_to`` of entry leaves."""

    condition: Condition
    up_to: Duration


@record
class Take:
    """Of the audience only ``number``: those with the highest ``by`` (unknown last), or by draw (None)."""

    number: int
    by: AttributeRef | MetricRef | Total | None = None


@record
class CatchUp:
    """Which missed occurrences still run; ``within`` None is the default window."""

    which: Literal["latest", "all", "none"]
    within: Duration | None = None


@record
class GroupAudience:
    """Groups by name, tag, number of members and when they were created; what is None is not asked."""

    pattern: TextPattern | None = None
    tag: TextPattern | None = None
    at_least: int | None = None
    created: Window | None = None


@record
class Block:
    """One trigger with what follows. ``audience`` must hold besides the playbook's; None adds nothing. ``limits`` are of a schedule."""

    index: int
    trigger: Trigger
    audience: Condition | None
    reentry: Reentry | None
    code: tuple[Instruction, ...]
    limits: Limits | None = None

    @property
    def pushes(self) -> bool:
        """Whether any instruction is a push to those who are before the block."""
        return any(isinstance(i, Welcome) or (isinstance(i, Push) and i.groups is None) for i in self.code)

    @property
    def waits(self) -> bool:
        """Whether any instruction is a wait."""
        return any(isinstance(i, Waiting) for i in self.code)


@record
class Playbook:
    """A checked playbook. ``reentry`` of a block is already the playbook's where it has none of its own.

    ``active`` bounds are local cutoffs of the zone. ``version`` is the hex digest of ``digest.py``, "" before it
    is taken. ``about``, ``owner`` and ``state`` are not part of the version. With ``groups`` the units are groups and
    ``audience`` is Always(True).
    """

    name: str
    about: str
    owner: str
    state: Literal["live", "draft", "paused"]
    category: Literal["marketing", "service"]
    priority: int
    zone: Zone
    active: Window
    quiet: QuietHours | None
    holdout: int
    guard: Guard | None
    audience: Condition
    blocks: tuple[Block, ...]
    version: str = ""
    during: tuple[During, ...] = ()
    goal: Goal | None = None
    exit: Condition | None = None
    budgets: tuple[Budget, ...] = ()
    take: Take | None = None
    only_one_of: str | None = None
    catch_up: CatchUp | None = None
    groups: GroupAudience | None = None


@record
class Program:
    """A whole workspace. ``playbooks`` holds the sound ones by name in code-point order.

    ``blocked`` names the playbooks with errors: name to the codes of what is wrong. ``digest`` covers all.
    ``broken`` are library declarations with errors, ``kind:name`` to codes; they are not in ``library``.
    Unless ``rules_stand``, a points rule or standing rule could not be read, and none may act.
    """

    library: Library
    policy: Policy
    playbooks: Mapping[str, Playbook]
    blocked: Mapping[str, tuple[str, ...]]
    digest: str
    broken: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rules_stand: bool = True
