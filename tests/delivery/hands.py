"""A delivery put together from real parts for tests."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from delivery.shop import template
from qingting.engine.delivery.channels import Channel, ChannelConfig
from qingting.engine.delivery.outbox import Deliverer, DeliveryPolicy
from qingting.engine.delivery.owners import owner_is_dead
from qingting.engine.delivery.render import Decided, Renderer, Values
from qingting.engine.log.notary import NoNotary, Notary
from qingting.engine.stores.sqlite.database import SqliteStore

TEMPLATES = {
    each.name: each
    for each in (
        template(),
        template("附券", "券码 {{ 券.券码 }}", ("coupon.code",)),
        template("必填", "{{ 城市 }}", ("城市",)),
    )
}


class Names:
    """Values by outside id; remembers what it was asked for."""

    def __init__(self, known: Mapping[str, Values] | None = None) -> None:
        self.known = known or {}
        self.asked: list[tuple[int, tuple[str, ...]]] = []

    def values_for(self, dispatches: Sequence[Decided], variables: Sequence[str]) -> Sequence[Values]:
        self.asked.append((len(dispatches), tuple(variables)))
        return [self.known.get(each.recipient or "", {}) for each in dispatches]


class Unsubscribed:
    """A consent test over a set of units; remembers what it was asked."""

    def __init__(self, store: SqliteStore, units: frozenset[int] = frozenset()) -> None:
        self.store = store
        self.units = units
        self.asked: list[tuple[list[int], str]] = []

    def __call__(self, units: Sequence[int], category: str) -> frozenset[int]:
        assert self.store.connection.in_transaction
        self.asked.append((list(units), category))
        return self.units & frozenset(units)


def deliverer(
    store: SqliteStore,
    channels: Mapping[str, Channel],
    *,
    owner: str = "me",
    mode: str = "at_most_once",
    names: Names | None = None,
    refused: Unsubscribed | None = None,
    folder: Path = Path("/nonexistent"),
    notary: Notary | None = None,
    policy: DeliveryPolicy | None = None,
    jitter: float = 0.0,
) -> Deliverer:
    """A deliverer over ``channels``, all of delivery mode ``mode``."""
    return Deliverer(
        owner=owner,
        configs={name: ChannelConfig(name, "test", {}, mode) for name in channels},
        channels=channels,
        renderer=Renderer(TEMPLATES),
        values=names or Names(),
        refused=refused or Unsubscribed(store),
        jitter=lambda: jitter,
        is_dead=lambda name: owner_is_dead(folder, name),
        random_bytes=os.urandom,
        notary=notary or NoNotary(),
        policy=policy or DeliveryPolicy(),
    )
