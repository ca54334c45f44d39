"""What channels themselves refuse, whatever a playbook says: dated rule packs, since vendors change them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from ....grammar import syntax
from ....grammar.diagnostics import Diagnostic
from ....grammar.record import record
from ..entries import Entry
from .material import Material, warn
from .plain_text import without_liquid


@record
class ChannelLimits:
    """The limits of one channel; lengths are bytes of UTF-8.

    ``alone`` are kinds of attachments that stand alone; ``daily`` is how many messages a day a customer gets on the
    average of a month.
    """

    rules: str
    text: int
    attachments: int
    titles: Mapping[str, int]
    alone: frozenset[str] = frozenset()
    daily: int | None = None


_TITLES = MappingProxyType({"link": 128, "miniprogram": 64})
# developer.work.weixin.qq.com/document/path/92135 and 96351, as of 2025-11: as many mass messages a month to a customer
# as the month has days.
_RULES = "wecom@2025-11"
LIMITS: Mapping[str, ChannelLimits] = MappingProxyType({
    "wecom": ChannelLimits(_RULES, 4000, 9, _TITLES, daily=1),
    "group": ChannelLimits(_RULES, 4000, 9, _TITLES),
    "moments": ChannelLimits(_RULES, 4000, 9, MappingProxyType({"link": 64}), frozenset({"link", "video"})),
})
"""By channel, in the built-in names."""


def limits_of(channel: str | None) -> ChannelLimits | None:
    """The limits of a channel, None where none are known."""
    return LIMITS.get(channel or "")


def beyond_channel_limits(material: Material) -> Iterator[Diagnostic]:
    """W451: a text longer than its channel takes. W452: too many attachments. W454: a title too long."""
    for entry, written in material.declarations.of(syntax.TemplateDecl):
        template = material.library.templates.get(written.name.text)
        limits = limits_of(template.channel) if template is not None else None
        if limits is None or template is None:
            continue
        channel = template.channel or ""
        length = len(without_liquid(template.body).encode("utf-8"))
        if length > limits.text and written.body is not None:
            yield warn(entry, "W451", written.name.span, template=template.name, channel=channel, length=length,
                       most=limits.text, rules=limits.rules)
        yield from _of_parts(entry, written, limits, channel)


def _of_parts(
    entry: Entry, written: syntax.TemplateDecl, limits: ChannelLimits, channel: str
) -> Iterator[Diagnostic]:
    attached = [part for part in written.parts if part.kind != "comment"]
    single = next((part for part in attached if part.kind in limits.alone), None)
    if len(attached) > limits.attachments:
        yield warn(entry, "W452", attached[limits.attachments].span, channel=channel, number=len(attached),
                   most=limits.attachments, rules=limits.rules)
    elif single is not None and len(attached) > 1:
        yield warn(entry, "W452", attached[1].span, hint="alone", channel=channel, number=len(attached), most=1,
                   rules=limits.rules)
    for part in attached:
        most = limits.titles.get(part.kind)
        title = without_liquid(part.title.text) if part.title is not None else ""
        if most is not None and part.title is not None and len(title.encode("utf-8")) > most:
            yield warn(entry, "W454", part.title.span, channel=channel, length=len(title.encode("utf-8")), most=most,
                       rules=limits.rules)
