"""The conditions of the oracle, compiled for DuckDB and asked there over the same rows, find the oracle's members."""

from __future__ import annotations

from pathlib import Path

import pytest
from oracle.cases import existing, members_of, seeded_cases
from oracle.store import build_store
from query.mirror import DuckDbMirror
from sqlglot import exp

from qingting.engine.query.compile import Compiler
from qingting.engine.query.frames import FramePlan
from qingting.engine.query.statements import Query

QUESTIONS = 28


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 102))
def test_duckdb_finds_the_members_of_the_oracle(seed: int, tmp_path: Path) -> None:
    for place, case in enumerate(seeded_cases(seed, 1, QUESTIONS)):
        setting, at = case.setting, case.setting.at
        path = tmp_path / f"{place}.db"
        with build_store(path, setting.world, case.library, at.zone, setting.change) as store:
            mirror = DuckDbMirror(store)
            names = dict(store.connection.execute("SELECT unit, id FROM members").fetchall())
        conditions = [question.condition for question in case.questions]
        plan = FramePlan.of(conditions, case.library)
        mirror.fill_frames(plan, [(at.t, at.zone)])
        relations = mirror.relations(at.T, at.mark, at.t, at.t)
        for condition in conditions:
            wanted = members_of(condition, setting, case.library)
            compiler = Compiler(case.library, relations, plan)
            chosen = mirror.column(Query(compiler.select_units(condition, 1), compiler.parameters))
            assert {names[unit] for unit in chosen} == wanted, condition
            compiler = Compiler(case.library, relations, plan)
            test = compiler.predicate(condition, exp.column("unit", "who"), "seen")
            probe = exp.select("who.unit").from_("members AS who").join("frames AS seen", on="seen.frame = 1")
            probed = mirror.column(Query(probe.where(test), compiler.parameters))
            assert {names[unit] for unit in probed} & existing(setting) == wanted, condition
