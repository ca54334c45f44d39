"""Warnings of lint: what can be read and run, but can hardly be meant (W410 and up)."""

from __future__ import annotations

from . import lint_audiences, lint_limits, lint_times
from .message import Message

MESSAGES: dict[str, Message] = {**lint_audiences.MESSAGES, **lint_times.MESSAGES, **lint_limits.MESSAGES}
