"""A statement: its tree, the values it binds, and how it becomes text."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlglot import exp


@dataclass(slots=True)
class Parameters:
    """The values bound by one statement and the aliases it has used; equal values share a placeholder."""

    values: dict[str, int | str] = field(default_factory=dict)
    _names: dict[tuple[type, int | str], str] = field(default_factory=dict)
    _aliases: dict[str, int] = field(default_factory=dict)

    def bind(self, value: int | str) -> exp.Placeholder:
        """A placeholder that stands for the value."""
        key = (type(value), value)
        name = self._names.get(key)
        if name is None:
            name = f"p{len(self.values) + 1}"
            self._names[key] = name
            self.values[name] = value
        return exp.Placeholder(this=name)

    def alias(self, prefix: str) -> str:
        """An alias that the statement does not use yet."""
        number = self._aliases.get(prefix, 0) + 1
        self._aliases[prefix] = number
        return f"{prefix}{number}"


@dataclass(frozen=True, slots=True)
class Query:
    """A statement and what it binds. ``parameters`` may hold more than the tree uses."""

    tree: exp.Expr
    parameters: Parameters


def render(query: Query, dialect: str) -> tuple[str, dict[str, int | str]]:
    """The text of a statement in a dialect of sqlglot, and exactly the parameters that it names."""
    used = {place.name for place in query.tree.find_all(exp.Placeholder) if place.name}
    return query.tree.sql(dialect=dialect), {name: query.parameters.values[name] for name in sorted(used)}
