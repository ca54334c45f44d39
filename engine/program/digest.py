"""Canonical text of programs: what a digest is taken from and what members in flight run on.

A value is written as JSON without spaces, keys sorted, non-ASCII kept. A dataclass is an object with its class name
under ``is`` and those fields that differ from their defaults, so that a field added later, with a default, changes no
digest. Tuples are arrays, mappings are objects under ``map``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from ...grammar.record import record
from . import ir

T = TypeVar("T")
_CLASS = "is"
_MAP = "map"


@record
class VersionUnit:
    """A playbook with everything whose change makes it another version.

    ``attributes`` and ``fields`` give only types.
    """

    playbook: ir.Playbook
    segments: Mapping[str, ir.Condition]
    metrics: Mapping[str, ir.Total]
    attributes: Mapping[str, ir.ValueType]
    fields: Mapping[str, ir.ValueType]


def encode(value: object) -> str:
    """Return the canonical JSON of an ir value; TypeError for anything else (floats among it)."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def decode(text: str, wanted: type[T]) -> T:
    """Return the value that :func:`encode` wrote; ValueError if it is not a ``wanted``.

    >>> decode(encode(ir.Duration(0, 1)), ir.Duration)
    Duration(micros=0, months=1)
    """
    value = _rebuilt(json.loads(text))
    if not isinstance(value, wanted):
        raise ValueError(f"expected {wanted.__name__}, found {type(value).__name__}")
    return value


def digest_of(value: object) -> str:
    """Return the hex SHA-256 of the canonical JSON."""
    return hashlib.sha256(encode(value).encode()).hexdigest()


def version_unit(playbook: ir.Playbook, library: ir.Library) -> VersionUnit:
    """Return ``playbook`` without about, owner, state and version, and what it uses of ``library``, transitively."""
    bare = replace(playbook, about="", owner="", state="live", version="")
    segments: dict[str, ir.Condition] = {}
    metrics: dict[str, ir.Total] = {}
    attributes: dict[str, ir.ValueType] = {}
    event_fields: dict[str, ir.ValueType] = {}
    waiting: list[object] = [bare]
    while waiting:
        value = waiting.pop()
        match value:
            case ir.InSegment(name) if name not in segments:
                segments[name] = library.segments[name]
                waiting.append(segments[name])
            case ir.MetricRef(name) if name not in metrics:
                metrics[name] = library.metrics[name]
                waiting.append(metrics[name])
            case ir.AttributeRef(name, kind):
                attributes[name] = kind
            case ir.FieldRef(name, kind):
                event_fields[name] = kind
        waiting.extend(_parts(value))
    return VersionUnit(bare, segments, metrics, attributes, event_fields)


def version_of(playbook: ir.Playbook, library: ir.Library) -> str:
    """Return the version of a playbook: the hex SHA-256 of its version unit."""
    return digest_of(version_unit(playbook, library))


def load_version(text: str) -> tuple[ir.Playbook, Mapping[str, ir.Condition], Mapping[str, ir.Total]]:
    """Return the playbook, segments and metrics of a stored version unit; the playbook carries its version."""
    unit = decode(text, VersionUnit)
    version = hashlib.sha256(text.encode()).hexdigest()
    return replace(unit.playbook, version=version), unit.segments, unit.metrics


def program_digest(program: ir.Program) -> str:
    """Return the hex SHA-256 over a whole program (its own ``digest`` left out)."""
    return digest_of(replace(program, digest=""))


def _parts(value: object) -> list[object]:
    if value is None or isinstance(value, str | int):
        return []
    if isinstance(value, tuple):
        return list(value)
    if is_dataclass(value) and not isinstance(value, type):
        return [getattr(value, name) for name, _ in _shape(type(value))]
    if isinstance(value, Mapping):
        return list(value.values())
    return []


@lru_cache(maxsize=256)
def _shape(made: type[Any]) -> tuple[tuple[str, object], ...]:
    """The fields of a dataclass with their defaults (MISSING where there is none)."""
    return tuple((field.name, field.default) for field in fields(made))


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | bool | int):
        return str(value) if isinstance(value, StrEnum) else value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        found: dict[str, object] = {_CLASS: type(value).__name__}
        for name, default in _shape(type(value)):
            item = getattr(value, name)
            if default is MISSING or item != default:
                found[name] = _plain(item)
        return found
    if isinstance(value, Mapping):  # last: an abstract class is slow to ask for
        return {_MAP: {str(key): _plain(item) for key, item in value.items()}}
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _rebuilt(value: object, enumeration: type[StrEnum] | None = None) -> object:
    if isinstance(value, list):
        return tuple(_rebuilt(item) for item in value)
    if isinstance(value, dict):
        return _rebuilt_object(value, enumeration)
    return enumeration(value) if enumeration is not None and isinstance(value, str) else value


def _rebuilt_object(value: dict[str, object], enumeration: type[StrEnum] | None) -> object:
    entries = value.get(_MAP)
    if isinstance(entries, dict):
        return {key: _rebuilt(item, enumeration) for key, item in entries.items()}
    name = value.get(_CLASS)
    made = VersionUnit if name == VersionUnit.__name__ else getattr(ir, str(name), None)
    if not isinstance(made, type) or not is_dataclass(made):
        raise ValueError(f"{name} is no part of a program")
    enumerations = {field.name: _enumeration(str(field.type)) for field in fields(made)}
    arguments = {key: _rebuilt(item, enumerations.get(key)) for key, item in value.items() if key != _CLASS}
    return made(**arguments)


def _enumeration(annotation: str) -> type[StrEnum] | None:
    # Annotations are texts here; a mapping to an enumeration ends with its name as well.
    for enumeration in (ir.ValueType, ir.CutoffKind):
        if annotation.removeprefix("Mapping[str, ").removesuffix("]").removeprefix("ir.") == enumeration.__name__:
            return enumeration
    return None
