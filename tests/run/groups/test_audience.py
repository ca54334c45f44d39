"""To which groups a playbook speaks: by name, tag, size and age, as of the instant of the occurrence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from qingting.engine.stores.imports.report import Replacing
from qingting.engine.workspace import ImportSwitches
from run.groups.hall import DAY, Hall
from workspaces import report_of, when

NEXT = "2026-11-19"


@pytest.fixture
def hall(tmp_path: Path) -> Callable[[str], Hall]:
    def build(audience: str) -> Hall:
        shop = Hall(tmp_path / "shop", f"""
剧本 "早安"
  {audience}
  每天 09:00
    推送 "早安"
""")
        shop.members("u1", "u2", "u3")
        return shop

    return build


def reached(shop: Hall, at: str = f"{DAY} 09:05") -> list[str]:
    """The groups that a run sends to."""
    before = len(shop.log())
    shop.run(at)
    return [record.member_id or "" for record in shop.log()[before:]]


def test_by_name(hall: Callable[[str], Hall]) -> None:
    shop = hall('面向群 "福利群*"')
    for group, name in (("g3", "福利群三"), ("g1", "福利群"), ("g2", "我的福利群"), ("福利群9", "改过名")):
        shop.group(group, name)
    shop.bring("groups", [{"group": "福利群0", "member": "u1"}])
    # A group that nobody described bears its id.
    assert reached(shop) == ["g1", "g3", "福利群0"]


def test_a_name_without_a_star_is_that_name(hall: Callable[[str], Hall]) -> None:
    shop = hall('面向群 "福利群"')
    shop.group("g1", "福利群")
    shop.group("g2", "福利群2")
    assert reached(shop) == ["g1"]


def test_a_group_is_called_what_it_was_called_then(hall: Callable[[str], Hall]) -> None:
    shop = hall('面向群 "福利群*"')
    shop.group("g1", "福利群")
    shop.group("g2", "闲聊群")
    shop.group("g1", "闲聊", at=f"{DAY} 09:02")
    shop.group("g2", "福利群2", at=f"{DAY} 09:02")
    assert reached(shop) == ["g1"]
    assert reached(shop, f"{NEXT} 09:05") == ["g2"]


def test_by_tag_while_it_is_held(hall: Callable[[str], Hall]) -> None:
    shop = hall('面向群 有群标签 "周边"')
    shop.group("g1", tags="周边", at=f"{DAY} 08:00")
    shop.group("g2", tags="VIP", at=f"{DAY} 08:00")
    shop.group("g3", at=f"{DAY} 08:00")
    shop.group("g3", tags="周边", at=f"{DAY} 09:01")
    # It is held for two days; a tag that came a minute later counts from the next day on.
    assert reached(shop) == ["g1"]
    assert reached(shop, f"{NEXT} 09:05") == ["g1", "g3"]
    assert reached(shop, "2026-11-20 09:05") == ["g3"]
    assert reached(shop, "2026-11-21 09:05") == []


def test_by_a_prefix_of_tags(hall: Callable[[str], Hall]) -> None:
    shop = hall('面向群 有群标签 "V*"')
    shop.group("g1", tags="VIP")
    shop.group("g2", tags="周边")
    assert reached(shop) == ["g1"]


def test_by_size_at_that_instant(hall: Callable[[str], Hall]) -> None:
    shop = hall("面向群 至少2人")
    shop.group("g1", members=("u1", "u2"))
    shop.group("g2", members=("u1",))
    shop.group("g3")
    shop.bring("groups", [
        {"group": "g2", "member": "u3", "since": f"{DAY} 08:00", "until": f"{DAY} 09:00"},
        {"group": "g3", "member": "u1", "since": f"{DAY} 08:00", "until": f"{DAY} 09:01"},
        {"group": "g3", "member": "u2"},
    ])
    # At exactly nine u3 has left; u1 leaves g3 only after it.
    assert reached(shop) == ["g1", "g3"]
    assert reached(shop, f"{NEXT} 09:05") == ["g1"]


def test_who_was_taken_out_of_the_store_is_not_counted(hall: Callable[[str], Hall]) -> None:
    shop = hall("面向群 至少2人")
    shop.group("g1", members=("u1", "u2"))
    path = shop.root / "all.csv"
    path.write_text("id\nu1\nu3\n", encoding="utf-8")
    shop.ws.import_file("members", path, at=when(f"{DAY} 08:00"), switches=ImportSwitches(replace=Replacing.ALL))
    assert reached(shop) == []


def test_by_age(hall: Callable[[str], Hall]) -> None:
    shop = hall("面向群 7天内 新建")
    shop.group("g1", created="2026-11-17 10:00")
    shop.group("g2", created="2026-11-11 09:00")
    shop.group("g3", created="2026-11-11 09:01")
    shop.group("g4", created=f"{DAY} 09:01")
    shop.group("g5")
    # Whose creation nobody knows is not young; what is created after nine is not there yet.
    assert reached(shop) == ["g1", "g3"]
    assert reached(shop, f"{NEXT} 09:05") == ["g1", "g4"]


def test_all_clauses_together(hall: Callable[[str], Hall]) -> None:
    shop = hall('面向群 "福利群*" 有群标签 "VIP" 至少1人 且 7天内 新建')
    young = {"created": "2026-11-17 10:00"}
    shop.group("g1", "福利群1", ("u1",), tags="VIP", **young)
    shop.group("g2", "闲聊", ("u1",), tags="VIP", **young)
    shop.group("g3", "福利群3", ("u1",), **young)
    shop.group("g4", "福利群4", tags="VIP", **young)
    shop.group("g5", "福利群5", ("u1",), tags="VIP", created="2026-01-01")
    told = report_of(shop.plan(f"{DAY} 09:05", members=True), "早安")
    assert [(line.text, line.left) for line in told.funnel] == [
        ('面向群 "福利群*"', 4), ('面向群 有群标签 "VIP"', 3), ("面向群 至少1人", 2), ("面向群 7天内 新建", 1),
    ]
    assert [step.members for step in told.steps] == [("g1",)]
    assert reached(shop) == ["g1"]


def test_a_group_that_arrives_later_is_not_addressed(hall: Callable[[str], Hall]) -> None:
    shop = hall('面向群 "福利群*"')
    shop.group("g1", "福利群1", at=f"{DAY} 09:01", created="2026-11-01")
    shop.group("g2", "福利群2", at=f"{DAY} 09:00", created="2026-11-01")
    assert reached(shop) == ["g2"]


def test_what_arrives_after_the_run_is_not_seen(hall: Callable[[str], Hall]) -> None:
    shop = hall('面向群 有群标签 "VIP" 至少1人')
    shop.group("g1", members=("u1",), tags="VIP")
    shop.group("g2", tags="VIP")
    shop.group("g3", members=("u1",))
    # Known only from ten on, though it was so already.
    shop.bring("groups", [
        {"group": "g2", "member": "u1", "since": f"{DAY} 01:00", "arrived": f"{DAY} 10:00"},
        {"group": "g3", "tags": "VIP", "arrived": f"{DAY} 10:00"},
    ])
    assert reached(shop) == ["g1"]
    assert reached(shop, f"{NEXT} 09:05") == ["g1", "g2", "g3"]


def test_nobody_is_addressed_where_there_are_no_groups(hall: Callable[[str], Hall]) -> None:
    shop = hall('面向群 "*"')
    assert reached(shop) == []
    shop.group("g1")
    assert reached(shop, f"{NEXT} 09:05") == ["g1"]
