"""The ways out: what a channel is, the built-in ones, and those that other packages register."""

from __future__ import annotations

from .protocol import Answer, AnswerOutcome, Askable, Channel, ChannelConfig, ChannelEnvironment, Message, MessagePart
from .registry import channel_config, open_channels

__all__ = [
    "Answer",
    "AnswerOutcome",
    "Askable",
    "Channel",
    "ChannelConfig",
    "ChannelEnvironment",
    "Message",
    "MessagePart",
    "channel_config",
    "open_channels",
]
