"""Warnings silenced where they stand, with a reason; comments that do nothing are told."""

from __future__ import annotations

import pytest

from .texts import LIBRARY, check

DOUBTFUL = 'playbook "P"\n{above}  for not did order{own}\n  every day at 10:00\n    tag "新客"\n'


def told(above: str = "", own: str = "") -> list[tuple[str, str]]:
    text = LIBRARY + DOUBTFUL.format(above=above, own=own)
    found = [d for d in check(text).found if d.file == "a.sop" and d.code in ("W402", "W498", "W499", "E204")]
    return [(d.code, text[d.span.start : d.span.end]) for d in found]


WARNED = [("W402", "not did order")]


@pytest.mark.parametrize(
    ("above", "own"),
    [
        ("", "  # ignore W402: everybody is meant"),
        ("", "  # 忽略 W402:就是要发给所有人"),
        ("", "  #ignore w402 : x"),
        ("  # ignore W402: everybody is meant\n", ""),
        ("# ignore W402: everybody\n\n  # and another word\n", ""),
    ],
)
def test_a_reason_silences(above: str, own: str) -> None:
    assert told(above, own) == []


@pytest.mark.parametrize("comment", ["# ignore W402", "# ignore W402:", "# 忽略 W402: "])
def test_without_a_reason_nothing_is_silenced(comment: str) -> None:
    assert told(own=f"  {comment}") == [*WARNED, ("W498", comment.rstrip(": "))]


@pytest.mark.parametrize("code", ["W403", "E204"])
def test_what_silences_nothing_is_told(code: str) -> None:
    assert told(own=f"  # ignore {code}: why") == [*WARNED, ("W499", f"# ignore {code}")]


def test_another_line_is_not_silenced() -> None:
    assert told(above="  priority 5  # ignore W402: why\n") == [("W499", "# ignore W402"), *WARNED]


def test_errors_may_hide_what_a_comment_is_for() -> None:
    assert told(own='  # ignore W403: why\n  exit when tagged "没有"') == [*WARNED, ("E204", '"没有"')]


def test_an_error_is_never_silenced() -> None:
    assert ("E204", '"没有"') in told(own='\n  exit when tagged "没有"  # ignore E204: why')


def test_a_text_is_no_comment() -> None:
    assert told(above='  about "# ignore W402: x"\n') == WARNED
