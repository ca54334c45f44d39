"""Strings and patterns as they are written: one kind of quotes, another where the text holds it."""

from __future__ import annotations

from ..syntax import Pattern, Text

_OTHERS = (("「", "」"), ("『", "』"), ("“", "”"))
DEEPER = "  "
"""The text of a long string stands one step deeper than its statement."""


def string(text: str) -> str:
    r"""A text as a string: in ``"``, in ``'`` or 「」 where it holds that, over several lines where it has some.

    >>> print(string('a'), string('say "a"'))
    "a" 'say "a"'
    """
    if "\n" in text:
        return long_string(text)
    if '"' not in text:
        return f'"{_escaped(text)}"'
    if "'" not in text:
        return f"'{_escaped(text)}'"
    for opening, closing in _OTHERS:
        if opening not in text and closing not in text:
            return f"{opening}{text}{closing}"
    quoted = _escaped(text).replace('"', '\\"')
    return f'"{quoted}"'


def body(text: Text) -> str:
    """The text of a message: a long string, unless spaces around it would be lost there."""
    return long_string(text.text) if text.text == text.text.strip() else string(text.text)


def long_string(text: str) -> str:
    '''A text between ``"""``, its lines one step deeper; the statement's own indentation is added later.'''
    escaped = _escaped(text).replace('"""', '\\"\\"\\"')
    lines = [DEEPER + line if line.strip() else "" for line in escaped.split("\n")]
    return "\n".join(('"""', *lines, '"""'))


def pattern(found: Pattern) -> str:
    """A pattern as a string with its star; a star that means itself is escaped, which only straight quotes can."""
    text = _escaped(found.text).replace("*", "\\*") + ("*" if found.prefix else "")
    if '"' not in text:
        return f'"{text}"'
    if "'" not in text:
        return f"'{text}'"
    escaped = text.replace('"', '\\"')
    return f'"{escaped}"'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\")
