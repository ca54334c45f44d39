"""A small shop as operators have it: a folder with playbooks in Chinese, a real store, imports, runs and deliveries."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from sqlite3 import connect
from typing import Any
from zoneinfo import ZoneInfo

import qingting
from qingting import Workspace
from qingting.engine.answers import RunAnswer
from qingting.engine.delivery.outbox import DeliveryReport
from qingting.engine.log.records import LogFilter, LogRecord
from qingting.engine.program.clock import from_datetime
from qingting.engine.run.report import PlaybookReport
from qingting.engine.workspace import ImportSwitches

PACKAGE = Path(qingting.__file__).resolve().parent
ZONE = "Asia/Shanghai"
START = "2026-11-18 00:00"
SETTINGS = """
timezone: Asia/Shanghai
channels:
  企微: {type: file, path: out.jsonl}
  短信: {type: file, path: sms.jsonl, delivery: at_least_once}
"""
LIBRARY = """
属性 城市 文本
属性 生日 日期
事件 点击
事件 下单 含 门店 文本
标签 "好友"
标签 "新客"
标签 "老客"
标签 "退订"
标签 "已触达"
话术 "问候"
  正文 "您好"
话术 "推荐"
  正文 "今晚有专场"
话术 "称呼"
  正文 "{{ 姓名 }}您好"
"""


def when(text: str, zone: str = ZONE) -> datetime:
    """A date-time on the clock of the shop, or of another zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def micros(text: str) -> int:
    """The instant of a date-time on the shop's clock, as the store keeps it."""
    return from_datetime(when(text))


class Shop:
    """A workspace with its store. Texts given to it stand behind :data:`LIBRARY`."""

    def __init__(self, root: Path, text: str = "", *, start: str = START, settings: str = SETTINGS, seed: int = 1) -> None:
        self.root = root
        self._random = Random(seed).randbytes
        self._events = 0
        root.mkdir(parents=True, exist_ok=True)
        (root / "qingting.yaml").write_text(settings, encoding="utf-8")
        self.write(text)
        if not self.path.exists():
            self.ws.create(at=when(start))

    @property
    def path(self) -> Path:
        """The file of the store."""
        return self.root / "qingting.db"

    def write(self, text: str, *, sound: bool = True) -> None:
        """Puts ``text`` behind the library in the place of what was written before; it must be ``sound``, or not."""
        (self.root / "all.sop").write_text(LIBRARY + text, encoding="utf-8")
        self.ws = Workspace.open(
            self.root, environment={}, clock=lambda: datetime(2026, 11, 30, tzinfo=UTC), random_bytes=self._random
        )
        errors = [d for d in self.ws.check().diagnostics if d.severity == "error"]
        assert not errors if sound else errors, errors

    def copy(self, root: Path, text: str | None = None) -> Shop:
        """Another shop with a copy of all files."""
        shutil.copytree(self.root, root)
        other = Shop.__new__(Shop)
        other.root, other._random, other._events = root, Random(2).randbytes, self._events
        other.write((self.root / "all.sop").read_text(encoding="utf-8").removeprefix(LIBRARY) if text is None else text)
        return other

    # Facts

    def bring(self, kind: str, rows: list[dict[str, Any]], at: str = START, *, backfill: bool = False) -> None:
        """Imports rows that must all be good."""
        path = self.root / "rows.jsonl"
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        report, _ = self.ws.import_file(kind, path, at=when(at), switches=ImportSwitches(strict=True, backfill=backfill))
        assert report.stored, report.rejected

    def members(self, *ids: str, at: str = START, **values: Any) -> None:
        """Members with the same values."""
        self.bring("members", [{"id": member, **values} for member in ids], at)

    def tag(self, tag: str, *ids: str, at: str = START, backfill: bool = False, **columns: str) -> None:
        """Members get a tag."""
        self.bring("tags", [{"member": member, "tag": tag, **columns} for member in ids], at, backfill=backfill)

    def untag(self, tag: str, *ids: str, at: str, since: str | None = None) -> None:
        """Members lose a tag at the instant of the import."""
        rows: list[dict[str, Any]] = [{"member": m, "tag": tag, "until": since or when(at).isoformat()} for m in ids]
        self.bring("tags", rows, at)

    def event(self, kind: str, *ids: str, at: str, arrived: str | None = None, backfill: bool = False, **fields: Any) -> None:
        """Members do something at ``at``, which is known at ``arrived``."""
        rows = []
        for member in ids:
            self._events += 1
            rows.append({"id": f"e{self._events}", "member": member, "type": kind, "at": at, **fields})
        self.bring("events", rows, arrived or at, backfill=backfill)

    # What is done

    def plan(self, at: str, **options: Any) -> RunAnswer:
        """A plan."""
        return self.ws.plan(at=when(at), **options)

    def run(self, at: str, reached: Callable[[str], None] = lambda boundary: None, **options: Any) -> RunAnswer:
        """A run."""
        return self.ws.run(at=when(at), reached=reached, **options)

    def deliver(self, at: str) -> DeliveryReport:
        """A delivery."""
        return self.ws.deliver(at=when(at), stream=io.StringIO())

    def who(self, text: str, at: str) -> tuple[str, ...]:
        """The members of whom a condition is true, that must be sound."""
        answer = self.ws.who(text, at=when(at))
        assert answer.diagnostics == ()
        return answer.members

    # What can be seen

    def log(self, **filters: Any) -> list[LogRecord]:
        """The records of the log with outside ids."""
        with self.ws.log(LogFilter(**filters), reveal=True) as records:
            return list(records)

    def decided(self, **filters: Any) -> list[tuple[str, str, str]]:
        """Member, step, and status or reason of each record."""
        return [(r.member_id or "", r.step, r.reason or r.status) for r in self.log(**filters)]

    def outbox(self, name: str = "out.jsonl") -> list[str]:
        """To whom the file channel has written, in order."""
        path = self.root / name
        if not path.exists():
            return []
        return [json.loads(line)["to"] for line in path.read_text(encoding="utf-8").splitlines()]

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of the store."""
        with closing(connect(self.path)) as connection:
            return connection.execute(sql, values).fetchall()

    def change(self, sql: str, *values: Any) -> None:
        """Changes the store behind the engine's back."""
        with closing(connect(self.path)) as connection, connection:
            connection.execute(sql, values)

    def dump(self) -> list[str]:
        """The whole store as text."""
        with closing(connect(self.path)) as connection:
            return list(connection.iterdump())


def report_of(answer: RunAnswer, playbook: str) -> PlaybookReport:
    """What a plan or run tells of one playbook."""
    return next(report for report in answer.report.playbooks if report.playbook == playbook)


def modules() -> Iterator[tuple[str, Path]]:
    """Every module of the installed package, by its path with ``/``."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if name.partition("/")[0] not in ("tests", "benchmarks", "docs", "editors", "build", ".venv", "setup"):
            yield name, path
