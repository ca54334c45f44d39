"""Plans with pushes to groups: written down, carried out, compared, and told by the group's owner."""

from __future__ import annotations

from pathlib import Path

from planning.evening import carry_out, moved, numbers, plan_of
from run.groups.hall import DAY, Hall

TEXT = """
剧本 "战报"
  面向 有标签 "好友"
  每天 09:00
    推送 群 "福利群*" "早安"
    推送 企微 "问候"
"""
AT = f"{DAY} 09:05"
PUSH = 'push "早安"'


def hall(root: Path) -> Hall:
    shop = Hall(root / "shop", TEXT)
    shop.bring("staff", [{"id": "s1", "name": "王芳"}])
    shop.members("u1", "u2", staff="s1")
    shop.tag("好友", "u1", "u2")
    for group, name in (("g1", "福利群1"), ("g2", "福利群2"), ("g3", "闲聊")):
        shop.group(group, name, owner="s1")
    return shop


def test_a_plan_is_carried_out(tmp_path: Path) -> None:
    shop = hall(tmp_path)
    path = plan_of(shop, AT)
    assert "福利群1" not in path.read_text("utf-8")
    assert carry_out(shop, path, AT).report.records == 4


def test_a_group_that_came_in_between(tmp_path: Path) -> None:
    shop = hall(tmp_path)
    path = plan_of(shop, AT)
    shop.group("g4", "福利群3", at=f"{DAY} 08:00")
    found = moved(shop, path, AT)
    assert numbers(found, PUSH) == {"newly": 1}
    (shown,) = found.steps[0].lists["newly"]
    assert (shown.member, shown.name) == (None, "福**")


def test_volumes_and_samples(tmp_path: Path) -> None:
    answer = hall(tmp_path).plan(AT, members=True)
    details = answer.report.details
    assert details is not None
    assert details.volumes.channels == {"group": 2, "wecom": 2}
    assert [(who.staff, who.pushes) for who in details.volumes.staff] == [("s1", 4)]
    samples = {step: [one.member for one in found] for (_, step), found in details.samples.items()}
    assert samples == {PUSH: ["g1", "g2"], 'push "问候"': ["u1", "u2"]}


def test_against_another_text(tmp_path: Path) -> None:
    shop = hall(tmp_path)
    other = shop.copy(tmp_path / "was")
    (other.root / "all.sop").write_text(
        (shop.root / "all.sop").read_text("utf-8").replace('"福利群*" "早安"', '"福利群*" "晚安"'), encoding="utf-8"
    )
    found = shop.plan(AT, against=str(other.root)).against
    assert found is not None
    assert [(s.step, s.formerly, s.numbers["content"]) for s in found.contrast.steps] == [(PUSH, 'push "晚安"', 2)]
