"""What only the workspace's owner reads, each in a file of its own: the secret of coupon codes and the key of the log."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from ...grammar.diagnostics import CannotRun

LENGTH = 32
SECRET = "secret"
LOG_KEY = "log.key"
NEXT_LOG_KEY = "log.key.next"


def read_secret(folder: Path, name: str = SECRET) -> bytes | None:
    """Return the 32 bytes kept in ``folder`` under ``name``, None where there are none. Raises CannotRun C125."""
    path = folder / name
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        raise CannotRun("C125", path=str(path)) from None
    if len(secret) != LENGTH:
        raise CannotRun("C125", path=str(path))
    return secret


def make_secret(folder: Path, random_bytes: Callable[[int], bytes], name: str = SECRET) -> tuple[bytes, bool]:
    """Return the 32 bytes kept in ``folder`` under ``name`` and whether they were made now. Raises CannotRun C125.

    Of several processes that make them at once, the first wins and all return what it made.
    """
    present = read_secret(folder, name)
    if present is not None:
        return present, False
    secret, path = random_bytes(LENGTH), folder / name
    draft = folder / f"{name}.{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_privately(draft, secret)
        # A link appears whole or not at all, and never over one that is there.
        os.link(draft, path)
    except FileExistsError:
        other = read_secret(folder, name)
        return (other, False) if other is not None else make_secret(folder, random_bytes, name)
    except OSError:
        raise CannotRun("C125", path=str(path)) from None
    finally:
        draft.unlink(missing_ok=True)
    return secret, True


def put_in_place(folder: Path, successor: str, name: str) -> None:
    """Put what is kept in ``folder`` under ``successor`` in the place of what is kept under ``name``. Raises CannotRun C125."""
    try:
        (folder / successor).replace(folder / name)
    except OSError:
        raise CannotRun("C125", path=str(folder / name)) from None


def _write_privately(path: Path, secret: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(handle, secret.hex().encode())
        os.fsync(handle)
    finally:
        os.close(handle)
