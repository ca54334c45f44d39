"""``qingting log prove``: the proof of one record as a file that stands alone."""

from __future__ import annotations

import json
from collections.abc import Mapping

import click

from ...language import Say
from ...session import Session
from ..contract import command


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "prove",
        say,
        "给一条记录开证明:它确实在签过名的日志里,内容就是这样,渠道后来这样回答。证明是一份 JSON 文件,"
        "不用数据库也能核对:qingting log verify-proof。里面没有客户号,只有编号。",
        "Prove that a record is in the signed log, says what it says, and what its channel answered. The proof is a JSON file "
        "that is checked without the store: qingting log verify-proof. It names the member by pseudonym only.",
        ("qingting log prove 3f9a51c2", "qingting log prove 3f9a51c2 > proof.json"),
        [click.Argument(["record"], metavar=say("编号", "ID"))],
        prove,
    )


def prove(session: Session, record: str) -> int:
    """Print the proof."""
    put_out(session, session.workspace().audit.prove(record).to_json())
    return 0


def put_out(session: Session, proof: Mapping[str, object]) -> None:
    """Print a proof as the file that it is; within the envelope where all output is JSON."""
    if session.as_json:
        session.emit(proof)
    else:
        session.out.write(json.dumps(proof, ensure_ascii=False, indent=2) + "\n")
