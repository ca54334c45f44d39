"""Brings each mistake of the gallery about, and tells it as it stands in the golden files."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from qingting.cli import run_command
from qingting.engine.workspace import Workspace
from qingting.grammar.messages.gallery import SHOP_FILE, Mistake
from qingting.grammar.report import report, to_json

HERE = Path(__file__).parent
TOLD = HERE / "told"
NOON = datetime(2026, 11, 20, 12, tzinfo=timezone(timedelta(hours=8)))
UNLOVED = HERE / "unloved"
KEPT = ("code", "severity", "file", "line", "column", "end_line", "end_column", "hint")


@dataclass(frozen=True)
class Telling:
    """How a mistake is told: as text in both languages, as JSON, and the codes of errors told besides."""

    zh: str
    en: str
    found: list[dict[str, Any]]
    besides: list[str]

    def golden(self) -> str:
        listed = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in self.found)
        return f"-- zh --\n{self.zh}\n-- en --\n{self.en}\n-- json --\n{listed}"


def golden_path(code: str) -> Path:
    """Where the golden file of a code is, or shall be."""
    unloved = UNLOVED / f"{code}.txt"
    return unloved if unloved.exists() else TOLD / f"{code}.txt"


def telling(mistake: Mistake, folder: Path, prepare: Callable[[Path], None] = lambda _: None) -> Telling:
    """Make the workspace in an empty folder, prepare what texts cannot hold, and type the commands there."""
    for name, text in mistake.files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    prepare(folder)
    if mistake.commands == ("check",):
        return _checked(mistake.code, folder)
    zh, _ = _typed(mistake, folder, "zh", as_json=False)
    en, _ = _typed(mistake, folder, "en", as_json=False)
    _, out = _typed(mistake, folder, "zh", as_json=True)
    found = [_kept(each) for each in _with_codes(json.loads(out) if out else None) if each["code"] == mistake.code]
    return Telling(zh, en, found, [])


def _checked(code: str, folder: Path) -> Telling:
    """What ``check`` tells of one code, and the codes of other errors in the example; as the command, but read once."""
    answer = Workspace.check_folder(folder, at=NOON)
    told = [d for d in answer.diagnostics if d.code == code and d.file != SHOP_FILE]
    texts = [answer.texts.get(d.file, "") for d in told]
    zh, en = ("\n\n".join(report(d, text, lang) for d, text in zip(told, texts, strict=True)) for lang in ("zh", "en"))
    found = [_kept(to_json(d, text, "zh")) for d, text in zip(told, texts, strict=True)]
    others = [d for d in answer.diagnostics if d.severity == "error" and d.file != SHOP_FILE]
    return Telling(zh, en, found, [d.code for d in others if d.code != code])


def _kept(each: Mapping[str, Any]) -> dict[str, Any]:
    return {key: each[key] for key in KEPT if key in each}


def _typed(mistake: Mistake, folder: Path, lang: str, *, as_json: bool) -> tuple[str, str]:
    """All that the last command says, and its stdout."""
    said = out = ""
    for number, line in enumerate(mistake.commands, 1):
        is_last = number == len(mistake.commands)
        with _inside(folder), io.StringIO() as stdout, io.StringIO() as stderr:
            with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
                arguments = ["--lang", lang, *(["--json"] if as_json and is_last else []), *shlex.split(line)]
                run_command(arguments, {"LANG": "C.UTF-8", "PATH": os.environ["PATH"]})
            said, out = stdout.getvalue() + stderr.getvalue(), stdout.getvalue()
    return said.strip().replace(str(folder), "."), out


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    with contextlib.chdir(folder):
        yield


def _with_codes(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if isinstance(value.get("code"), str):
            yield value
        for each in value.values():
            yield from _with_codes(each)
    elif isinstance(value, list):
        for each in value:
            yield from _with_codes(each)

