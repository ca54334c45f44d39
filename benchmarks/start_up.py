"""How long commands take to answer: ``python benchmarks/start_up.py``.

Prints the best of several fresh processes: a bare interpreter, help, ``check`` on some 500 lines, and ``check`` on a workspace
of 1,000 playbooks, each with how much longer than the bare interpreter it takes. Nothing is asserted; the goals are 100 ms
for help, 250 ms for 500 lines, and 3 s for 1,000 playbooks.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import qingting

TIMES = 9
LINES = 500
PLAYBOOKS = 1000


def write_workspace(root: Path) -> int:
    """Write a workspace of some 500 lines out of the shipped playbooks and return how many lines it has."""
    shipped = Path(qingting.__file__).parent / "playbooks"
    (root / "qingting.yaml").write_text("timezone: Asia/Shanghai\nchannels: {企微: {type: console}}\n", encoding="utf-8")
    lines = 0
    for path in sorted(shipped.glob("*.sop")):
        text = path.read_text(encoding="utf-8")
        (root / path.name).write_text(text, encoding="utf-8")
        lines += len(text.splitlines())
    playbook = (shipped / "cat_food.sop").read_text(encoding="utf-8")
    number = 0
    while lines < LINES:
        number += 1
        (root / f"more{number:02}.sop").write_text(playbook.replace("猫粮跟进", f"猫粮跟进{number}"), encoding="utf-8")
        lines += len(playbook.splitlines())
    return lines


def write_large_workspace(root: Path) -> None:
    """Write a workspace with the shipped library and 1,000 playbooks in files of ten."""
    shipped = Path(qingting.__file__).parent / "playbooks"
    (root / "qingting.yaml").write_text("timezone: Asia/Shanghai\nchannels: {企微: {type: console}}\n", encoding="utf-8")
    for name in ("library.sop", "policy.sop"):
        (root / name).write_text((shipped / name).read_text(encoding="utf-8"), encoding="utf-8")
    playbook = (shipped / "cat_food.sop").read_text(encoding="utf-8")
    for file in range(PLAYBOOKS // 10):
        texts = [playbook.replace("猫粮跟进", f"猫粮跟进{file * 10 + number}") for number in range(10)]
        (root / f"playbooks{file:03}.sop").write_text("\n".join(texts), encoding="utf-8")


def best(*arguments: str, times_run: int = TIMES) -> float:
    """The shortest time of a fresh interpreter with these arguments, in seconds."""
    times = []
    for _ in range(times_run):
        before = time.perf_counter()
        subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - before)
    return min(times)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as large:
        lines = write_workspace(Path(folder))
        write_large_workspace(Path(large))
        bare = best("-c", "pass")
        print(f"bare interpreter        {bare * 1000:6.0f} ms")
        for name, arguments in (
            ("help", ("-m", "qingting", "--help")),
            (f"check, {lines} lines", ("-m", "qingting", "check", "-C", folder)),
        ):
            taken = best(*arguments)
            print(f"{name:<22}  {taken * 1000:6.0f} ms   {(taken - bare) * 1000:5.0f} ms more, {taken / bare:.1f} times")
        taken = best("-m", "qingting", "check", "-C", large, times_run=3)
        print(f"check, {PLAYBOOKS} playbooks  {taken * 1000:6.0f} ms   {taken / bare:.1f} times")


if __name__ == "__main__":
    main()
