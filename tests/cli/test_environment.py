"""Faults of the machine, in real processes: a store that cannot be written, a disk that is full, a reader that leaves."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sampling import sampled

EVENING = "2026-11-20T20:00"
LATER = "2026-11-20T20:10"
# Capabilities by which root reads and writes everything: CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH.
OVERRIDES = (1, 2)
PR_CAPBSET_DROP = 24
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def as_anybody() -> None:
    """Gives up, for the process to be started, root's way around the permissions of files."""
    if os.geteuid() == 0 and LIBC is not None:
        for capability in OVERRIDES:
            LIBC.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


def start(shop: Path, *arguments: str, prepare: Callable[[], None] | None = None) -> subprocess.CompletedProcess[str]:
    """Runs the command in a process of its own; ``prepare`` runs in it before it starts."""
    environment = {**os.environ, "LANG": "C.UTF-8", "QINGTING_LANG": "en"}
    return subprocess.run(
        [sys.executable, "-m", "qingting", *arguments, "-C", str(shop)],
        capture_output=True, text=True, timeout=120, check=False, env=environment, preexec_fn=prepare, cwd=shop,
    )  # fmt: skip


def records(shop: Path) -> list[str]:
    """The ids of the log."""
    return [record["id"] for record in json.loads(start(shop, "log", "--json").stdout)["records"]]


@pytest.fixture
def sealed(shop: Path) -> Path:
    """The workspace with a store that nobody may write, nor its folder."""
    (shop / "qingting.db").chmod(0o444)
    shop.chmod(0o555)
    probe = "import os, sys; sys.exit(os.access(sys.argv[1], os.W_OK))"
    seen = subprocess.run([sys.executable, "-c", probe, str(shop / "qingting.db")], preexec_fn=as_anybody, check=False)
    if seen.returncode:
        pytest.skip("this user may write everything")
    return shop


def unseal(shop: Path) -> None:
    shop.chmod(0o755)


@pytest.mark.parametrize(
    "command",
    sampled(3, [
        (("run", "--at", EVENING),), (("deliver", "--once", "--at", EVENING),), (("import", "members", "data/members.csv"),),
    ]),
    ids=lambda command: command[0],
)
def test_writing_to_a_read_only_store(sealed: Path, command: tuple[str, ...]) -> None:
    before = (sealed / "qingting.db").read_bytes()
    seen = start(sealed, *command, prepare=as_anybody)
    unseal(sealed)
    assert seen.returncode == 3, seen
    assert "qingting.db" in seen.stderr
    assert "Traceback" not in seen.stderr
    assert (sealed / "qingting.db").read_bytes() == before


@pytest.mark.slow
def test_looking_works_on_a_read_only_store(sealed: Path) -> None:
    looks = (("who", '城市 是 "上海"'), ("next",), ("plan", "--at", EVENING), ("explain", "M002"), ("log",), ("check",))
    seen = [(look[0], start(sealed, *look, prepare=as_anybody)) for look in looks]
    unseal(sealed)
    assert {name: process.returncode for name, process in seen} == dict.fromkeys((look[0] for look in looks), 0), seen


@pytest.mark.slow
def test_a_file_without_permission(shop: Path) -> None:
    (shop / "playbooks/first.sop").chmod(0)
    (shop / "data/members.csv").chmod(0)
    seen = [
        start(shop, *words, prepare=as_anybody) for words in (("check",), ("import", "members", "data/members.csv"))
    ]
    if seen[0].returncode == 0:
        pytest.skip("this user may read everything")
    assert [process.returncode for process in seen] == [3, 3]
    assert "first.sop" in seen[0].stderr


def limited(size: int) -> Callable[[], None]:
    """No file may grow beyond ``size`` bytes, as on a full disk."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.fixture(scope="module")
def undisturbed(template: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The log of a run that nothing disturbed."""
    import shutil

    shop = tmp_path_factory.mktemp("undisturbed") / "shop"
    shutil.copytree(template, shop)
    assert start(shop, "run", "--at", EVENING).returncode == 0
    return records(shop)


SIZES = (0, 4096, 40_000, *range(2048, 420_000, 24_000))


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_a_full_disk_at_the_writes_of_a_run(shop: Path, undisturbed: list[str], size: int) -> None:
    seen = start(shop, "run", "--at", EVENING, prepare=limited(size))
    assert seen.returncode in (0, 3), seen
    assert "Traceback" not in seen.stderr
    assert records(shop) in ([], undisturbed)
    assert start(shop, "run", "--at", EVENING).returncode == 0
    assert records(shop) == undisturbed
    assert start(shop, "deliver", "--once", "--at", LATER).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("size", [0, 30_000])
def test_a_full_disk_at_an_import(shop: Path, size: int) -> None:
    rows = "id,member,type,at\n" + "".join(f"x{n},M001,点击,2026-11-20T10:00\n" for n in range(5000))
    (shop / "many.csv").write_text(rows, encoding="utf-8")
    seen = start(shop, "import", "events", "many.csv", "--at", EVENING, prepare=limited(size))
    assert seen.returncode == 3, seen
    again = start(shop, "import", "events", "many.csv", "--at", EVENING, "--json")
    assert json.loads(again.stdout)["added"] == 5000


@pytest.mark.slow
def test_a_reader_that_leaves(shop: Path) -> None:
    command = f"{sys.executable} -m qingting log --format jsonl -C {shop} | head -n 0; exit ${{PIPESTATUS[0]}}"
    start(shop, "run", "--at", EVENING)
    seen = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert seen.returncode == 0, seen
    assert seen.stderr == ""


@pytest.mark.slow
def test_a_second_runner_is_told_who_holds_the_store(shop: Path) -> None:
    from qingting.engine.run.lock import run_lock

    with run_lock(shop / "qingting.db", "pid 4711"):
        seen = start(shop, "run", "--at", EVENING)
        assert seen.returncode == 3
        assert "4711" in seen.stderr
        assert start(shop, "plan", "--at", EVENING).returncode == 0
    assert start(shop, "run", "--at", EVENING, "--wait", "5").returncode == 0
