"""The sentences users read: every diagnostic code in Chinese and English.

A catalogue is a module with ``MESSAGES: dict[str, Message]``; :func:`render` reads them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from . import (
    clauses,
    cli,
    delivery,
    explain,
    formatting,
    lines,
    lint,
    pending,
    program,
    run,
    sheet,
    staff,
    store,
    syntax,
    testing,
)
from .message import Message

__all__ = ["CATALOGUE", "Message", "mention", "render"]

CATALOGUE: dict[str, Message] = {
    **syntax.MESSAGES,
    **clauses.MESSAGES,
    **lines.MESSAGES,
    **formatting.MESSAGES,
    **program.MESSAGES,
    **pending.MESSAGES,
    **lint.MESSAGES,
    **store.MESSAGES,
    **run.MESSAGES,
    **delivery.MESSAGES,
    **staff.MESSAGES,
    **cli.MESSAGES,
    **explain.MESSAGES,
    **sheet.MESSAGES,
    **testing.MESSAGES,
}


class _Forgiving(dict[str, str | int]):
    """Parameters in which a missing one shows as its own name, so that a message never fails."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def render(code: str, params: Mapping[str, str | int], lang: str, hint: str | None = None) -> tuple[str, str | None]:
    """Return the sentence and the hint of ``code`` in ``lang`` (``zh`` or ``en``).

    ``hint`` picks one of the message's named hints; without it the message's own is taken. The hint is None where
    there is none. An unknown code gives the code itself with its parameters, never an error. A parameter made by
    :func:`mention` is said in words.

    >>> render("E999", {"name": "x"}, "en")
    ('E999 (name=x)', None)
    """
    message = CATALOGUE.get(code)
    if message is None:
        listed = ", ".join(f"{key}={value}" for key, value in params.items())
        return (f"{code} ({listed})" if listed else code), None
    chinese = lang.startswith("zh")
    sentence = message.zh if chinese else message.en
    advice = message.hint_zh if chinese else message.hint_en
    if hint is not None and hint in message.hints:
        advice = message.hints[hint][0 if chinese else 1]
    spoken = {key: _spoken(value, lang) for key, value in params.items()}
    return _fill(sentence, spoken), _fill(advice, spoken) if advice else None


def mention(codes: Iterable[str]) -> str:
    """Return a parameter that stands for the sentences of further codes, one after the other.

    >>> render("E390", {"what": mention(["pending.goal", "pending.exit"])}, "en")[0]
    'This version cannot answer goal, exit when yet.'
    """
    return " ".join(f"@{code}" for code in codes)


def _spoken(value: str | int, lang: str) -> str | int:
    if not isinstance(value, str) or not value.startswith("@"):
        return value
    codes = [code.removeprefix("@") for code in value.split(" ")]
    if not all(code in CATALOGUE for code in codes):
        return value
    return ("、" if lang.startswith("zh") else ", ").join(render(code, {}, lang)[0] for code in codes)


def _fill(template: str, params: Mapping[str, str | int]) -> str:
    try:
        return template.format_map(_Forgiving(params))
    except (ValueError, IndexError, KeyError, AttributeError, TypeError):
        return template
