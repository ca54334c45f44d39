"""What runs decide is what the oracle decides, though all that was decided before each of them has been archived."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from differential.running import Stage, play
from log.notaries import notary_in
from oracle.playing import telling_scenarios
from oracle.scenarios import Step
from qingting.engine.log.archives.checking import wrong_traces
from qingting.engine.log.archives.moving import archive_stretch, find_cut
from qingting.engine.log.archives.opening import expected_archives
from qingting.engine.program.ir import DAY
from qingting.engine.run.engine import RunSettings

SLOW = [
    ("rules",), ("rotation", "caps"), ("own dates", "member zones"), ("budgets", "stock"),
]


class ArchivingStage(Stage):
    """A store of which everything that was decided until ``lag`` before the last run is archived before each run."""

    archived = 0
    lag = 0

    @property
    def settings(self) -> RunSettings:
        return replace(super().settings, notary=notary_in(self.folder))

    @property
    def folder(self) -> Path:
        return self.path.with_suffix(".state")

    def tell(self, step: Step) -> None:
        last = self.store.last_run
        if last is not None:
            # What was queued is handed over, so that it does not stop the cut.
            self.store.connection.execute("DELETE FROM outbox")
            cut = find_cut(self.store, last + 1 - self.lag, last)
            if cut.stop > cut.first:
                name = f"{self.path.stem}-{cut.stop}.db"
                archive_stretch(self.store, cut, self.path.parent / name, name, last)
                ArchivingStage.archived += 1
        super().tell(step)

    def close(self) -> None:
        try:
            for found in expected_archives(self.store, self.path.parent):
                assert found.fits
                assert found.archive is not None
                assert not list(wrong_traces(self.store, found.archive))
        finally:
            super().close()


class Lagging(ArchivingStage):
    """The same some days later, so that what was suppressed goes altogether."""

    lag = 3 * DAY


@pytest.fixture
def archived() -> Iterator[None]:
    ArchivingStage.archived = 0
    yield
    assert ArchivingStage.archived, "nothing was ever archived"


def test_one_example(telling: Path, tmp_path: Path, archived: None) -> None:
    for number, scenario in telling_scenarios(("returns", "waits"), 1, telling):
        play(scenario, tmp_path, f"s{number}", ArchivingStage)


@pytest.mark.slow
@pytest.mark.parametrize("features", SLOW, ids=" and ".join)
def test_many_examples(features: tuple[str, ...], telling: Path, tmp_path: Path, archived: None) -> None:
    for number, scenario in telling_scenarios(features, 1, telling):
        play(scenario, tmp_path, f"s{number}", ArchivingStage)
        if features == ("rules",):
            play(scenario, tmp_path, f"l{number}", Lagging)
