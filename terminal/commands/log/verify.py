"""``qingting log verify``: the whole log computed anew."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from ....engine.log.verifying import Finding, Verification
from ...diagnostics import one_line
from ...language import Say
from ...session import Session
from ..contract import command
from .given import file_given, key_option, keys_given, witness_option
from .published import verify_published

MOST_WORKERS = 4
SHOWN = 8


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "verify",
        say,
        "从头重算整份日志:每条记录、整棵树、每个检查点的签名、一次次运行的先后;说出第一处不对。"
        "别处留着的检查点用 --checkpoint 拿来对:数据库被换成旧的、整份改写过,只有这样才看得出来。有问题时退出码是 1。",
        "Compute the whole log anew: every record, the tree, the signature of every checkpoint, the chain of runs; name the first "
        "that is wrong. Compare it with checkpoints kept elsewhere by --checkpoint: only they show that the whole store was put "
        "back or rewritten. Exit code 1 where something is wrong.",
        (
            "qingting log verify",
            "qingting log verify --key audit.pub --checkpoint last-month.txt",
            "qingting log verify --json",
        ),
        [
            key_option(say),
            witness_option(say),
            click.Option(
                ["--checkpoint", "checkpoints"], multiple=True, metavar="FILE",
                help=say("别处留着的检查点,可以给几个", "a checkpoint that was kept elsewhere; may be repeated"),
            ),
            click.Option(
                ["--tiles"], metavar=say("文件夹", "FOLDER"),
                help=say("核对这个文件夹里公开的日志,只用 --key,不用数据库", "verify the published log in this folder, by --key alone"),
            ),
        ],
        verify,
    )


def verify(
    session: Session, keys: tuple[str, ...], witnesses: tuple[str, ...], checkpoints: tuple[str, ...], tiles: str | None
) -> int:
    """Verify; 1 where something is wrong."""
    trusted, known = keys_given(keys), keys_given(witnesses)
    if tiles is not None:
        with _progress(session) as progress:
            return verify_published(session, tiles, trusted, known, progress)
    notes = [(path, file_given(path)) for path in checkpoints]
    workers = min(os.cpu_count() or 1, MOST_WORKERS)
    with _progress(session) as progress:
        found = session.workspace().audit.verify(
            keys=trusted, witnesses=known, checkpoints=notes, workers=workers, progress=progress
        )
    if session.as_json:
        session.emit(_payload(session, found))
    else:
        _show(session, found)
    return 0 if found.is_sound else 1


@contextmanager
def _progress(session: Session) -> Iterator[Callable[[int, int], None]]:
    if session.as_json or not session.err.isatty():
        yield lambda done, of: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(file=session.err, no_color=session.no_color), transient=True) as bar:
        task = bar.add_task(session.word("T.verifying"))
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _show(session: Session, found: Verification) -> None:
    screen, counts = session.screen(), found.counts
    if found.is_sound:
        screen.line(session.word("N271" if found.outside else "N270"), "bold")
    for number, finding in enumerate(found.findings[:SHOWN]):
        screen.line(_told(session, finding), "bold" if not number else "")
        advice = session.advice(finding.code)
        if advice is not None and not number:
            screen.line("  " + advice)
    if len(found.findings) > SHOWN:
        screen.line(session.word("N267", number=len(found.findings) - SHOWN))
    screen.line(session.word(
        "N272", records=counts.records, deliveries=counts.deliveries, erasures=counts.erasures,
        checkpoints=found.checkpoints, runs=found.runs,
    ))
    if found.root is not None:
        screen.line(session.word("N273", origin=found.origin or "", leaves=found.leaves, root=found.root.hex()))
    for path in found.absent:
        screen.line(session.word("N266", path=path))
    if found.outside == 0 and found.leaves:
        screen.line(session.word("N274"))
    if not found.given and found.signers:
        screen.line(session.word("N275"))


def _told(session: Session, finding: Finding) -> str:
    text = session.word(finding.code, **finding.params)
    if "id" in finding.params:
        text = session.word("N276", text=text, id=finding.params["id"], playbook=finding.params.get("playbook", "?"))
    # Whoever changed the store chose these words; they must not be taken for the program's.
    return one_line(f"{finding.code} {text}")


def _payload(session: Session, found: Verification) -> dict[str, object]:
    return {
        "sound": found.is_sound, "origin": found.origin, "leaves": found.leaves,
        "root": None if found.root is None else found.root.hex(), "records": found.counts.records,
        "deliveries": found.counts.deliveries, "erasures": found.counts.erasures, "checkpoints": found.checkpoints,
        "runs": found.runs, "outside": found.outside, "keys": list(found.signers), "keys_given": found.given,
        "absent": list(found.absent),
        "findings": [
            {"code": each.code, "seq": each.seq, "message": session.word(each.code, **each.params), "params": dict(each.params)}
            for each in found.findings
        ],
    }
