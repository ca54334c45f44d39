"""What exists without being declared: attributes, event fields and channels, with their Chinese names."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ...grammar.keywords import BUILT_IN_ATTRIBUTES, BUILT_IN_CHANNELS, BUILT_IN_FIELDS
from .ir import Attribute, ValueType

ATTRIBUTES: Mapping[str, Attribute] = MappingProxyType(
    {
        "id": Attribute("id", ValueType.TEXT),
        "name": Attribute("name", ValueType.TEXT),
        "joined": Attribute("joined", ValueType.INSTANT),
        "points": Attribute("points", ValueType.NUMBER),
        "tier": Attribute("tier", ValueType.TEXT),
        "staff": Attribute("staff", ValueType.TEXT),
        "inviter": Attribute("inviter", ValueType.TEXT),
        "source": Attribute("source", ValueType.TEXT),
        "timezone": Attribute("timezone", ValueType.TEXT),
    }
)
ATTRIBUTE_ALIASES = BUILT_IN_ATTRIBUTES
FIELDS: Mapping[str, ValueType] = MappingProxyType(
    {"subject": ValueType.TEXT, "amount": ValueType.MONEY, "time": ValueType.INSTANT}
)
FIELD_ALIASES: Mapping[str, str] = MappingProxyType({**BUILT_IN_FIELDS, "发生时间": "time"})
CHANNEL_ALIASES = BUILT_IN_CHANNELS
CHANNEL_NICKNAMES: Mapping[str, str] = MappingProxyType({
    "微信": "企微", "企业微信": "企微", "企信": "企微", "私聊": "企微", "微信朋友圈": "朋友圈", "手机短信": "短信",
    "邮箱": "邮件", "微信群": "群", "wechat": "wecom", "mail": "email", "text message": "sms",
})
"""What people call a channel that has another name here."""
# Attributes every member has; all others may be unknown.
ALWAYS_KNOWN = frozenset({"id", "points"})


def attribute_name(text: str) -> str:
    """Return the canonical name of an attribute."""
    return ATTRIBUTE_ALIASES.get(text, text)


def field_name(text: str) -> str:
    """Return the canonical name of an event field."""
    return FIELD_ALIASES.get(text, text)


def channel_in_chinese(text: str) -> str:
    """Return the Chinese name of a built-in channel, and any other as it is."""
    return next((chinese for chinese, english in CHANNEL_ALIASES.items() if english == text), text)


def channel_name(text: str) -> str:
    """Return the canonical name of a channel."""
    return CHANNEL_ALIASES.get(text, text)
