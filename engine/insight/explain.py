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
from .member import explain_member

__all__ = [
    "BlockExplanation",
    "Explanation",
    "Node",
    "PlaybookExplanation",
    "RecordExplanation",
    "Remark",
    "StepVerdict",
    "explain_dispatch",
    "explain_member",
]
