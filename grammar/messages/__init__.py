"""The sentences users read: every diagnostic code in Chinese and English.

A catalogue is a module with ``MESSAGES: dict[str, Message]``; :func:`render` reads them all.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import (
    archiving,
    clauses,
    cli,
    delivery,
    explain,
    formatting,
    lines,
    lint,
    missing,
    persons,
    planning,
    program,
    proofs,
    reports,
    run,
    settings,
    sheet,
    simulating,
    staff,
    store,
    syntax,
    tampering,
    testing,
)
from .message import Message

__all__ = ["CATALOGUE", "Message", "render"]

CATALOGUE: dict[str, Message] = {
    **syntax.MESSAGES,
    **clauses.MESSAGES,
    **lines.MESSAGES,
    **formatting.MESSAGES,
    **program.MESSAGES,
    **lint.MESSAGES,
    **store.MESSAGES,
    **run.MESSAGES,
    **delivery.MESSAGES,
    **staff.MESSAGES,
    **reports.MESSAGES,
    **settings.MESSAGES,
    **cli.MESSAGES,
    **persons.MESSAGES,
    **planning.MESSAGES,
    **proofs.MESSAGES,
    **tampering.MESSAGES,
    **archiving.MESSAGES,
    **explain.MESSAGES,
    **missing.MESSAGES,
    **sheet.MESSAGES,
    **testing.MESSAGES,
    **simulating.MESSAGES,
}


class _Forgiving(dict[str, str | int]):
    """Parameters in which a missing one shows as its own name, so that a message never fails."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def render(code: str, params: Mapping[str, str | int], lang: str, hint: str | None = None) -> tuple[str, str | None]:
    """Return the sentence and the hint of ``code`` in ``lang`` (``zh`` or ``en``).

    ``hint`` picks one of the message's named hints; without it the message's own is taken. The hint is None where
    there is none. An unknown code gives the code itself with its parameters, never an error.

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
    return _fill(sentence, params), _fill(advice, params) if advice else None


def _fill(template: str, params: Mapping[str, str | int]) -> str:
    try:
        return template.format_map(_Forgiving(params))
    except (ValueError, IndexError, KeyError, AttributeError, TypeError):
        return template
