"""Paths given on the command line, as places in a workspace."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ..grammar.diagnostics import CannotRun, UsageError


def chosen_paths(root: Path, paths: Sequence[str]) -> tuple[str, ...]:
    """Return the paths relative to the workspace ``root``, with ``/``; "" is all of it.

    A path that is not found from the present folder is looked up in the workspace. Raises CannotRun C131 for one that is
    nowhere, C123 for one that cannot be looked at, UsageError C221 for one outside the workspace.
    """
    chosen: list[str] = []
    for text in paths:
        path = _found(root, text)
        relative = os.path.relpath(path.resolve(), root.resolve())
        if relative.startswith(".."):
            raise UsageError("C221", path=text)
        chosen.append("" if relative == "." else Path(relative).as_posix())
    return tuple(chosen)


def _found(root: Path, text: str) -> Path:
    """The place of a path, seen from here or else from the workspace."""
    for path in (Path(text), root / text):
        try:
            path.stat()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise CannotRun("C123", path=text, reason=error.strerror or "") from None
        return path
    raise CannotRun("C131", path=text)
