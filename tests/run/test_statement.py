"""Fixed texts with places."""

from __future__ import annotations

from qingting.engine.run.statement import Part, fill, fill_once, parsed
from sqlglot import exp


def test_a_place_takes_an_expression_and_other_names_stay() -> None:
    filled = fill("UPDATE s SET due = at WHERE s.at < at AND low < :low", at=exp.column("c0", "f"))
    assert filled == "UPDATE s SET due = f.c0 WHERE s.at < f.c0 AND low < :low"


def test_operators_keep_their_order_inside_a_place() -> None:
    filled = fill("SELECT 1 WHERE a AND test AND n - place > 0", test=Part("b OR c"), place=Part("x - y"))
    assert filled == "SELECT 1 WHERE a AND (b OR c) AND n - (x - y) > 0"


def test_parts_are_filled_with_the_same_places() -> None:
    places = {"outer_part": Part("x >= low AND inner_part"), "inner_part": Part("x < low + 1"), "low": exp.column("c", "f")}
    assert fill("SELECT 1 WHERE outer_part", **places) == "SELECT 1 WHERE x >= f.c AND (x < f.c + 1)"


def test_a_part_that_is_a_place_takes_what_belongs_there() -> None:
    assert fill("SELECT had", had=Part("had_now"), had_now=Part("SELECT 1")) == "SELECT (SELECT 1)"


def test_tables_keep_their_alias_or_take_the_name_of_the_place() -> None:
    text = "SELECT 1 FROM known JOIN known AS i ON i.seq = known.seq"
    assert fill(text, known=exp.to_table("member_tags")) == (
        "SELECT 1 FROM member_tags AS known JOIN member_tags AS i ON i.seq = known.seq"
    )


def test_a_select_is_put_in_as_a_subquery() -> None:
    assert fill_once("SELECT count(*) FROM audience", audience=parsed("SELECT unit FROM members")) == (
        "SELECT COUNT(*) FROM (SELECT unit FROM members) AS audience"
    )


def test_what_is_kept_is_kept_by_its_places() -> None:
    text = "SELECT place"
    first, second = exp.column("c0", "f"), exp.column("c1", "f")
    assert [fill(text, place=p) for p in (first, second, first)] == ["SELECT f.c0", "SELECT f.c1", "SELECT f.c0"]
    assert first.parent is None


def test_an_expression_can_stand_in_several_places() -> None:
    assert fill_once("SELECT at, at", at=exp.column("c0", "f")) == "SELECT f.c0, f.c0"
