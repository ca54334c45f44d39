"""The gallery of mistakes: for each code a small text or command that brings it.

``mistakes/CODE.sop`` is a file of the shop in ``mistakes/basics.sop``, ``mistakes/CODE.yaml`` a ``qingting.yaml``, and
``mistakes/CODE.txt`` command lines with the files that they work on: lines that begin with ``$``, then each file behind
a line ``-- NAME --`` (the form of Go's txtar archives). ``qingting explain-code`` shows them, and the tests hold what each
one brings.
"""

from __future__ import annotations

import re
from pathlib import Path

from ..record import record

_FOLDER = Path(__file__).with_name("mistakes")
_FILE = re.compile(r"^-- (\S+) --$", re.MULTILINE)
SETTINGS_FILE = "qingting.yaml"
SHOP_FILE = "basics.sop"
EXAMPLE_FILE = "example.sop"
SETTINGS_TEXT = """\
timezone: Asia/Shanghai
channels:
  wecom: {type: console}
  sms: {type: console}
  group: {type: console}
"""


@record
class Mistake:
    """What brings a code: the files of a workspace by name, and the command lines to type there, without ``qingting``.

    ``shown`` is the part to show: the playbook, the configuration, or the commands with their files.
    """

    code: str
    files: tuple[tuple[str, str], ...]
    commands: tuple[str, ...]
    shown: str


def mistake_of(code: str) -> Mistake | None:
    """What brings ``code``, None where only the environment can."""
    for ending, read in ((".sop", _playbook), (".yaml", _settings), (".txt", _commands)):
        path = _FOLDER / f"{code}{ending}"
        if path.is_file():
            return read(code, path.read_bytes().decode("utf-8"))
    return None


def codes_in_gallery() -> frozenset[str]:
    """The codes that have an entry."""
    return frozenset(path.stem for path in _FOLDER.iterdir() if path.name != SHOP_FILE)


def shop() -> tuple[str, str]:
    """The name and the text of the file that every example stands beside."""
    return SHOP_FILE, (_FOLDER / SHOP_FILE).read_text(encoding="utf-8")


def _playbook(code: str, text: str) -> Mistake:
    files = ((SETTINGS_FILE, SETTINGS_TEXT), (EXAMPLE_FILE, text), shop())
    return Mistake(code, files, ("check",), text)


def _settings(code: str, text: str) -> Mistake:
    return Mistake(code, ((SETTINGS_FILE, text),), ("check",), text)


def _commands(code: str, text: str) -> Mistake:
    head, *parts = _FILE.split(text)
    commands = tuple(line[1:].strip() for line in head.splitlines() if line.startswith("$"))
    given = dict(zip(parts[::2], (part.removeprefix("\n") for part in parts[1::2]), strict=True))
    files = {SETTINGS_FILE: SETTINGS_TEXT, **dict([shop()]), **given}
    return Mistake(code, tuple(files.items()), commands, text)
