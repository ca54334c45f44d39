"""What explanations say: of a whole condition, of a reason, of a step."""

from __future__ import annotations

from .message import Message

MESSAGES: dict[str, Message] = {
    "explain.everyone": Message("所有客户", "everyone"),
    "explain.nobody": Message("没有人", "nobody"),
}
