"""Messages about names, types and doubtful programs, gathered from one module for each subject."""

from __future__ import annotations

from . import conditions, doubts, library, names, playbooks, schedules
from .message import Message

MESSAGES: dict[str, Message] = {
    **names.MESSAGES,
    **conditions.MESSAGES,
    **schedules.MESSAGES,
    **library.MESSAGES,
    **playbooks.MESSAGES,
    **doubts.MESSAGES,
}
