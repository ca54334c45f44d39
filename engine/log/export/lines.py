"""What an export has a line for, and the columns that the lines share: their public names, forms and order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, ClassVar, Literal

from ..encoding import HeaderFields

Form = Literal["text", "integer", "instant", "json", "bytes", "hashes"]
"""``instant`` is in microseconds, ``json`` a text of JSON; ``bytes`` are shown as hex digits, ``hashes`` is a list of such."""

Kind = Literal["record", "delivery", "erasure"]
KINDS: tuple[Kind, ...] = ("record", "delivery", "erasure")


@dataclass(frozen=True, slots=True)
class Proof:
    """What proves one entry: its bytes, the bytes its digests stand for, and the path from its leaf to the root.

    ``header`` is that of a record, ``answer`` and ``private`` those of a delivery record; ``private`` only where asked for.
    """

    entry: bytes
    header: bytes | None
    answer: bytes | None
    private: bytes | None
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A record. ``header`` says what it shares with others; ``member_id`` is the outside id where asked for."""

    kind: ClassVar[Kind] = "record"
    seq: int
    id: str
    header: HeaderFields
    unit: str
    pseudonym: bytes
    member_id: str | None
    t: int
    mark: int
    not_before: int
    key: bytes
    leaf: bytes
    proof: Proof | None


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """A delivery record; ``id`` is that of the record it speaks of. The last three only where asked for."""

    kind: ClassVar[Kind] = "delivery"
    seq: int
    id: str
    dispatch: int
    at: int
    attempt: int
    outcome: str
    reason: str | None
    arrived_seq: int
    leaf: bytes
    proof: Proof | None
    channel_id: str | None
    error: str | None
    text_digest: bytes | None


@dataclass(frozen=True, slots=True)
class ErasureLine:
    """An erasure."""

    kind: ClassVar[Kind] = "erasure"
    seq: int
    unit: str
    pseudonym: bytes
    at: int
    leaf: bytes
    proof: Proof | None


Line = RecordLine | DeliveryLine | ErasureLine


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its public name, its form, and where each kind of line has its value; None for a kind without it.

    ``revealed`` and ``proven`` columns are there only where that was asked for.
    """

    name: str
    form: Form
    record: str | None = None
    delivery: str | None = None
    erasure: str | None = None
    revealed: bool = False
    proven: bool = False

    def place(self, kind: Kind) -> str | None:
        """Where a line of ``kind`` has the value."""
        place: str | None = getattr(self, kind)
        return place


def _everywhere(name: str, form: Form, place: str, *, proven: bool = False) -> Column:
    return Column(name, form, place, place, place, proven=proven)


_COLUMNS = (
    _everywhere("kind", "text", "kind"),
    _everywhere("seq", "integer", "seq"),
    Column("id", "text", "id", "id"),
    Column("run", "text", "header.run"),
    Column("decided_at", "instant", "header.decided_at"),
    Column("occurrence", "text", "header.occurrence"),
    Column("playbook", "text", "header.playbook"),
    Column("version", "text", "header.version"),
    Column("block", "integer", "header.block"),
    Column("category", "text", "header.category"),
    Column("step", "text", "header.step"),
    Column("unit", "text", "unit", None, "unit"),
    Column("member", "bytes", "pseudonym", None, "pseudonym"),
    Column("member_id", "text", "member_id", revealed=True),
    Column("action", "text", "header.action"),
    Column("channel", "text", "header.channel"),
    Column("content", "text", "header.content"),
    Column("params", "json", "header.params"),
    Column("arm", "text", "header.arm"),
    Column("status", "text", "header.status"),
    Column("dispatch", "integer", None, "dispatch"),
    Column("at", "instant", None, "at", "at"),
    Column("attempt", "integer", None, "attempt"),
    Column("outcome", "text", None, "outcome"),
    Column("reason", "text", "header.reason", "reason"),
    Column("channel_id", "text", None, "channel_id", revealed=True),
    Column("error", "text", None, "error", revealed=True),
    Column("text_digest", "bytes", None, "text_digest", revealed=True),
    Column("not_before", "instant", "not_before"),
    Column("t", "instant", "t"),
    Column("mark", "integer", "mark"),
    Column("arrived_seq", "integer", None, "arrived_seq"),
    Column("key", "bytes", "key"),
    _everywhere("leaf", "bytes", "leaf"),
    _everywhere("entry", "bytes", "proof.entry", proven=True),
    Column("header", "bytes", "proof.header", proven=True),
    Column("answer", "bytes", None, "proof.answer", proven=True),
    Column("private", "bytes", None, "proof.private", revealed=True, proven=True),
    _everywhere("path", "hashes", "proof.path", proven=True),
)


def columns_for(*, reveal: bool, proofs: bool) -> tuple[Column, ...]:
    """Return the columns of an export in their order."""
    return tuple(each for each in _COLUMNS if (reveal or not each.revealed) and (proofs or not each.proven))


def reader_of(columns: tuple[Column, ...], kind: Kind) -> tuple[tuple[Column, ...], Callable[[Line], tuple[Any, ...]]]:
    """Return the columns that lines of ``kind`` have, and what takes their values from such a line."""
    own = tuple(each for each in columns if each.place(kind) is not None)
    return own, attrgetter(*(str(each.place(kind)) for each in own))
