"""Keys and files given to the parts of ``qingting log``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from ....engine.audit_desk import read_key
from ....engine.log.notes import VerifierKey
from ....grammar.diagnostics import CannotRun
from ...language import Say

STDIN = "-"
NUMBER_OF_ENTRIES = click.IntRange(min=0)


def key_option(say: Say) -> click.Option:
    """Keys of logs that are trusted, by their text or in files."""
    return click.Option(
        ["--key", "keys"], multiple=True, metavar="KEY",
        help=say(
            "只信这把公钥(一行文字,或写着它的文件),可以给几把",
            "trust this public key only (its text, or a file with it); may be repeated",
        ),
    )


def witness_option(say: Say) -> click.Option:
    """Keys of witnesses."""
    return click.Option(
        ["--witness", "witnesses"], multiple=True, metavar="KEY",
        help=say("见证人的公钥,可以给几把", "the public key of a witness; may be repeated"),
    )


def keys_given(texts: Sequence[str]) -> tuple[VerifierKey, ...]:
    """Return the keys that are given by their text or in files, a line each. Raises UsageError D469, CannotRun C123."""
    found: list[VerifierKey] = []
    for text in texts:
        lines = [text] if "+" in text and not Path(text).exists() else file_given(text).decode(errors="replace").splitlines()
        found += [read_key(line) for line in lines if line.strip()]
    return tuple(found)


def file_given(path: str) -> bytes:
    """Return the bytes of a file, of standard input for ``-``. Raises CannotRun C123."""
    if path == STDIN:
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise CannotRun("C123", path=path, reason=getattr(error, "strerror", None) or "") from None
