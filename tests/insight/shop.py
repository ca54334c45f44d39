"""A small pet shop in a real store, its playbooks, and runs over it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from qingting.engine.insight.explain import BlockExplanation, Explanation, Node, explain_dispatch, explain_member
from qingting.engine.log.notary import NoNotary
from qingting.engine.program.clock import from_datetime
from qingting.engine.program.ir import Program
from qingting.engine.program.resolve import CheckSettings, resolve_program
from qingting.engine.run.engine import PlanOptions, RunSettings, execute_run
from qingting.engine.run.report import RunReport
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.engine.stores.sqlite.facts import FactWriter, write_facts
from qingting.grammar.parser import collect_names, parse_text

ZONE = "Asia/Shanghai"
LIBRARY = """
属性 城市 文本
属性 生日 日期
属性 已绑卡 是否
事件 点击
事件 下单 含 门店 文本
标签 "企微好友"
标签 "退订"
标签 "已跟进"
标签 "兴趣:猫粮"
分群 "熟客"
  30天内 做过 下单 至少2次
  且 近期消费 >= ¥100
指标 近期消费 = 90天内 累计 下单.金额
话术 "猫粮种草" 用于 企微
  正文 "{{ 姓名 }},今晚猫粮专场"
话术 "问候" 用于 企微
  正文 "您好"
券 "满100减20" 满¥100减¥20
  库存 1
  每人限1张
"""


def when(text: str) -> int:
    """The instant of a date-time on the shop's clock."""
    return from_datetime(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)))


START = when("2026-11-01 00:00")


def program_of(text: str) -> Program:
    """The program of the library and further declarations; playbooks with errors are blocked."""
    whole = LIBRARY + text
    file, problems = parse_text(whole, "a.sop", collect_names([whole]))
    program, _ = resolve_program([file], problems, CheckSettings(frozenset({"wecom"}), ZONE, "CNY"))
    return program


class Shop:
    """A store that is told facts and run over."""

    def __init__(self, folder: Path, text: str) -> None:
        self.folder = folder
        self.program = program_of(text)
        self.store = SqliteStore.create(folder / "shop.db", at=START, random_bytes=Random(1).randbytes)
        self.units: dict[str, int] = {}

    @contextmanager
    def facts(self) -> Iterator[FactWriter]:
        """Facts that go into the store."""
        library = self.program.library
        with write_facts(self.store, library, zone=ZONE, random_bytes=Random(len(self.units) + 2).randbytes) as writer:
            yield writer

    def member(self, member: str, *, arrived: int = START, **values: str | int) -> int:
        """A friend of the shop with attributes from the start."""
        with self.facts() as writer:
            unit = writer.add_member(member, arrived=arrived)
            writer.add_tag(unit, "企微好友", at=arrived, arrived=arrived)
            for attribute, value in values.items():
                writer.add_attribute(unit, attribute, value, at=arrived, arrived=arrived)
        self.units[member] = unit
        return unit

    def run(self, at: str) -> RunReport:
        """A run at a date-time."""
        settings = RunSettings(b"secret", NoNotary(), at)
        return execute_run(self.store, self.program, when(at), settings, PlanOptions())

    def explain(self, member: str, at: str, playbook: str | None = None, lang: str = "zh") -> Explanation:
        """Explains a member on a connection that cannot write."""
        with SqliteStore.open(self.store.path) as store:
            return explain_member(store, self.program, member, when(at), playbook, lang)

    def explain_record(self, seq: int, lang: str = "zh", program: Program | None = None) -> Explanation:
        """Explains the record with a leaf number on a connection that cannot write."""
        (key,) = self.store.connection.execute("SELECT key FROM dispatches WHERE seq = ?", (seq,)).fetchone()
        with SqliteStore.open(self.store.path) as store:
            return explain_dispatch(store, program or self.program, key.hex()[:20], lang)

    def records(self, member: str) -> list[tuple[int, str, str, str | None]]:
        """The records of a member: leaf, step, status, reason."""
        return self.store.connection.execute(
            "SELECT d.seq, s.name, h.status, h.reason FROM dispatches d JOIN headers h ON h.header = d.header"
            " JOIN steps s ON s.step = d.step WHERE d.unit = ? ORDER BY d.seq",
            (self.units[member],),
        ).fetchall()


def block_of(explanation: Explanation) -> BlockExplanation:
    """The one block of the one playbook."""
    (playbook,) = explanation.playbooks
    (block,) = playbook.blocks
    return block


def verdicts(block: BlockExplanation) -> list[tuple[str, str | None]]:
    """Verdict and reason of each step."""
    return [(step.verdict, step.reason) for step in block.steps]


def flat(node: Node) -> dict[str, tuple[bool, object]]:
    """Every test of a tree by its text."""
    found = {node.test: (node.true, node.value)}
    for child in node.children:
        found.update(flat(child))
    return found
