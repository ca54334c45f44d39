"""The fold of tag facts into intervals, against a plain one."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qingting.engine.stores.sqlite.intervals import FOREVER, tag_intervals
from sqlglot import exp

SQLITE, DUCKDB = (tag_intervals(exp.to_table("facts")).sql(dialect) for dialect in ("sqlite", "duckdb"))
Fact = tuple[int, int, int, int, int | None]  # tag, unit, given, at, expires
facts = st.lists(
    st.tuples(
        st.integers(1, 2), st.integers(1, 2), st.sampled_from([1, 1, 1, 0]), st.integers(0, 8),
        st.none() | st.integers(1, 12),
    ), max_size=12,
)


def plain_fold(known: list[Fact]) -> list[tuple[int, int, int, int, int]]:
    """The same rule, a fact at a time."""
    found: list[tuple[int, int, int, int, int]] = []
    numbered = [(tag, unit, at, seq, gives, expires) for seq, (tag, unit, gives, at, expires) in enumerate(known)]
    for pair in sorted({(tag, unit) for tag, unit, *_ in numbered}):
        mine = sorted(fact[2:] for fact in numbered if fact[:2] == pair)
        began: tuple[int, int] | None = None  # since and seq of the interval that goes on
        until = 0
        for at, seq, gives, expires in mine:
            if began is not None and at >= until:
                found.append((*pair, began[0], until, began[1]))
                began = None
            if gives:
                began, until = began or (at, seq), expires or FOREVER
            if began is not None and (not gives or until <= at):
                found.append((*pair, began[0], at, began[1]))
                began = None
        if began is not None:
            found.append((*pair, began[0], until, began[1]))
    found = [interval for interval in found if interval[2] < interval[3]]
    return sorted(found)


def sqlite_fold(known: list[Fact]) -> list[tuple[int, ...]]:
    with_seq = [(seq, *fact) for seq, fact in enumerate(known)]
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE TABLE facts (seq, tag, unit, given, at, expires)")
        connection.executemany("INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?)", with_seq)
        return sorted(connection.execute(SQLITE).fetchall())
    finally:
        connection.close()


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(facts)
def test_fold_is_the_plain_one(known: list[Fact]) -> None:
    assert sqlite_fold(known) == plain_fold(known)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(facts)
def test_fold_is_the_same_in_duckdb(known: list[Fact]) -> None:
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect(":memory:")
    columns = ", ".join(f'"{name}" BIGINT' for name in ("seq", "tag", "unit", "given", "at", "expires"))
    connection.execute(f"CREATE TABLE facts ({columns})")
    for seq, fact in enumerate(known):
        connection.execute("INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?)", [seq, *fact])
    found = connection.execute(DUCKDB).fetchall()
    connection.close()
    assert sorted(found) == plain_fold(known)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ([(1, 1, 1, 3, None)], [(1, 1, 3, FOREVER, 0)]),
        # A gain while it is held moves only the expiry.
        ([(1, 1, 1, 3, 10), (1, 1, 1, 5, 12)], [(1, 1, 3, 12, 0)]),
        # Also where it ends sooner then.
        ([(1, 1, 1, 3, None), (1, 1, 1, 5, 9)], [(1, 1, 3, 9, 0)]),
        # A gain at the instant of the end begins a new interval.
        ([(1, 1, 1, 3, 5), (1, 1, 1, 5, 9)], [(1, 1, 3, 5, 0), (1, 1, 5, 9, 1)]),
        ([(1, 1, 1, 3, None), (1, 1, 0, 5, None), (1, 1, 1, 5, None)], [(1, 1, 3, 5, 0), (1, 1, 5, FOREVER, 2)]),
        # Taken at the instant it was given: never held.
        ([(1, 1, 1, 3, None), (1, 1, 0, 3, None)], []),
        # A fact learned late stands where it happened.
        ([(1, 1, 1, 5, None), (1, 1, 1, 2, None)], [(1, 1, 2, FOREVER, 1)]),
    ],
)
def test_named_cases(known: list[Fact], expected: list[tuple[int, ...]]) -> None:
    assert sqlite_fold(known) == expected
