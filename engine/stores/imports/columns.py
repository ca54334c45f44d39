"""Which columns each kind of file may have, in both languages, and what they are called inside."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ....grammar.diagnostics import UsageError
from ...program import builtin_names
from ...program.ir import Library
from .report import Replacing

# Attributes that no file can set: one identifies the member, the tier follows from others.
NOT_IMPORTED = frozenset({"id", "tier"})
KINDS = ("members", "tags", "events", "coupons", "friends", "groups", "staff")

SPELLINGS: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType({
    "members": {
        "id": ("id", "客户号"), "points": ("points", "积分"), "merged_into": ("merged_into", "并入", "合并到"),
        "at": ("at", "time", "发生时间"), "arrived": ("arrived", "到达时间"),
    },
    "tags": {
        "member": ("member", "客户号", "客户"), "tag": ("tag", "标签"), "since": ("since", "开始时间"),
        "until": ("until", "结束时间"), "arrived": ("arrived", "到达时间"),
    },
    "events": {
        "id": ("id", "事件号"), "member": ("member", "客户号", "客户"), "type": ("type", "事件"),
        "at": ("at", "time", "发生时间"), "subject": ("subject", "对象"), "amount": ("amount", "金额"),
        "arrived": ("arrived", "到达时间"),
    },
    "coupons": {
        "coupon": ("coupon", "券"), "member": ("member", "客户号", "客户"), "code": ("code", "券码"),
        "issued": ("issued", "发券时间"), "expires": ("expires", "到期时间"), "used": ("used", "用券时间"),
    },
    "friends": {
        "member": ("member", "客户号", "客户"), "staff": ("staff", "跟进人", "员工号"),
        "since": ("since", "开始时间", "加好友时间"), "until": ("until", "结束时间", "删好友时间"),
        "arrived": ("arrived", "到达时间"),
    },
    "groups": {
        "group": ("group", "群号", "群"), "name": ("name", "群名"), "owner": ("owner", "群主"),
        "created": ("created", "建群时间", "创建时间"), "tags": ("tags", "群标签", "标签"),
        "member": ("member", "客户号", "客户"), "since": ("since", "进群时间", "开始时间"),
        "until": ("until", "退群时间", "结束时间"), "arrived": ("arrived", "到达时间"),
    },
    "staff": {
        "id": ("id", "员工号"), "name": ("name", "姓名"), "manager": ("manager", "上级", "店长"),
    },
})
REQUIRED: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "members": ("id",),
    "tags": ("member", "tag"),
    "events": ("id", "member", "type", "at"),
    "coupons": ("coupon", "member", "code"),
    "friends": ("member", "staff"),
    "groups": ("group",),
    "staff": ("id",),
})


# What has happened is not replaced, and who has left the staff is still named in what happened.
REPLACEABLE = MappingProxyType({
    Replacing.NOTHING: KINDS,
    Replacing.NAMED: ("members", "tags", "friends", "groups", "staff"),
    Replacing.ALL: ("members", "tags", "friends", "groups"),
})


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns a file may have: ``names`` maps every spelling to the name inside; ``required`` must be there."""

    names: Mapping[str, str]
    required: tuple[str, ...]
    ignore_unknown: bool

    def canonical(self, name: str) -> str | None:
        """The name inside of a column as written, None where it is unknown."""
        return self.names.get(name) or self.names.get(unicodedata.normalize("NFC", name).strip())

    @property
    def listed(self) -> str:
        """The known names, for a message."""
        return ", ".join(dict.fromkeys(self.names.values()))


def columns_of(kind: str, library: Library, *, ignore_unknown: bool, generate_ids: bool) -> Columns:
    """The columns of a file of ``kind`` under the declarations of ``library``; UsageError for an unknown kind.

    A declared name that equals a column of the kind itself is that column.
    """
    spellings = SPELLINGS.get(kind)
    if spellings is None:
        raise UsageError("S212", kind=kind, known=", ".join(KINDS))
    names = {spelling: column for column, known in spellings.items() for spelling in known}
    for spelling, column in _declared(kind, library):
        names.setdefault(spelling, column)
    required = tuple(name for name in REQUIRED[kind] if not (generate_ids and kind == "events" and name == "id"))
    return Columns(names, required, ignore_unknown)


def _declared(kind: str, library: Library) -> Iterable[tuple[str, str]]:
    if kind == "members":
        declared = library.attributes.keys() - NOT_IMPORTED
        aliases: Mapping[str, str] = builtin_names.ATTRIBUTE_ALIASES
    elif kind == "events":
        declared = {field.name for event in library.events.values() for field in event.fields}
        aliases = builtin_names.FIELD_ALIASES
    else:
        return
    yield from ((name, name) for name in sorted(declared))
    yield from ((spelling, name) for spelling, name in aliases.items() if name in declared)
