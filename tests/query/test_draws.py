"""Draws: published vectors, and the same numbers in every database."""

from __future__ import annotations

import sqlite3

import duckdb
import pytest
from qingting.engine.query.draws import SHIFT, draw, draw_order, threshold
from qingting.engine.stores.duckdb.dialect import DuckDbDialect
from qingting.engine.stores.sqlite.dialect import SqliteDialect, register_draw
from sqlglot import exp

# (name, outside id, the first 8 bytes of SHA-256 over name, NUL, id)
VECTORS = (
    ("", "u1", "98efbbab5be43e89"),
    ("holdout:猫粮跟进", "u1", "15d4f98ff3d97b40"),
    ("九月实验", "会员 1", "b21ffac1074c7f3b"),
    ("split:P\0诱饵测试", "42", "a776edfac4cab489"),
)


@pytest.mark.parametrize(("name", "member", "digits"), VECTORS)
def test_published_vectors(name: str, member: str, digits: str) -> None:
    assert draw(name, member) == int(digits, 16) - SHIFT


def test_the_order_of_an_occurrence_hashes_all_three() -> None:
    assert draw_order("猫粮跟进", "2026-11-21T20:00:00", "u1") == -6_732_358_456_607_204_375


def test_thresholds_are_the_least_draws_of_a_share() -> None:
    assert threshold(0) == -SHIFT
    assert threshold(10_000) == SHIFT
    assert threshold(5_000) == 0
    for parts in (1, 1_000, 3_333, 9_999):
        # A draw n belongs to the share below parts exactly where n * 10000 < parts * 2**64.
        least = threshold(parts) + SHIFT
        assert least * 10_000 >= parts * 2**64 > (least - 1) * 10_000


@pytest.mark.parametrize(("name", "member", "digits"), VECTORS)
def test_databases_draw_alike(name: str, member: str, digits: str) -> None:
    wanted = int(digits, 16) - SHIFT
    places = exp.Placeholder(), exp.Placeholder()
    lite = sqlite3.connect(":memory:")
    register_draw(lite)
    sql = exp.select(SqliteDialect().draw(*places)).sql("sqlite")
    assert lite.execute(sql, (name, member)).fetchone() == (wanted,)
    lite.close()
    sql = exp.select(DuckDbDialect().draw(*places)).sql("duckdb")
    assert duckdb.connect().execute(sql, (name, member)).fetchone() == (wanted,)
