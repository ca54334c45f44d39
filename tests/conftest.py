"""A prepared shop for the tests of architecture and scenarios: four members who are friends, in Shanghai, known from the start."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from workspaces import Shop


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The shop that others are copies of."""
    shop = Shop(tmp_path_factory.mktemp("prepared") / "shop")
    shop.members("u1", "u2", "u3", "u4", 城市="上海")
    shop.tag("好友", "u1", "u2", "u3", "u4")
    return shop


@pytest.fixture
def open_shop(prepared: Shop, tmp_path: Path) -> Callable[[str], Shop]:
    """Opens a copy of the prepared shop with a text; every copy has the same store id and pseudonyms."""
    opened = []

    def opener(text: str = "") -> Shop:
        opened.append(prepared.copy(tmp_path / f"shop{len(opened)}", text))
        return opened[-1]

    return opener
