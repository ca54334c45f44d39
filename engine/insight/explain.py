"""Why a member got something or nothing: now, at an instant, or in a decision of the log."""

from __future__ import annotations

from .answers import (
    BlockExplanation,
    Explanation,
    Node,
    PlaybookExplanation,
    RecordExplanation,
    Remark,
    StepVerdict,
)
from .dispatch import explain_dispatch
from .losing import Loss, Lost, LostTo, who_lost
from .member import explain_member
from .missing.parts import Missing, Setting

__all__ = [
    "BlockExplanation",
    "Explanation",
    "Loss",
    "Lost",
    "LostTo",
    "Missing",
    "Node",
    "PlaybookExplanation",
    "RecordExplanation",
    "Remark",
    "Setting",
    "StepVerdict",
    "explain_dispatch",
    "explain_member",
    "who_lost",
]
