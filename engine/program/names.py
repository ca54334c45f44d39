"""Every declaration of a workspace with its name, and names that are declared twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from ...grammar import syntax
from ...grammar.diagnostics import Span
from ...grammar.record import record
from .builtin_names import ATTRIBUTE_ALIASES, ATTRIBUTES, attribute_name
from .entries import Entry, Key, Kind
from .regions import Damage
from .tiers import POINTS_LADDER, ladder_name

Written = TypeVar("Written")
_KINDS: Mapping[type[object], Kind] = {
    syntax.AttributeDecl: "attribute",
    syntax.EventDecl: "event",
    syntax.TagGroupDecl: "tag_group",
    syntax.TagDecl: "tag",
    syntax.SegmentDecl: "segment",
    syntax.MetricDecl: "metric",
    syntax.TemplateDecl: "template",
    syntax.CouponDecl: "coupon",
    syntax.RedpacketDecl: "redpacket",
    syntax.ProductDecl: "product",
    syntax.SourceDecl: "source",
    syntax.ActivityDecl: "activity",
    syntax.TiersDecl: "ladder",
    syntax.PointsDecl: "points",
    syntax.WheneverDecl: "rule",
    syntax.PolicyDecl: "policy",
    syntax.PlaybookDecl: "playbook",
}
_BY_POINTS = Key("ladder", POINTS_LADDER)
_TWICE = {Key("policy", ""): "E223", Key("points", ""): "E233", Key("ladder", POINTS_LADDER): "E234"}


@record
class Declared:
    """A declaration with the entry that collects what is wrong with it."""

    entry: Entry
    written: syntax.Declaration


@record
class Declarations:
    """All declarations in file and text order, and the words of those that did not parse, with their codes."""

    items: tuple[Declared, ...]
    doubtful: Mapping[str, frozenset[str]]

    def of(self, wanted: type[Written]) -> Iterator[tuple[Entry, Written]]:
        """The declarations of one kind."""
        for item in self.items:
            if isinstance(item.written, wanted):
                yield item.entry, item.written


def collect_declarations(files: Sequence[syntax.SyntaxFile], damages: Mapping[str, Damage]) -> Declarations:
    """Return the declarations of all files; doubly declared names are reported at the second place."""
    items: list[Declared] = []
    doubtful: dict[str, frozenset[str]] = {}
    for file in sorted(files, key=lambda file: file.path):
        damage = damages[file.path]
        for word, codes in damage.words.items():
            doubtful[word] = doubtful.get(word, frozenset()) | codes
        for written in file.declarations:
            key = Key(_KINDS[type(written)], _name(written, file))
            entry = Entry(key, file.path, _name_span(written, file.text), file.text)
            entry.doubts.update(damage.inside.get(written.span.start, ()))
            items.append(Declared(entry, written))
    entries = [item.entry for item in items]
    _report_doubles(entries)
    _report_taken(entries)
    return Declarations(tuple(items), doubtful)


def _name(written: syntax.Declaration, file: syntax.SyntaxFile) -> str:
    match written:
        case syntax.PolicyDecl() | syntax.PointsDecl():
            return ""
        case syntax.TiersDecl():
            return ladder_name(written)
        case syntax.WheneverDecl(span=span):
            # Standing rules have no names and may be any number.
            return f"{file.path}:{span.start}"
        case _:
            return written.name.text


def _name_span(written: syntax.Declaration, text: str) -> Span:
    if isinstance(written, syntax.PolicyDecl | syntax.PointsDecl | syntax.WheneverDecl) or written.name is None:
        start, end = written.span.start, written.span.end
        return Span(start, start + len(text[start:end].split(maxsplit=1)[0]))
    return written.name.span


def _report_doubles(entries: Sequence[Entry]) -> None:
    first: dict[Key, Entry] = {}
    for entry in entries:
        earlier = first.setdefault(entry.key, entry)
        if earlier is entry:
            continue
        code = _TWICE.get(entry.key, "E220")
        related = [earlier.span] if earlier.file == entry.file else []
        line = earlier.text.count("\n", 0, earlier.span.start) + 1
        entry.error_with(code, entry.span, related, name=entry.key.name, where=f"{earlier.file}:{line}")


def _report_taken(entries: Sequence[Entry]) -> None:
    """Attributes, metrics and ladders stand at one place in conditions, so that their names must differ."""
    attributes = {entry.key.name for entry in entries if entry.key.kind == "attribute"}
    metrics = {entry.key.name for entry in entries if entry.key.kind == "metric"}
    for entry in entries:
        kind, name = entry.key.kind, entry.key.name
        if kind not in ("attribute", "metric", "ladder") or entry.key == _BY_POINTS:
            continue
        if name in ATTRIBUTES or name in ATTRIBUTE_ALIASES:
            entry.error("E221", entry.span, name=name)
        elif kind == "metric" and attribute_name(name) in attributes:
            entry.error("E222", entry.span, name=name)
        elif kind == "ladder" and (attribute_name(name) in attributes or name in metrics):
            entry.error("E232", entry.span, name=name)
