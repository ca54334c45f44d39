"""Diagnostics as SARIF 2.1.0, which code scanners and editors read.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0". Columns are 1-based UTF-16 units, as
``columnKind`` says; ends are exclusive; paths are relative URIs under ``SRCROOT``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from ..grammar.diagnostics import Diagnostic, Edit, Severity, Span
from ..grammar.fixes import fix_of
from ..grammar.messages import CATALOGUE, render
from ..grammar.source import LineIndex
from .language import Language

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_BASE = "SRCROOT"
_LEVELS: Mapping[Severity, str] = {"error": "error", "warning": "warning"}


def sarif_log(
    diagnostics: Sequence[Diagnostic], texts: Mapping[str, str], lang: Language, version: str
) -> dict[str, object]:
    """A log with one run; its rules are the codes that occur, in their order."""
    codes = sorted({found.code for found in diagnostics})
    indexes = {file: LineIndex(texts.get(file, "")) for file in {d.file for d in diagnostics}}
    driver = {"name": "qingting", "version": version, "rules": [_rule(code, lang) for code in codes]}
    results = [_result(found, indexes[found.file], codes.index(found.code), lang) for found in diagnostics]
    run = {
        "tool": {"driver": driver},
        "columnKind": "utf16CodeUnits",
        "language": "zh-CN" if lang == "zh" else "en-US",
        "results": results,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str, lang: Language) -> dict[str, object]:
    message = CATALOGUE.get(code)
    chinese = lang == "zh"
    short = (message.zh if chinese else message.en) if message else code
    advice = (message.hint_zh if chinese else message.hint_en) if message else ""
    return {
        "id": code,
        "shortDescription": {"text": _plain(short)},
        "help": {"text": _plain(advice or short) + f"\n\nqingting explain-code {code}"},
        "defaultConfiguration": {"level": "warning" if code.startswith("W") else "error"},
    }


def _result(found: Diagnostic, index: LineIndex, rule: int, lang: Language) -> dict[str, object]:
    sentence, hint = render(found.code, found.params, lang, found.hint)
    result: dict[str, object] = {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": _LEVELS[found.severity],
        "message": {"text": f"{sentence}\n{hint}" if hint else sentence},
        "locations": [_location(found, found.span, index)],
    }
    if found.related:
        result["relatedLocations"] = [_location(found, span, index) for span in found.related]
    fix = fix_of(found, index.text)
    if fix is not None:
        replacements = [_replacement(edit, index) for edit in fix.edits]
        change = {"artifactLocation": _artifact(found.file), "replacements": replacements}
        result["fixes"] = [{"description": {"text": hint or sentence}, "artifactChanges": [change]}]
    return result


def _location(found: Diagnostic, span: Span, index: LineIndex) -> dict[str, object]:
    return {"physicalLocation": {"artifactLocation": _artifact(found.file), "region": _region(span, index)}}


def _artifact(file: str) -> dict[str, str]:
    return {"uri": quote(file), "uriBaseId": _BASE}


def _region(span: Span, index: LineIndex) -> dict[str, int]:
    line, column = index.utf16_position(span.start)
    end_line, end_column = index.utf16_position(span.end)
    return {"startLine": line + 1, "startColumn": column + 1, "endLine": end_line + 1, "endColumn": end_column + 1}


def _replacement(edit: Edit, index: LineIndex) -> dict[str, object]:
    return {"deletedRegion": _region(edit.span, index), "insertedContent": {"text": edit.text}}


def _plain(template: str) -> str:
    """A message in which an ellipsis stands for each parameter."""
    return re.sub(r"(?<!\{)\{\w+\}", "…", template).replace("{{", "{").replace("}}", "}")
