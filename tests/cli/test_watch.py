"""``qingting run --watch`` as a process: what it prints, how it leaves, and what it costs to do nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from qingting.cli import run_command
from sampling import sampled
from workspaces import ZONE, Shop

TEXT = '剧本 "甲"\n  当 打上标签 "新客"\n    打标签 "已触达"\n'
Open = Callable[..., Shop]
_TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def watching(shop: Shop, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A watch as a process of its own, and what it says of its first run."""
    command = [sys.executable, "-m", "qingting", "-C", str(shop.root), *options, "run", "--watch"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline()
    finally:
        process.kill()
        process.communicate()


def cpu_seconds(process: subprocess.Popen[str]) -> float:
    """The processor time that a process has used."""
    fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


@pytest.mark.parametrize("number", sampled(2, [signal.SIGTERM, signal.SIGINT]))
def test_it_leaves_cleanly_when_it_is_asked_to(open_shop: Open, number: signal.Signals) -> None:
    with watching(open_shop(TEXT)) as (process, _):
        process.send_signal(number)
        out, errors = process.communicate(timeout=20)
        assert (process.returncode, out, errors) == (0, "", "")


def test_each_run_is_one_line_of_json(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    with watching(shop, "--json") as (process, line):
        first = json.loads(line)
        assert (first["command"], first["records"]) == ("run", 0)
        assert datetime.fromisoformat(first["next"]) > datetime.fromisoformat(first["at"])
        now = datetime.now(UTC)
        rows = [{"member": "u1", "tag": "新客", "since": (now - timedelta(minutes=1)).isoformat()}]
        shop.bring("tags", rows, f"{now.astimezone(ZoneInfo(ZONE)):%Y-%m-%d %H:%M:%S}")
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["records"] == 1
        process.terminate()
        assert process.wait(timeout=20) == 0


@pytest.mark.slow
def test_41_an_idle_watch_burns_no_processor_time(open_shop: Open) -> None:
    with watching(open_shop(TEXT)) as (process, _):
        time.sleep(1)
        before = cpu_seconds(process)
        time.sleep(8)
        assert cpu_seconds(process) - before < 0.08
        assert process.poll() is None


@pytest.mark.parametrize("more", [["--at", "2026-11-20T12:00"], ["--wait", "3"], ["--accept-restored", "2026-11-20T12:00"]])
def test_options_that_make_no_sense_with_it(open_shop: Open, more: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    shop = open_shop(TEXT)
    assert run_command(["-C", str(shop.root), "--lang", "en", "run", "--watch", *more], {}) == 2
    assert "C240" in capsys.readouterr().err


def test_what_came_late_is_told_with_the_line_that_takes_it(open_shop: Open, capsys: pytest.CaptureFixture[str]) -> None:
    shop = open_shop('剧本 "甲"\n  每天 10:00\n    打标签 "已触达"\n    等待 1小时\n    打标签 "老客"\n')
    for at in ("2026-11-18T10:05", "2026-11-19T10:15"):
        capsys.readouterr()
        assert run_command(["-C", str(shop.root), "--lang", "zh", "run", "--at", at], {}) == 0
    out = capsys.readouterr().out
    assert "日程:准时 0 次 · 迟到补做 1 次 · 过时跳过 0 次" in out
    assert "到期事项:准时 0 项 · 迟到补做 4 项 · 过时跳过 0 项" in out
    assert "想连这些也补上" not in out
    assert run_command(["-C", str(shop.root), "--lang", "zh", "run", "--at", "2026-11-20T15:00"], {}) == 0
    assert "想连这些也补上,在剧本里写:补发 全补 5小时内" in capsys.readouterr().out
