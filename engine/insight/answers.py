"""What an explanation is: trees of tests with the values seen, and the verdict for each step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from .missing.parts import Missing

Shown = str | int | None
Verdict = Literal["dispatched", "suppressed", "deferred", "later", "not_reached", "not_in_audience", "not_active"]


@dataclass(frozen=True, slots=True)
class Node:
    """One test: its text, whether it is true, the value seen (None: unknown or nothing), and what it is made of.

    ``choice`` is for what is no test but one of several to choose from: whether it is the one. ``missing`` is the least that
    makes a false test true, all parts together; of a rule that applies it is what makes it apply no more.
    """

    test: str
    true: bool
    value: Shown = None
    children: tuple[Node, ...] = ()
    choice: bool | None = None
    missing: tuple[Missing, ...] = ()

    @property
    def sign(self) -> tuple[str, Literal["good", "bad", "dim"]]:
        """The mark that it bears, and how good that is."""
        if self.choice is not None:
            return ("→", "good") if self.choice else ("·", "dim")
        return ("✓", "good") if self.true else ("✗", "bad")

    def to_json(self) -> dict[str, object]:
        """The node with stable keys."""
        return {
            "test": self.test, "true": self.true, "value": self.value,
            "missing": [part.to_json() for part in self.missing],
            "children": [child.to_json() for child in self.children],
        }


@dataclass(frozen=True, slots=True)
class StepVerdict:
    """What one step does with the member.

    ``reason`` is one of ``REASONS`` where the step is suppressed or deferred, ``until`` an instant as text where it
    waits, ``why`` a sentence, ``cause`` the rules or earlier dispatches that make it so.
    """

    step: str
    action: str
    verdict: Verdict
    reason: str | None = None
    until: str | None = None
    why: str | None = None
    cause: tuple[Node, ...] = ()

    def to_json(self) -> dict[str, object]:
        """The verdict with stable keys."""
        return {
            "step": self.step, "action": self.action, "verdict": self.verdict, "reason": self.reason,
            "until": self.until, "why": self.why, "cause": [node.to_json() for node in self.cause],
        }


@dataclass(frozen=True, slots=True)
class BlockExplanation:
    """One block: ``trigger`` is its line, ``tree`` the playbook's and the block's audience together.

    ``rules`` are the tests beside the audience (consents, holdout, re-entry, quiet hours, caps); a rule that is true
    applies. ``enrolment`` says where the member stands inside the block, None outside.
    """

    block: int
    trigger: str
    tree: Node
    rules: tuple[Node, ...]
    steps: tuple[StepVerdict, ...]
    enrolment: str | None = None

    def to_json(self) -> dict[str, object]:
        """The block with stable keys."""
        return {
            "block": self.block, "trigger": self.trigger, "tree": self.tree.to_json(),
            "rules": [rule.to_json() for rule in self.rules], "enrolment": self.enrolment,
            "steps": [step.to_json() for step in self.steps],
        }


@dataclass(frozen=True, slots=True)
class PlaybookExplanation:
    """One playbook. ``state`` is live, draft, paused or blocked; a blocked one has ``codes`` and no blocks."""

    playbook: str
    state: str
    version: str
    blocks: tuple[BlockExplanation, ...]
    codes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """The playbook with stable keys."""
        return {
            "playbook": self.playbook, "state": self.state, "version": self.version, "codes": list(self.codes),
            "blocks": [block.to_json() for block in self.blocks],
        }


@dataclass(frozen=True, slots=True)
class RecordExplanation:
    """What the log says of a decision, and why in a sentence.

    ``cause`` are the rule or the earlier dispatches that made it so. ``agrees`` is False where what is seen now no
    longer leads to the record.
    """

    id: str
    playbook: str
    step: str
    action: str
    status: str
    reason: str | None
    why: str
    cause: tuple[Node, ...]
    agrees: bool

    def to_json(self) -> dict[str, object]:
        """The record with stable keys."""
        return {
            "id": self.id, "playbook": self.playbook, "step": self.step, "action": self.action, "status": self.status,
            "reason": self.reason, "why": self.why, "cause": [node.to_json() for node in self.cause],
            "agrees": self.agrees,
        }


@dataclass(frozen=True, slots=True)
class Remark:
    """Something worth saying beside an explanation: its message code, parameters and sentence."""

    code: str
    params: Mapping[str, str | int]
    text: str

    def to_json(self) -> dict[str, object]:
        """The remark with stable keys."""
        return {"code": self.code, "text": self.text}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a member gets something or nothing, at ``at`` (an instant as text with its offset).

    ``record`` is there for a decision of the log.
    """

    member: str | None
    at: str
    playbooks: tuple[PlaybookExplanation, ...]
    notes: tuple[Remark, ...] = ()
    record: RecordExplanation | None = None

    def to_json(self) -> dict[str, object]:
        """The explanation with stable keys."""
        return {
            "member": self.member, "at": self.at, "notes": [note.to_json() for note in self.notes],
            "record": None if self.record is None else self.record.to_json(),
            "playbooks": [playbook.to_json() for playbook in self.playbooks],
        }
