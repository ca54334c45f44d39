"""Builds the parse tables of ``playbook.lark`` with Lark; imported only where no table is in the cache."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import lark
from lark.grammar import Rule
from lark.lexer import Lexer
from lark.parsers.lalr_analysis import Shift

from .tables import START_RULES, TERMINALS, PlainRule, PlainTables, grammar_text


class NoLexer(Lexer):
    """Lark wants a lexer; the tokens come one by one from :mod:`.scanner`, which needs the parser's state."""

    __future_interface__ = 1

    def __init__(self, _conf: object) -> None: ...

    def lex(self, _lexer_state: object, _parser_state: object) -> Iterator[lark.Token]:
        return iter(())


def build_parser(strict: bool = False) -> lark.Lark:
    """Build Lark's parser; ``strict`` refuses conflicts that LALR would settle silently."""
    text = f"{grammar_text()}\n%declare {' '.join(sorted(TERMINALS))}\n"
    return lark.Lark(text, parser="lalr", lexer=NoLexer, start=list(START_RULES), strict=strict, maybe_placeholders=False)


def build_tables() -> PlainTables:
    """The tables as plain values: a shift is the next state, a reduction the complement of a rule's number."""
    table = cast(Any, build_parser().parser).parser._parse_table  # noqa: SLF001 - Lark has no other way to them
    rules: dict[Rule, int] = {}
    actions: list[dict[str, int]] = []
    gotos: list[dict[str, int]] = []
    for state in range(len(table.states)):
        actions.append({})
        gotos.append({})
        for name, (kind, argument) in table.states[state].items():
            if kind is not Shift:
                actions[state][name] = ~rules.setdefault(argument, len(rules))
            elif name in TERMINALS:
                actions[state][name] = argument
            else:
                gotos[state][name] = argument
    return actions, gotos, [_plain(rule) for rule in rules], dict(table.start_states), dict(table.end_states)


def _plain(rule: Rule) -> PlainRule:
    """Origin, length, name in the tree, whether a single child stands for it, and which children are spread out."""
    spread = tuple(i for i, symbol in enumerate(rule.expansion) if not symbol.is_term and symbol.name.startswith("_"))
    single = bool(rule.options.expand1) and not rule.alias
    return str(rule.origin.name), len(rule.expansion), str(rule.alias or rule.origin.name), single, spread
