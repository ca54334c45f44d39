"""Canonical text of the checked program's values.

A value is written as JSON without spaces, keys sorted, non-ASCII kept. A dataclass is an object with its class name
under ``is`` and those fields that differ from their defaults, so that a field added later, with a default, changes no
digest. Tuples are arrays, mappings are objects under ``map``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import MISSING
from enum import StrEnum
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, TypeVar

from ...grammar.record import fields_of, is_record, record
from . import ir

T = TypeVar("T")
_CLASS = "is"
_MAP = "map"
# What the annotation of a field consists of that can hold nothing but texts and numbers.
_PLAIN = re.compile(r"Literal\[[^\]]*\]|\b(?:str|int|bool|None|tuple|ValueType|CutoffKind|ir)\b|[\[\], .|]")


def encode(value: object) -> str:
    """Return the canonical JSON of an ir value; TypeError for anything else (floats among it).

    >>> encode(ir.Wait(ir.Duration(0, 1)))
    '{"duration":{"is":"Duration","micros":0,"months":1},"is":"Wait"}'
    """
    if type(value) is str:
        return encode_basestring(value)
    kind = type(value)
    if kind is int:
        return str(value)
    if kind is tuple:
        assert isinstance(value, tuple)
        return f"[{','.join([encode(item) for item in value])}]"
    if value is None or kind is bool:
        return _CONSTANTS[value]
    return _record(value, kind) if is_record(kind) else _other(value)


_CONSTANTS: Mapping[object, str] = {None: "null", True: "true", False: "false"}


def _record(value: object, kind: Any) -> str:
    written: list[str] = []
    for part in _layout(kind):
        if part.name is None:
            written.append(part.key)
            continue
        item = getattr(value, part.name)
        if item is part.default or (item.__class__ is part.default.__class__ and item == part.default):
            continue
        written.append(part.key + encode(item))
    return f"{{{','.join(written)}}}"


def _other(value: object) -> str:
    if isinstance(value, str):
        return encode_basestring(str(value))
    if isinstance(value, Mapping):
        items = sorted((str(key), item) for key, item in value.items())
        inside = ",".join(f"{encode_basestring(key)}:{encode(item)}" for key, item in items)
        return f'{{"{_MAP}":{{{inside}}}}}'
    raise TypeError(f"{type(value).__name__} has no canonical form")


@record
class _Part:
    """A field of a record with its key in the text, or (``name`` None) the whole entry of its class."""

    key: str
    name: str | None
    default: object


@lru_cache(maxsize=256)
def _layout(made: type[Any]) -> tuple[_Part, ...]:
    """The entries of a record in the order of their keys."""
    parts = {name: _Part(f'"{name}":', name, default) for name, default, _ in fields_of(made)}
    parts[_CLASS] = _Part(f'"{_CLASS}":"{made.__name__}"', None, MISSING)
    return tuple(parts[key] for key in sorted(parts))


def parts_of(value: object) -> list[object]:
    """Return what stands directly inside a value, but for texts and numbers."""
    kind: Any = type(value)
    if kind is tuple:
        assert isinstance(value, tuple)
        return list(value)
    if is_record(kind):
        return [part for part in [getattr(value, name) for name in _holders(kind)] if part]
    return list(value.values()) if isinstance(value, Mapping) else []


@lru_cache(maxsize=256)
def _holders(made: type[Any]) -> tuple[str, ...]:
    """The fields of a record that can hold more than texts and numbers."""
    return tuple(name for name, _, annotation in fields_of(made) if _PLAIN.sub("", annotation))


def digest_of(value: object) -> str:
    """Return the hex SHA-256 of the canonical JSON."""
    return hashlib.sha256(encode(value).encode()).hexdigest()


def decode(text: str, wanted: type[T]) -> T:
    """Return the value that :func:`encode` wrote; ValueError if it is not a ``wanted``.

    >>> decode(encode(ir.Duration(0, 1)), ir.Duration)
    Duration(micros=0, months=1)
    """
    value = _rebuilt(json.loads(text), wanted)
    if not isinstance(value, wanted):
        raise ValueError(f"expected {wanted.__name__}, found {type(value).__name__}")
    return value


def _rebuilt(value: object, wanted: type[Any], enumeration: type[StrEnum] | None = None) -> object:
    if isinstance(value, list):
        return tuple(_rebuilt(item, wanted) for item in value)
    if isinstance(value, dict):
        return _rebuilt_object(value, wanted, enumeration)
    return enumeration(value) if enumeration is not None and isinstance(value, str) else value


def _rebuilt_object(value: dict[str, object], wanted: type[Any], enumeration: type[StrEnum] | None) -> object:
    entries = value.get(_MAP)
    if isinstance(entries, dict):
        return {key: _rebuilt(item, wanted, enumeration) for key, item in entries.items()}
    name = value.get(_CLASS)
    made = wanted if name == wanted.__name__ else getattr(ir, str(name), None)
    if not isinstance(made, type) or not is_record(made):
        raise ValueError(f"{name} is no part of a program")
    known = _enumerations(made)
    return made(**{key: _rebuilt(item, wanted, known.get(key)) for key, item in value.items() if key != _CLASS})


@lru_cache(maxsize=256)
def _enumerations(made: type[Any]) -> Mapping[str, type[StrEnum]]:
    # Annotations are texts here; a mapping to an enumeration ends with its name as well.
    known = {enumeration.__name__: enumeration for enumeration in (ir.ValueType, ir.CutoffKind)}
    found = {
        name: known.get(annotation.removeprefix("Mapping[str, ").removesuffix("]").removeprefix("ir."))
        for name, _, annotation in fields_of(made)
    }
    return {name: enumeration for name, enumeration in found.items() if enumeration is not None}
