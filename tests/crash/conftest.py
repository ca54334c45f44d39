"""The undisturbed days, which everything else is compared with."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from crash.driver import Report
from crash.nursery import Nursery, open_nursery
from crash.shop import DAYS, build_shop
from crash.states import State, regardless_of_order, state_of


@dataclass(frozen=True)
class Days:
    """The shop's days as they go undisturbed: the workspace before each command, the state and the report after it."""

    folder: Path
    states: dict[str, State]
    reports: dict[str, Report]

    def before(self, command: str, folder: Path) -> Path:
        """A copy, at ``folder``, of the workspace as it is before ``command``."""
        shutil.copytree(self.folder / command, folder)
        return folder

    def assert_same(self, root: Path, command: str, *, torn: bool = False) -> None:
        """Assert that ``root`` is what it would be after ``command`` if nothing had happened.

        ``torn`` where a batch was recorded in other pieces, so that the order of delivery records is another.
        """
        wanted, found = self.states[command], state_of(root)
        if torn:
            wanted, found = regardless_of_order(wanted), regardless_of_order(found)
        assert wanted.differences(found) == []


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    with open_nursery() as opened:
        yield opened


@pytest.fixture(scope="session")
def days(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Days:
    folder = tmp_path_factory.mktemp("days")
    build_shop(folder / "shop")
    states, reports = {}, {}
    for command in DAYS:
        shutil.copytree(folder / "shop", folder / command.name)
        reports[command.name] = nursery.finish(folder / "shop", command.name)
        states[command.name] = state_of(folder / "shop")
    return Days(folder, states, reports)
