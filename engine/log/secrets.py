"""The workspace's secret, from which coupon codes are made: one file that only its owner reads."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from ..grammar.diagnostics import CannotRun

LENGTH = 32
NAME = "secret"


def read_secret(folder: Path) -> bytes | None:
    """Return the secret kept in ``folder``, None where there is none. Raises CannotRun C125."""
    path = folder / NAME
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        raise CannotRun("C125", path=str(path)) from None
    if len(secret) != LENGTH:
        raise CannotRun("C125", path=str(path))
    return secret


def make_secret(folder: Path, random_bytes: Callable[[int], bytes]) -> tuple[bytes, bool]:
    """Return the secret kept in ``folder`` and whether it was made now. Raises CannotRun C125.

    Of several processes that make one at once, the first wins and all return its secret.
    """
    present = read_secret(folder)
    if present is not None:
        return present, False
    secret, path = random_bytes(LENGTH), folder / NAME
    draft = folder / f"{NAME}.{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.write(handle, secret.hex().encode())
            os.fsync(handle)
        finally:
            os.close(handle)
        # A link appears whole or not at all, and never over one that is there.
        os.link(draft, path)
    except FileExistsError:
        other = read_secret(folder)
        return (other, False) if other is not None else make_secret(folder, random_bytes)
    except OSError:
        raise CannotRun("C125", path=str(path)) from None
    finally:
        draft.unlink(missing_ok=True)
    return secret, True
