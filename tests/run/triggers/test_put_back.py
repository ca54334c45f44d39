"""Facts imported again into a copy of the store that was put back: what they started before the loss is not started again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from run.triggers.starting import open_shop, started
from workspaces import Shop, when

SEGMENT = '分群 "兴趣"\n  有标签 "新客"\n'


def put_back(shop: Shop, backup: Path, settled: str) -> None:
    """Puts the copy back and takes all up to an instant as done."""
    shutil.copy(backup, shop.path)
    shop.run(settled, accept_restored=when(settled))


@pytest.mark.parametrize(
    ("line", "declared"),
    [('当 打上标签 "新客"', ""), ('当 进入分群 "兴趣"', SEGMENT), ("当 下单", ""), ("当 积分 达到 100", "")],
)
@pytest.mark.parametrize("again", ["2026-11-18 12:00", "2026-11-20 12:00"])
def test_what_was_learned_of_before_the_loss_starts_nothing_again(
    tmp_path: Path, line: str, declared: str, again: str
) -> None:
    shop = open_shop(tmp_path, line, declared=declared)
    backup = Path(shutil.copy(shop.path, tmp_path / "backup.db"))

    def told(member: str, at: str, arrived: str) -> None:
        shop.tag("新客", member, at=arrived, since=at)
        shop.event("下单", member, at=at, arrived=arrived)
        shop.bring("members", [{"id": member, "积分": 100, "at": at}], arrived)

    told("u1", "2026-11-18 10:00", "2026-11-18 10:00")
    assert started(shop, "2026-11-18 10:30") == ["u1"]
    put_back(shop, backup, "2026-11-18 11:00")
    told("u1", "2026-11-18 10:00", again)
    assert started(shop, again[:-2] + "05") == []
    told("u2", again[:-2] + "10", again[:-2] + "10")
    assert started(shop, again[:-2] + "15") == ["u2"]
