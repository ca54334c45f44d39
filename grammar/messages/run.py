"""Messages about runs, delivery and the log (R…)."""

from __future__ import annotations

from .message import Message

MESSAGES: dict[str, Message] = {}
