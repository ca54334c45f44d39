"""Delivery: sentences 39 and 40 of ARCHITECTURE.md."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

import pytest
from delivery.hands import deliverer
from qingting.engine.delivery.channels import Answer, Message
from qingting.engine.delivery.outbox import Deliverer, deliver_once
from qingting.engine.delivery.render import Renderer
from qingting.engine.stores.sqlite.database import SqliteStore
from workspaces import Shop, micros

Open = Callable[..., Shop]
DAILY = """
全局规则
  时区 Asia/Shanghai
  永不推送 有标签 "退订"
剧本 "甲"
  每天 20:00
    推送 企微 "问候"
"""


class Killed(BaseException):
    """Stands for the end of the process."""


class Watching:
    """A channel that looks into the store while it is called, and then dies or answers."""

    def __init__(self, shop: Shop, store: SqliteStore, dies: bool) -> None:
        self.shop, self.store, self.dies = shop, store, dies
        self.got: list[str] = []
        self.leases: list[int] = []

    def send(self, messages: Sequence[Message]) -> Sequence[Answer]:
        self.got += [message.recipient for message in messages]
        self.leases += [n for (n,) in self.shop.rows("SELECT count(*) FROM outbox WHERE lease_owner IS NOT NULL")]
        if self.dies:
            raise Killed
        return [Answer("sent") for _ in messages]


def hands(shop: Shop, store: SqliteStore, channel: Watching, owner: str, mode: str) -> Deliverer:
    """A deliverer of the shop's texts; the owner ``killed`` is known to be dead."""
    made = deliverer(store, {"wecom": channel}, owner=owner, mode=mode)
    templates = shop.ws.load().program.library.templates
    return replace(made, renderer=Renderer(templates), is_dead=lambda name: name == "killed")


@pytest.mark.parametrize("mode", ["at_most_once", "at_least_once"])
def test_39_a_hand_over_is_committed_before_the_call(open_shop: Open, mode: str) -> None:
    shop = open_shop(DAILY)
    shop.run("2026-11-18 20:05")
    statements: list[str] = []
    with SqliteStore.open(shop.path, writable=True) as store:
        first = Watching(shop, store, dies=True)
        store.connection.set_trace_callback(statements.append)
        with suppress(Killed):
            deliver_once(store, hands(shop, store, first, "killed", mode), micros("2026-11-18 20:06"))
        store.connection.set_trace_callback(None)
    # Another connection sees the hand-over while the channel is called: it was committed, with full synchronisation.
    assert (first.got, first.leases) == (["u1", "u2", "u3", "u4"], [4])
    handed = next(n for n, statement in enumerate(statements) if statement.startswith("UPDATE outbox SET attempt"))
    settings = [statement for statement in statements[:handed] if statement.startswith("PRAGMA synchronous = ")]
    assert settings[-1] == "PRAGMA synchronous = FULL"
    assert next(s for s in statements[handed:] if s.startswith(("COMMIT", "PRAGMA"))) == "COMMIT"
    with SqliteStore.open(shop.path, writable=True) as store:
        second = Watching(shop, store, dies=False)
        deliver_once(store, hands(shop, store, second, "next", mode), micros("2026-11-18 20:07"))
    outcomes = [r.delivery.outcome for r in shop.log() if r.delivery]
    if mode == "at_most_once":
        assert (second.got, outcomes) == ([], ["unknown"] * 4)
    else:
        assert (second.got, outcomes) == (first.got, ["sent"] * 4)


def test_40_consent_is_tested_again_with_everything_known(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    shop.run("2026-11-18 20:05")
    shop.tag("退订", "u1", at="2026-11-18 20:06")
    shop.tag("退订", "u2", at="2026-11-18 20:11")
    report = shop.deliver("2026-11-18 20:10")
    assert (report.sent, report.withdrawn) == (3, 1)
    assert shop.outbox() == ["u2", "u3", "u4"]
    (record,) = shop.log(member="u1")
    assert record.status == "queued"
    assert record.delivery is not None
    assert (record.delivery.outcome, record.delivery.reason) == ("withdrawn", "never_push")
