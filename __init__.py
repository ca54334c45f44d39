"""qingting: playbooks that say who gets what and when, over a member store.

The public surface is :class:`Workspace`, and :func:`format_text` for a text by itself; the command line is a
translation of them. Two modules stand alone for who checks a log without a workspace: ``qingting.engine.log.merkle``, the
tree of RFC 9162, and ``qingting.engine.log.proving``, whose ``check_proof`` reads the files that prove.

>>> from qingting import Workspace
>>> ws = Workspace.open("shop/")                                           # doctest: +SKIP
>>> ws.who('tagged "新客"', at=datetime(2026, 11, 20, 20, tzinfo=UTC))      # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .engine.workspace import Workspace
    from .grammar.diagnostics import CannotRun, Diagnostic, QingtingError, Refused, UsageError
    from .grammar.formatter import format_text

__all__ = [
    "CannotRun", "Diagnostic", "QingtingError", "Refused", "UsageError", "Workspace", "__version__", "format_text",
]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    # Loaded on first use, so that `qingting --help` need not wait for the engine.
    if name == "Workspace":
        from .engine.workspace import Workspace

        return Workspace
    if name == "format_text":
        from .grammar.formatter import format_text

        return format_text
    if name in __all__:
        from .grammar import diagnostics

        return getattr(diagnostics, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
