"""Shops that have lived, made once."""

from __future__ import annotations

import pytest
from simulating.lives import EVERYTHING, FLAT, MEMBERS, Lived, live
from workspaces import Shop


def _lived(factory: pytest.TempPathFactory, name: str, text: str, seed: int, *, deliver: bool) -> Lived:
    shop = Shop(factory.mktemp(name) / "shop", text)
    shop.members(*MEMBERS, 城市="上海")
    shop.tag("好友", *MEMBERS)
    return shop, live(shop, seed, 5, deliver=deliver)


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """A shop with journeys after five days, and when it was run."""
    return _lived(tmp_path_factory, "lived", EVERYTHING, 7, deliver=False)


@pytest.fixture(scope="session")
def flat(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """A shop in which nobody waits, likewise; messages were delivered."""
    return _lived(tmp_path_factory, "flat", FLAT, 11, deliver=True)
