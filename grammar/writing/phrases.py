"""Phrases: the words of a statement, with the and/or chains at which its line may be broken."""

from __future__ import annotations

from typing import TypeAlias

from ..record import record
from ..syntax import And, Or


@record
class Chain:
    """Tests joined by one and/or. ``node`` is the tree they come from; ``leads`` if it is the statement's own chain,
    not one in parentheses.
    """

    node: And | Or
    joint: str
    items: tuple[Phrase, ...]
    leads: bool


Phrase: TypeAlias = "tuple[str | Chain, ...]"


def spaced(*parts: str | Phrase) -> Phrase:
    """The parts with a space between them; empty ones are left out.

    >>> spaced("did", "", "order")
    ('did order',)
    """
    made: list[str | Chain] = []
    for part in parts:
        if part:
            if made:
                _add(made, " ")
            for fragment in (part,) if isinstance(part, str) else part:
                _add(made, fragment)
    return tuple(made)


def joined(*parts: str | Phrase) -> Phrase:
    """The parts without anything between them."""
    made: list[str | Chain] = []
    for part in parts:
        for fragment in (part,) if isinstance(part, str) else part:
            _add(made, fragment)
    return tuple(made)


def listed(items: list[Phrase]) -> Phrase:
    """Phrases with commas between them."""
    made: Phrase = ()
    for item in items:
        made = joined(made, ", ", item) if made else item
    return made


def flat(phrase: Phrase) -> str:
    """A phrase on one line."""
    return "".join(part if isinstance(part, str) else flat_chain(part) for part in phrase)


def flat_chain(chain: Chain) -> str:
    """A chain on one line."""
    return f" {chain.joint} ".join(flat(item) for item in chain.items)


def _add(made: list[str | Chain], fragment: str | Chain) -> None:
    if made and isinstance(fragment, str) and isinstance(last := made[-1], str):
        made[-1] = last + fragment
    elif fragment:
        made.append(fragment)
