"""Paths given on the command line, as places in a workspace."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ..grammar.diagnostics import CannotRun, UsageError


def chosen_paths(root: Path, paths: Sequence[str]) -> tuple[str, ...]:
    """Return the paths relative to the workspace ``root``, with ``/``; "" is all of it.

    Raises CannotRun C123 for one that is not there, UsageError C221 for one outside the workspace.
    """
    chosen: list[str] = []
    for text in paths:
        path = Path(text)
        try:
            path.stat()
        except OSError as error:
            raise CannotRun("C123", path=text, reason=error.strerror or "") from None
        relative = os.path.relpath(path.resolve(), root.resolve())
        if relative.startswith(".."):
            raise UsageError("C221", path=text)
        chosen.append("" if relative == "." else Path(relative).as_posix())
    return tuple(chosen)
