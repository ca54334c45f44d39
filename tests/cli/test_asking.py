"""What delivery asks the store: values of variables as of each dispatch, and who may not be written to."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from qingting import Workspace
from qingting.engine.asking import PolicyConsent, StoreValues, members_where
from qingting.engine.delivery.due import DueDispatch
from qingting.engine.program.clock import from_datetime
from qingting.engine.program.ir import AttributeRef, Compare, ValueType
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.engine.workspace import ImportSwitches

TEXT = """
属性 城市 文本
属性 生日 日期
属性 余额 金额
属性 已绑卡 是否
事件 下单
标签 "退订"
标签 "静音"
指标 近期消费 = 30天内 累计 下单.金额
指标 近期次数 = 30天内 下单 次数
全局规则
  时区 Asia/Shanghai
  永不推送 有标签 "退订"
  不推营销 有标签 "静音"
"""
MEMBERS = "id,name,城市,生日,余额,已绑卡,at\na,王芳,上海,1990-02-03,12.50,是,2026-01-01\nb,,,,,,2026-01-01\n"
ORDERS = "id,member,type,at,amount\n1,a,下单,2026-11-01T10:00,100\n2,a,下单,2026-11-10T10:00,11.77\n3,a,下单,2026-09-01T10:00,5\n"
TAGS = "member,tag,since\na,静音,2026-11-05\nb,退订,2026-11-05\n"
VARIABLES = ("name", "城市", "生日", "余额", "已绑卡", "近期消费", "近期次数", "points")


def instant(text: str) -> int:
    return from_datetime(datetime.fromisoformat(text + "+08:00"))


@pytest.fixture
def shop(tmp_path: Path) -> Workspace:
    """Two members, one of whom nothing is known."""
    (tmp_path / "qingting.yaml").write_text("timezone: Asia/Shanghai\n", encoding="utf-8")
    (tmp_path / "library.sop").write_text(TEXT, encoding="utf-8")
    ws = Workspace.open(tmp_path)
    at = datetime.fromisoformat("2026-11-12T00:00+08:00")
    for kind, text in (("members", MEMBERS), ("events", ORDERS), ("tags", TAGS)):
        (tmp_path / f"{kind}.csv").write_text(text, encoding="utf-8")
        report, _ = ws.import_file(kind, tmp_path / f"{kind}.csv", at=at, switches=ImportSwitches(backfill=True))
        assert report.rejected == ()
    return ws


def dispatch(seq: int, unit: int, t: int, mark: int) -> DueDispatch:
    values = dict.fromkeys(DueDispatch.__slots__)
    return DueDispatch(**{**values, "seq": seq, "kind": 0, "unit": unit, "t": t, "decided_at": t, "mark": mark})  # type: ignore[arg-type]


def test_values_are_those_of_each_dispatch(shop: Workspace) -> None:
    with SqliteStore.open(shop.store_path) as store:
        source = StoreValues(store, shop.load().program.library, "Asia/Shanghai")
        early, late = instant("2026-11-05T00:00"), instant("2026-11-12T00:00")
        units = dict(store.connection.execute("SELECT id, unit FROM members").fetchall())
        asked = [
            dispatch(1, units["a"], late, store.last_seq), dispatch(2, units["a"], early, store.last_seq),
            dispatch(3, units["b"], late, store.last_seq), dispatch(4, 99, late, store.last_seq),
        ]  # fmt: skip
        first, second, third, nobody = source.values_for(asked, VARIABLES)
    assert first == {
        "name": "王芳", "城市": "上海", "生日": "1990-02-03", "余额": "12.5", "已绑卡": True, "近期消费": "111.77",
        "近期次数": "2", "points": "0",
    }  # fmt: skip
    assert (second["近期消费"], second["近期次数"]) == ("100", "1")
    assert third == {"近期消费": "0", "近期次数": "0", "points": "0"}
    assert nobody == {}


def test_consent_depends_on_the_category_and_the_instant(shop: Workspace) -> None:
    program = shop.load().program
    with SqliteStore.open(shop.store_path) as store:
        units = dict(store.connection.execute("SELECT id, unit FROM members").fetchall())
        both = sorted(units.values())
        late = PolicyConsent(store, program, instant("2026-11-12T00:00"))
        assert late(both, "marketing") == set(both)
        assert late(both, "service") == {units["b"]}
        assert late([units["a"]], "service") == set()
        assert late([], "marketing") == set()
        assert PolicyConsent(store, program, instant("2026-11-04T00:00"))(both, "marketing") == set()


def test_asking_leaves_nothing_behind(shop: Workspace) -> None:
    condition = Compare(AttributeRef("城市", ValueType.TEXT), "is", ("上海",))
    with SqliteStore.open(shop.store_path) as store:
        library = shop.load().program.library
        for _ in range(2):
            assert members_where(store, library, condition, instant("2026-11-12T00:00"), "UTC") == ("a",)
        assert store.connection.execute("SELECT count(*) FROM temp.sqlite_master").fetchone() == (0,)
