"""Pushes of the syntax tree, with what may stand behind them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from ..layout import LogicalLine
from ..syntax import Confirmed, Despite, Name, Push, Rotation
from .library import channel_name, tell_twice
from .values import Maker, Tree, span, token_types, trees

_SILENCING = re.compile(r"[#＃]\s*(?:ignore|忽略)\s*W[0-9]+", re.IGNORECASE)
_LINE_END = re.compile(r"[\r\n]")
_GROUP = "group"


def make_push(maker: Maker, line: LogicalLine, tree: Tree) -> Push:
    """A push; ``line`` is where the reason of a ``despite`` stands as a comment."""
    names, patterns = trees(tree, "name"), trees(tree, "pattern")
    channel = channel_name(maker, names[0]) if names else None
    groups = maker.pattern(patterns[0]) if patterns else None
    if groups is not None and channel is not None and channel.text != _GROUP:
        maker.blame("E195", groups.span)
    content = _content(maker, trees(tree, "content")[0])
    made = Push(channel, groups, content, None, None, None, (), None, span(tree))
    for clause in trees(tree, *_CLAUSES):
        made = _CLAUSES[str(clause.data)](maker, line, made, clause)
    if made.coupon is not None and made.redpacket is not None:
        maker.blame("E192", made.redpacket.span)
    return made


def _content(maker: Maker, tree: Tree) -> Name | Rotation:
    inner = trees(tree)[0]
    if inner.data == "title":
        return maker.title(inner)
    return Rotation(maker.pattern(inner), None, span(tree))


def _no_repeat(maker: Maker, _line: LogicalLine, made: Push, tree: Tree) -> Push:
    content = made.content
    if not isinstance(content, Rotation):
        maker.blame("E193", span(tree), written=maker.source(span(tree)))
        return made
    if content.no_repeat is not None:
        tell_twice(maker, tree)
        return made
    duration = maker.duration(trees(tree)[0])
    return replace(made, content=replace(content, no_repeat=duration, span=content.span | span(tree)))


def _coupon(maker: Maker, _line: LogicalLine, made: Push, tree: Tree) -> Push:
    if made.coupon is not None:
        tell_twice(maker, tree)
    return replace(made, coupon=maker.title(trees(tree)[0]))


def _redpacket(maker: Maker, _line: LogicalLine, made: Push, tree: Tree) -> Push:
    if made.redpacket is not None:
        tell_twice(maker, tree)
    return replace(made, redpacket=maker.title(trees(tree)[0]))


def _within(maker: Maker, _line: LogicalLine, made: Push, tree: Tree) -> Push:
    if made.within is not None:
        tell_twice(maker, tree)
    return replace(made, within=maker.duration(trees(tree)[0]))


def _confirmed(maker: Maker, _line: LogicalLine, made: Push, tree: Tree) -> Push:
    if made.confirmed is not None:
        tell_twice(maker, tree)
    otherwise: Literal["alert", "skip"] = "alert" if "OR_ALERT" in token_types(tree) else "skip"
    return replace(made, confirmed=Confirmed(maker.duration(trees(tree)[0]), otherwise, span(tree)))


def _despite(maker: Maker, line: LogicalLine, made: Push, tree: Tree) -> Push:
    what: Literal["caps", "quiet_hours"] = "caps" if "DESPITE_CAPS" in token_types(tree) else "quiet_hours"
    if any(each.what == what for each in made.despite):
        tell_twice(maker, tree)
        return made
    reason = _reason(maker, line)
    if not reason:
        maker.blame("E174", span(tree), written=maker.source(span(tree)))
    return replace(made, despite=(*made.despite, Despite(what, reason, span(tree))))


def _reason(maker: Maker, line: LogicalLine) -> str:
    """The comment of a line, "" where it has none; one that silences a warning gives no reason."""
    layout = maker.layout
    end = _LINE_END.search(layout.text, line.end)
    stop = end.start() if end else len(layout.text)
    comments = layout.comments
    at = bisect_left(comments, line.start, key=lambda comment: comment.start)
    while at < len(comments) and comments[at].start < stop:
        text = layout.text[comments[at].start : comments[at].end]
        reason = text.lstrip("#＃").strip()
        if reason and not _SILENCING.match(text):
            return reason
        at += 1
    return ""


_CLAUSES: dict[str, Callable[[Maker, LogicalLine, Push, Tree], Push]] = {
    "no_repeat": _no_repeat, "with_coupon": _coupon, "with_redpacket": _redpacket, "send_within": _within,
    "confirmed": _confirmed, "despite": _despite,
}
