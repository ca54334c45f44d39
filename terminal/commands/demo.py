"""``qingting demo``: two days of a generated pet shop, told by the commands an operator would type."""

from __future__ import annotations

import io
import json
import shlex
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

import click

from ..blocks import Column, Table, rows_of
from ..demo.files import write_files
from ..demo.shop import ZONE, Shop, generate_shop
from ..language import Say
from ..run_report import reasons
from ..session import Session
from .contract import command

OPENS = datetime(2026, 11, 19, 8, 0, tzinfo=ZONE)
SEED = 20261119
MEMBERS = 5000
SETTINGS = """\
store: sqlite:shop.db
timezone: Asia/Shanghai
currency: CNY
language: {lang}
channels:
  企微: {{type: file, path: outbox/wecom.jsonl}}
"""
# What arrives when: history is loaded as it happened, later files as they come.
ARRIVALS = (
    ("history", OPENS),
    ("thursday", OPENS + timedelta(hours=11, minutes=30)),
    ("thursday-late", OPENS + timedelta(hours=14, minutes=40)),
    ("friday", OPENS + timedelta(hours=35, minutes=30)),
)
NEWCOMERS = tuple(instant for _, instant in ARRIVALS[1:])
Line = tuple[str, ...]


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "demo",
        say,
        "在临时目录里生成一家宠物店(5000 个客户、90 天的点击、下单和分享),用五个剧本运行两天:"
        "导入、检查、预演、运行、发送、解释、记录、核对。",
        "Generate a pet shop (5,000 members, 90 days of clicks, orders, shares) in a temporary folder and run five "
        "playbooks over two days: import, check, plan, run, deliver, explain, log, verify.",
        ("qingting demo", "qingting demo --lang zh", "qingting demo --members 500 --json"),
        [
            click.Option(
                ["--members"],
                type=click.IntRange(min=60, max=200_000),
                default=MEMBERS,
                metavar="N",
                help=say("几个客户,默认 5000", "how many members, default 5000"),
            ),
            click.Option(
                ["--folder"],
                type=click.Path(),
                metavar="DIR",
                help=say("放在这个新目录,默认临时目录", "in this new folder, default a temporary one"),
            ),
        ],
        demo,
    )


def demo(session: Session, members: int, folder: str | None) -> int:
    """Run the shop; the exit code is that of the first command that did not end well."""
    root = Path(folder) if folder is not None else Path(tempfile.mkdtemp(prefix="qingting-demo-"))
    root.mkdir(parents=True, exist_ok=True)
    _write_workspace(root, generate_shop(members, OPENS, NEWCOMERS, SEED), session)
    teller = _Teller(session, root)
    for line in (*_first_day(), *_second_day()):
        code = teller.run(line)
        if code:
            return code
    code = _explain_one(teller) or teller.run(("log", "--limit", "12")) or teller.run(("log", "verify"))
    if session.as_json:
        session.emit({"workspace": str(root), "steps": teller.steps})
    else:
        screen = session.screen()
        screen.line()
        screen.table(_summary(session, teller.asked(("log",))["records"]))
        screen.line()
        screen.line(session.word("N203", path=str(root)), "bold")
        screen.line(session.word("N204", path=shlex.quote(str(root))))
    return code


