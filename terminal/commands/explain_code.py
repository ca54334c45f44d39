"""``qingting explain-code``: more about a code than its line says, and the list of all codes."""

from __future__ import annotations

import re
import tempfile
from datetime import datetime
from pathlib import Path

import click

from ...grammar.diagnostics import Diagnostic, UsageError
from ...grammar.fixes import apply_edits, fix_of
from ...grammar.messages import CATALOGUE, Message
from ...grammar.messages.background import FAMILIES, MORE, Family, family_of
from ...grammar.messages.gallery import EXAMPLE_FILE, SETTINGS_FILE, Mistake, mistake_of
from ...grammar.nearest import edit_distance
from ...grammar.report import report, to_json
from ..language import Language, Say
from ..session import Session
from .contract import command

CODE = re.compile(r"[A-Z][0-9]{3}")
_FAMILIES_WITHOUT_CODES = "N"
_NEAREST = 3


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "explain-code",
        say,
        "说明一个错误代码:什么意思,为什么算错,什么样的写法会出现,怎么改。不给代码就列出全部。",
        "Tell what a code means, why it is told, what brings it and how to mend it. Without a code, list all.",
        ("qingting explain-code E203", "qingting explain-code", "qingting explain-code W404 --json"),
        [click.Argument(["code"], required=False, metavar="[CODE]")],
        explain_code,
    )


def explain_code(session: Session, code: str | None) -> int:
    """Explain one code, or list all."""
    if code is None:
        _list(session)
        return 0
    wanted = code.strip().upper()
    if wanted not in all_codes():
        raise UsageError("C226", written=code, near="、".join(_near(wanted)))
    _explain(session, wanted)
    return 0


def all_codes() -> tuple[str, ...]:
    """The codes that something can be told by, in order."""
    return tuple(sorted(c for c in CATALOGUE if CODE.fullmatch(c) and c[0] != _FAMILIES_WITHOUT_CODES))


def _near(code: str) -> list[str]:
    """The codes most like one that does not exist: those of its family where only the number is wrong."""
    return sorted(all_codes(), key=lambda other: (edit_distance(code, other, 4), other[:1] != code[:1], other))[:_NEAREST]


def _list(session: Session) -> None:
    lang = session.language
    listed = [(family, [code for code in all_codes() if family.holds(code)]) for family in FAMILIES]
    if session.as_json:
        session.emit({
            "families": [
                {"title": _in(lang, family.title), "codes": [_entry(code, lang) for code in codes]}
                for family, codes in listed if codes
            ]
        })
        return
    screen = session.screen()
    for family, codes in listed:
        if codes:
            screen.line(_in(lang, family.title), "bold")
            for code in codes:
                screen.line(f"  {code}  {_sentence(code, lang)}")
            screen.line()


def _entry(code: str, lang: Language) -> dict[str, str]:
    return {"code": code, "message": _sentence(code, lang)}


def _explain(session: Session, code: str) -> None:
    lang = session.language
    family, message = family_of(code), CATALOGUE[code]
    mistake = mistake_of(code)
    found = _brought(mistake, session.clock()) if mistake is not None else None
    text = mistake.shown if mistake is not None else ""
    why = _why(code, family, lang)
    if session.as_json:
        session.emit({
            **_entry(code, lang),
            "family": _in(lang, family.title) if family else None,
            "why": why,
            "ways_out": _ways_out(message, lang),
            "example": text or None,
            "diagnostic": to_json(found, text, lang) if found is not None else None,
        })
        return
    screen = session.screen()
    screen.line(f"{code}  {_sentence(code, lang)}", "bold")
    if why:
        screen.line("\n" + why)
    if text:
        screen.line("\n" + session.word("T.example"), "bold")
        screen.line(_indented(text))
    if found is not None:
        screen.line("\n" + _indented(report(found, text, lang, screen.color)))
    mended = _mended(found, text)
    if mended is not None:
        screen.line("\n" + session.word("T.mended"), "bold")
        screen.line(_indented(mended))
    ways = _ways_out(message, lang)
    if ways:
        screen.line("\n" + session.word("T.ways_out"), "bold")
        for way in ways:
            screen.line(f"  - {way}")


def _brought(mistake: Mistake, at: datetime) -> Diagnostic | None:
    """The diagnostic that an entry of the gallery brings, checked in a folder of its own; None for commands."""
    from ...engine.workspace import Workspace

    if mistake.commands != ("check",):
        return None
    with tempfile.TemporaryDirectory() as folder:
        for name, text in mistake.files:
            (Path(folder) / name).write_bytes(text.encode("utf-8"))
        diagnostics = Workspace.check_folder(folder, at=at).diagnostics
    shown = SETTINGS_FILE if mistake.code.startswith("C") else EXAMPLE_FILE
    return next((d for d in diagnostics if d.code == mistake.code and d.file == shown), None)


def _mended(found: Diagnostic | None, text: str) -> str | None:
    fix = fix_of(found, text) if found is not None else None
    return apply_edits(text, fix.edits) if fix is not None and fix.safe else None


def _why(code: str, family: Family | None, lang: Language) -> str:
    parts = [_in(lang, MORE[code])] if code in MORE else []
    return "\n".join([*parts, _in(lang, family.why)] if family else parts)


def _ways_out(message: Message, lang: Language) -> list[str]:
    hints = [(message.hint_zh, message.hint_en), *message.hints.values()]
    return list(dict.fromkeys(_plain(_in(lang, hint)) for hint in hints if _in(lang, hint)))


def _sentence(code: str, lang: Language) -> str:
    message = CATALOGUE[code]
    return _plain(message.zh if lang == "zh" else message.en)


def _plain(template: str) -> str:
    """A message in which an ellipsis stands for each parameter."""
    return re.sub(r"(?<!\{)\{\w+\}", "…", template).replace("{{", "{").replace("}}", "}")


def _in(lang: Language, words: tuple[str, str]) -> str:
    return words[0] if lang == "zh" else words[1]


def _indented(text: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in text.rstrip().split("\n"))
