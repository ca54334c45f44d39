"""What channels themselves refuse, whatever a playbook says: dated rule packs, since vendors change them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ...grammar.record import record


@record
class ChannelLimits:
    """The limits of one channel; lengths are bytes of UTF-8.

    ``alone`` are kinds of attachments that stand alone; ``daily`` is how many messages a day a customer gets on the
    average of a month; ``welcome`` is how long after joining a welcome may come, in microseconds.
    """

    rules: str
    text: int
    attachments: int
    titles: Mapping[str, int]
    alone: frozenset[str] = frozenset()
    daily: int | None = None
    welcome: int | None = None


_TITLES = MappingProxyType({"link": 128, "miniprogram": 64})
# developer.work.weixin.qq.com/document/path/92135, 96351 and 92599, as of 2025-11: as many mass messages a month to a
# customer as the month has days; the code that a welcome needs lives for 20 seconds.
_RULES = "wecom@2025-11"
LIMITS: Mapping[str, ChannelLimits] = MappingProxyType({
    "wecom": ChannelLimits(_RULES, 4000, 9, _TITLES, daily=1, welcome=20_000_000),
    "group": ChannelLimits(_RULES, 4000, 9, _TITLES),
    "moments": ChannelLimits(_RULES, 4000, 9, MappingProxyType({"link": 64}), frozenset({"link", "video"})),
})
"""By channel, in the built-in names."""


def limits_of(channel: str | None) -> ChannelLimits | None:
    """The limits of a channel, None where none are known."""
    return LIMITS.get(channel or "")
