"""Every playbook of the gallery is tested so closely that none of its lines can be left out unnoticed.

Leaving out a line means playing tests anew. ``QINGTING_GALLERY=1`` tries every line; otherwise each fourth is tried, from
another one on in each playbook.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest
from qingting.engine.formatting import format_folder
from qingting.engine.workspace import Workspace
from sampling import sampled

from .lines import GALLERY, Gallery, Line, errors_of, the_gallery

PRACTICES = the_gallery().practices
SHORT = ("click_recommend.sop", "good_night.sop", "handover.sop")
"""Those that are tried where there is little time."""
STRIDE = int(os.environ.get("QINGTING_GALLERY", "4"))


@pytest.fixture
def gallery() -> Gallery:
    return the_gallery()


@pytest.mark.parametrize("path", PRACTICES)
def test_says_first_which_practice_it_embodies(gallery: Gallery, path: str) -> None:
    assert gallery.text(path).startswith("# 做法:")


def test_nothing_is_to_be_remarked_on_it() -> None:
    found = Workspace.check_folder(GALLERY, at=datetime(2026, 11, 22, tzinfo=UTC)).diagnostics
    assert [(each.code, each.file) for each in found] == []


def test_it_is_formatted() -> None:
    assert [file.path for file in format_folder(GALLERY).changed] == []


@pytest.mark.slow
@pytest.mark.parametrize("path", PRACTICES)
def test_no_line_is_left_out_unnoticed(gallery: Gallery, path: str) -> None:
    loaded = gallery.loaded(path)
    assert errors_of(loaded) == []
    assert gallery.failure(path, loaded) is None
    lines = gallery.lines(path)[PRACTICES.index(path) % STRIDE :: STRIDE]
    assert lines
    assert [str(line) for line in lines if not gallery.notices(line)] == []


@pytest.mark.parametrize("path", sampled(3, SHORT))
def test_a_line_of_the_short_ones_is_not_left_out_unnoticed(gallery: Gallery, path: str) -> None:
    assert gallery.failure(path, gallery.loaded(path)) is None
    lines = gallery.lines(path)
    line = lines[len(lines) // 2]
    assert gallery.notices(line), str(line)


def test_a_line_that_no_test_asks_about_is_found(gallery: Gallery) -> None:
    path = SHORT[0]
    lines = gallery.text(path).splitlines()
    first = next(number for number, text in enumerate(lines) if text.startswith("剧本 "))
    lines.insert(first + 1, '  负责人 "会员组"')
    longer = Gallery(gallery.settings, {**gallery.files, path: "\n".join(lines).encode("utf-8")})
    line = Line(path, first + 2, lines[first + 1])
    assert line in longer.lines(path)
    assert not longer.notices(line)
