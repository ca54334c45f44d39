"""Mistakes that a text file cannot hold: other encodings, very long files, stores made by other programs."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from qingting.engine.log.notes import NoteSignature
from qingting.engine.workspace import Workspace
from qingting.grammar.messages.gallery import EXAMPLE_FILE, SETTINGS_FILE, SETTINGS_TEXT, Mistake, mistake_of, shop

AT = "--at 2026-11-20T12:00"
IMPORT = f"import members m.csv {AT}"


def _playbook(data: bytes) -> Callable[[Path], None]:
    return lambda folder: _write(folder / EXAMPLE_FILE, data)


def _rows(data: bytes) -> Callable[[Path], None]:
    return lambda folder: _write(folder / "m.csv", data)


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _other_database(folder: Path) -> None:
    with sqlite3.connect(folder / "qingting.db") as connection:
        connection.execute("CREATE TABLE notes (text)")
    connection.close()


def _scarce(folder: Path) -> None:
    """More members than coupons."""
    _playbook(SCARCE.encode())(folder)
    _rows(b"id\n" + b"".join(b"m%d\n" % number for number in range(11)))(folder)
    Workspace.open(folder).import_file("members", folder / "m.csv", at=datetime(2026, 11, 1, tzinfo=UTC))


def _two_versions(folder: Path) -> None:
    """A store that knows two versions of a playbook whose digests begin alike."""
    _playbook('剧本 "早安"\n  每天 10:00\n    打标签 "新客"\n'.encode())(folder)
    Workspace.open(folder).run(at=datetime(2026, 11, 20, tzinfo=UTC))
    with sqlite3.connect(folder / "qingting.db") as connection:
        for digest in ("00a1", "00b2"):
            connection.execute(
                "INSERT INTO playbook_versions (playbook, digest, source, first_seen) VALUES ('早安', ?, '', 0)", (digest,)
            )
    connection.close()


SCARCE = """\
券 "十张" 减¥5
  库存 10

剧本 "例子"
  每人仅一次
  每天 10:00
    推送 企微 "猫粮种草" 附券 "十张"
"""


def _decided(text: str) -> Callable[[Path], None]:
    """A store whose one record always has the same id."""

    def prepare(folder: Path) -> None:
        _playbook(text.encode())(folder)
        _rows(b"id\nm1\n")(folder)
        ws = Workspace.open(folder, random_bytes=Random(1).randbytes)
        ws.import_file("members", folder / "m.csv", at=datetime(2026, 11, 19, tzinfo=UTC))
        ws.run(at=datetime(2026, 11, 20, 2, 5, tzinfo=UTC))

    return prepare


def _archived(folder: Path) -> None:
    """A store whose one record is archived."""
    _decided(_DAILY + '打标签 "新客"\n')(folder)
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    Workspace.open(folder, random_bytes=Random(1).randbytes).archives.archive(noon, at=noon)


def _carried_out(folder: Path) -> None:
    """A plan that was carried out at noon in London."""
    _playbook('剧本 "早安"\n  每天 10:00\n    打标签 "新客"\n'.encode())(folder)
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    ws = Workspace.open(folder, clock=lambda: noon, random_bytes=Random(1).randbytes)
    ws.create(at=datetime(2026, 11, 19, tzinfo=UTC))
    ws.plan(at=datetime(2026, 11, 20, 2, 5, tzinfo=UTC), out=folder / "morning.plan")
    ws.run_plan(folder / "morning.plan")


def _witnessed(folder: Path) -> None:
    """A signed log, and a hundred lines of witnesses that nobody knows."""
    _decided(_DAILY + '推送 wecom "通用"\n')(folder)
    lines = [NoteSignature(f"w{number}.example", bytes(4), bytes(72)).to_line() for number in range(100)]
    _write(folder / "signed.txt", "".join(lines).encode())


_DAILY = '剧本 "例子"\n  每天 10:00\n    '
PREPARED: dict[str, tuple[str, Callable[[Path], None]]] = {
    "C101": ("check", lambda folder: _write(folder / SETTINGS_FILE, b"# " + b"x" * 3_000_000)),
    "C242": ("migrate 早安 --from 00", _two_versions),
    "C277": ("run --plan morning.plan", _carried_out),
    "C103": ("check", lambda folder: _write(folder / SETTINGS_FILE, b"channels: " + b"[" * 20_000)),
    "D304": ("task done 7dacc609", _decided(_DAILY + '推送 wecom "通用"\n')),
    "D305": (f"task done 7dacc609 {AT}", _decided(_DAILY + '推送 wecom "通用" 限4小时内发出 逾期提醒\n')),
    "D306": ("task done c412e3d1 --at 2026-11-20T10:00", _decided(_DAILY + '派任务 "电话回访" 限1天内完成\n')),
    "D440": ("explain m1 --dispatch 355390ba", _archived),
    "D441": ("explain m1 --dispatch 00112233", _archived),
    "D448": ("simulate --from 2026-11-20 --to 2026-11-21 --at 2026-11-25T12:00", _archived),
    "D479": ("log cosign signed.txt", _witnessed),
    "E100": ("check", _playbook(b"# " + b"x" * 2_000_000)),
    "E101": ("check", _playbook('标签 "新客"'.encode("gb18030"))),
    "E191": ("check", _playbook("标签 新客\n".encode() * 1001)),
    "S104": (IMPORT, _rows(b"id\n" + b"x" * 100_000 + b"\n")),
    "S133": (IMPORT, _rows(b'id,\xe5\xa7\x93\xe5\x90\x8d\nm1,"' + b"x" * 200_000 + b'"\n')),
    "S204": (IMPORT, _rows("id,姓名\nm1,王丽\n".encode("gb18030"))),
    "S211": (f"import members m.jsonl {AT}", lambda folder: _write(folder / "m.jsonl", b'{"id": "' + b"x" * 20_000_000)),
    "S216": (f"{IMPORT} --encoding gb18030", _rows(b"id\nm\xff\xff1\n")),
    "S309": ("log", _other_database),
    "W445": ("check", _scarce),
}
"""The command that brings a code, and what is made before it is typed."""


def entry_of(code: str) -> tuple[Mistake, Callable[[Path], None]]:
    """What brings a code, from the gallery or prepared here."""
    if code in PREPARED:
        command, prepare = PREPARED[code]
        return Mistake(code, ((SETTINGS_FILE, SETTINGS_TEXT), shop()), (command,), ""), prepare
    mistake = mistake_of(code)
    assert mistake is not None
    return mistake, lambda _: None
