"""What channels would refuse of the texts as they are written."""

from __future__ import annotations

from collections.abc import Iterator

from ....grammar import syntax
from ....grammar.diagnostics import Diagnostic
from ..channel_rules import ChannelLimits, limits_of
from ..entries import Entry
from .material import Material, warn
from .plain_text import without_liquid


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
