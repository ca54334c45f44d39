"""What has come of playbooks in a workspace."""

from __future__ import annotations

from datetime import datetime

from .insight.experiments import EntryFilter, Experiment, read_experiments
from .program.clock import from_datetime
from .stores.sqlite.database import SqliteStore
from .workspace import Workspace


def experiments(
    workspace: Workspace, *, at: datetime, since: datetime | None = None, until: datetime | None = None
) -> tuple[Experiment, ...]:
    """What became by ``at`` of the goals of all playbooks that have one, for entries in [``since``, ``until``)."""
    low, high = (None if end is None else from_datetime(end) for end in (since, until))
    wanted = EntryFilter(from_datetime(at), low, high)
    with SqliteStore.open(workspace.store_path, writable=False) as store, store.snapshot():
        return read_experiments(store, workspace.load().program, wanted)
