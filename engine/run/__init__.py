"""Deciding what members get: occurrences, stages, journeys, and the commit of a run."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .engine import RunSettings, execute_run, plan_run
    from .lock import run_lock
    from .report import REASONS, Blocked, PlanOptions, PlaybookReport, RunReport, StepReport
    from .restored import accept_restored_store

__all__ = [
    "Blocked",
    "PlanOptions",
    "PlaybookReport",
    "REASONS",
    "RunReport",
    "RunSettings",
    "StepReport",
    "accept_restored_store",
    "execute_run",
    "plan_run",
    "run_lock",
]
_MODULES = {
    "RunSettings": "engine", "execute_run": "engine", "plan_run": "engine", "run_lock": "lock",
    "accept_restored_store": "restored",
}


def __getattr__(name: str) -> object:
    # Loaded on first use, so that the calendar of schedules can be read without the engine.
    if name in __all__:
        return getattr(import_module(f".{_MODULES.get(name, 'report')}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
