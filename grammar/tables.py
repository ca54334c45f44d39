"""The parse tables of ``playbook.lark`` and the question the lexer asks of them: what can stand here?"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, cast

import lark
from lark.lexer import Lexer
from lark.parsers.lalr_analysis import Shift
from lark.parsers.lalr_parser_state import ParseConf, ParserState

from .keywords import KEYWORDS, PUNCTUATION, VALUE_TERMINALS

Stack = tuple[int, ...]
"""The states of a parse, bottom first; enough to know what can follow."""

START_RULES = (
    "declaration", "segment_line", "template_line", "coupon_line", "policy_line", "playbook_line", "block_line",
    "arm_line", "schedule",
)
TERMINALS = frozenset(KEYWORDS) | frozenset(PUNCTUATION.values()) | frozenset(VALUE_TERMINALS)
END = "$END"


class NoLexer(Lexer):
    """Lark wants a lexer; the tokens are fed to the parser one by one by :mod:`.lines`, which needs its state."""

    __future_interface__ = 1

    def __init__(self, _conf: object) -> None: ...

    def lex(self, _lexer_state: object, _parser_state: object) -> Iterator[lark.Token]:
        return iter(())


class Tables:
    """The parse tables, and simulated steps on them.

    A step is simulated with its reductions, because the look-aheads of a merged LALR state hold terminals that
    cannot really follow.
    """

    def __init__(self, parser: lark.Lark) -> None:
        self._parser = parser
        inner = cast(Any, parser.parser).parser
        # ParserState simulates nothing without copying values, so the tables are read directly.
        self._table = inner._parse_table  # noqa: SLF001
        self._confs: dict[str, ParseConf[int]] = {}
        self._states: dict[int, dict[str, tuple[Any, Any]]] = self._table.states

    def begin(self, start: str) -> ParserState[int]:
        """A parse at its beginning."""
        conf = self._confs.get(start)
        if conf is None:
            conf = self._confs[start] = self._parser.parse_interactive(start=start).parser_state.parse_conf
        return ParserState(conf, cast(Any, None))

    def row(self, stack: Stack) -> Mapping[str, object]:
        """The terminals that may follow, and some more: those of the merged state."""
        return self._states[stack[-1]]

    def start_stack(self, start: str) -> Stack:
        """The stack of a parse at its beginning."""
        return (self._table.start_states[start],)

    def advance(self, stack: Stack, terminal: str) -> Stack | None:
        """The stack after ``terminal``, or None where it cannot stand."""
        states = self._states
        if terminal not in states[stack[-1]]:
            return None
        work = list(stack)
        while True:
            action = states[work[-1]].get(terminal)
            if action is None:
                return None
            kind, argument = action
            if kind is Shift:
                work.append(argument)
                return tuple(work)
            size = len(argument.expansion)
            if size:
                del work[-size:]
            work.append(states[work[-1]][argument.origin.name][1])
            if terminal == END and work[-1] in self._table.end_states.values():
                return tuple(work)

    def expected(self, stack: Stack) -> frozenset[str]:
        """The terminals that can really follow."""
        candidates = [name for name in self._states[stack[-1]] if name in TERMINALS or name == END]
        return frozenset(name for name in candidates if self.advance(stack, name) is not None)

    def walk(self, start: str, terminals: Iterable[str]) -> Stack:
        """The stack after a sequence of terminals that is known to parse."""
        stack = self.start_stack(start)
        for terminal in terminals:
            following = self.advance(stack, terminal)
            assert following is not None
            stack = following
        return stack


def grammar_text() -> str:
    """The grammar with the declaration of its terminals."""
    text = Path(__file__).with_name("playbook.lark").read_text(encoding="utf-8")
    return f"{text}\n%declare {' '.join(sorted(TERMINALS))}\n"


def build_parser(cache_file: str | None, strict: bool = False) -> lark.Lark:
    """Build Lark's parser; from ``cache_file`` where that fits the grammar."""
    return lark.Lark(
        grammar_text(), parser="lalr", lexer=NoLexer, start=list(START_RULES), strict=strict,
        maybe_placeholders=False, cache=cache_file or False,
    )


@cache
def load_tables() -> Tables:
    """The tables, from the user's cache folder where it can be written, else built anew."""
    with suppress(Exception):  # a broken cache or a missing home must never be the operator's problem
        cache_file = _cache_file()
        if cache_file is not None:
            return Tables(build_parser(cache_file))
    return Tables(build_parser(None))


def _cache_file() -> str | None:
    digest = hashlib.sha256(grammar_text().encode()).hexdigest()[:16]
    version = f"{lark.__version__}-{sys.version_info[0]}{sys.version_info[1]}"
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "qingting"
    path = folder / f"grammar-{version}-{digest}.pickle"
    if path.exists():
        return str(path) if os.access(path, os.R_OK) else None
    return str(path) if _write_cache(path) else None


def _write_cache(path: Path) -> bool:
    """Build the cache beside its place and move it there whole, so that no other process reads half of it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        os.close(handle)
        os.unlink(temporary)
        build_parser(temporary)
        os.replace(temporary, path)
    except (OSError, RuntimeError):
        return False
    return True