def _write_workspace(root: Path, shop: Shop, session: Session) -> None:
    (root / "qingting.yaml").write_text(SETTINGS.format(lang=session.language), encoding="utf-8")
    (root / "playbooks").mkdir(exist_ok=True)
    shipped = files(__package__.partition(".")[0] + ".playbooks")
    for source in shipped.iterdir():
        if source.name.endswith(".sop"):
            (root / "playbooks" / source.name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    after = None
    for name, until in ARRIVALS:
        write_files(shop, root / "data" / name, after, until)
        after = until


def _first_day() -> Iterator[Line]:
    yield from _imports("history", "--backfill")
    yield ("check",)
    yield ("who", '属于分群 "猫主人" 且 7天内 做过 点击 "猫*"', "--count", "--at", _clock(0, 8))
    yield ("next", "--count", "6", "--at", _clock(0, 8))
    yield from _runs(0, (9, 10))
    yield from _imports("thursday")
    yield ("plan", "--at", _clock(0, 20))
    yield from _runs(0, (20,))
    yield from _imports("thursday-late")
    yield ("run", "--at", _clock(0, 22, 45))


def _second_day() -> Iterator[Line]:
    yield from _runs(1, (8, 9, 10, 18))
    yield from _imports("friday")
    yield from _runs(1, (20,))


def _imports(name: str, *options: str) -> Iterator[Line]:
    at = dict(ARRIVALS)[name]
    for kind in ("members", "tags", "events"):
        yield "import", kind, f"data/{name}/{kind}.csv", *options, "--at", f"{at:%Y-%m-%dT%H:%M}"


def _runs(day: int, hours: Sequence[int]) -> Iterator[Line]:
    for hour in hours:
        yield "run", "--at", _clock(day, hour, 2)
        yield "deliver", "--once", "--at", _clock(day, hour, 5)


def _clock(day: int, hour: int, minute: int = 0) -> str:
    moment = (OPENS + timedelta(days=day)).replace(hour=hour, minute=minute)
    return f"{moment:%Y-%m-%dT%H:%M}"


def _explain_one(teller: _Teller) -> int:
    """Explain the newest decision that a cap or scarce stock turned down."""
    for reason in ("cap", "stock", "holdout", "never_push"):
        records = teller.asked(("log", "--status", "suppressed", "--reason", reason, "--limit", "1", "--reveal"))[
            "records"
        ]
        if isinstance(records, list) and records:
            return teller.run(("explain", str(records[0]["member_id"]), "--dispatch", str(records[0]["id"])))
    return 0


def _summary(session: Session, records: object) -> Table:
    """What the two days came to: for each playbook what was dispatched, and what was not and why."""
    dispatched: Counter[str] = Counter()
    suppressed: dict[str, Counter[str]] = {}
    for record in records if isinstance(records, list) else ():
        name = str(record["playbook"])
        if record["reason"] is None:
            dispatched[name] += 1
        suppressed.setdefault(name, Counter()).update([str(record["reason"])] if record["reason"] else [])
    rows = [(name, dispatched[name], reasons(session, turned_down)) for name, turned_down in sorted(suppressed.items())]
    headings = ("T.playbook", "T.dispatched", "T.suppressed")
    columns = tuple(Column(session.word(code), is_number=code == "T.dispatched") for code in headings)
    return Table(columns, rows_of(rows), session.word("N205"))


class _Teller:
    """Types commands: shows each before its output, or gathers their JSON."""

    def __init__(self, session: Session, root: Path) -> None:
        self.session = session
        self.root = root
        self.steps: list[dict[str, object]] = []

    def run(self, line: Line) -> int:
        """Run one command line in the demo's workspace and return its exit code."""
        if self.session.as_json:
            code, output = self._captured(line)
            self.steps.append({"arguments": list(line), "exit": code, "output": output})
            return code
        screen = self.session.screen()
        screen.line()
        screen.line("$ qingting " + shlex.join(line), "number")
        self.session.out.flush()
        return self._run([*line, *self._place(), *(["--no-color"] if self.session.no_color else [])])

    def asked(self, line: Line) -> dict[str, object]:
        """The JSON that a command answers, without showing it."""
        return self._captured(line)[1]

    def _captured(self, line: Line) -> tuple[int, dict[str, object]]:
        stream = io.StringIO()
        with redirect_stdout(stream):
            code = self._run([*line, *self._place(), "--json"])
        answer: dict[str, object] = json.loads(stream.getvalue() or "{}")
        return code, answer

    def _run(self, arguments: list[str]) -> int:
        from ...cli import run_command

        # The demo shows file names as seen from the workspace; here they must hold from anywhere.
        placed = [str(self.root / word) if word.startswith("data/") else word for word in arguments]
        return run_command([*placed, "--lang", self.session.language], self.session.environment)

    def _place(self) -> list[str]:
        return ["-C", str(self.root)]
