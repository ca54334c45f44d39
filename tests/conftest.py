"""A prepared shop for the tests of architecture and scenarios: four members who are friends, in Shanghai, known from the start."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from workspaces import Shop

MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30


def pytest_configure(config: pytest.Config) -> None:
    """Puts temporary files into memory where there is room for them, since stores wait for the disk at every commit."""
    if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


PLAYED = frozenset({
    "architecture", "cli", "docs", "insight", "log", "planning", "query", "run", "scenarios", "simulating", "stores",
    "testing",
})
"""The folders whose tests play a shop each, or try every place of something."""
EVERY = 6


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leaves every sixth test of such a module in the quick part, beginning with its first."""
    places: Counter[Path] = Counter()
    for item in items:
        if item.path.relative_to(Path(__file__).parent).parts[0] in PLAYED:
            if places[item.path] % EVERY:
                item.add_marker(pytest.mark.slow)
            places[item.path] += 1


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The shop that others are copies of."""
    shop = Shop(tmp_path_factory.mktemp("prepared") / "shop")
    shop.members("u1", "u2", "u3", "u4", 城市="上海")
    shop.tag("好友", "u1", "u2", "u3", "u4")
    return shop


@pytest.fixture(scope="session")
def telling(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the processes of a session keep the numbers of scenarios that tell."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "telling"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def open_shop(prepared: Shop, tmp_path: Path) -> Callable[[str], Shop]:
    """Opens a copy of the prepared shop with a text; every copy has the same store id and pseudonyms."""
    opened = []

    def opener(text: str = "") -> Shop:
        opened.append(prepared.copy(tmp_path / f"shop{len(opened)}", text))
        return opened[-1]

    return opener
