"""Records: frozen, slotted data classes that cost little to define.

The syntax tree and the checked program are some hundred and thirty small classes. ``dataclasses.dataclass`` writes and
compiles six methods for each, which takes longer than checking a workspace; here the methods are shared. In all else a
record is a data class: ``fields``, ``replace``, ``is_dataclass`` and class patterns work.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")
_put = object.__setattr__


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[T]) -> type[T]:
    """Makes a class with annotated fields a frozen, slotted record, equal and hashed by its fields.

    >>> @record
    ... class Point:
    ...     x: int
    ...     y: int = 0
    >>> Point(1), Point(1) == Point(x=1, y=0), len({Point(1), Point(1)})
    (Point(x=1, y=0), True, 1)
    """
    # Without a docstring dataclass() would render a signature for one, which is most of its time.
    cls.__doc__ = cls.__doc__ or cls.__name__
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    names = tuple(f.name for f in fields(made))
    defaults = {f.name: f.default for f in fields(made) if f.default is not MISSING}
    factories = {f.name: f.default_factory for f in fields(made) if f.default_factory is not MISSING}
    made.__init__ = _init(names, defaults, factories)
    made.__eq__, made.__hash__, made.__repr__ = _equal, _hash, _repr
    made.__setattr__, made.__delattr__ = _refuse_setting, _refuse_deleting
    made.__reduce__ = _reduce
    result: type[T] = made
    return result


def _init(
    names: tuple[str, ...], defaults: dict[str, Any], factories: dict[str, Callable[[], Any]]
) -> Callable[..., None]:
    def initialise(self: Any, *args: Any, **named: Any) -> None:
        if len(args) > len(names):
            raise TypeError(f"{type(self).__name__} takes {len(names)} values, not {len(args)}")
        for name, value in zip(names, args):  # noqa: B905 - the rest is named or has defaults
            _put(self, name, value)
        for name in names[len(args):]:
            if name in named:
                _put(self, name, named.pop(name))
            elif name in defaults:
                _put(self, name, defaults[name])
            elif name in factories:
                _put(self, name, factories[name]())
            else:
                raise TypeError(f"{type(self).__name__} misses {name}")
        if named:
            raise TypeError(f"{type(self).__name__} has no {', '.join(named)}")

    return initialise


def _values(self: Any) -> tuple[Any, ...]:
    return tuple(getattr(self, name) for name in self.__match_args__)


def _equal(self: Any, other: object) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return _values(self) == _values(other)


def _hash(self: Any) -> int:
    return hash((self.__class__, _values(self)))


def _repr(self: Any) -> str:
    inside = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
    return f"{type(self).__qualname__}({inside})"


def _refuse_setting(self: Any, name: str, value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_deleting(self: Any, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _reduce(self: Any) -> tuple[Any, tuple[Any, ...]]:
    return type(self), _values(self)
