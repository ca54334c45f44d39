"""The parse tables of ``playbook.lark``, a parse by them, and the question the scanner asks: what can stand here?"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

from .keywords import KEYWORDS, PUNCTUATION, VALUE_TERMINALS
from .trees import Token, Tree

Stack = tuple[int, ...]
"""The states of a parse, bottom first; enough to know what can follow."""
PlainRule = tuple[str, int, str, bool, tuple[int, ...]]
PlainTables = tuple[list[dict[str, int]], list[dict[str, int]], list[PlainRule], dict[str, int], dict[str, int]]
"""Actions and gotos of each state, the rules, and the states that begin and end each start rule."""

START_RULES = (
    "declaration", "segment_line", "template_line", "coupon_line", "redpacket_line", "activity_line", "points_line",
    "tier_line", "whenever_line", "policy_line", "playbook_line", "block_line", "wait_line",
    "arm_line", "schedule",
)
TERMINALS = frozenset(KEYWORDS) | frozenset(PUNCTUATION.values()) | frozenset(VALUE_TERMINALS)
END = "$END"
_FORMAT = 1


class Tables:
    """The parse tables, and simulated steps on them.

    A step is simulated with its reductions, because the look-aheads of a merged LALR state hold terminals that
    cannot really follow.
    """

    def __init__(self, plain: PlainTables) -> None:
        self.actions, self.gotos, self.rules, self._starts, ends = plain
        self._ends = frozenset(ends.values())

    def begin(self, start: str) -> Parse:
        """A parse at its beginning."""
        return Parse(self, self._starts[start])

    def row(self, stack: Stack) -> Mapping[str, object]:
        """The terminals that may follow, and some more: those of the merged state."""
        return self.actions[stack[-1]]

    def start_stack(self, start: str) -> Stack:
        """The stack of a parse at its beginning."""
        return (self._starts[start],)

    def advance(self, stack: Stack, terminal: str) -> Stack | None:
        """The stack after ``terminal``, or None where it cannot stand."""
        actions = self.actions
        action = actions[stack[-1]].get(terminal)
        if action is None:
            return None
        work = list(stack)
        while action < 0:
            origin, size, *_ = self.rules[~action]
            if size:
                del work[-size:]
            work.append(self.gotos[work[-1]][origin])
            if terminal == END and work[-1] in self._ends:
                return tuple(work)
            action = actions[work[-1]].get(terminal)
            if action is None:
                return None
        work.append(action)
        return tuple(work)

    def expected(self, stack: Stack) -> frozenset[str]:
        """The terminals that can really follow."""
        return frozenset(name for name in self.actions[stack[-1]] if self.advance(stack, name) is not None)

    def walk(self, start: str, terminals: Iterable[str]) -> Stack:
        """The stack after a sequence of terminals that is known to parse."""
        stack = self.start_stack(start)
        for terminal in terminals:
            following = self.advance(stack, terminal)
            assert following is not None
            stack = following
        return stack

    def is_end(self, state: int) -> bool:
        """Whether a start rule is complete in a state."""
        return state in self._ends


class Parse:
    """A parse under way: takes tokens one by one and builds the tree."""

    __slots__ = ("_states", "_tables", "_values")

    def __init__(self, tables: Tables, state: int) -> None:
        self._tables = tables
        self._states = [state]
        self._values: list[Tree | Token] = []

    @property
    def stack(self) -> Stack:
        return tuple(self._states)

    def feed(self, token: Token) -> bool:
        """Take a token; False where it cannot stand, and then the parse is over."""
        states, actions, terminal = self._states, self._tables.actions, token.type
        while True:
            action = actions[states[-1]].get(terminal)
            if action is None:
                return False
            if action >= 0:
                states.append(action)
                self._values.append(token)
                return True
            self._reduce(self._tables.rules[~action])

    def finish(self) -> Tree | None:
        """The tree, or None where the line cannot end here."""
        while True:
            action = self._tables.actions[self._states[-1]].get(END)
            if action is None:
                return None
            self._reduce(self._tables.rules[~action])
            if self._tables.is_end(self._states[-1]):
                tree = self._values[-1]
                return tree if isinstance(tree, Tree) else None

    def _reduce(self, rule: PlainRule) -> None:
        origin, size, data, single, spread = rule
        children: list[Tree | Token] = []
        if size:
            children = self._values[-size:]
            del self._values[-size:], self._states[-size:]
        if spread:
            children = _spread_out(children, spread)
        made = children[0] if single and len(children) == 1 else Tree(data, children)
        self._values.append(made)
        self._states.append(self._tables.gotos[self._states[-1]][origin])


def _spread_out(children: list[Tree | Token], spread: tuple[int, ...]) -> list[Tree | Token]:
    """The children with those of helper rules in their place; a long list grows in place, so that it stays linear."""
    first = children[0] if spread[0] == 0 else None
    made: list[Tree | Token] = first.children if isinstance(first, Tree) else []
    for number, child in enumerate(children):
        if child is first:
            continue
        if number in spread and isinstance(child, Tree):
            made += child.children
        else:
            made.append(child)
    return made


def grammar_text() -> str:
    """The grammar as it is written, without the declaration of its terminals."""
    return Path(__file__).with_name("playbook.lark").read_text(encoding="utf-8")


@cache
def load_tables() -> Tables:
    """The tables, from the user's cache folder where it can be written, else built anew."""
    path = None
    with suppress(OSError, RuntimeError):  # a missing home must never be the operator's problem
        path = _cache_path()
        with suppress(ValueError, EOFError, TypeError):  # nor a broken cache
            return Tables(marshal.loads(path.read_bytes()))
    # Imported where it is needed: with a cache the tables are read without Lark.
    from .build_tables import build_tables

    plain = build_tables()
    if path is not None:
        _write_cache(path, marshal.dumps(plain))
    return Tables(plain)


def _cache_path() -> Path:
    """The cache file; its name holds all that the tables depend on."""
    digest = hashlib.sha256("\n".join([grammar_text(), *sorted(TERMINALS), *START_RULES]).encode()).hexdigest()[:16]
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "qingting"
    return folder / f"grammar-{_FORMAT}-{sys.version_info[0]}{sys.version_info[1]}-{digest}.tables"


def _write_cache(path: Path, content: bytes) -> None:
    """Write the cache beside its place and move it there whole, so that no other process reads half of it."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        # Most starts find the tables written.
        import tempfile

        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
