"""Records: frozen, slotted data classes that cost little to define.

The syntax tree and the checked program are some hundreds of small classes. ``dataclasses.dataclass`` writes and
compiles six methods for each, which takes longer than checking a workspace; here the methods are shared. In all else a
record is a data class: ``fields``, ``replace``, ``is_dataclass`` and class patterns work.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
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
    own = tuple(cls.__dict__.get("__annotations__", ()))  # noqa: RUF063 - inspect is slow to import
    inherited = tuple(name for base in reversed(cls.__mro__[1:]) for name in base.__dict__.get("__slots__", ()))
    given = {name: cls.__dict__[name] for name in own if name in cls.__dict__}
    namespace = {name: value for name, value in cls.__dict__.items() if name not in given}
    for name in ("__dict__", "__weakref__"):
        namespace.pop(name, None)
    defaults = _defaults(given)
    namespace |= {
        "__slots__": own, "__record_defaults__": defaults, "__match_args__": inherited + own, "__qualname__": cls.__qualname__,
        "__doc__": cls.__doc__ or cls.__name__, "__dataclass_fields__": _LazyFields(cls),
        "__record_values__": _reader(inherited + own), "__init__": _init(inherited + own, *defaults),
        "__eq__": _equal, "__hash__": _hash, "__repr__": _repr,
        "__setattr__": _refuse_setting, "__delattr__": _refuse_deleting, "__reduce__": _reduce,
    }
    meta: Any = type(cls)
    result: type[T] = meta(cls.__name__, cls.__bases__, namespace)
    return result


def fields_of(kind: type) -> tuple[tuple[str, Any, str], ...]:
    """The fields of a record or data class: name, default (MISSING where there is none) and annotation as written.

    Of a record they are found without making it a data class, which takes long.

    >>> @record
    ... class Point:
    ...     x: int
    ...     y: int = 0
    >>> [(name, default) for name, default, _ in fields_of(Point)][1]
    ('y', 0)
    """
    own = kind.__dict__.get("__record_defaults__")
    if own is None or kind.__base__ is not object:
        return tuple((each.name, _default(each), str(each.type)) for each in fields(kind))
    values, makers = own
    return tuple(
        (name, makers[name]() if name in makers else values.get(name, MISSING), str(kind.__annotations__[name]))
        for name in kind.__match_args__  # type: ignore[attr-defined]
    )


def _default(each: Field[Any]) -> Any:
    return each.default_factory() if each.default_factory is not MISSING else each.default


def is_record(kind: type) -> bool:
    """Whether a class is a record or a data class."""
    return "__dataclass_fields__" in kind.__dict__


class _LazyFields:
    """The fields of a record as ``dataclasses`` knows them, found when somebody asks: few programs do."""

    __slots__ = ("plain",)

    def __init__(self, plain: type) -> None:
        self.plain = plain

    def __get__(self, _instance: object, owner: type) -> dict[str, Any]:
        """The fields; from now on they stand in the class."""
        made: Any = dataclass(init=False, repr=False, eq=False)(self.plain)
        found: dict[str, Any] = made.__dataclass_fields__
        for kind in owner.__mro__:
            if kind.__dict__.get("__dataclass_fields__") is self:
                kind.__dataclass_fields__ = found  # type: ignore[attr-defined]
        return found


def _defaults(given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Callable[[], Any]]]:
    """The values and the makers of values that fields have by default."""
    values: dict[str, Any] = {}
    makers: dict[str, Callable[[], Any]] = {}
    for name, value in given.items():
        if not isinstance(value, Field):
            values[name] = value
        elif value.default_factory is not MISSING:
            makers[name] = value.default_factory
        elif value.default is not MISSING:
            values[name] = value.default
    return values, makers


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


def _reader(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """What reads all fields at once; one call is several times faster than asking for each."""
    if len(names) > 1:
        return attrgetter(*names)
    return (lambda self: (getattr(self, names[0]),)) if names else (lambda _: ())


def _equal(self: Any, other: Any) -> Any:
    kind = self.__class__
    if other.__class__ is not kind:
        return NotImplemented
    read = kind.__record_values__
    return read(self) == read(other)


def _hash(self: Any) -> int:
    kind = self.__class__
    return hash((kind, kind.__record_values__(self)))


def _repr(self: Any) -> str:
    inside = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
    return f"{type(self).__qualname__}({inside})"


def _refuse_setting(self: Any, name: str, value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_deleting(self: Any, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _reduce(self: Any) -> tuple[Any, tuple[Any, ...]]:
    return type(self), type(self).__record_values__(self)
