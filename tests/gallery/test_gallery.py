"""Every code has an entry in the gallery, brings nothing else, and is told as its golden file says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from gallery.entries import TOLD, UNLOVED, golden_path, telling
from gallery.prepared import PREPARED, entry_of
from qingting.grammar.messages import CATALOGUE
from qingting.grammar.messages.gallery import codes_in_gallery
from qingting.terminal.commands.explain_code import all_codes

ENTRIES = codes_in_gallery() | PREPARED.keys()
CODES = all_codes()

HOW = """
To add a code to the gallery:
  1. write what brings it to grammar/messages/mistakes/CODE.sop (a playbook file beside mistakes/basics.sop),
     CODE.yaml (a qingting.yaml) or CODE.txt (lines `$ command`, then files behind lines `-- NAME --`);
  2. python tests/gallery/write_goldens.py CODE
  3. read tests/gallery/told/CODE.txt aloud in both languages; where it is not good, mend the message, or move the file
     to tests/gallery/unloved/.
"""

_DISK = "a disk that is full, read-only or locked by another process"
_CHANGED = "a log that somebody changed"
_STORE = "a store that is damaged, or made by another version or with other declarations"
_COPY = "a restored copy beside its fence"
_LOG = "a log that somebody changed, an archive that was put away, or a store that was not signed yet"
_REACHED_IN_PYTHON = "the command line or the grammar refuses it before; only callers of the library get there"
_INSTALLED = "what else is installed beside qingting"
_PROOF = "a fault of the formatter itself, which its proof keeps from the files"
_BUG = "a fault of the program while a playbook runs"
_RUNNING = "what happens while the command runs"

OF_THE_ENVIRONMENT: dict[str, str] = {
    **dict.fromkeys(("S303", "S306", "S307", "S308", "S316", "S312", "S313", "S203"), _DISK),
    **dict.fromkeys(("C301", "C302", "C303", "C304", "C305", "C306", "R301", "R302", "D105", "D443", "D447"), _DISK),
    **dict.fromkeys(("C414", "S305", "S310", "S311", "S314", "S315"), _STORE),
    **dict.fromkeys(("D201", "D202", "D203", "D204", "D205", "D206", "D207", "D208"), _COPY),
    **dict.fromkeys(("D420", "D421", "D422", "D428", "D444", "D445"), _LOG),
    **dict.fromkeys((*(f"D{number}" for number in range(401, 420)), "D457", "D458", "D459", "D461", "D465"), _CHANGED),
    **dict.fromkeys(("S212", "C204", "C205", "E253"), _REACHED_IN_PYTHON),
    **dict.fromkeys(("D102", "S217", "S219", "C116", "C286", "C287", "C289"), _INSTALLED),
    **dict.fromkeys(("F101", "F102"), _PROOF),
    **dict.fromkeys(("C130", "C206", "C224", "C290", "C293", "C307", "C308", "C701", "D302"), _RUNNING),
    "C416": _BUG,
}
"""Codes that no text and no command brings by itself, by what does."""

SEVERAL = frozenset({"E191"})
"""Codes that tell of others."""


def test_every_code_has_an_entry() -> None:
    missing = [code for code in CODES if code not in ENTRIES and code not in OF_THE_ENVIRONMENT]
    assert not missing, f"no entry for {' '.join(missing)}\n{HOW}"


def test_no_entry_is_left_over() -> None:
    assert sorted(ENTRIES - set(CODES)) == []
    assert sorted(set(OF_THE_ENVIRONMENT) & ENTRIES) == []
    assert sorted(set(OF_THE_ENVIRONMENT) - set(CODES)) == []
    goldens = {path.stem for folder in (TOLD, UNLOVED) for path in folder.glob("*.txt")}
    assert goldens == ENTRIES, HOW


def test_every_message_says_what_to_do_next() -> None:
    messages = {code: CATALOGUE[code] for code in CODES}
    silent = [c for c, m in messages.items() if not ((m.hint_zh and m.hint_en) or m.hints)]
    assert silent == []


def test_no_message_speaks_of_the_inside_of_the_program() -> None:
    words = re.compile("解析|令牌|语法树|节点|异常|非法|无效|parse|token|node|syntax tree|exception|invalid", re.IGNORECASE)
    texts = {
        code: " ".join((m.zh, m.en, m.hint_zh, m.hint_en, *(text for pair in m.hints.values() for text in pair)))
        for code, m in ((code, CATALOGUE[code]) for code in CODES)
    }
    assert [code for code, text in texts.items() if words.search(text)] == []


@pytest.mark.slow
@pytest.mark.parametrize("code", sorted(ENTRIES & set(CODES)))
def test_it_is_told_as_the_golden_file_says(code: str, tmp_path: Path) -> None:
    mistake, prepare = entry_of(code)
    told = telling(mistake, tmp_path, prepare)
    assert told.found, f"{code} is not brought about:\n{told.zh}"
    assert told.besides == [] or code in SEVERAL
    assert told.golden() == golden_path(code).read_text(encoding="utf-8"), HOW
