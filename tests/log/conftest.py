"""A shop whose log is long enough to be archived."""

from __future__ import annotations

from pathlib import Path

import pytest
from log.archived_shop import BEFORE, DAYS, archive, grown, live
from workspaces import Shop


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A shop of some days; at the end messages wait."""
    shop = grown(tmp_path_factory.mktemp("lived") / "shop")
    for day in range(DAYS):
        live(shop, day)
    return shop


@pytest.fixture
def shop(lived: Shop, tmp_path: Path) -> Shop:
    return lived.copy(tmp_path / "shop")


@pytest.fixture
def archived(shop: Shop) -> Shop:
    archive(shop, BEFORE)
    return shop
