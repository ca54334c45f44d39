"""A part of what is missing, as data and as a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ...program.clock import iso
from ...program.ir import NUMBER_SCALE, ValueType
from ...program.words.values import date_words

Kind = Literal[
    "event", "distinct", "days", "points", "attribute", "tag", "untag", "coupon", "use_coupon", "redpacket", "push", "enter",
    "leave", "finish", "invite", "group", "leave_group", "friend", "unfriend", "task", "wait", "either", "other", "never",
]


@dataclass(frozen=True, slots=True)
class Setting:
    """A value of an attribute or field that suffices, as it is stored (see ``ir``); None is unknown."""

    name: str
    type: ValueType
    value: int | str | None

    def to_json(self) -> object:
        """The value in units: a number, a yes or no, or text; dates and instants in ISO 8601."""
        if self.value is None or isinstance(self.value, str):
            return self.value
        match self.type:
            case ValueType.MONEY:
                return float(Decimal(self.value) / 100)
            case ValueType.NUMBER:
                return float(Decimal(self.value) / NUMBER_SCALE)
            case ValueType.YES_NO:
                return bool(self.value)
            case ValueType.DATE:
                return date_words(self.value)
            case ValueType.INSTANT:
                return iso(self.value, "UTC")
        return f"{self.value // 100:02d}-{self.value % 100:02d}"


@dataclass(frozen=True, slots=True)
class When:
    """When something has to happen: not before ``after``, not later than ``by``; it counts from ``since`` on.

    Each is None where it says nothing: at once, at any time, at once.
    """

    after: int | None = None
    by: int | None = None
    since: int | None = None


AT_ONCE = When()


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that has to happen, or several of which one suffices (``ways``, the cheapest first).

    ``name`` is that of the event, tag, attribute, coupon and so on; ``number`` how many more of it, of points negative for
    fewer; ``settings`` the values that suffice, of an event those of its fields (of kind distinct the last is the field of
    which other values are needed, with one). It is to happen not before ``after`` and
    not later than ``by``; the test is true from ``since`` on, where that is not at once. Instants are microseconds.
    """

    kind: Kind
    text: str
    zone: str
    name: str | None = None
    number: int | None = None
    settings: tuple[Setting, ...] = ()
    after: int | None = None
    by: int | None = None
    since: int | None = None
    ways: tuple[tuple[Missing, ...], ...] = ()

    @property
    def is_hopeless(self) -> bool:
        """Whether nothing that happens makes the test true."""
        return self.kind == "never" or (bool(self.ways) and all(any(m.is_hopeless for m in way) for way in self.ways))

    @property
    def moment(self) -> int | None:
        """From when on the test is true where the cheapest way is taken; None for at once."""
        if self.ways:
            return latest(self.ways[0])
        return self.since if self.since is not None else self.after

    def to_json(self) -> dict[str, object]:
        """The part with stable keys; those without a value are left out."""
        told: dict[str, object] = {"kind": self.kind, "text": self.text}
        for key, value in (("name", self.name), ("number", self.number)):
            if value is not None:
                told[key] = value
        if self.settings:
            told["values"] = {setting.name: setting.to_json() for setting in self.settings}
        for key, instant in (("after", self.after), ("by", self.by), ("since", self.since)):
            if instant is not None:
                told[key] = iso(instant, self.zone)
        if self.ways:
            told["ways"] = [[part.to_json() for part in way] for way in self.ways]
        return told


Way = tuple[Missing, ...]
"""Parts that together suffice."""


def latest(parts: tuple[Missing, ...]) -> int | None:
    """The instant from which on all parts together suffice; None for at once."""
    return max((part.moment for part in parts if part.moment is not None), default=None)


def cost_of(parts: tuple[Missing, ...]) -> tuple[bool, int, int, int]:
    """How much is asked for, to be compared: the hopeless last, then fewer things, fewer times, sooner."""
    times = sum(abs(part.number or 1) if part.kind != "points" else 1 for part in parts if part.kind != "wait")
    hopeless = any(part.is_hopeless for part in parts)
    unsure = sum(part.kind == "other" for part in parts)
    return hopeless, unsure + len(parts), times, latest(parts) or 0
