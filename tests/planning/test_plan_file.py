"""The file of a plan: whole, its owner's, without personal data; and what is said of one that is something else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from planning.evening import EVENING, TEXT, Open, carry_out, plan_in, plan_of, refusal
from qingting.grammar.diagnostics import CannotRun, QingtingError
from workspaces import Shop, when

RULED = """
事件 换机 含 手机号 文本
属性 手机 文本
凡是 换机 设置 手机 为 手机号
"""
SECRETS = ("13800138000", "13900139000", "欧阳娜娜", "u1", "u2", "阿芳")


def test_it_holds_no_personal_data(open_shop: Open) -> None:
    shop = open_shop(RULED + TEXT.replace("    打标签", '    派任务 "给 {{ 姓名 }} 回电" 限1天内完成\n    打标签'))
    shop.members("u1", name="欧阳娜娜", 城市="上海", 手机="13800138000", staff="阿芳", at="2026-11-19 00:00")
    shop.event("换机", "u2", at="2026-11-20 10:00", 手机号="13900139000")
    path = plan_of(shop, members=True)
    text = path.read_text(encoding="utf-8")
    assert [secret for secret in SECRETS if secret in text] == []
    assert plan_in(path).decisions.rules["attributes"][0] == 1
    (pseudonym,) = shop.rows("SELECT hex(pseudonym) FROM members WHERE id = 'u1'")[0]
    assert pseudonym in text


def test_a_date_of_birth_is_not_in_it(open_shop: Open) -> None:
    """An occurrence of members' own dates is named after the value, but not in the file."""
    shop = open_shop('\n剧本 "生日"\n  面向 有标签 "好友"\n  当 生日周年 前3天 20:00\n    推送 企微 "问候"\n')
    shop.members("u1", 生日="1987-11-23")
    shop.members("u2", 生日="1991-11-23")
    path = plan_of(shop)
    text = path.read_text(encoding="utf-8")
    assert ("1987" in text, "1991" in text, "11-23" in text) == (False, False, False)
    assert carry_out(shop, path).report.records == 2
    assert {record.occurrence[:4] for record in shop.log()} <= {"1987", "1991", "2026"}


def test_it_is_its_owners_and_nothing_is_left_beside_it(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    folder = shop.root / "plans"
    folder.mkdir()
    path = plan_of(shop, name="plans/evening.plan")
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in folder.iterdir()] == [path.name]


def test_the_same_state_gives_the_same_plan(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    first, second = plan_of(shop, name="a.plan"), plan_of(shop, name="b.plan")
    assert first.read_bytes() == second.read_bytes()
    assert json.loads(first.read_bytes())["id"] == plan_in(first).id


def test_another_file_is_not_replaced(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    path = shop.root / "notes.txt"
    path.write_text("买猫粮", encoding="utf-8")
    for taken in (path, shop.root, shop.root / "all.sop"):
        with pytest.raises(CannotRun) as refused:
            shop.plan(EVENING, out=taken)
        assert refused.value.code == "C270"
    assert path.read_text(encoding="utf-8") == "买猫粮"


def test_a_plan_that_can_be_used_is_not_replaced_and_one_that_cannot_is(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    path = plan_of(shop)
    before = path.read_bytes()
    with pytest.raises(CannotRun) as refused:
        shop.plan(EVENING, out=path)
    assert refused.value.code == "C271"
    assert path.read_bytes() == before
    carry_out(shop, path)
    shop.plan("2026-11-21 20:05", out=path)
    assert path.read_bytes() != before


def test_a_folder_that_is_not_there(open_shop: Open, tmp_path: Path) -> None:
    with pytest.raises(CannotRun) as refused:
        open_shop(TEXT).plan(EVENING, out=tmp_path / "nowhere" / "evening.plan")
    assert refused.value.code == "C301"


def test_there_is_no_plan_for_what_is_done(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    shop.run(EVENING)
    with pytest.raises(QingtingError) as refused:
        plan_of(shop)
    assert (refused.value.code, refused.value.exit_code) == ("C283", 4)
    assert not (shop.root / "evening.plan").exists()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "C272"),
        ("", "C273"),
        ("[1, 2]", "C273"),
        ("[" * 100_000, "C273"),
        ('{"kind": "another"}', "C273"),
        ('{"kind": "qingting plan", "format": 2}', "C274"),
        ('{"kind": "qingting plan", "format": 1, "id": "0"}', "C275"),
    ],
)
def test_something_else_than_a_plan(open_shop: Open, text: str | None, code: str) -> None:
    shop = open_shop(TEXT)
    path = shop.root / "evening.plan"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    found = refusal(shop, path)
    assert (found.code, found.exit_code) == (code, 3)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    shop = Shop(tmp_path_factory.mktemp("written") / "shop", TEXT)
    shop.members("u1", "u2")
    shop.tag("好友", "u1", "u2")
    plan_of(shop)
    return shop


@pytest.mark.parametrize("place", [0, 3, 90, 400, 900, 1500, -200, -40, -3])
def test_damage_is_noticed(written: Shop, place: int, tmp_path: Path) -> None:
    data = (written.root / "evening.plan").read_bytes()
    path = tmp_path / "evening.plan"
    for damaged in (data[:place], data[:place] + b"7" + data[place:][1:]):
        if damaged == data:
            continue
        path.write_bytes(damaged)
        with pytest.raises(CannotRun) as refused:
            written.ws.run_plan(path, now=when(EVENING))
        assert refused.value.code in ("C273", "C274", "C275")
